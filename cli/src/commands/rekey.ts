import { type Hex, toHex } from '@sharewell/sdk/bytes'
import { type Chain, type DueRecord, recordOf, recordsDue } from '@sharewell/sdk/chain'
import { type Rekeyed, type RekeyOptions, rekey as rekeyRecord } from '@sharewell/sdk/flow'
import { categoryBit, categoryOf } from '@sharewell/sdk/record'
import type { PrivateKeyAccount } from 'viem/accounts'
import { command, common, flag, text, UsageError } from '../command.ts'
import { InterruptedError } from '../interrupted.ts'
import { keepAcknowledgements } from '../network/acknowledgements.ts'
import { checkWhole, deletionLine, deletionWords, watchDeletions, writeWords } from '../network/deletions.ts'
import { watchJourney } from '../network/journey.ts'
import { findPatient, parseId, placeOfPseudonym } from '../network/people.ts'
import { planDeposit } from '../network/plan.ts'
import { NoSuchRecordError } from '../network/records.ts'
import { rekeyJournal, unfinishedRekeyings } from '../network/rekey-journal.ts'
import { type ActorOptions, actingAt, actorOptions, openSession, type Session } from '../network/session.ts'
import { checkFree } from '../output.ts'
import type { Terminal } from '../terminal.ts'
import { formatMoment } from '../time.ts'

/** `sharewell rekey`. */
export const rekey = command({
  name: 'rekey',
  group: 'Records on a network:',
  summary: 'Give a record a new key, and have the old version deleted.',
  usage: '[record]',
  operands: { record: 'record id; without one, every record that a revocation touched since its last key' },
  about:
    'After you stopped sharing. Revoking stops the next opening; whoever kept the key of a record could still open its ' +
    'old sealed bytes wherever they find them. This seals the record anew under a fresh key as its next version, and ' +
    'has every node delete the old one and sign that it did. Those who may still read go on reading. What was read ' +
    'cannot be unread. For the patient; or for the provider with its own account, from its own copy (--from). Cut off ' +
    'at any moment, the same command goes on.',
  examples: [
    ['sharewell rekey --list --as royal', 'Which of my records are due for a new key?'],
    ['sharewell rekey --as royal', 'Give all of those a new key.'],
    ['sharewell rekey 0x1f... --as royal', 'One record, due or not.'],
    ['sharewell rekey 0x1f... --from labs.json --as hospital-1', 'A provider, from its own copy.'],
  ],
  options: {
    list: flag('--list', 'only say which records are due'),
    patient: text('--patient <who>', 'for providers: of which patient (default: of all whom you registered)'),
    from: text('--from <file>', 'for providers: the record as it was deposited; needed where you may not open it'),
    mime: text('--mime <type>', 'with --from: media type (default: by the name)'),
    postQuantum: flag('--post-quantum', 'with --from: for decades, as in deposit; else it stays as it was'),
    receipt: text('--receipt <file>', 'write the receipts and what the nodes signed there, as JSON'),
    force: common.force,
    restart: flag('--restart', 'begin anew, and give up what an interrupted run left'),
    ...actorOptions,
  },
  async run({ args: [operand], options, terminal, signal }) {
    const { list, from, receipt } = options
    const named = operand === undefined ? undefined : parseId(operand, 'record id')
    if (from !== undefined && named === undefined)
      throw new UsageError({ problem: '--from is one record', hints: ['name the record whose copy it is'] })
    if (receipt !== undefined) await checkFree(receipt, options.force)
    const session = await openSession(options, signal)
    const due = named === undefined ? await dueRecords(session, options.patient, signal) : []
    if (list) return listDue(due, terminal)
    const { networkId } = session.chain.network
    const left = named === undefined ? unfinishedRekeyings(networkId, accountsOf(session)) : [named]
    const ids = [...new Set([...left, ...due.map(({ recordId }) => recordId)])]
    if (ids.length === 0) return terminal.note('no record is due for a new key')
    const done: Rekeyed[] = []
    for (const recordId of ids) done.push(await rekeyOne(session, { recordId, options, terminal, signal }))
    if (receipt !== undefined) await writeWords(receipt, done, options.force)
    checkWhole(done.map(({ deletions }) => deletions))
  },
})

/** A patient decides by an account of each place. */
const accountsOf = ({ account, places }: Session): Hex[] =>
  [account, ...places.map((place) => place.account)].map(({ address }) => address)

type Called = ActorOptions & {
  readonly [name in 'from' | 'mime']?: string | undefined
} & { readonly [name in 'restart' | 'postQuantum']?: boolean | undefined }
type Job = {
  readonly recordId: Hex
  readonly options: Called
  readonly terminal: Terminal
  readonly signal: AbortSignal
}

