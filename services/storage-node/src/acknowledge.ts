import { BadRequestError } from '@sharewell/host'
import { type Bytes, equal, fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import { BaseError, firstLine } from '@sharewell/sdk/errors'
import { type AbortOptions, type Acknowledgement, BlockNotFoundError, type ShareStore } from '@sharewell/sdk/place'
import {
  chunkCount,
  cidOf,
  digestOf,
  joinLeafBlocks,
  leafAt,
  type Manifest,
  parseManifest,
  parsePlacement,
  shareChunkLength,
  verifyContentLeaves,
  verifyShareLeaves,
} from '@sharewell/sdk/share'
import * as z from 'zod'
import { ForbiddenError } from './problem.ts'

/** What a node is asked to stand for. */
export type AcknowledgeAsk = {
  readonly manifest: string
  readonly placement: string
  readonly index: number
  readonly recordId: Hex
}

const acknowledgeShape = z.object({
  manifest: z.string().max(128),
  placement: z.string().max(128),
  index: z.int().min(0).max(65_535),
})

/** Reads the body of `POST /v1/acknowledge`. Errors: `BadRequestError`. */
export function parseAcknowledge(json: unknown): z.infer<typeof acknowledgeShape> {
  const parsed = acknowledgeShape.safeParse(json)
  if (!parsed.success) throw new BadRequestError({ reason: 'the body is not {manifest, placement, index}' })
  return parsed.data
}

/** Reads again everything that an acknowledgement stands for: manifest, placement, all leaf lists, every block of the
 * share. Returns the unsigned message once each block is here, matches, and would survive a power cut.
 * Errors: {@link IncompleteShareError}, `ForbiddenError`, those of the parsers. */
export async function takeStock(
  store: Store,
  { manifest: manifestCid, placement: placementCid, index, recordId }: AcknowledgeAsk,
  { networkId, operator, now, signal }: takeStock.Options,
): Promise<Acknowledgement> {
  const held: string[] = []
  const get = async (cid: string): Promise<Bytes> => {
    const bytes = await store.get(cid, { signal })
    held.push(cid)
    return bytes
  }
  const expected = { networkId: fromHex(networkId, 32), recordId: fromHex(recordId, 32) }
  try {
    const { manifest, hash } = parseManifest(await get(manifestCid), expected)
    const { version, n } = manifest
    const { placement } = parsePlacement(await get(placementCid), { ...expected, version, manifestHash: hash, n })
    const mine = placement.operators[index]
    if (!mine || !equal(mine, fromHex(operator, 16)))
      throw new ForbiddenError({ reason: 'OTHER_NODE', hint: misplaced })
    await checkList(manifest.contentLeaves, get, (list) => verifyContentLeaves(manifest, list))
    const lists: Bytes[] = []
    for (let j = 0; j < manifest.n; j++)
      lists.push(await checkList(manifest.shareLeaves[j] ?? [], get, (list) => verifyShareLeaves(manifest, j, list)))
    await checkShare(manifest, lists[index] as Bytes, get)
    await store.settle(held, { signal })
    return {
      manifestHash: toHex(hash),
      placementHash: toHex(digestOf(placementCid)),
      index,
      shareRoot: toHex(manifest.T[index] as Bytes),
      bytes: BigInt(manifest.shareLen),
      time: now,
    }
  } catch (cause) {
    if (cause instanceof BlockNotFoundError) throw new IncompleteShareError({ cause })
    throw cause
  }
}

export declare namespace takeStock {
  type Options = AbortOptions & { networkId: Hex; operator: Hex; now: number }
}

/** What stock is taken of. */
export type Store = Pick<ShareStore, 'get'> & {
  settle(cids: readonly string[], options?: AbortOptions): Promise<void>
}

const misplaced = 'Ask the node that the placement names for this share.'

async function checkList(
  digests: readonly Bytes[],
  get: (cid: string) => Promise<Bytes>,
  check: (list: Bytes) => void,
) {
  const blocks: Bytes[] = []
  for (const digest of digests) blocks.push(await get(cidOf(digest)))
  const list = joinLeafBlocks(blocks)
  check(list)
  return list
}

/** One block in memory at a time. */
async function checkShare(manifest: Manifest, leaves: Bytes, get: (cid: string) => Promise<Bytes>): Promise<void> {
  for (let i = 0; i < chunkCount(manifest); i++) {
    const { length } = await get(cidOf(leafAt(leaves, i) as Bytes))
    if (length !== shareChunkLength(manifest, i)) throw new IncompleteShareError({ chunk: i })
  }
}

/** Thrown when a share is not whole here, so that nothing is acknowledged. */
export class IncompleteShareError extends BaseError<'INCOMPLETE_SHARE'> {
  override readonly name = 'IncompleteShareError'
  constructor({ chunk, cause }: { chunk?: number; cause?: unknown }) {
    const what = cause instanceof BaseError ? firstLine(cause.message) : `Chunk ${chunk ?? '?'} has another length.`
    super('INCOMPLETE_SHARE', `The share is not whole here. ${what}`, {
      cause,
      hints: ['Send the missing block, then ask again.'],
      docs: 'storage-node.md#acknowledging',
    })
  }
}
