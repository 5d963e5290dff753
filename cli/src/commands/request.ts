import { requestAccess } from '@sharewell/sdk/chain'
import { command, text, UsageError } from '../command.ts'
import { leaveNote } from '../network/mailbox.ts'
import { findPatient, parseId } from '../network/people.ts'
import { actorOptions, openSession } from '../network/session.ts'
import { parseCategories, parsePurpose } from '../network/terms.ts'

/** `sharewell request`. */
export const request = command({
  name: 'request',
  group: 'Records on a network:',
  summary: 'Ask a patient for a record, or for kinds of records.',
  usage: '<patient>',
  operands: { patient: 'pseudonym, patient code or its file; in the demo also a name' },
  about:
    'For practitioners. The request stands on the chain until the patient answers it, be it days later. Why you ask, ' +
    'and which kinds of records, is a note sealed to the patient: only its hash is public. Asking opens nothing.',
  examples: [
    ['sharewell request royal --as okafor --note "Follow-up on Tuesday"', 'Ask a patient of the demo.'],
    [
      'sharewell request code.txt --key-file me.key --categories laboratory,medications',
      'Ask for two kinds of records.',
    ],
  ],
  options: {
    record: text('--record <id>', 'ask for this record only'),
    categories: text(
      '--categories <names>',
      'ask for these kinds, separated by commas, such as laboratory,medications',
    ),
    purpose: text('--purpose <code>', 'TREAT, ETREAT, HPAYMT, HOPERAT, HRESCH, PATRQT or PUBHLTH (default: TREAT)'),
    note: text('--note <text>', 'why you ask; only the patient can read it'),
    ...actorOptions,
  },
  async run({ args: [who = ''], options, terminal, signal }) {
    const recordId = options.record === undefined ? undefined : parseId(options.record, 'record id')
    const names = options.categories === undefined ? [] : parseCategories(options.categories)
    if (recordId !== undefined && names.length > 0)
      throw new UsageError({
        problem: 'a request is for one record or for kinds of records, not both',
        hints: ['leave --record or --categories away'],
      })
    const purpose = parsePurpose(options.purpose ?? 'TREAT')
    const session = await openSession(options, signal)
    const { pseudonym, selfPublicKey } = await findPatient(session, who, signal)
    const wanted = names.length === 0 ? [] : [`Asks for: ${names.join(', ')}.`]
    const note = [...wanted, ...(options.note === undefined ? [] : [options.note])].join('\n')
    const noteHash =
      note === '' ? undefined : await leaveNote(session, { pseudonym, selfPublicKey, text: note }, signal)
    const { transactionHash } = await requestAccess(
      session.chain,
      { pseudonym, recordId, purpose, noteHash },
      { signal },
    )
    terminal.note('asked; the patient answers with grant')
    terminal.result({ type: 'requested', transaction: transactionHash, pseudonym, recordId, noteHash }, transactionHash)
  },
})
