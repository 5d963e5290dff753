import type { AnchoredRecord } from '@sharewell/sdk/chain'
import { type Refreshed, type RenewProgress, refreshRecord } from '@sharewell/sdk/flow'
import { command } from '../command.ts'
import { InterruptedError } from '../interrupted.ts'
import { examinerOptions, openExaminer } from '../network/examiner.ts'
import { review, yesOption } from '../review.ts'
import type { Terminal } from '../terminal.ts'
import { counted } from '../text.ts'

/** `sharewell shares refresh`. */
export const sharesRefresh = command({
  name: 'shares refresh',
  group: 'Looking after it:',
  summary: 'Have the nodes of a record change all shares, so that stolen ones are worth nothing.',
  usage: '<record>',
  operands: { record: 'record id (0x and 64 hex digits)' },
  about:
    'For the patient, or the hospital with the key of a reconstructor, of records that hide something from single nodes ' +
    '(r > 0). The nodes deal each other random numbers and add them to their shares; the record stays what it is. ' +
    'Whoever has shares from before cannot put them together with shares from afterwards. This device carries what the ' +
    'nodes seal to each other, checks at the end that the new shares are the record, tells the chain where they lie, ' +
    'and has the old ones removed. Until the chain is told the old shares stand, so it may be called off at any moment; ' +
    'called again, it starts anew.',
  examples: [
    ['sharewell shares refresh 0x1f... --as royal', 'A record of mine.'],
    [
      'sharewell shares refresh 0x1f... --key-file desk.key --worker-key-file worker.key --yes',
      'A hospital, by a script.',
    ],
  ],
  options: { yes: yesOption, ...examinerOptions },
  async run({ args: [operand = ''], options, terminal, signal }) {
    const { records, chainFor, readerFor } = await openExaminer(operand, options, signal)
    for (const record of records) {
      const { recordId, r } = record
      if (r > 0) await review(terminal, { ...planOf(record), yes: options.yes, signal })
      const asked = { read: await readerFor(record), onProgress: watchRenewal(terminal), signal }
      try {
        told(terminal, await refreshRecord(chainFor(record), { recordId }, asked))
      } catch (error) {
        throw stopped(error, signal)
      } finally {
        terminal.settle()
      }
    }
  },
})

/** What a renewal ends with that was called off, or failed. */
export const stopped = (error: unknown, signal: AbortSignal): unknown =>
  signal.aborted
    ? new InterruptedError({ hint: 'the old shares stand unless the chain was told; the same command starts anew' })
    : error

/** What is about to happen, for a person to agree to. */
const planOf = ({ recordId, n, t, r }: AnchoredRecord): Pick<review.Options, 'title' | 'rows' | 'question'> => ({
  title: 'All shares of this record are to change:',
  rows: [
    ['record', recordId],
    ['nodes', `all ${n} must answer; any ${t} of them rebuild it, as before`],
    ['sent', `${counted(r + 1, 'node')} deal, so about ${(r + 1) * n} times the length of a share goes through here`],
    ['old shares', 'are removed once the chain names the new ones'],
  ],
  question: 'Change them? [y/N] ',
})

const words: Readonly<Record<RenewProgress['step'], string>> = {
  deal: 'dealing',
  check: 'checking',
  take: 'making new shares',
  mend: 'mending',
  activate: 'verifying',
}

/** One bar for each step. */
export function watchRenewal(terminal: Terminal): (progress: RenewProgress) => void {
  let step: RenewProgress['step'] | undefined
  let bar: ReturnType<Terminal['progress']> | undefined
  return (at) => {
    if (at.step !== step) bar = terminal.progress(words[at.step], at.total, 'count')
    step = at.step
    bar?.set(at.done)
  }
}

function told(terminal: Terminal, done: Refreshed): void {
  const { recordId, unhelpful, mended, notRetired } = done
  terminal.settle()
  for (const { operator, reason, refused } of unhelpful)
    terminal.warn(refused ? `${operator} dealt what is false and was left out` : `${operator} did not help: ${reason}`)
  if (mended.length > 0)
    terminal.note(`${counted(mended.length, 'share')} made from the others: the node had missed a step`)
  for (const { operator, code } of notRetired)
    terminal.warn(`${operator} did not say that its old share is gone (${code}); the next refresh asks again`)
  terminal.result({ type: 'refreshed', ...done }, `${recordId}  all shares are new`)
}