async function rekeyOne(session: Session, { recordId, options, terminal, signal }: Job): Promise<Rekeyed> {
  const { account, ...what } = await whatFor(session, { recordId, options, terminal, signal })
  const { networkId } = session.chain.network
  const { pseudonym } = what.patient
  const journal = await rekeyJournal({ networkId, account, pseudonym, recordId, copy: options.from, options })
  try {
    const done = await rekeyRecord({
      ...what,
      recordId,
      journal: journal.of(0),
      onProgress: watchJourney(terminal, 'new key'),
      onNode: watchDeletions(terminal),
      signal,
    })
    const { receipt, deletions } = done
    const { version, transaction } = receipt
    keepAcknowledgements(networkId, receipt)
    terminal.note(`a new key; ${deletionWords(deletions)}`)
    terminal.result(
      { type: 'rekeyed', recordId, version, transaction, ...deletionLine(deletions) },
      `${recordId}  version ${version}`,
    )
    // Who has not deleted is asked again by the same command.
    if (deletions.missing.length === 0) journal.finish()
    return done
  } catch (error) {
    throw signal.aborted
      ? new InterruptedError({ hint: 'run the same command again to go on where it stopped' })
      : error
  } finally {
    journal.close()
  }
}

type What = Pick<RekeyOptions, 'chain' | 'patient' | 'from' | 'postQuantum' | 'emergency'> & {
  readonly account: PrivateKeyAccount
}

/** A patient opens the own record alone; a provider has a copy, or may open it as a reader. */
async function whatFor(session: Session, { recordId, options, signal }: Job): Promise<What> {
  const record = await recordOf(session.chain, { recordId }, { signal })
  if (record === undefined) throw new NoSuchRecordError({ recordId })
  const { pseudonym } = record
  const place = placeOfPseudonym(session, pseudonym)
  if (place) {
    const { publicKey: selfPublicKey, seed: selfSeed } = place.keys.self
    const from = { kind: 'open', as: { kind: 'patient', selfSeed } } as const
    return { chain: actingAt(session, place), account: place.account, patient: { pseudonym, selfPublicKey }, from }
  }
  const { selfPublicKey, categoryKey } = await findPatient(session, pseudonym, signal)
  if (selfPublicKey === undefined)
    throw new UsageError({
      problem: 'the key of this patient is not known here',
      hints: ['act as the patient, or as the provider that registered the patient'],
    })
  const { chain, account } = session
  const { postQuantum } = options
  const emergency = categoryKey && categoryBit(categoryKey, categoryOf('summary').id) === record.category
  const wraps = options.from === undefined ? {} : { postQuantum, emergency }
  return { chain, account, patient: { pseudonym, selfPublicKey }, from: await copyOf(options, signal), ...wraps }
}

async function copyOf({ from, mime }: Called, signal: AbortSignal): Promise<RekeyOptions['from']> {
  if (from === undefined) return { kind: 'open', as: { kind: 'reader', purpose: 0 } }
  const [whole, ...more] = await planDeposit(from, { category: 'other', mime, signal })
  if (whole === undefined || more.length > 0) throw new UsageError({ problem: `${from} is not one record` })
  const { bytes, size } = whole
  return { kind: 'copy', source: bytes, mime: whole.mime, ...(size !== undefined && { size }) }
}

/** Of a patient: at every place. Of a provider: of the patient that is named, or of all whom it registered. */
async function dueRecords(session: Session, who: string | undefined, signal: AbortSignal): Promise<DueRecord[]> {
  const own = session.places.map(({ keys }) => toHex(keys.pseudonym))
  const named = who === undefined ? session.patients : [await findPatient(session, who, signal)]
  const pseudonyms = own.length > 0 ? own : named.map(({ pseudonym }) => pseudonym)
  const found = await Promise.all(pseudonyms.map((pseudonym) => dueOf(session.chain, pseudonym, signal)))
  return found.flat()
}

const dueOf = async (chain: Chain, pseudonym: Hex, signal: AbortSignal) =>
  await recordsDue(chain, { pseudonym }, { signal })

function listDue(due: readonly DueRecord[], terminal: Terminal): void {
  if (due.length === 0) terminal.note('no record is due for a new key')
  for (const { recordId, pseudonym, version, since } of due)
    terminal.result(
      { type: 'due', recordId, pseudonym, version, since },
      `${recordId}  version ${version}, sharing ended ${formatMoment(since)}`,
    )
}
