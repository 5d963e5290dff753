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
import { Terminal } from './terminal.ts'

/** Runs the command that `argv` names and returns its exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const { stdout, stderr } = process
  // `sharewell inspect x | head -1` closes the pipe early; that is the reader's choice and no fault.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
    process.exit(1)
  })
  const json = argv.includes('--json')
  const routed = route(argv, commandNames)
  const commands = await loadCommands(routed.first)
  const program = createProgram(commands, { version: version(), write: (text) => stdout.write(text), invoke })
  try {
    if (argv.length === 0) return usage(program.helpInformation())
    await program.parseAsync(routed.argv, { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0
    if (error instanceof CommanderError && error.code === 'commander.help') return usage(program.helpInformation())
    const called = commandNames.includes(routed.first ?? '') ? routed.first : undefined
    const failure = explain(error, called)
    new Terminal({ stdout, stderr, json }).error(failure)
    return failure.exitCode
  }
}

async function invoke({ command, args, options, json, quiet }: Invocation): Promise<void> {
  const { stdout, stderr } = process
  const terminal = new Terminal({ stdout, stderr, json, quiet })
  const stop = new AbortController()
  const onSignal = () => {
    if (stop.signal.aborted) process.exit(1)
    stop.abort(new InterruptedError())
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
  for (const signal of signals) process.on(signal, onSignal)
  process.on('exit', discardUnfinished)
  try {
    await command.run({ args, options, terminal, signal: stop.signal, table: () => loadCommands(undefined) })
  } finally {
    terminal.settle()
    for (const signal of signals) process.off(signal, onSignal)
  }
}

function usage(help: string): number {
  process.stderr.write(help)
  return 2
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : ''
}
