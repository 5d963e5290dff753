import { type CommandShape, firstWords, globalOptions, type OptionShape, secondWords, type Value } from './shape.ts'

/** The completion script for bash; it needs no bash-completion package. */
export function bashScript(commands: readonly CommandShape[]): string {
  const second = firstWords(commands).filter((first) => secondWords(commands, first).length > 0)
  const pairs = commands.filter(({ name }) => name.includes(' ')).map(({ name }) => `"${name}"`)
  return `# bash completion for sharewell, made by: sharewell completion bash
_sharewell_words() {
  local IFS=$' \\t\\n'
  COMPREPLY=($(compgen -W "$1" -- "$cur"))
  compopt +o default 2>/dev/null
}

# Completes the last of several words that are separated by commas.
_sharewell_list() {
  local IFS=$' \\t\\n' head=
  [[ $cur == *,* ]] && head=\${cur%,*},
  COMPREPLY=($(compgen -P "$head" -W "$1" -- "\${cur##*,}"))
  compopt +o default -o nospace 2>/dev/null
}

# Nothing can be guessed here.
_sharewell_anything() {
  COMPREPLY=()
  compopt +o default 2>/dev/null
}

# No answer: bash completes the name of a file.
_sharewell_file() {
  COMPREPLY=()
}

_sharewell() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD - 1]} at=1 operand=0 command
  while [[ $at -lt $COMP_CWORD && \${COMP_WORDS[at]} == -* ]]; do at=$((at + 1)); done
  if [[ \${COMP_WORDS[at]} == help && $at -lt $COMP_CWORD ]]; then at=$((at + 1)); fi
  if [[ $at -ge $COMP_CWORD ]]; then
    if [[ $cur == -* ]]; then
      _sharewell_words "${globalOptions.flatMap(spellings).join(' ')} -V --version"
    else
      _sharewell_words "${firstWords(commands).join(' ')}"
    fi
    return
  fi
  command=\${COMP_WORDS[at]}
  if [[ $((at + 1)) -lt $COMP_CWORD ]]; then
    case "$command \${COMP_WORDS[at + 1]}" in
      ${pairs.join(' | ')}) command="$command \${COMP_WORDS[at + 1]}"; at=$((at + 1)) ;;
    esac
  fi
  case "$command:$prev" in
${commands.flatMap(valueCases).join('\n')}
  esac
  if [[ $cur == -* ]]; then
    case $command in
${commands.map(optionCase).join('\n')}
    esac
    return
  fi
  if [[ $((at + 1)) -eq $COMP_CWORD ]]; then
    case $command in
${second.map((first) => `      ${quoted(first)}) _sharewell_words "${secondWords(commands, first).join(' ')}"; [[ \${#COMPREPLY[@]} -gt 0 ]] && return ;;`).join('\n')}
    esac
  fi
  case $command in
${commands.map(operandCase).join('\n')}
    *) _sharewell_anything ;;
  esac
}
complete -o default -F _sharewell sharewell
`
}

const quoted = (name: string) => (name.includes(' ') ? `"${name}"` : name)

const spellings = ({ short, long }: OptionShape) => (short === undefined ? [long] : [short, long])

function valueCases({ name, options }: CommandShape): string[] {
  return options.flatMap((option) =>
    option.value === undefined
      ? []
      : [
          `    ${spellings(option)
            .map((spelling) => `"${name}:${spelling}"`)
            .join(' | ')}) ${action(option.value)}; return ;;`,
        ],
  )
}

function optionCase({ name, options }: CommandShape): string {
  return `      ${quoted(name)}) _sharewell_words "${[...options, ...globalOptions].flatMap(spellings).join(' ')}" ;;`
}

/** Every operand of a command of ours is of one kind. */
function operandCase({ name, operands: [first = { kind: 'anything' }] }: CommandShape): string {
  return `    ${quoted(name)}) ${action(first)} ;;`
}

function action(value: Value): string {
  if (value.kind === 'word') return `_sharewell_words "${value.words.join(' ')}"`
  if (value.kind === 'list') return `_sharewell_list "${value.words.join(' ')}"`
  return value.kind === 'file' ? '_sharewell_file' : '_sharewell_anything'
}
