import { type CommandShape, firstWords, globalOptions, type OptionShape, type Value } from './shape.ts'

/** The completion script for fish. */
export function fishScript(commands: readonly CommandShape[]): string {
  const first = firstWords(commands).map((word) =>
    line('__sharewell_at', [`-a ${quoted(word)}`], summaryOf(commands, word)),
  )
  const second = commands.flatMap(({ name, summary }) => {
    const [group = '', word] = name.split(' ')
    return word === undefined ? [] : [line(`__sharewell_at ${group}`, [`-a ${word}`], summary)]
  })
  return `# fish completion for sharewell, made by: sharewell completion fish
# The command words typed so far: the first word that is no option, and the next one where they are one command.
function __sharewell_command
  set -l typed (commandline -opc)
  set -e typed[1]
  while set -q typed[1]; and string match -q -- '-*' $typed[1]
    set -e typed[1]
  end
  if set -q typed[1]; and test "$typed[1]" = help
    set -e typed[1]
  end
  if set -q typed[2]; and contains -- "$typed[1] $typed[2]" ${commands
    .filter(({ name }) => name.includes(' '))
    .map(({ name }) => quoted(name))
    .join(' ')}
    echo "$typed[1] $typed[2]"
  else if set -q typed[1]
    echo $typed[1]
  end
end
# Whether exactly these words stand before the cursor; none: no command yet.
function __sharewell_at
  set -l typed (__sharewell_command)
  test "$typed" = "$argv"
end
complete -c sharewell -f
${globalOptions.map((option) => `complete -c sharewell ${flags(option).join(' ')} -d ${quoted(option.about)}`).join('\n')}
${[...first, ...second].join('\n')}
${commands.flatMap(commandLines).join('\n')}
`
}

function commandLines({ name, options, operands: [operand] }: CommandShape): string[] {
  const here = `__sharewell_at ${name}`
  const words = operand === undefined ? [] : valueFlags(operand).filter((each) => each !== '-x')
  return [
    ...options.map((option) => line(here, flags(option), option.about)),
    ...(words.length === 0 ? [] : [`complete -c sharewell -n ${quoted(here)} ${words.join(' ')}`]),
  ]
}

function flags({ short, long, value }: OptionShape): string[] {
  return [
    ...(short ? [`-s ${short.slice(1)}`] : []),
    `-l ${long.slice(2)}`,
    ...(value ? ['-r', ...valueFlags(value)] : []),
  ]
}

function valueFlags(value: Value): string[] {
  if (value.kind === 'file') return ['-F']
  if (value.kind === 'anything') return ['-x']
  const words = value.words.join(' ')
  return ['-x', `-a ${quoted(value.kind === 'word' ? words : `(__fish_append , ${words})`)}`]
}

const line = (condition: string, rest: readonly string[], about: string) =>
  `complete -c sharewell -n ${quoted(condition)} ${rest.join(' ')} -d ${quoted(about)}`

function summaryOf(commands: readonly CommandShape[], name: string): string {
  return commands.find((each) => each.name === name)?.summary ?? (name === 'help' ? 'Explain a command.' : '')
}

const quoted = (text: string) => `'${text.replaceAll(/['\\]/g, '\\$&')}'`
