import type { Bytes } from '../bytes.ts'
import { BlockNotFoundError, checkBlock, type ShareStore } from './share-store.ts'

/** A store in memory, for tests, benches and records that never leave a process. It is as large as what it holds.
 * @example
 * const store = createMemoryStore()
 * await store.put(cidOf(await digest(block)), block) */
export function createMemoryStore(): ShareStore & { readonly blocks: Map<string, Bytes> } {
  const blocks = new Map<string, Bytes>()
  return {
    blocks,
    async put(cid, bytes, { signal } = {}) {
      signal?.throwIfAborted()
      await checkBlock(cid, bytes)
      blocks.set(cid, bytes.slice())
    },
    async get(cid, { signal } = {}) {
      signal?.throwIfAborted()
      const bytes = blocks.get(cid)
      if (!bytes) throw new BlockNotFoundError({ cid })
      await checkBlock(cid, bytes)
      return bytes
    },
    async has(cid, { signal } = {}) {
      signal?.throwIfAborted()
      return blocks.has(cid)
    },
  }
}
