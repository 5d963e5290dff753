import { type Bytes, fromHex, type Hex, toHex } from '../bytes.ts'
import {
  type BookEvent,
  bookIdOf,
  checkpointBytes,
  hashMessage,
  type Message,
  type Network,
  parseBookLeaf,
  releaseEventOf,
  type SignedCheckpoint,
  signerOf,
} from '../chain/index.ts'
import { BaseError } from '../errors.ts'
import { root } from '../merkle/index.ts'
import { verifyFrost } from '../release/index.ts'

/** What a reader keeps of a release: the node's signed word that it answered this very request. */
export type ReleaseReceipt = {
  readonly operator: Hex
  readonly request: Message<'KeyRequest'>
  readonly message: Message<'Partial'>
  /** The node's, over `message`. */
  readonly signature: Hex
}

/** The whole book until a checkpoint: every leaf, so that what is not in it can be seen. */
export type SignedBook = { readonly checkpoint: SignedCheckpoint; readonly leaves: readonly Bytes[] }

/** Seconds after the end of a request within which what was released must stand in the book: a node that was down
 * comes back and writes it. */
export const loggingGrace = 3_600

/** What the book says of a receipt. UNREQUESTED: nobody had logged the request. UNLOGGED: the node never wrote that it
 * released. TOO_EARLY: the checkpoint does not reach far enough to say. */
export type LoggingVerdict = 'LOGGED' | 'UNREQUESTED' | 'UNLOGGED' | 'TOO_EARLY'

/**
 * Whether a release that its reader holds a receipt of stands in the book; anyone can say so, offline. A node never
 * answers a request that is over, so its word is due `loggingGrace` after that.
 * @throws UnloggedEvidenceError when the receipt is not the node's, or the book is not the one that was signed.
 */
export async function judgeRelease(
  network: Network,
  { receipt, account, book, keys }: judgeRelease.Args,
): Promise<LoggingVerdict> {
  return await judgeAgainst(network, { receipt, account }, openSignedBook(network, book, keys))
}
export declare namespace judgeRelease {
  type Args = {
    readonly receipt: ReleaseReceipt
    /** The operator's account, as the registry names it. */
    readonly account: Hex
    readonly book: SignedBook
    /** Checkpoint keys that the judge trusts to be the network's. */
    readonly keys: readonly Hex[]
  }
}

type BookedRelease = NonNullable<ReturnType<typeof releaseEventOf>>

/** A book whose signature was checked: what it says of releases, by request. */
export type CheckedBook = { readonly time: number; said(requestHash: Hex): readonly BookedRelease[] }

/** Checks that a trusted key signed the checkpoint, over exactly these events. Throws {@link UnloggedEvidenceError}. */
export function openSignedBook(network: Network, book: SignedBook, keys: readonly Hex[]): CheckedBook {
  const said = new Map<Hex, BookedRelease[]>()
  for (const event of signedEvents(network, book, keys)) {
    const one = event.address === network.contracts.accessLog ? releaseEventOf(event) : undefined
    if (one) said.set(one.requestHash, [...(said.get(one.requestHash) ?? []), one])
  }
  return { time: book.checkpoint.time, said: (requestHash) => said.get(requestHash) ?? [] }
}

/** {@link judgeRelease} against a book that was checked already. */
export async function judgeAgainst(
  network: Network,
  { receipt, account }: Pick<judgeRelease.Args, 'receipt' | 'account'>,
  { time, said: saidOf }: CheckedBook,
): Promise<LoggingVerdict> {
  const { request, message, signature, operator } = receipt
  const requestHash = hashMessage(network, 'KeyRequest', request)
  if (requestHash !== message.requestHash) throw new UnloggedEvidenceError({ reason: 'it answers another request' })
  const signer = await signerOf(network, { kind: 'Partial', message, signature })
  if (signer.toLowerCase() !== account.toLowerCase())
    throw new UnloggedEvidenceError({ reason: 'the node did not sign it' })
  const said = saidOf(requestHash)
  const requested = said.some(({ kind }) => kind === 'ReleaseRequested')
  if (requested && said.some((one) => one.kind === 'Released' && one.operator === operator)) return 'LOGGED'
  if (time <= request.notAfter + loggingGrace) return 'TOO_EARLY'
  return requested ? 'UNLOGGED' : 'UNREQUESTED'
}

function signedEvents(network: Network, { checkpoint, leaves }: SignedBook, keys: readonly Hex[]): BookEvent[] {
  const { groupKey, size, signature } = checkpoint
  const signed = verifyFrost(fromHex(groupKey, 32), checkpointBytes(checkpoint), fromHex(signature, 64))
  if (!keys.includes(groupKey) || !signed || checkpoint.book !== bookIdOf(network))
    throw new UnloggedEvidenceError({ reason: 'the checkpoint is not signed by the committee' })
  if (leaves.length !== size || toHex(root(leaves)) !== checkpoint.root)
    throw new UnloggedEvidenceError({ reason: 'these are not the events that were signed' })
  return leaves.map(parseBookLeaf)
}

/** Thrown when evidence of a release proves nothing, for or against the node. */
export class UnloggedEvidenceError extends BaseError<'UNLOGGED_EVIDENCE'> {
  override readonly name = 'UnloggedEvidenceError'
  constructor({ reason }: { reason?: string }) {
    super('UNLOGGED_EVIDENCE', `This says nothing about a release: ${reason ?? 'unknown'}.`, {
      hints: ['Take receipt, book and checkpoint unchanged, and the node’s account from the registry.'],
      docs: '/book#receipts',
    })
  }
}
