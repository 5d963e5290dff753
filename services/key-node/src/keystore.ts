import path from 'node:path'
import { writeDurably } from '@sharewell/host'
import { type Bytes, concat, utf8 } from '@sharewell/sdk/bytes'
import { decode, encode, field } from '@sharewell/sdk/cbor'
import { BaseError } from '@sharewell/sdk/errors'
import { aesGcmOpen, aesGcmSeal, randomBytes } from '@sharewell/sdk/primitives'
import { eraseDurably, namesIn, readIfThere } from './files.ts'

/** Secrets at rest, each under AES-256-GCM and bound to the one use that its label names. */
export type KeyStore = {
  /** Keeps a secret under a name. Throws {@link KeyStoreError} rather than replace one. */
  put(name: string, label: string, secret: Bytes): Promise<void>
  /** Gives a secret to the use that it was kept for. Throws {@link KeyStoreError} for any other use. */
  get(name: string, label: string): Promise<Bytes | undefined>
  /** Names of what it keeps. */
  names(): Promise<string[]>
  /** Forgets a secret: overwrites and unlinks its file. What a backup or the medium keeps, it cannot reach. */
  erase(name: string): Promise<void>
}

/** Opens the key store in `folder`; `secret` (32 bytes) comes from outside of it. */
export function openKeyStore(folder: string, secret: Bytes): KeyStore {
  const fileOf = (name: string) => path.join(folder, `${name}.key`)
  return {
    async put(name, label, value) {
      if (await readIfThere(fileOf(name))) throw new KeyStoreError({ reason: 'a key with this name is kept already' })
      const nonce = randomBytes(12)
      const sealed = await aesGcmSeal(secret, nonce, value, boundTo(name, label))
      await writeDurably(fileOf(name), encode({ v: 1, label, nonce, sealed }), 0o600)
    },
    async get(name, label) {
      const bytes = await readIfThere(fileOf(name))
      if (!bytes) return undefined
      const kept = readKept(decode(bytes), 'key file')
      if (kept.label !== label) throw new KeyStoreError({ reason: `it serves ${kept.label} and nothing else` })
      return await aesGcmOpen(secret, kept.nonce, kept.sealed, boundTo(name, label)).catch((cause: unknown) => {
        throw new KeyStoreError({ reason: 'the secret of the key store is another, or the file was altered', cause })
      })
    },
    names: async () => (await namesIn(folder, '.key')).map((name) => name.slice(0, -'.key'.length)),
    erase: async (name) => await eraseDurably(fileOf(name)),
  }
}

const readKept = field.record({
  v: field.literal(1),
  label: field.text(),
  nonce: field.bytes(12),
  sealed: field.bytes(),
})

const boundTo = (name: string, label: string): Bytes => concat(utf8(label), Uint8Array.of(0), utf8(name))

/** Thrown when the key store does not give a key away. */
export class KeyStoreError extends BaseError<'KEY_STORE'> {
  override readonly name = 'KeyStoreError'
  constructor({ reason, cause }: { reason?: string; cause?: unknown }) {
    super('KEY_STORE', `The key store keeps this key: ${reason ?? 'unknown'}.`, {
      cause,
      hints: ['Start the node with the secret that its store was made with, or with a new folder.'],
      docs: '/key-node#keys',
    })
  }
}
