import { digest } from '#primitives'
import { type Bytes, type Hex, toHex } from '../bytes.ts'
import { BaseError } from '../errors.ts'
import { cidOf } from '../share/index.ts'
import { NodeRefusedError } from './call.ts'
import type { StorageClient } from './http.ts'
import type { NodeReason } from './load.ts'
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

/** What is known only when the last chunk is sealed: signed objects and leaf lists, as blocks. */
export type RecordBlocks = {
  readonly manifest: Bytes
  readonly placement: Bytes
  /** Blocks of contentLeaves and of every share's list. */
  readonly lists: readonly Bytes[]
  /** What each node must acknowledge: T_index and the bytes of one share. */
  readonly shareRoots: readonly Bytes[]
  readonly shareLength: number
}

/** A node's verified receipt. */
export type NodeReceipt = Signed<Acknowledgement> & { readonly operator: Hex; readonly index: number }

/** Sends every share-chunk to its node as it comes, then the blocks that all nodes hold, then asks each node for its
 * signed acknowledgement. All n must acknowledge. The source is read only as fast as the slowest node takes its part:
 * at most `window` chunks are in memory. The manifest goes before the leaf lists, so that a node knows (n, t, r) before
 * anybody can know the CID of a share-chunk.
 * Errors: {@link NotPlacedError} with each node's reason.
 * @example
 * const receipts = await placeRecord({ nodes, chunks, close, verify, signal }) */
export async function placeRecord(options: placeRecord.Options): Promise<NodeReceipt[]> {
  const { nodes, chunks, close, window = 4, onPlaced, onReceipt } = options
  const reasons = new Map<Hex, string>()
  const running = new Set<Promise<void>>()
  const failed = () => [...reasons].map(([operator, reason]): NodeReason => ({ operator, reason }))
  const stop = async () => {
    await Promise.allSettled(running)
    options.signal?.throwIfAborted()
    throw new NotPlacedError({ reasons: failed() })
  }
  const send = async (node: PlaceNode, part: PlacedPart): Promise<boolean> => {
    try {
      await put(node, part, options)
      return true
    } catch (error) {
      reasons.set(
        node.operator,
        error instanceof BaseError ? (error.message.split('\n', 1)[0] ?? '') : 'the connection failed',
      )
      return false
    }
  }
  const sendAll = async (parts: readonly PlacedPart[], at: number) => {
    const sent = await Promise.all(nodes.map((node, j) => send(node, parts[j] as PlacedPart)))
    if (sent.every((one) => one)) onPlaced?.(at)
  }

  let count = 0
  for await (const parts of chunks) {
    if (parts.length !== nodes.length) throw new NotPlacedError({ reasons: failed() })
    const chunk = sendAll(parts, count++)
    running.add(chunk)
    chunk.finally(() => running.delete(chunk))
    if (running.size >= window) await Promise.race(running)
    if (reasons.size > 0) await stop()
  }
  await Promise.all(running)
  if (reasons.size > 0) await stop()

  const blocks = await close()
  const common = [blocks.manifest, blocks.placement, ...blocks.lists]
  for (const body of common) {
    const part = { cid: cidOf(await digest(body)), body }
    await Promise.all(nodes.map((node) => send(node, part)))
    if (reasons.size > 0) await stop()
  }
  const receipts = await Promise.allSettled(nodes.map((node, index) => receipt(node, index, blocks, options)))
  options.signal?.throwIfAborted()
  return receipts.map((outcome, index) => {
    const { operator } = nodes[index] as PlaceNode
    if (outcome.status === 'rejected') {
      const { reason } = outcome
      const code = reason instanceof NodeRefusedError ? reason.reason : undefined
      throw new NotPlacedError({
        reasons: [{ operator, reason: reason instanceof BaseError ? reason.message : 'failed', code }],
      })
    }
    onReceipt?.(outcome.value)
    return outcome.value
  })
}

export declare namespace placeRecord {
  type Options = AbortOptions & {
    /** The n nodes, in share order. */
    nodes: readonly PlaceNode[]
    /** For each sealed chunk the n share-chunks, in share order. */
    chunks: AsyncIterable<readonly PlacedPart[]>
    /** Called once all chunks are placed. */
    close: () => Promise<RecordBlocks>
    /** Whether the operator's account signed. */
    verify: Verify<Acknowledgement>
    /** Chunks under way at once: 4. */
    window?: number | undefined
    /** Milliseconds that one block may take on one node: 30,000; and how often it is tried again: 2. */
    timeout?: number | undefined
    retries?: number | undefined
    /** Milliseconds that an acknowledgement may take: 600,000. */
    acknowledgeTimeout?: number | undefined
    /** Hears that every node took the parts that `chunks` gave as number `at`; it must not throw. */
    onPlaced?: ((at: number) => void) | undefined
    onReceipt?: ((receipt: NodeReceipt) => void) | undefined
  }
}

async function put(node: PlaceNode, { cid, body }: PlacedPart, options: placeRecord.Options): Promise<void> {
  const { timeout = 30_000, retries = 2, signal } = options
  for (let tries = 0; ; tries++) {
    try {
      return await withDeadline('a block', timeout, { signal }, (inner) => node.store.put(cid, body, { signal: inner }))
    } catch (error) {
      signal?.throwIfAborted()
      if (tries >= retries || isFinal(error)) throw error
      await pause(100 * 4 ** tries, { signal })
    }
  }
}

/** A refusal stays one, unless the node is only busy. */
const isFinal = (error: unknown) => error instanceof NodeRefusedError && error.status < 500 && error.status !== 429

async function receipt(
  node: PlaceNode,
  index: number,
  blocks: RecordBlocks,
  options: placeRecord.Options,
): Promise<NodeReceipt> {
  const { acknowledgeTimeout = 600_000, signal, verify } = options
  const [manifest, placement] = await Promise.all([digest(blocks.manifest), digest(blocks.placement)])
  const ask = { manifest: cidOf(manifest), placement: cidOf(placement), index }
  const signed = await withDeadline('an acknowledgement', acknowledgeTimeout, { signal }, (inner) =>
    node.store.acknowledge(ask, { signal: inner }),
  )
  const { message } = signed
  const root = blocks.shareRoots[index]
  const same =
    message.manifestHash === toHex(manifest) &&
    message.placementHash === toHex(placement) &&
    message.index === index &&
    message.bytes === BigInt(blocks.shareLength) &&
    root !== undefined &&
    message.shareRoot === toHex(root)
  if (!same) throw new AcknowledgementError({ operator: node.operator, reason: 'is about something else' })
  if (!(await verify(node.operator, signed)))
    throw new AcknowledgementError({ operator: node.operator, reason: 'is not signed by the operator' })
  return { ...signed, operator: node.operator, index }
}

/** Thrown when a record could not be placed on all its nodes; `reasons` says which failed and why. */
export class NotPlacedError extends BaseError<'NOT_PLACED'> {
  override readonly name = 'NotPlacedError'
  readonly reasons: readonly NodeReason[]
  constructor({ reasons = [] }: { reasons?: readonly NodeReason[] }) {
    const each = reasons.map(({ operator, reason }) => `${operator}: ${reason}`).join('; ')
    super('NOT_PLACED', `The record is not placed. ${each || 'The chunks are not cut for these nodes.'}`, {
      hints: ['Choose other operators for the failing ones, or try again; blocks already placed are not sent twice.'],
      docs: 'placement.md#placing',
    })
    this.reasons = reasons
  }
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
