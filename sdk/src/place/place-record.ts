import { digest } from '#primitives'
import type { Bytes, Hex } from '../bytes.ts'
import { BaseError } from '../errors.ts'
import { cidOf } from '../share/index.ts'
import { NodeRefusedError, wordsOfFailure } from './call.ts'
import type { NodeReason } from './load.ts'
import {
  type NodeReceipt,
  type PlacedPart,
  type PlaceNode,
  putBlock,
  type ReceiptOptions,
  type SendOptions,
  takeReceipt,
} from './send.ts'

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
      await putBlock(node.store, part, options)
      return true
    } catch (error) {
      reasons.set(node.operator, wordsOfFailure(error))
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
  const [manifest, placement] = await Promise.all([digest(blocks.manifest), digest(blocks.placement)])
  const expected = (index: number) => ({
    manifest,
    placement,
    index,
    shareRoot: blocks.shareRoots[index] ?? new Uint8Array(),
    shareLength: blocks.shareLength,
  })
  const receipts = await Promise.allSettled(
    nodes.map((node, index) => takeReceipt({ ...node, ...expected(index) }, options)),
  )
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
  type Options = SendOptions &
    ReceiptOptions & {
      /** The n nodes, in share order. */
      nodes: readonly PlaceNode[]
      /** For each sealed chunk the n share-chunks, in share order. */
      chunks: AsyncIterable<readonly PlacedPart[]>
      /** Called once all chunks are placed. */
      close: () => Promise<RecordBlocks>
      /** Chunks under way at once: 4. */
      window?: number | undefined
      /** Hears that every node took the parts that `chunks` gave as number `at`; it must not throw. */
      onPlaced?: ((at: number) => void) | undefined
      onReceipt?: ((receipt: NodeReceipt) => void) | undefined
    }
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
