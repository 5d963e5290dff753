/**
 * The `sharewell` command: reads the arguments, runs one command, and answers with an exit code.
 *
 * 0 done, 1 failed, 2 misused. docs/guide/cli.md is the manual.
 * @module
 */
import { readFileSync } from 'node:fs'
import { BaseError } from '@sharewell/sdk/errors'
import { CommanderError } from 'commander'
import { commandNames, loadCommands } from './commands/index.ts'
import { explain, type Failure } from './failure.ts'
import { discardUnfinished } from './output.ts'
import { createProgram, type Invocation } from './program.ts'
import { Terminal } from './terminal.ts'

/** Runs the command that `argv` names and returns its exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const { stdout, stderr } = process
  // Global options take no value, so the first word is the command.
  const commands = await loadCommands(argv.find((word) => !word.startsWith('-')))
  const program = createProgram(commands, { version: version(), write: (text) => stdout.write(text), invoke })
  try {
    if (argv.length === 0) return usage(program.helpInformation())
    await program.parseAsync(misspeltHelp(argv) ?? [...argv], { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0
    if (error instanceof CommanderError && error.code === 'commander.help') return usage(program.helpInformation())
    const called = commands.length === 1 ? commands[0]?.name : undefined
    return report(explain(error, called), new Terminal({ stdout, stderr, json: argv.includes('--json') }))
  }
}

/** `help spilt` would print the whole help; as a command, `spilt` gets the suggestion that it deserves. */
function misspeltHelp([first, name]: readonly string[]): string[] | undefined {
  return first === 'help' && name !== undefined && !commandNames.includes(name) ? [name] : undefined
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
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    // `sharewell inspect x | head -1` closes the pipe early; that is the reader's choice and no fault.
    if (error.code !== 'EPIPE') throw error
    terminal.settle()
    process.exit(1)
  })
  try {
    await command.run({ args, options, terminal, signal: stop.signal })
  } finally {
    terminal.settle()
    for (const signal of signals) process.off(signal, onSignal)
  }
}

function usage(help: string): number {
  process.stderr.write(help)
  return 2
}

function report({ code, message, hints, exitCode }: Failure, terminal: Terminal): number {
  terminal.error(message, hints)
  if (terminal.json) terminal.result({ error: { code, message, hints } }, '')
  return exitCode
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))
  return typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : ''
}

/** Thrown inside a command when the person pressed Ctrl-C. */
export class InterruptedError extends BaseError<'INTERRUPTED'> {
  override readonly name = 'InterruptedError'
  constructor() {
    super('INTERRUPTED', 'Interrupted; nothing was left half done.')
  }
}
