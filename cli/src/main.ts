/**
 * The `sharewell` command: reads the arguments, runs one command, and answers with an exit code.
 *
 * 0 done, 1 failed, 2 misused. docs/guide/cli.md is the manual.
 * @module
 */
import { readFileSync } from 'node:fs'
import { CommanderError } from 'commander'
import { commandNames, loadCommands } from './commands/index.ts'
import { explain } from './failure.ts'
import { InterruptedError } from './interrupted.ts'
import { discardUnfinished } from './output.ts'
import { createProgram, type Invocation, route } from './program.ts'
import { type Sink, Terminal } from './terminal.ts'

/** Runs the command that `argv` names and returns its exit code; `streams` are the process's own but in tests. */
export async function main(argv: readonly string[], streams: Streams = process): Promise<number> {
  const { stdout, stderr } = streams
  if (streams === process) watchProcess()
  const json = argv.includes('--json')
  const routed = route(argv, commandNames)
  const commands = await loadCommands(routed.first)
  const program = createProgram(commands, {
    version: version(),
    write: (text) => stdout.write(text),
    invoke: (invocation) => invoke(invocation, streams),
    width: stdout.isTTY === true ? Math.min(Math.max(stdout.columns ?? 80, 60), 100) : 80,
  })
  const usage = (): number => {
    stderr.write(program.helpInformation())
    return 2
  }
  try {
    if (argv.length === 0) return usage()
    await program.parseAsync(routed.argv, { from: 'user' }).catch(unlessHelp)
    await written()
    return 0
  } catch (error) {
    if (error instanceof CommanderError && error.code === 'commander.help') return usage()
    // Some have a name of two words.
    const called = [routed.argv.slice(0, 2).join(' '), routed.first].find((name) => commandNames.includes(name ?? ''))
    const failure = explain(error, called, commandNames)
    new Terminal({ stdout, stderr, json }).error(failure)
    return failure.exitCode
  }
}

/** Help and version end as an error that is none. */
function unlessHelp(error: unknown): void {
  if (!(error instanceof CommanderError) || error.exitCode !== 0) throw error
}

/** Why something could not be written to stdout; a file's writes fail a moment after they were made. */
let unwritten: Error | undefined

async function written(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
  if (unwritten) throw unwritten
}

type Streams = { readonly stdout: Sink; readonly stderr: Sink }

function watchProcess(): void {
  process.on('exit', discardUnfinished)
  // `sharewell inspect x | head -1` closes the pipe early; that is the reader's choice and no fault.
  const onError = (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(1)
  }
  process.stdout.on('error', (error) => {
    onError(error)
    unwritten ??= error
  })
  // What cannot be said there cannot be said anywhere.
  process.stderr.on('error', onError)
}

async function invoke({ command, args, options, json, quiet }: Invocation, streams: Streams): Promise<void> {
  const terminal = new Terminal({ stdout: streams.stdout, stderr: streams.stderr, json, quiet })
  const stop = new AbortController()
  const onSignal = () => {
    if (stop.signal.aborted) process.exit(1)
    stop.abort(new InterruptedError())
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, onSignal)
  try {
    await command.run({ args, options, terminal, signal: stop.signal, table: () => loadCommands(undefined) })
  } finally {
    terminal.settle()
    for (const signal of signals) process.off(signal, onSignal)
  }
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : ''
}
