/**
 * Hands the commands to the argument parser and shapes the help that comes out of it.
 * @module
 */
import { Argument, Command as Parser, Option as ParserOption } from 'commander'
import { type Command, groups } from './command.ts'

const banner =
  'Sharewell keeps health records that belong to the patient: sealed, split over storage nodes where no single party ' +
  'can read or lose them, opened only under the consent of the patient.'

const guide = `
Exit codes: 0 done, 1 failed, 2 misused. Results go to stdout, everything else
to stderr; with --json both are JSON Lines. Nothing is overwritten without
--force, and a failed command leaves no partial file.

A first walk, without a network:
  $ sharewell seal labs.json --key-out labs.key    encrypt; the key lies apart
  $ sharewell split labs.json.sealed -n 5 -t 3     five shares, any 3 rebuild
  $ sharewell combine labs.json.sealed.*.share -o labs.sealed
  $ sharewell open labs.sealed --key labs.key -o labs.json

'sharewell help COMMAND' explains one command, with examples;
'sharewell doctor' tells what is wrong with a set-up.`

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
  { version, write, invoke, width = 80 }: createProgram.Options,
): Parser {
  const help = new Parser('help')
    .argument('[command...]')
    .description('Explain a command, with examples.')
    .helpGroup('Help:')
  const program = new Parser('sharewell')
    .description(banner)
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .addHelpCommand(help)
    .option('--json', 'print JSON Lines instead of text, one object a line')
    .option('-q, --quiet', 'print results and errors only')
    .addHelpText('after', guide)
    .configureHelp({ showGlobalOptions: true, helpWidth: width, subcommandTerm })
    .configureOutput({ writeOut: write, writeErr: () => {}, outputError: () => {} })
    .exitOverride()
  for (const command of inOrder(commands)) register(program, command, invoke)
  return program
}

export declare namespace createProgram {
  type Options = {
    readonly version: string
    readonly write: (text: string) => void
    readonly invoke: (invocation: Invocation) => Promise<void>
    /** Columns that help may take: 80. */
    readonly width?: number
  }
}

/**
 * The arguments as the parser wants them: a command of two words is one word to it, and `help NAME` is `NAME --help`,
 * so that a misspelt name gets its suggestion. `first` is the word that names the command, or its first half.
 */
export function route(
  argv: readonly string[],
  names: readonly string[],
): { readonly argv: string[]; readonly first: string | undefined } {
  const at = argv.findIndex((word) => !word.startsWith('-'))
  if (at < 0) return { argv: [...argv], first: undefined }
  const [first = '', second] = argv.slice(at)
  if (first === 'help' && second !== undefined && !second.startsWith('-')) {
    const known = names.some((name) => name.split(' ', 1)[0] === second)
    return route([...argv.slice(0, at), ...argv.slice(at + 1), ...(known ? ['--help'] : [])], names)
  }
  const joins = names.includes(`${first} ${second}`)
  const joined = joins ? [`${first} ${second}`, ...argv.slice(at + 2)] : argv.slice(at)
  return { argv: [...argv.slice(0, at), ...joined], first }
}

/** In the list of commands the name alone; what a command takes is in its own help. */
const subcommandTerm = (command: Parser): string => command.name()

/** By group, as the help page shows them. */
function inOrder(commands: readonly Command[]): Command[] {
  return commands.toSorted((a, b) => groups.indexOf(a.group) - groups.indexOf(b.group))
}

function register(program: Parser, command: Command, invoke: (invocation: Invocation) => Promise<void>): void {
  const parser = program
    .createCommand(command.name)
    .copyInheritedSettings(program)
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
  program.addCommand(parser)
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
