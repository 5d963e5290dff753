/**
 * The primitives by WebCrypto. It has no hash at once and none in pieces, so those are noble's: about 260 MB/s,
 * where `digest` and AES run native. `crypto.subtle` exists on https and on loopback only.
 * @module
 */
import { hmac } from '@noble/hashes/hmac.js'
import { sha256 as nobleSha256 } from '@noble/hashes/sha2.js'
import type { Bytes } from '../bytes.ts'
import { createHkdf } from './hkdf.ts'
import { AesGcmError, checkAesGcm, type Incremental, type Primitives, tagLength } from './types.ts'

export type { Thread, ThreadEvents, ThreadModule, ThreadPort } from './threads.ts'
export { parallelism, startThread, threadPort, turn } from './threads-browser.ts'
export { AesGcmError, type Incremental, PrimitiveSizeError, type Random } from './types.ts'

/** WebCrypto gives at most this many random bytes a call. */
const randomQuota = 65_536

export const randomBytes: Primitives['randomBytes'] = (length) => {
  const bytes = new Uint8Array(length)
  fillRandom(bytes)
  return bytes
}

export const fillRandom: Primitives['fillRandom'] = (bytes) => {
  for (let at = 0; at < bytes.length; at += randomQuota)
    globalThis.crypto.getRandomValues(bytes.subarray(at, at + randomQuota))
}

export const sha256: Primitives['sha256'] = (bytes) => owned(nobleSha256(bytes))

export const digest: Primitives['digest'] = async (bytes) =>
  new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', owned(bytes)))

export const createSha256: Primitives['createSha256'] = () => incremental(nobleSha256.create())

export const createHmac: Primitives['createHmac'] = (key) => incremental(hmac.create(nobleSha256, key))

export const hmacSha256: Primitives['hmacSha256'] = (key, bytes) => owned(hmac(nobleSha256, key, bytes))

export const { hkdf, hkdfExtract, hkdfExpand } = createHkdf(hmacSha256)

export const aesGcmSeal: Primitives['aesGcmSeal'] = async (key, nonce, bytes, aad) => {
  checkAesGcm(key, nonce)
  const sealed = await globalThis.crypto.subtle.encrypt(gcm(nonce, aad), await importKey(key, 'encrypt'), owned(bytes))
  return new Uint8Array(sealed)
}

export const aesGcmOpen: Primitives['aesGcmOpen'] = async (key, nonce, bytes, aad) => {
  checkAesGcm(key, nonce)
  if (bytes.length < tagLength) throw new AesGcmError()
  const imported = await importKey(key, 'decrypt')
  try {
    return new Uint8Array(await globalThis.crypto.subtle.decrypt(gcm(nonce, aad), imported, owned(bytes)))
  } catch (cause) {
    throw new AesGcmError({ cause })
  }
}

const gcm = (nonce: Uint8Array, aad: Uint8Array): AesGcmParams => ({
  name: 'AES-GCM',
  iv: owned(nonce),
  additionalData: owned(aad),
  tagLength: 8 * tagLength,
})

const importKey = (key: Uint8Array, use: 'encrypt' | 'decrypt'): Promise<CryptoKey> =>
  globalThis.crypto.subtle.importKey('raw', owned(key), 'AES-GCM', false, [use])

/** WebCrypto refuses views of shared memory; those are copied, all others pass as they are. */
function owned(bytes: Uint8Array): Bytes {
  return bytes.buffer instanceof ArrayBuffer ? (bytes as Bytes) : new Uint8Array(bytes)
}

function incremental(hash: { update(bytes: Uint8Array): unknown; digest(): Uint8Array }): Incremental {
  const self: Incremental = {
    update(bytes) {
      hash.update(bytes)
      return self
    },
    digest: () => owned(hash.digest()),
  }
  return self
}
