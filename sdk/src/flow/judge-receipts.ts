import type { Hex } from '../bytes.ts'
import {
  bookLeaf,
  type Chain,
  messageToJson,
  operatorInfo,
  parseMessage,
  readBook,
  type WaitOptions,
} from '../chain/index.ts'
import { BaseError } from '../errors.ts'
import { signedCheckpoints } from './prove-record.ts'
import {
  judgeAgainst,
  type LoggingVerdict,
  openSignedBook,
  type ReleaseReceipt,
  UnloggedEvidenceError,
} from './unlogged.ts'

/** A receipt with what the book says of it; NO_EVIDENCE where the node that it names did not sign it. */
export type JudgedReceipt = { readonly receipt: ReleaseReceipt; readonly verdict: LoggingVerdict | 'NO_EVIDENCE' }

/**
 * Judges receipts against the book under its newest signed checkpoint, read from the chain. `keys` are the checkpoint
 * keys to trust; those that every member of their epoch confirmed on the chain when absent.
 * @throws NoCheckpointError while nothing is signed.
 * @example
 * const { judged } = await judgeReceipts(chain, { receipts })
 * const caught = judged.filter(({ verdict }) => verdict === 'UNLOGGED' || verdict === 'UNREQUESTED')
 */
export async function judgeReceipts(
  chain: Chain,
  { receipts, keys }: { readonly receipts: readonly ReleaseReceipt[]; readonly keys?: readonly Hex[] | undefined },
  { signal }: WaitOptions = {},
): Promise<{ readonly until: number; readonly judged: JudgedReceipt[] }> {
  const book = await readBook(chain, { signal })
  const checkpoint = (await signedCheckpoints(chain, book, { trusted: keys, signal })).at(-1)
  if (!checkpoint) throw new NoCheckpointError({})
  const leaves = book.events.slice(0, checkpoint.size).map(bookLeaf)
  const checked = openSignedBook(chain.network, { checkpoint, leaves }, [checkpoint.groupKey])
  const accounts = new Map<Hex, Hex | undefined>()
  for (const operator of new Set(receipts.map((receipt) => receipt.operator)))
    accounts.set(operator, (await operatorInfo(chain, { operator }, { signal }))?.account)
  const judged: JudgedReceipt[] = []
  for (const receipt of receipts) {
    const account = accounts.get(receipt.operator)
    const verdict = account === undefined ? 'NO_EVIDENCE' : await judgeOne(account, receipt)
    judged.push({ receipt, verdict })
  }
  return { until: checkpoint.time, judged }

  async function judgeOne(account: Hex, receipt: ReleaseReceipt): Promise<JudgedReceipt['verdict']> {
    try {
      return await judgeAgainst(chain.network, { receipt, account }, checked)
    } catch (error) {
      if (error instanceof BaseError && evidence.has(error.code)) return 'NO_EVIDENCE'
      throw error
    }
  }
}

const evidence: ReadonlySet<string> = new Set(['UNLOGGED_EVIDENCE', 'SIGNATURE'])

/** A receipt as JSON: what a reader keeps, and hands to whoever judges. */
export function receiptToJson({ operator, request, message, signature }: ReleaseReceipt): Record<string, unknown> {
  return { operator, request: messageToJson(request), message: messageToJson(message), signature }
}

/** Reads a receipt from JSON. Throws {@link UnloggedEvidenceError}. */
export function receiptFromJson(json: unknown): ReleaseReceipt {
  const { operator, request, message, signature } = (json ?? {}) as Partial<Record<keyof ReleaseReceipt, unknown>>
  try {
    if (isHex(operator, 16) && isHex(signature, 65))
      return {
        operator,
        signature,
        request: parseMessage('KeyRequest', request),
        message: parseMessage('Partial', message),
      }
  } catch (error) {
    if (!(error instanceof BaseError)) throw error
  }
  throw new UnloggedEvidenceError({ reason: 'it is no receipt' })
}

const isHex = (value: unknown, bytes: number): value is Hex =>
  typeof value === 'string' && new RegExp(`^0x[0-9a-f]{${2 * bytes}}$`).test(value)

/** Thrown when no checkpoint of the book is signed by a trusted key yet: then nothing can be said of a release. */
export class NoCheckpointError extends BaseError<'NO_CHECKPOINT'> {
  override readonly name = 'NoCheckpointError'
  constructor(_: Record<string, never>) {
    super('NO_CHECKPOINT', 'No checkpoint of the book is signed by a key that is trusted.', {
      hints: ['Try again after the next full hour.', 'Name the checkpoint key, where another one counts.'],
      docs: 'book.md#receipts',
    })
  }
}
