import { mayDelete, recordOf } from '@sharewell/sdk/chain'
import { eraseRecord } from '@sharewell/sdk/flow'
import { command, common, text } from '../command.ts'
import { checkWhole, deletionLine, deletionWords, watchDeletions, writeWords } from '../network/deletions.ts'
import { parseId, placeOfPseudonym } from '../network/people.ts'
import { NoSuchRecordError } from '../network/records.ts'
import { actingAt, actorOptions, openSession } from '../network/session.ts'
import { checkFree } from '../output.ts'
import { review, yesOption } from '../review.ts'

/** `sharewell erase`. */
export const erase = command({
  name: 'erase',
  group: 'Records on a network:',
  summary: 'Erase a record for good, at every node.',
  usage: '<record>',
  operands: { record: 'record id (0x and 64 hex digits)' },
  about:
    'For the patient, or the provider with its own account. The chain says first that the record is erased, and from ' +
    'then on nobody gets its key. Then every key node deletes its key headers and refuses the record for ever, every ' +
    'storage node deletes its shares, and each signs that it did. Nodes that do not answer are named; run the command ' +
    'again until all have confirmed. It cannot be undone, and what was read stays read. That a copy is gone from every ' +
    'backup nobody can prove.',
  examples: [
    ['sharewell erase 0x1f... --as royal', 'A patient erases a record.'],
    ['sharewell erase 0x1f... --as hospital-1 --yes --receipt erased.json', 'A provider, and keep what nodes signed.'],
  ],
  options: {
    receipt: text('--receipt <file>', 'write there what the nodes signed, as JSON'),
    force: common.force,
    yes: yesOption,
    ...actorOptions,
  },
  async run({ args: [operand = ''], options, terminal, signal }) {
    const recordId = parseId(operand, 'record id')
    if (options.receipt !== undefined) await checkFree(options.receipt, options.force)
    const session = await openSession(options, signal)
    const record = await recordOf(session.chain, { recordId }, { signal })
    if (record === undefined) throw new NoSuchRecordError({ recordId })
    const place = placeOfPseudonym(session, record.pseudonym)
    const chain = place ? actingAt(session, place) : session.chain
    await mayDelete(chain, record, { signal })
    if (!record.erased)
      await review(terminal, {
        title: 'This cannot be undone:',
        rows: [
          ['erase', `record ${recordId}`],
          ['which means', 'nobody opens it any more, you neither'],
        ],
        question: 'Erase it for good? [y/N] ',
        yes: options.yes,
        signal,
      })
    const report = await eraseRecord({ chain, recordId, onNode: watchDeletions(terminal), signal })
    if (options.receipt !== undefined) await writeWords(options.receipt, report, options.force)
    terminal.note(`erased; ${deletionWords(report)}`)
    terminal.result({ type: 'erased', recordId, ...deletionLine(report) }, recordId)
    checkWhole([report])
  },
})
