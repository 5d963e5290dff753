/**
 * Hands the commands to the argument parser and shapes the help that comes out of it.
 * @module
 */
import { Argument, Command as Parser, Option as ParserOption } from 'commander'
import type { Command } from './command.ts'

const banner = `Sharewell keeps health records that belong to the patient: sealed, split over storage
nodes where no single party can read or lose them, opened only under the patient's consent.`

const guide = `
Exit codes: 0 done, 1 failed, 2 misused. Results go to stdout, everything else to stderr.
Nothing is overwritten without --force, and a failed command leaves no partial file.

A first walk, without a network:
  $ sharewell seal labs.json --key-out labs.key     encrypt; the key lies apart
  $ sharewell split labs.json.sealed -n 5 -t 3      five shares, any three rebuild
  $ sharewell combine labs.json.sealed.*.share -o labs.sealed
  $ sharewell open labs.sealed --key labs.key -o labs.json

'sharewell help COMMAND' explains one command, with examples.`

/** What was asked for: one command with its arguments, as parsed. */
export type Invocation = {
  readonly command: Command
  readonly args: readonly string[]
  readonly options: Readonly<Record<string, unknown>>
  readonly json: boolean
  readonly quiet: boolean
}

/** Builds the parser. It prints nothing by itself but help; misuse is thrown as a CommanderError. */
export function createProgram(
  commands: readonly Command[],
  {
    version,
    write,
    invoke,
  }: { version: string; write: (text: string) => void; invoke: (invocation: Invocation) => Promise<void> },
): Parser {
  const help = new Parser('help')
    .argument('[command]')
    .description('Explain a command, with examples.')
    .helpGroup('Help:')
  const program = new Parser('sharewell')
    .description(banner)
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .addHelpCommand(help)
    .option('--json', 'print one JSON object instead of text')
    .option('-q, --quiet', 'print results and errors only')
    .addHelpText('after', guide)
    .configureHelp({ showGlobalOptions: true, helpWidth: 96 })
    .configureOutput({ writeOut: write, writeErr: () => {}, outputError: () => {} })
    .exitOverride()
  for (const command of commands) register(program, command, invoke)
  return program
}

function register(program: Parser, command: Command, invoke: (invocation: Invocation) => Promise<void>): void {
  const parser = program
    .command(command.name)
    .summary(command.summary)
    .description(`${command.summary}\n\n${command.about}`)
    .helpGroup(command.group)
    .helpOption('-h, --help', 'show this help')
    .addHelpText('after', examples(command))
  for (const operand of command.usage.split(' ').filter((word) => word !== ''))
    parser.addArgument(new Argument(operand, command.operands[operand.replaceAll(/[<>[\].]/g, '')]))
  for (const { flags, about, parse, fallback } of Object.values(command.options)) {
    const option = new ParserOption(flags, about)
    if (parse) option.argParser(parse)
    // An absent flag is false; help need not say so.
    if (fallback !== undefined && fallback !== false) option.default(fallback)
    parser.addOption(option)
  }
  parser.action(async () => {
    const { json = false, quiet = false } = program.opts<{ json?: boolean; quiet?: boolean }>()
    await invoke({ command, args: parser.args, options: withFlags(command, parser.opts()), json, quiet })
  })
}

/** The parser leaves absent flags undefined; commands read booleans. */
function withFlags(command: Command, options: Record<string, unknown>): Record<string, unknown> {
  const flags = Object.entries(command.options).filter(([, option]) => option.fallback === false)
  return { ...Object.fromEntries(flags.map(([name]) => [name, false])), ...options }
}

function examples({ examples }: Command): string {
  if (examples.length === 0) return ''
  return `\nExamples:\n${examples.map(([line, what]) => `  ${what}\n  $ ${line}`).join('\n\n')}\n`
}
