import { open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { ConfigError, isAside, writeDurably } from '@sharewell/host'
import type { Bytes } from '@sharewell/sdk/bytes'
import { publicKeyOf, seedLength } from '@sharewell/sdk/envelope'
import { randomBytes } from '@sharewell/sdk/primitives'

/** The X-Wing key to which other keepers of a record seal what only this node may read. */
export type HpkeKey = { readonly seed: Bytes; readonly publicKey: Bytes }

const file = 'hpke.key'

/**
 * The node's key from its folder, drawn at the first start; the file is the owner's alone.
 * Errors: `ConfigError` where others may read the file, or it holds something else.
 */
export async function openHpkeKey(folder: string): Promise<HpkeKey> {
  const path = join(folder, file)
  const seed = (await kept(path)) ?? (await drawn(folder))
  return { seed, publicKey: publicKeyOf(seed) }
}

async function kept(path: string): Promise<Bytes | undefined> {
  try {
    await using handle = await open(path, 'r')
    const { mode } = await handle.stat()
    if ((mode & 0o077) !== 0) throw new ConfigError({ reason: `${path} must be readable by its owner alone (0600)` })
    const seed = new Uint8Array(await handle.readFile())
    if (seed.length !== seedLength) throw new ConfigError({ reason: `${path} is no key of ${seedLength} bytes` })
    return seed
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

async function drawn(folder: string): Promise<Bytes> {
  // What a kill left aside is a key that nobody will ever have.
  for (const name of await readdir(folder))
    if (name.startsWith(file) && isAside(name)) await rm(join(folder, name), { force: true })
  const seed = randomBytes(seedLength)
  await writeDurably(join(folder, file), seed, 0o600)
  return seed
}
