import { type Bytes, fromHex, type Hex } from '../bytes.ts'
import {
  type Book,
  bookLeaf,
  type Chain,
  checkpointBytes,
  checkpointsOf,
  logKeysOf,
  readBook,
  recordEventOf,
  type SignedCheckpoint,
  type WaitOptions,
} from '../chain/index.ts'
import { BaseError } from '../errors.ts'
import { createTree } from '../merkle/index.ts'
import { verifyFrost } from '../release/index.ts'
import { encodeRecordProof } from './record-proof.ts'

/**
 * Makes a proof file of everything that the book says about a record, under the newest signed checkpoint, with the
 * first checkpoint that covered each event.
 * @throws NotProvableError when no checkpoint covers the record yet.
 * @example
 * await writeFile('record.proof', await proveRecord(chain, { recordId }))
 */
export async function proveRecord(
  chain: Chain,
  { recordId }: { recordId: Hex },
  { signal }: WaitOptions = {},
): Promise<Bytes> {
  const book = await readBook(chain, { signal })
  const indexes = book.events.flatMap((event, at) => (recordEventOf(event)?.recordId === recordId ? [at] : []))
  const signed = await signedCheckpoints(chain, book, { signal })
  const last = signed.at(-1)
  const covered = indexes.filter((index) => last !== undefined && index < last.size)
  if (!last || covered.length === 0) throw new NotProvableError({ recordId, known: indexes.length > 0 })
  const tree = createTree(book.events.slice(0, last.size).map(bookLeaf))
  const firsts = covered.map((index) => signed.find(({ size }) => size > index) ?? last)
  const checkpoints = [...new Set([...firsts, last])]
  const { networkId, chainId, genesisHash, contracts } = chain.network
  return encodeRecordProof({
    networkId,
    chainId,
    genesisHash,
    contracts: Object.values(contracts),
    recordId,
    checkpoints: checkpoints.map((one) => ({ ...one, consistency: tree.proveFrom(one.size) })),
    events: covered.map((index) => ({
      index,
      leaf: bookLeaf(book.events[index] as Book['events'][number]),
      path: tree.prove(index),
    })),
  })
}

/** Checkpoints on chain whose key all members confirmed, or that is among `trusted`, and whose signature holds, in the
 * order of what they cover. */
export async function signedCheckpoints(
  chain: Chain,
  book: Book,
  { trusted, ...options }: WaitOptions & { readonly trusted?: readonly Hex[] | undefined } = {},
): Promise<SignedCheckpoint[]> {
  const keys = new Set(trusted ?? (await logKeysOf(chain, options)).map(({ groupKey }) => groupKey))
  return (await checkpointsOf(chain, options))
    .map(({ groupKey, time, size, root, signature }) => ({ book: book.id, groupKey, time, size, root, signature }))
    .filter((one) => {
      const [key, signature] = [fromHex(one.groupKey, 32), fromHex(one.signature, 64)]
      return (
        keys.has(one.groupKey) && one.size <= book.events.length && verifyFrost(key, checkpointBytes(one), signature)
      )
    })
    .sort((a, b) => a.size - b.size || a.time - b.time)
}

/** Thrown when nothing can be proved of a record yet. */
export class NotProvableError extends BaseError<'NOT_PROVABLE'> {
  override readonly name = 'NotProvableError'
  constructor({ recordId, known = false }: { recordId?: Hex; known?: boolean }) {
    super(
      'NOT_PROVABLE',
      known
        ? `No signed checkpoint covers record ${recordId ?? ''} yet.`
        : `The book says nothing about record ${recordId ?? ''}.`,
      {
        hints: [
          known ? 'Try again after the next full hour.' : "Compare the record id; 'sharewell records' lists them.",
        ],
        docs: '/book#proof-file',
      },
    )
  }
}
