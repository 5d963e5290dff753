import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { isAside, writeDurably } from '@sharewell/host'
import { type Bytes, type Hex, toHex } from '@sharewell/sdk/bytes'
import { sha256 } from '@sharewell/sdk/primitives'

/** Directory files on disk under their SHA-256. */
export type EntryStore = {
  put(hash: Hex, bytes: Bytes): Promise<void>
  /** The file, or undefined; one that does not hash to its name counts as absent. */
  get(hash: Hex): Promise<Bytes | undefined>
  list(): Promise<Hex[]>
}

/** Opens the store in `folder`, which is made where it is missing; what a kill left aside goes. */
export async function openEntryStore(folder: string): Promise<EntryStore> {
  await mkdir(folder, { recursive: true })
  for (const name of await readdir(folder)) if (isAside(name)) await rm(path.join(folder, name), { force: true })
  return {
    put: async (hash, bytes) => await writeDurably(path.join(folder, hash), bytes),
    async get(hash) {
      const bytes = await readFile(path.join(folder, hash)).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error
      })
      return bytes && toHex(sha256(bytes)) === hash ? new Uint8Array(bytes) : undefined
    },
    async list() {
      return (await readdir(folder)).filter((name): name is Hex => /^0x[0-9a-f]{64}$/.test(name)).sort()
    },
  }
}
