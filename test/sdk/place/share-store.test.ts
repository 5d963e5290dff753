import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createMemoryStore } from '@sharewell/sdk/place'
import { openHeliaStore } from '@sharewell/sdk/place/helia'
import { digestOf } from '@sharewell/sdk/share'
import { NextToLast } from 'blockstore-fs/sharding'
import { CID } from 'multiformats/cid'
import { flipped, shareStoreCompliance } from '../../compliance/share-store.ts'
import { newParties, type Party, paperNetwork } from '../../helpers/parties.ts'
import { openNode } from '../../helpers/storage.ts'

/** Turns one bit of a block's file. */
async function spoil(folder: string, cid: string): Promise<void> {
  digestOf(cid)
  const { dir, file } = new NextToLast().encode(CID.parse(cid))
  const path = join(folder, 'blocks', dir, file)
  await writeFile(path, flipped(new Uint8Array(await readFile(path))))
}

shareStoreCompliance('memory', async () => {
  const store = createMemoryStore()
  return {
    store,
    async corrupt(cid) {
      store.blocks.set(cid, flipped(store.blocks.get(cid) ?? new Uint8Array(1)))
    },
    close: async () => undefined,
  }
})

shareStoreCompliance('Helia on disk', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'helia-'))
  const store = await openHeliaStore(folder)
  return {
    store,
    corrupt: (cid) => spoil(folder, cid),
    async close() {
      await store.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
})

shareStoreCompliance('HTTP', async () => {
  const node = await openNode(paperNetwork(), newParties(1)[0] as Party)
  const recordId = `0x${'11'.repeat(32)}`
  const writer = node.client(`write ${recordId} 100000000`)
  const reader = node.client(`read ${recordId}`)
  return {
    store: { put: writer.put, get: reader.get, has: reader.has },
    corrupt: (cid) => spoil(node.folder, cid),
    close: node.close,
  }
})
