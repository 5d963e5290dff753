import { command, text } from '../command.ts'
import { forgetDeposit, type Unfinished, unfinishedDeposits } from '../journal.ts'
import { NoSuchDepositError } from '../network/deposit-journal.ts'
import { formatMoment } from '../time.ts'

/** `sharewell deposits`. */
export const deposits = command({
  name: 'deposits',
  group: 'Records on a network:',
  summary: 'List deposits that were interrupted.',
  usage: '',
  operands: {},
  about:
    'A deposit that was cut off is anchored and whole, or counts for nothing: what some nodes hold of it, nobody can ' +
    'find or open. The command that is shown goes on with it. --forget gives it up: its key is deleted here, and what ' +
    'the nodes hold is noise from then on. Records of it that are anchored stay.',
  examples: [
    ['sharewell deposits', 'What was interrupted on this computer?'],
    ['sharewell deposits --forget 1f3a5c7e9b0d2f4a', 'Give one of them up.'],
  ],
  options: { forget: text('--forget <id>', 'give this one up') },
  async run({ options: { forget }, terminal }) {
    if (forget !== undefined) {
      if (!forgetDeposit(forget)) throw new NoSuchDepositError({ id: forget })
      terminal.result({ type: 'forgotten', id: forget }, `${forget}  given up`)
      return
    }
    const found = unfinishedDeposits()
    if (found.length === 0) terminal.note('no deposit was interrupted here')
    for (const one of found) terminal.result({ type: 'unfinished', ...shown(one) }, wordsOf(one))
  },
})

const shown = ({ about, ...rest }: Unfinished) => ({ ...rest, running: about === undefined, ...about })

function wordsOf({ id, about, anchored, placed }: Unfinished): string {
  if (about === undefined) return `${id}  another process is at work on it`
  const { file, records, startedAt, folder, command, resumable } = about
  const reached = `${anchored} of ${records} anchored, ${placed} parts placed`
  const how = resumable ? `go on: cd ${folder} && ${command}` : 'it came from stdin and cannot go on'
  return `${id}  ${formatMoment(startedAt)}  ${file}  ${reached}\n  ${how}`
}
