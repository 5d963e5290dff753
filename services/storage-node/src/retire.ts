import { type Bytes, equal, fromHex, type Hex } from '@sharewell/sdk/bytes'
import { type AbortOptions, BlockNotFoundError } from '@sharewell/sdk/place'
import {
  checkRenewed,
  cidOf,
  joinLeafBlocks,
  leafAt,
  type Manifest,
  parseManifest,
  parsePlacement,
} from '@sharewell/sdk/share'
import { takeStock } from './acknowledge.ts'
import type { Standing } from './authority.ts'
import type { Components as Parts } from './components.ts'

/**
 * Removes the share-chunks of manifests that the standing one has followed: once shares were renewed, old ones would give
 * away what the new ones hide. Where the standing placement names this node, it first reads back the whole new share.
 * Cut off at any moment, the next call goes on.
 * Errors: `IncompleteShareError`, `BlockNotFoundError` for placement or a manifest that is not here, those of the parsers.
 * @returns how many blocks of the record went.
 */
export async function retireShares(
  components: retireShares.Components,
  standing: Standing,
  options: AbortOptions = {},
): Promise<number> {
  const { store, networkId, operator, clock } = components
  const { recordId, version } = standing
  const expected = { networkId: fromHex(networkId, 32), recordId: fromHex(recordId, 32), version }
  const placementCid = cidOf(fromHex(standing.placementHash, 32))
  const { placement } = parsePlacement(await store.get(placementCid, options), expected)
  const load = async (hash: Bytes) => parseManifest(await store.get(cidOf(hash), options), expected)
  const anchored = await load(fromHex(standing.manifestHash, 32))
  const followed: Manifest[] = []
  let last = anchored.manifest
  for (let hash = placement.manifestHash; !equal(hash, anchored.hash); followed.push(last)) {
    last = (await load(hash)).manifest
    hash = checkRenewed(anchored.manifest, last)
  }
  const [now, ...older] = [...followed, anchored.manifest]
  if (!now || older.length === 0) return 0
  const index = placement.operators.findIndex((id) => equal(id, fromHex(operator, 16)))
  const manifest = cidOf(placement.manifestHash)
  if (index >= 0)
    await takeStock(
      store,
      { manifest, placement: placementCid, index, recordId },
      { networkId, operator, now: clock(), ...options },
    )
  const kept = new Set(index < 0 ? [] : await shareCids(store, now, index, options))
  let removed = 0
  for (const one of older)
    for (const share of one.T.keys()) {
      const cids = await knownCids(store, one, share, options)
      removed += await remove(
        components,
        recordId,
        cids.filter((cid) => !kept.has(cid)),
      )
    }
  return removed
}
export declare namespace retireShares {
  type Components = Pick<Parts, 'ledger' | 'networkId' | 'operator' | 'clock'> & {
    readonly store: Pick<Parts['store'], 'get' | 'remove' | 'settle'>
  }
}

async function shareCids(
  store: Pick<Parts['store'], 'get'>,
  { shareLeaves }: Manifest,
  share: number,
  options: AbortOptions,
): Promise<string[]> {
  const blocks: Bytes[] = []
  for (const digest of shareLeaves[share] ?? []) blocks.push(await store.get(cidOf(digest), options))
  const list = joinLeafBlocks(blocks)
  return Array.from({ length: list.length / 32 }, (_, i) => cidOf(leafAt(list, i) as Bytes))
}

/** A node that acknowledged a share has the lists of all; one without the list came later and has nothing of it. */
async function knownCids(...which: Parameters<typeof shareCids>): Promise<string[]> {
  try {
    return await shareCids(...which)
  } catch (error) {
    if (error instanceof BlockNotFoundError) return []
    throw error
  }
}

/** First off the disk, then out of the ledger: what is cut off between the two is found again. */
async function remove({ store, ledger }: retireShares.Components, recordId: Hex, cids: string[]): Promise<number> {
  const entries = cids.map((cid) => ledger.entry(cid, recordId)).filter((entry) => entry !== undefined)
  const alone = entries.filter(({ cid }) => ledger.recordsOf(cid).length <= 1)
  await store.remove(alone.map(({ cid }) => cid))
  for (const entry of entries) ledger.withdraw(entry)
  return entries.length
}
