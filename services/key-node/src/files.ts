import { open, readdir, readFile, rm, stat } from 'node:fs/promises'
import path from 'node:path'
import { isAside, writeDurably } from '@sharewell/host'
import { type Bytes, equal, type Hex, toHex } from '@sharewell/sdk/bytes'
import { sha256 } from '@sharewell/sdk/primitives'

/** Small objects on disk under their SHA-256, in folders. What is there is whole: written aside, synced, then renamed. */
export type ObjectStore = {
  put(folder: string, bytes: Bytes): Promise<Hex>
  /** The object, or undefined; a file that does not hash to its name counts as absent. */
  get(folder: string, hash: Hex): Promise<Bytes | undefined>
  /** Whether a file of this name is there, whatever it holds. */
  has(folder: string, hash: Hex): Promise<boolean>
  list(folder: string): Promise<Hex[]>
  /** Names of the folders in a folder that are 32 bytes in hex. */
  folders(folder: string): Promise<Hex[]>
  /** Overwrites an object and unlinks it; one that is not there is no harm. */
  erase(folder: string, hash: Hex): Promise<void>
}

/** Opens the store below `root`. Folder names come from the program or are hex. */
export function openObjectStore(root: string): ObjectStore {
  return {
    async put(folder, bytes) {
      const hash = toHex(sha256(bytes))
      await writeDurably(path.join(root, folder, hash), bytes)
      return hash
    },
    async get(folder, hash) {
      const bytes = await readIfThere(path.join(root, folder, hash))
      return bytes && equal(sha256(bytes), sha256Of(hash)) ? bytes : undefined
    },
    async has(folder, hash) {
      return (await stat(path.join(root, folder, hash)).catch(ignoreMissing)) !== undefined
    },
    list: (folder) => hashesIn(path.join(root, folder)),
    folders: (folder) => hashesIn(path.join(root, folder)),
    erase: async (folder, hash) => await eraseDurably(path.join(root, folder, hash)),
  }
}

async function hashesIn(folder: string): Promise<Hex[]> {
  const names = await readdir(folder).catch(ignoreMissing)
  return (names ?? []).filter((name): name is Hex => /^0x[0-9a-f]{64}$/.test(name))
}

/**
 * Overwrites and unlinks what a kill left aside in a folder and below it, before it had its name. Only before anything
 * else writes there: erasing a file by its name does not reach them.
 */
export async function eraseAsides(folder: string): Promise<void> {
  const found = await readdir(folder, { withFileTypes: true, recursive: true }).catch(ignoreMissing)
  const left = (found ?? []).filter((entry) => entry.isFile() && isAside(entry.name))
  for (const { parentPath, name } of left) await eraseDurably(path.join(parentPath, name))
}

/** Overwrites a file and unlinks it, so that after a crash it is there whole, worthless or not at all. */
export async function eraseDurably(file: string): Promise<void> {
  const bytes = await readIfThere(file)
  if (!bytes) return
  {
    await using handle = await open(file, 'r+')
    await handle.write(new Uint8Array(bytes.length))
    await handle.sync()
  }
  await rm(file, { force: true })
  await using directory = await open(path.dirname(file))
  await directory.sync()
}

/** Names of the files in a folder that end so. */
export async function namesIn(folder: string, ending: string): Promise<string[]> {
  const names = await readdir(folder).catch(ignoreMissing)
  return (names ?? []).filter((name) => name.endsWith(ending))
}

/** A file's bytes, or undefined where there is none. */
export async function readIfThere(file: string): Promise<Bytes | undefined> {
  const bytes = await readFile(file).catch(ignoreMissing)
  return bytes && new Uint8Array(bytes)
}

const sha256Of = (hash: Hex): Uint8Array => Buffer.from(hash.slice(2), 'hex')

function ignoreMissing(error: unknown): undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
}
