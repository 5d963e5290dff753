/** The primitives by `node:crypto`. @module */
import {
  type Cipheriv,
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac as createNodeHmac,
  randomFillSync,
} from 'node:crypto'
import { release } from '../bytes.ts'
import { createHkdf } from './hkdf.ts'
import { AesGcmError, checkAesGcm, type Incremental, type Primitives, tagLength } from './types.ts'

export type { Thread, ThreadEvents, ThreadModule, ThreadPort } from './threads.ts'
export { parallelism, startThread, threadPort, turn } from './threads-node.ts'
export { AesGcmError, type Incremental, PrimitiveSizeError, type Random } from './types.ts'

export const randomBytes: Primitives['randomBytes'] = (length) => randomFillSync(new Uint8Array(length))

export const fillRandom: Primitives['fillRandom'] = (bytes) => {
  randomFillSync(bytes)
}

export const sha256: Primitives['sha256'] = (bytes) => new Uint8Array(createHash('sha256').update(bytes).digest())

export const digest: Primitives['digest'] = async (bytes) => sha256(bytes)

export const createSha256: Primitives['createSha256'] = () => incremental(createHash('sha256'))

export const createHmac: Primitives['createHmac'] = (key) => incremental(createNodeHmac('sha256', key))

export const hmacSha256: Primitives['hmacSha256'] = (key, bytes) => createHmac(key).update(bytes).digest()

export const { hkdf, hkdfExtract, hkdfExpand } = createHkdf(hmacSha256)

export const aesGcmSeal: Primitives['aesGcmSeal'] = async (key, nonce, bytes, aad) => {
  checkAesGcm(key, nonce)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(aad)
  const sealed = new Uint8Array(bytes.length + tagLength)
  pass(cipher, bytes, sealed)
  cipher.final()
  sealed.set(cipher.getAuthTag(), bytes.length)
  return sealed
}

export const aesGcmOpen: Primitives['aesGcmOpen'] = async (key, nonce, bytes, aad) => {
  checkAesGcm(key, nonce)
  if (bytes.length < tagLength) throw new AesGcmError()
  const length = bytes.length - tagLength
  const cipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength })
  cipher.setAAD(aad).setAuthTag(bytes.subarray(length))
  const opened = new Uint8Array(length)
  pass(cipher, bytes.subarray(0, length), opened)
  try {
    cipher.final()
  } catch (cause) {
    throw new AesGcmError({ cause })
  }
  return opened
}

/** Bytes that go through a cipher at once: what comes out is still in the cache when it is copied. */
const pieceLength = 65_536

/** What comes out of a cipher is memory of its own: it is given back at once, or it would wait long for the collector. */
function pass(cipher: Pick<Cipheriv, 'update'>, bytes: Uint8Array, to: Uint8Array): void {
  for (let at = 0; at < bytes.length; at += pieceLength) {
    const piece = cipher.update(bytes.subarray(at, at + pieceLength))
    to.set(piece, at)
    release(piece)
  }
}

function incremental(hash: { update(bytes: Uint8Array): unknown; digest(): Uint8Array }): Incremental {
  const self: Incremental = {
    update(bytes) {
      hash.update(bytes)
      return self
    },
    digest: () => new Uint8Array(hash.digest()),
  }
  return self
}
