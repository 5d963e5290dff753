import { equal, fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import { encode } from '@sharewell/sdk/cbor'
import {
  type Book,
  bookLeaf,
  type Checkpoint,
  checkpointBytes,
  confirmLogKey,
  logKeyConfirmations,
  type Message,
  readBook,
  signMessage,
  sizeAt,
} from '@sharewell/sdk/chain'
import { root } from '@sharewell/sdk/merkle'
import { sha256 } from '@sharewell/sdk/primitives'
import { commitFrost, type FrostCommitment, type FrostNonces, sameCommitment, signFrost } from '@sharewell/sdk/release'
import { CheckpointRefusedError } from './errors.ts'
import { bytes32, confirmable, type LogParts, logSeatOf } from './seat.ts'
import type { SignedLast } from './signed-last.ts'

/** A commitment as it travels. */
export type SentCommitment = { readonly i: number; readonly hiding: Hex; readonly binding: Hex }

/** A signature share, with the node's own signature over it and all that it was made of: a wrong one is evidence. */
export type SentShare = { readonly i: number; readonly share: Hex; readonly signature: Hex }

/** This node's side of checkpoints. */
export type BookService = {
  /** Says on chain that this node holds a share of a key for checkpoints. */
  confirm(what: { epoch: number; transcriptHash: Hex }): Promise<Hex>
  /** What this node would sign for `time`, from its own chain client. */
  propose(time: number): Promise<Checkpoint>
  /** Round 1: commitments to fresh nonces, for a checkpoint that this node would sign. */
  commit(checkpoint: Checkpoint): Promise<SentCommitment>
  /** Round 2: this node's share. Each pair of nonces signs at most once. */
  sign(checkpoint: Checkpoint, commitments: readonly SentCommitment[]): Promise<SentShare>
}

/** Parts of {@link createBook}. */
export type BookParts = LogParts & { readonly operator: () => Promise<Hex>; readonly last: SignedLast }

type Pending = { readonly message: Uint8Array; readonly nonces: FrostNonces; readonly commitment: FrostCommitment }

/** Nonces that wait at once; a coordinator that asks and never comes back costs no more. */
const maxPending = 64

/** Starts it. Nonces live in memory: after a restart the round begins again. */
export function createBook(parts: BookParts): BookService {
  const pending = new Map<Hex, Pending>()
  let known: Book | undefined
  // One signature after another, so that each sees what was signed before.
  let last: Promise<void> = Promise.resolve()
  const bookNow = async () => {
    known = await readBook(parts.chain, { known })
    return known
  }

  return {
    async confirm({ epoch, transcriptHash }) {
      const key = await confirmable(parts, { epoch, transcriptHash })
      const operator = await parts.operator()
      const already = (await logKeyConfirmations(parts.chain)).some(
        (one) => one.operator === operator && one.epoch === epoch && one.transcriptHash === transcriptHash,
      )
      if (!already) await confirmLogKey(parts.chain, key)
      return key.groupKey
    },
    propose: async (time) => checkpointOf(await bookNow(), time, parts.chain.clock()),
    async commit(checkpoint) {
      const { kept } = await logSeatOf(parts)
      await checkExtends(parts.last, await bookNow(), checkpoint, parts.chain.clock())
      const { nonces, commitment } = commitFrost(kept)
      if (pending.size >= maxPending) pending.delete([...pending.keys()][0] as Hex)
      pending.set(toHex(commitment.hiding), { message: checkpointBytes(checkpoint), nonces, commitment })
      return sent(commitment)
    },
    async sign(checkpoint, list) {
      const turn = last.then(async () => await signNow(checkpoint, list))
      last = turn.then(
        () => undefined,
        () => undefined,
      )
      return await turn
    },
  }

  async function signNow(checkpoint: Checkpoint, list: readonly SentCommitment[]): Promise<SentShare> {
    const { kept, group } = await logSeatOf(parts)
    await checkExtends(parts.last, await bookNow(), checkpoint, parts.chain.clock())
    const message = checkpointBytes(checkpoint)
    const commitments = list.map(received)
    const own = takePending(pending, commitments, { i: kept.i, message })
    // On disk before the share leaves: what was signed is never denied by a restart.
    await parts.last.set(checkpoint)
    const share = toHex(signFrost(group, kept, own.nonces, { commitments, message }))
    const signature = await signMessage(
      parts.chain,
      'CheckpointShare',
      statementOf(checkpoint, list, { i: kept.i, share }),
    )
    return { i: kept.i, share, signature }
  }
}

/** What a node signs with its share: all that decides whether the share is right. */
export function statementOf(
  checkpoint: Checkpoint,
  list: readonly SentCommitment[],
  { i, share }: { i: number; share: Hex },
): Message<'CheckpointShare'> {
  const commitments = sha256(encode(list.map((one) => [one.i, bytes32(one.hiding), bytes32(one.binding)])))
  return { checkpoint: toHex(sha256(checkpointBytes(checkpoint))), commitments: toHex(commitments), i, share }
}

/** A commitment as the library of the scheme takes it. */
export const received = ({ i, hiding, binding }: SentCommitment): FrostCommitment => ({
  i,
  hiding: fromHex(hiding, 32),
  binding: fromHex(binding, 32),
})

const sent = ({ i, hiding, binding }: FrostCommitment): SentCommitment => ({
  i,
  hiding: toHex(hiding),
  binding: toHex(binding),
})

/** The own nonces behind a list, taken out: they sign once. */
function takePending(
  pending: Map<Hex, Pending>,
  commitments: readonly FrostCommitment[],
  { i, message }: { i: number; message: Uint8Array },
): Pending {
  const mine = commitments.find((one) => one.i === i)
  const kept = mine && pending.get(toHex(mine.hiding))
  if (!mine || !kept || !sameCommitment(mine, kept.commitment) || !equal(kept.message, message))
    throw new CheckpointRefusedError({ reason: 'I made no such commitment for it' })
  pending.delete(toHex(mine.hiding))
  return kept
}

function checkpointOf(book: Book, time: number, now: number): Checkpoint {
  if (time > book.block.time || time > now)
    throw new CheckpointRefusedError({ reason: 'my final block is older than its time' })
  const size = sizeAt(book, time)
  if (size === 0) throw new CheckpointRefusedError({ reason: 'nothing happened before it' })
  return { book: book.id, time, size, root: rootAt(book, size) }
}

const rootAt = ({ events }: Book, size: number): Hex => toHex(root(events.slice(0, size).map(bookLeaf)))

/** The rule of docs/spec/book.md: what the own chain says, and a continuation of what was signed before. */
async function checkExtends(last: SignedLast, book: Book, checkpoint: Checkpoint, now: number): Promise<void> {
  const own = checkpointOf(book, checkpoint.time, now)
  if (own.book !== checkpoint.book) throw new CheckpointRefusedError({ reason: 'it is of another book' })
  if (own.size !== checkpoint.size || own.root !== checkpoint.root)
    throw new CheckpointRefusedError({ reason: 'my chain client tells otherwise' })
  const before = await last.of(checkpoint.book)
  if (!before) return
  const again = before.time === checkpoint.time && before.root === checkpoint.root
  if (!again && before.time >= checkpoint.time)
    throw new CheckpointRefusedError({ reason: 'I signed a later one already' })
  if (before.size > own.size || rootAt(book, before.size) !== before.root)
    throw new CheckpointRefusedError({ reason: 'it does not continue what I signed before' })
}
