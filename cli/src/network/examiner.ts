/**
 * Whose records are looked after, and with what right their shares are read.
 * @module
 */
import { type Hex, toHex } from '@sharewell/sdk/bytes'
import {
  type AnchoredRecord,
  type Chain,
  encodeTicket,
  operatorOf,
  providerOf,
  purposes,
  recordOf,
  recordsOf,
  withAccount,
} from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import { type NodeReader, operatorAuthorization } from '@sharewell/sdk/flow/health'
import { readPass } from '@sharewell/sdk/flow/key-nodes'
import { createHttpStore } from '@sharewell/sdk/place'
import { privateKeyToAccount } from 'viem/accounts'
import { text, UsageError } from '../command.ts'
import { parseId, placeOfPseudonym } from './people.ts'
import { givenReceipt, receiptOption } from './reader-grants.ts'
import { NoSuchRecordError } from './records.ts'
import { actingAt, actorOptions, openSession, readPrivateKey, type Session } from './session.ts'
import { parsePurpose } from './terms.ts'

/** Options of commands that look after records. */
export const examinerOptions = {
  workerKeyFile: text('--worker-key-file <file>', "for hospitals: read with this reconstructor's key (hex, mode 0600)"),
  purpose: text('--purpose <code>', 'for readers: what for (default: TREAT)'),
  receipt: receiptOption,
  ...actorOptions,
}

type ExaminerOptions = Parameters<typeof openSession>[0] & {
  readonly [name in 'workerKeyFile' | 'purpose' | 'receipt']?: string | undefined
}

/** Records, and how each is read and acted upon. */
export type Examiner = {
  readonly session: Session
  readonly records: readonly AnchoredRecord[]
  /** The connection of whoever acts, with the account that decides for the record where it is an own one. */
  chainFor(record: AnchoredRecord): Chain
  readerFor(record: AnchoredRecord): Promise<NodeReader>
}

const patience = 10_000

/** Opens a session and finds the record that was named; else every one of the patient's own, or, where a reconstructor's
 * key is at hand, every one that the account's hospital deposited. */
export async function openExaminer(
  named: string | undefined,
  options: ExaminerOptions,
  signal: AbortSignal,
): Promise<Examiner> {
  const recordId = named === undefined ? undefined : parseId(named, 'record id')
  const purpose = parsePurpose(options.purpose ?? 'TREAT')
  const session = await openSession(options, signal)
  const worker = await workerOf(session, options.workerKeyFile, signal)
  const records = await which(session, { recordId, worker }, signal)
  const consentSalt = (await givenReceipt(session, options.receipt, signal))?.salt
  const chainFor = ({ pseudonym }: AnchoredRecord) => {
    const place = placeOfPseudonym(session, pseudonym)
    return place ? actingAt(session, place) : session.chain
  }
  return {
    session,
    records,
    chainFor,
    async readerFor(record) {
      if (worker) return worker
      const { pseudonym } = record
      const own = placeOfPseudonym(session, pseudonym) !== undefined
      const asked = own ? { purpose: purposes.indexOf('PATRQT') } : { purpose, consentSalt }
      const pass = await readPass(chainFor(record), { pseudonym, ...asked })
      return readerBy(async (node) => encodeTicket(await pass.ticketFor(node)))
    },
  }
}

const readerBy =
  (authorize: (node: Hex) => Promise<string>): NodeReader =>
  ({ id, endpoint }) =>
    createHttpStore({ url: endpoint, authorize: () => authorize(id), timeout: patience })

/** Reads by the key of a reconstructor. */
async function workerOf(
  { chain }: Session,
  file: string | undefined,
  signal: AbortSignal,
): Promise<NodeReader | undefined> {
  if (file === undefined) return undefined
  const account = privateKeyToAccount(await readPrivateKey(file, signal))
  const operator = await operatorOf(chain, { account: account.address }, { signal })
  if (operator === undefined) throw new NoWorkerError({ file })
  return readerBy(operatorAuthorization(withAccount(chain, account), operator))
}

type Wanted = { readonly recordId: Hex | undefined; readonly worker: NodeReader | undefined }

async function which(
  { chain, account, places }: Session,
  { recordId, worker }: Wanted,
  signal: AbortSignal,
): Promise<readonly AnchoredRecord[]> {
  if (recordId !== undefined) {
    const found = await recordOf(chain, { recordId }, { signal })
    if (found === undefined || found.erased) throw new NoSuchRecordError({ recordId })
    return [found]
  }
  const hospital = worker && (await providerOf(chain, { account: account.address }, { signal }))
  if (places.length === 0 && !hospital)
    throw new UsageError({
      problem: 'name a record',
      hints: ["'sharewell records' lists those that you may open; a patient may leave it away"],
    })
  const own = places.map(({ keys }) => ({ pseudonym: toHex(keys.pseudonym) }))
  const all = hospital ? [{ author: hospital }] : own
  const found = await Promise.all(all.map((of) => recordsOf(chain, of, { signal })))
  return found.flat()
}

/** Thrown when a key that should read is not a reconstructor's. */
export class NoWorkerError extends BaseError<'NO_WORKER'> {
  override readonly name = 'NoWorkerError'
  constructor({ file = '' }: { file?: string }) {
    super('NO_WORKER', `The key in ${file} is of no active operator.`, {
      hints: ['name the key of a reconstructor that the network has admitted'],
    })
  }
}
