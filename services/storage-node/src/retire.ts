import { type Bytes, equal, fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import { CborError, CborFieldError } from '@sharewell/sdk/cbor'
import { type AbortOptions, BlockNotFoundError } from '@sharewell/sdk/place'
import {
  checkAttested,
  checkRenewed,
  cidOf,
  joinLeafBlocks,
  leafAt,
  type Manifest,
  type Placement,
  parseManifest,
  parsePlacement,
  RenewError,
} from '@sharewell/sdk/share'
import { SignedObjectError } from '@sharewell/sdk/signed'
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
  standing: Omit<Standing, 'maxBytes'>,
  options: AbortOptions = {},
): Promise<number> {
  const { store, networkId, operator, clock } = components
  const { recordId, version } = standing
  const expected = { networkId: fromHex(networkId, 32), recordId: fromHex(recordId, 32), version }
  const placementCid = cidOf(fromHex(standing.placementHash, 32))
  const { placement } = parsePlacement(await store.get(placementCid, options), expected)
  const load = async (hash: Bytes) => parseManifest(await store.get(cidOf(hash), options), expected)
  const anchored = await load(fromHex(standing.manifestHash, 32))
  const followed: Described[] = []
  for (let hash = placement.manifestHash; !equal(hash, anchored.hash); ) {
    const one = await load(hash)
    followed.push(one)
    hash = checkRenewed(anchored.manifest, one.manifest)
  }
  const [now, ...older] = [...followed.map(({ manifest }) => manifest), anchored.manifest]
  if (!now || older.length === 0) return 0
  await checkKeepers(components, { now, anchored: anchored.manifest, placement, epoch: older.length }, options)
  const index = placement.operators.findIndex((id) => equal(id, fromHex(operator, 16)))
  const manifest = cidOf(placement.manifestHash)
  if (index >= 0)
    await takeStock(
      store,
      { manifest, placement: placementCid, index, recordId },
      { networkId, operator, now: clock(), ...options },
    )
  const kept = commonCids([...followed, anchored], standing.placementHash)
  for (const cid of index < 0 ? [] : await shareCids(store, now, index, options)) kept.add(cid)
  let removed = 0
  for (const one of older)
    for (const share of one.T.keys()) {
      const cids = await knownCids(store, one, share, options)
      removed += await removeBlocks(
        components,
        { recordId, version },
        cids.filter((cid) => !kept.has(cid)),
      )
    }
  return removed
}
export declare namespace retireShares {
  type Components = Pick<Parts, 'ledger' | 'networkId' | 'operator' | 'clock' | 'authority'> & {
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

type Described = { readonly manifest: Manifest; readonly hash: Bytes }

/** What readers of a record need beside share-chunks, whatever lists name: no share-chunk is among it. */
export function commonCids(manifests: readonly Described[], placementHash: Hex): Set<string> {
  const digests = manifests.flatMap(({ manifest, hash }) => [
    hash,
    ...manifest.contentLeaves,
    ...manifest.shareLeaves.flat(),
  ])
  return new Set([fromHex(placementHash, 32), ...digests].map((digest) => cidOf(digest)))
}

type Renewed = {
  readonly now: Manifest
  readonly anchored: Manifest
  readonly placement: Pick<Placement, 'operators'>
  readonly epoch: number
}

/** Old shares are the only ones where the new ones are an invention: those that are to keep these must each have said
 * that they have them. Errors: `RenewError`. */
async function checkKeepers(
  { authority }: Pick<Parts, 'authority'>,
  { now, anchored, placement, epoch }: Renewed,
  options: AbortOptions,
): Promise<void> {
  const { networkId, recordId, version, prev } = now
  if (now.n < anchored.n || placement.operators.length !== now.n || !prev)
    throw new RenewError({ reason: 'fewer keep it than before, so old shares stay' })
  for (const [share, id] of placement.operators.entries()) {
    const keeper = await authority.keeper(toHex(id), options)
    const root = { networkId, recordId, version, prev, epoch, share, root: now.T[share] as Bytes }
    if (!keeper || !isAttested(root, now.attest?.[share] ?? new Uint8Array(0), keeper.account))
      throw new RenewError({ reason: `the keeper of share ${share} did not attest it` })
  }
}

/** Whether the account signed this root. */
export function isAttested(...word: Parameters<typeof checkAttested>): boolean {
  try {
    checkAttested(...word)
    return true
  } catch (error) {
    if (error instanceof SignedObjectError || error instanceof CborError || error instanceof CborFieldError)
      return false
    throw error
  }
}

/** First off the disk, then out of the ledger: what is cut off between the two is found again. Blocks of other versions
 * and of other records stay. */
export async function removeBlocks(
  { store, ledger }: Remover,
  { recordId, version }: Pick<Standing, 'recordId' | 'version'>,
  cids: string[],
): Promise<number> {
  const entries = cids
    .map((cid) => ledger.entry(cid, recordId))
    .filter((entry) => entry !== undefined)
    .filter((entry) => entry.version === version)
  const alone = entries.filter(({ cid }) => ledger.recordsOf(cid).every((id) => id === recordId))
  await store.remove(alone.map(({ cid }) => cid))
  for (const entry of entries) ledger.withdraw(entry)
  return entries.length
}

type Remover = Pick<Parts, 'ledger'> & { readonly store: Pick<Parts['store'], 'remove'> }
