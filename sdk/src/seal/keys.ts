import { aesGcmOpen, hkdfExpand, hkdfExtract, sha256 } from '#primitives'
import { type Bytes, concat, equal, u32 } from '../bytes.ts'
import { lpLabel } from '../labels.ts'
import { ChunkError, KeyMismatchError } from './errors.ts'
import { encodeHeaderCore, parseSealHeader, type SealHeader } from './header.ts'

/** Bytes that sealing adds to a chunk. */
export const tagLength = 16
/** Plaintext and sealed length of the trailer. */
export const trailerPlainLength = 256
export const trailerLength = trailerPlainLength + tagLength

/** Everything that follows from DEK and header. */
export type SealKeys = {
  readonly enc: Bytes
  readonly pt: Bytes
  readonly keyCommit: Bytes
  /** H(hdrCore): associated data of every chunk. */
  readonly aad: Bytes
}

/** Derives the keys of one record version. */
export function deriveKeys(dek: Uint8Array, core: Omit<SealHeader, 'keyCommit'>): SealKeys {
  const prk = hkdfExtract(core.salt, dek)
  const aad = sha256(encodeHeaderCore(core))
  return {
    enc: hkdfExpand(prk, concat(lpLabel('seal', 'enc'), aad), 32),
    keyCommit: hkdfExpand(prk, concat(lpLabel('seal', 'commit'), aad), 32),
    pt: hkdfExpand(prk, lpLabel('seal', 'pt'), 32),
    aad,
  }
}

/**
 * Derives the keys and checks the commitment before anything is opened.
 * @throws SealHeaderError, KeyMismatchError
 */
export function unlock(
  header: Uint8Array,
  dek: Uint8Array,
  expected: parseSealHeader.Expected = {},
): { readonly keys: SealKeys; readonly header: SealHeader } {
  const parsed = parseSealHeader(header, expected)
  if (dek.length !== 32) throw new KeyMismatchError()
  const keys = deriveKeys(dek, parsed)
  if (!equal(keys.keyCommit, parsed.keyCommit)) throw new KeyMismatchError()
  return { keys, header: parsed }
}

/** nonce_i = 0^7 || u32be(i) || flag; unique because K_enc belongs to one (DEK, salt). */
export function nonceOf(i: number, trailer: boolean): Bytes {
  return concat(new Uint8Array(7), u32(i), Uint8Array.of(trailer ? 1 : 0))
}

/**
 * Opens chunk i as data or as trailer.
 * @throws ChunkError
 */
export async function openChunk(keys: SealKeys, i: number, trailer: boolean, sealed: Uint8Array): Promise<Bytes> {
  try {
    return await aesGcmOpen(keys.enc, nonceOf(i, trailer), sealed, keys.aad)
  } catch (cause) {
    throw new ChunkError({ index: i, cause })
  }
}
