import { type Changed, changeRecord } from '@sharewell/sdk/flow'
import type { Policy } from '@sharewell/sdk/share'
import { command, text, UsageError } from '../command.ts'
import { examinerOptions, openExaminer } from '../network/examiner.ts'
import { parsePolicy } from '../parse-policy.ts'
import { review, yesOption } from '../review.ts'
import type { Terminal } from '../terminal.ts'
import { stopped, watchRenewal } from './shares.ts'

/** `sharewell shares change`. */
export const sharesChange = command({
  name: 'shares change',
  group: 'Looking after it:',
  summary: 'Bring a record to another n, t and r, without anybody opening it.',
  usage: '<record>',
  operands: { record: 'record id (0x and 64 hex digits)' },
  about:
    'For the patient, or the hospital with the key of a reconstructor. Of a record that hides something from single nodes, ' +
    'and is to (r > 0; t - r stays what it is), t nodes deal parts of their shares to all that are to keep it, those that ' +
    'do now first, and none learns more than its share. With r = 0 this device rebuilds what is sealed and encodes it ' +
    'anew. It checks that the new shares are the record, tells the chain where they lie, and has the old ones removed; ' +
    'they stay where fewer nodes are to keep it than at the deposit. Until the chain is told the old shares stand, so it ' +
    'may be called off at any moment; called again, it starts anew.',
  examples: [
    ['sharewell shares change 0x1f... --policy 9,6,3 --as royal', 'A record of mine, from 7,5,2.'],
    [
      'sharewell shares change 0x1f... --policy 9,6,3 --key-file desk.key --worker-key-file worker.key --yes',
      'A hospital, by a script.',
    ],
  ],
  options: {
    policy: text('--policy <n,t,r>', 'n shares, any t rebuild, any r know nothing (required)'),
    yes: yesOption,
    ...examinerOptions,
  },
  async run({ args: [operand], options, terminal, signal }) {
    if (options.policy === undefined)
      throw new UsageError({ problem: 'no policy is named', hints: ['write --policy n,t,r, such as 9,6,3'] })
    const policy = parsePolicy(options.policy)
    const { records, chainFor, readerFor } = await openExaminer(operand, options, signal)
    for (const record of records) {
      const { recordId } = record
      await review(terminal, { ...planOf(recordId, policy), yes: options.yes, signal })
      const asked = { read: await readerFor(record), onProgress: watchRenewal(terminal), signal }
      try {
        told(terminal, await changeRecord(chainFor(record), { recordId, policy }, asked))
      } catch (error) {
        throw stopped(error, signal)
      } finally {
        terminal.settle()
      }
    }
  },
})

/** What is about to happen, for a person to agree to. */
const planOf = (recordId: string, { n, t, r }: Policy): Pick<review.Options, 'title' | 'rows' | 'question'> => ({
  title: 'The shares of this record are to be made anew:',
  rows: [
    ['record', recordId],
    ['nodes', `${n} are to keep it, those that do now first; all ${n} must answer`],
    ['then', hides({ t, r })],
    ['sent', 'what is made for the new shares goes through here, sealed'],
    ['old shares', 'are removed once the chain names the new ones, unless these are fewer than at the deposit'],
  ],
  question: 'Change them? [y/N] ',
})

const hides = ({ t, r }: Pick<Policy, 't' | 'r'>): string =>
  `any ${t} of them rebuild it, ${r === 0 ? 'and they hide nothing' : `any ${r} know nothing`}`

function told(terminal: Terminal, done: Changed): void {
  const { recordId, policy, unhelpful, notRetired } = done
  terminal.settle()
  for (const { operator, role, reason, lied } of unhelpful) {
    const what = role === 'contributor' ? 'did not deal' : 'took no share'
    terminal.warn(lied ? `${operator} lied: ${reason}` : `${operator} ${what}: ${reason}`)
  }
  for (const { operator, code } of notRetired)
    terminal.warn(
      code === 'RENEW'
        ? `${operator} keeps its old share: the new ones are fewer than those of the deposit, or not all are attested`
        : `${operator} did not say that its old share is gone (${code}); the next change asks again`,
    )
  terminal.result({ type: 'changed', ...done }, `${recordId}  ${policy.n} shares, ${hides(policy)}`)
}
