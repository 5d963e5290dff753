import type { Bytes } from '@sharewell/sdk/bytes'
import { fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import { type AbortOptions, BlockNotFoundError, type ShareStore } from '@sharewell/sdk/place'
import {
  cidOf,
  digestOf,
  joinLeafBlocks,
  leafAt,
  type Manifest,
  parseManifest,
  verifyShareLeaves,
} from '@sharewell/sdk/share'

/** What this node knows of records from the manifests and leaf lists that it holds. */
export type ShareIndex = {
  /** The manifest under this hash. Errors: `BlockNotFoundError`, those of `parseManifest`. */
  manifest(hash: Hex, options?: AbortOptions): Promise<Manifest>
  /** Whether block `cid` is chunk `chunk` of share `index` under the manifest. */
  isShare(ask: ShareName & { readonly cid: string }, options?: AbortOptions): Promise<boolean>
  /** Whether block `cid` is that, or the manifest, or of the leaf list by which an auditor knows it. */
  isAudited(ask: ShareName & { readonly cid: string }, options?: AbortOptions): Promise<boolean>
}

/** Chunk `chunk` of share `index` under a manifest. */
export type ShareName = { readonly manifestHash: Hex; readonly index: number; readonly chunk: number }

/** Keeps the last `size` manifests and lists, 32 bytes a chunk each. */
export function createShareIndex(store: Pick<ShareStore, 'get'>, networkId: Hex, size = 64): ShareIndex {
  const network = fromHex(networkId, 32)
  const manifests = createCache<Manifest>(size)
  const lists = createCache<Bytes>(size)
  const manifest = (hash: Hex, options: AbortOptions = {}) =>
    manifests(
      hash,
      async () => parseManifest(await store.get(cidOf(fromHex(hash, 32)), options), { networkId: network }).manifest,
    )
  const leaves = (hash: Hex, index: number, options: AbortOptions) =>
    lists(`${hash}/${index}`, async () => {
      const described = await manifest(hash, options)
      const blocks: Bytes[] = []
      for (const digest of described.shareLeaves[index] ?? []) blocks.push(await store.get(cidOf(digest), options))
      const list = joinLeafBlocks(blocks)
      verifyShareLeaves(described, index, list)
      return list
    })
  const isShare: ShareIndex['isShare'] = async ({ cid, manifestHash, index, chunk }, options = {}) =>
    await unlessMissing(async () => {
      const leaf = leafAt(await leaves(manifestHash, index, options), chunk)
      return leaf !== undefined && toHex(leaf) === toHex(digestOf(cid))
    })
  return {
    manifest,
    isShare,
    async isAudited({ cid, ...name }, options = {}) {
      const asked = toHex(digestOf(cid))
      if (asked === name.manifestHash) return true
      const isList = await unlessMissing(async () => {
        const { shareLeaves } = await manifest(name.manifestHash, options)
        return shareLeaves[name.index]?.some((digest) => toHex(digest) === asked) ?? false
      })
      return isList || (await isShare({ cid, ...name }, options))
    },
  }
}

/** No, where a block is missing without which nobody can tell. */
async function unlessMissing(look: () => Promise<boolean>): Promise<boolean> {
  try {
    return await look()
  } catch (error) {
    if (error instanceof BlockNotFoundError) return false
    throw error
  }
}

/** The `size` entries used last. */
function createCache<T>(size: number) {
  const entries = new Map<string, T>()
  return async (key: string, make: () => Promise<T>): Promise<T> => {
    const value = entries.get(key) ?? (await make())
    entries.delete(key)
    entries.set(key, value)
    for (const oldest of entries.keys()) {
      if (entries.size <= size) break
      entries.delete(oldest)
    }
    return value
  }
}
