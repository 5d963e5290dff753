import { command, UsageError } from '../command.ts'
import { bashScript } from '../shell/bash.ts'
import { fishScript } from '../shell/fish.ts'
import { shapeOf } from '../shell/shape.ts'
import { zshScript } from '../shell/zsh.ts'

const scripts = { bash: bashScript, zsh: zshScript, fish: fishScript } as const
const shells = Object.keys(scripts)

/** `sharewell completion`. */
export const completion = command({
  name: 'completion',
  group: 'Help:',
  summary: 'Print a script that completes commands by the Tab key.',
  usage: '<shell>',
  operands: { shell: 'bash, zsh or fish' },
  operandWords: { shell: shells },
  about: 'The script is made from the same table as the help, and starts nothing while you type.',
  examples: [
    ['source <(sharewell completion bash)', 'For this session; put the line into ~/.bashrc for every one.'],
    ['sharewell completion zsh > ~/.zfunc/_sharewell', 'In a folder of the fpath.'],
    ['sharewell completion fish > ~/.config/fish/completions/sharewell.fish', 'Where fish looks.'],
  ],
  options: {},
  async run({ args: [shell = ''], terminal, table }) {
    const make = Object.entries(scripts).find(([name]) => name === shell)?.[1]
    if (make === undefined)
      throw new UsageError({
        problem: `${shell.slice(0, 40)} is no shell known here`,
        hints: [`use one of ${shells.join(', ')}`],
      })
    const script = make((await table()).map(shapeOf))
    terminal.result({ type: 'completion', shell, script }, script.trimEnd())
  },
})
