import { type Bytes, type Hex, toHex } from '../bytes.ts'
import { BaseError } from '../errors.ts'
import { cidOf } from '../share/index.ts'
import { NodeRefusedError } from './call.ts'
import type { StorageClient } from './http.ts'
import type { Acknowledgement, Signed, Verify } from './messages.ts'
import type { AbortOptions, ShareStore } from './share-store.ts'
import { pause, withDeadline } from './wait.ts'

/** A storage node that takes share `index` of a record, `index` being its place in the list. */
export type PlaceNode = {
  readonly operator: Hex
  readonly store: Pick<ShareStore, 'put'> & Pick<StorageClient, 'acknowledge'>
}

/** One node's share-chunk with its CID. */
export type PlacedPart = { readonly cid: string; readonly body: Bytes }

/** A node's verified receipt. */
export type NodeReceipt = Signed<Acknowledgement> & { readonly operator: Hex; readonly index: number }

/** How blocks are sent. */
export type SendOptions = AbortOptions & {
  /** Milliseconds that one block may take on one node: 30,000; and how often it is tried again: 2. */
  readonly timeout?: number | undefined
  readonly retries?: number | undefined
}

/** Gives a node a block, three times if need be. Errors: the node's own, `PlaceTimeoutError`. */
export async function putBlock(
  store: Pick<ShareStore, 'put'>,
  { cid, body }: PlacedPart,
  { timeout = 30_000, retries = 2, signal }: SendOptions,
): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      return await withDeadline('a block', timeout, { signal }, (inner) => store.put(cid, body, { signal: inner }))
    } catch (error) {
      signal?.throwIfAborted()
      if (tries >= retries || isFinal(error)) throw error
      await pause(100 * 4 ** tries, { signal })
    }
  }
}

/** A refusal stays one, unless the node is only busy. */
const isFinal = (error: unknown) => error instanceof NodeRefusedError && error.status < 500 && error.status !== 429

/** How receipts are taken. */
export type ReceiptOptions = AbortOptions & {
  /** Whether the operator's account signed. */
  readonly verify: Verify<Acknowledgement>
  /** Milliseconds that an acknowledgement may take: 600,000. */
  readonly acknowledgeTimeout?: number | undefined
}

/** What a node must acknowledge: the hashes of both objects, T_index and the bytes of one share. */
export type Expected = PlaceNode & {
  readonly manifest: Bytes
  readonly placement: Bytes
  readonly index: number
  readonly shareRoot: Bytes
  readonly shareLength: number
}

/** Asks a node for its signed word that it holds its whole share, and judges it.
 * Errors: {@link AcknowledgementError}, the node's own, `PlaceTimeoutError`. */
export async function takeReceipt(
  { operator, store, manifest, placement, index, shareRoot, shareLength }: Expected,
  { acknowledgeTimeout = 600_000, signal, verify }: ReceiptOptions,
): Promise<NodeReceipt> {
  const ask = { manifest: cidOf(manifest), placement: cidOf(placement), index }
  const signed = await withDeadline('an acknowledgement', acknowledgeTimeout, { signal }, (inner) =>
    store.acknowledge(ask, { signal: inner }),
  )
  const { message } = signed
  const same =
    message.manifestHash === toHex(manifest) &&
    message.placementHash === toHex(placement) &&
    message.index === index &&
    message.bytes === BigInt(shareLength) &&
    message.shareRoot === toHex(shareRoot)
  if (!same) throw new AcknowledgementError({ operator, reason: 'is about something else' })
  if (!(await verify(operator, signed)))
    throw new AcknowledgementError({ operator, reason: 'is not signed by the operator' })
  return { ...signed, operator, index }
}

/** Thrown when a node's acknowledgement is not its signed word on this record. */
export class AcknowledgementError extends BaseError<'ACKNOWLEDGEMENT'> {
  override readonly name = 'AcknowledgementError'
  constructor({ operator, reason }: { operator?: Hex; reason?: string }) {
    super('ACKNOWLEDGEMENT', `The acknowledgement of ${operator ?? 'a node'} ${reason ?? 'does not hold'}.`, {
      hints: ['Choose another operator and place the record again.'],
      docs: 'placement.md#placing',
    })
  }
}
