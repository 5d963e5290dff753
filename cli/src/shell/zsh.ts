import { type CommandShape, firstWords, globalOptions, type OptionShape, secondWords, type Value } from './shape.ts'

/** The completion function for zsh: a file \`_sharewell\` on the fpath, or sourced. */
export function zshScript(commands: readonly CommandShape[]): string {
  const pairs = commands.filter(({ name }) => name.includes(' ')).map(({ name }) => quoted(name))
  const first = firstWords(commands).map((word) => described(word, summaryOf(commands, word)))
  const groups = firstWords(commands).filter((word) => secondWords(commands, word).length > 0)
  return `#compdef sharewell
# zsh completion for sharewell, made by: sharewell completion zsh
_sharewell() {
  local -a known
  local command at=2
  while (( at < CURRENT )) && [[ $words[at] == -* ]]; do (( at++ )); done
  if (( at < CURRENT )) && [[ $words[at] == help ]]; then (( at++ )); fi
  if (( at >= CURRENT )); then
    if [[ $PREFIX == -* ]]; then
      _arguments ${globalOptions.flatMap(optionSpecs).join(' ')}
    else
      known=(${first.join(' ')})
      _describe command known
    fi
    return
  fi
  command=$words[at]
  if (( at + 1 == CURRENT )) && [[ $PREFIX != -* ]]; then
    case $command in
${groups
  .map(
    (group) =>
      `      ${quoted(group)}) known=(${secondWords(commands, group)
        .map((word) => described(word, summaryOf(commands, `${group} ${word}`)))
        .join(' ')}); _describe command known ;;`,
  )
  .join('\n')}
    esac
  fi
  if (( at + 1 < CURRENT )); then
    case "$command $words[at+1]" in
      ${pairs.join(' | ')}) command="$command $words[at+1]"; (( at++ )) ;;
    esac
  fi
  words=("$command" "\${(@)words[at+1,-1]}")
  (( CURRENT -= at - 1 ))
  case $command in
${commands.map(argumentsCase).join('\n')}
  esac
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then
  _sharewell "$@"
else
  compdef _sharewell sharewell
fi
`
}

function summaryOf(commands: readonly CommandShape[], name: string): string {
  return commands.find((each) => each.name === name)?.summary ?? (name === 'help' ? 'Explain a command.' : '')
}

function argumentsCase({ name, options, operands }: CommandShape): string {
  const specs = [...options, ...globalOptions].flatMap(optionSpecs)
  const rest = operands.map((value) => `'*:argument:${actionOf(value)}'`).slice(0, 1)
  return `    ${quoted(name)}) _arguments -S ${[...specs, ...rest].join(' ')} ;;`
}

function optionSpecs({ short, long, value, about }: OptionShape): string[] {
  const text = escaped(about)
  const taken = value === undefined ? '' : `:value:${actionOf(value)}`
  if (short === undefined) return [`'${long}[${text}]${taken}'`]
  return [`'(${short} ${long})'{${short},${long}}'[${text}]${taken}'`]
}

function actionOf(value: Value): string {
  if (value.kind === 'file') return '_files'
  if (value.kind === 'word') return `(${value.words.join(' ')})`
  return value.kind === 'list' ? `_values -s , value ${value.words.join(' ')}` : ' '
}

const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`

const described = (word: string, about: string) => quoted(`${word.replaceAll(':', '\\:')}:${about}`)

/** Inside '...[here]' of _arguments. */
const escaped = (text: string) => text.replaceAll(/[[\]:\\]/g, '\\$&').replaceAll("'", "'\\''")
