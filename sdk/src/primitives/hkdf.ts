/** HKDF-SHA256 (RFC 5869) over the HMAC of the platform. @module */
import { type Bytes, concat } from '../bytes.ts'
import { PrimitiveSizeError, type Primitives } from './types.ts'

const hashLength = 32

/** Makes the three HKDF functions from an HMAC-SHA256. */
export function createHkdf(hmac: Primitives['hmacSha256']): Pick<Primitives, 'hkdf' | 'hkdfExtract' | 'hkdfExpand'> {
  // RFC 5869 2.2: no salt means a string of zeros of the hash's length, which HMAC pads an empty key to anyway.
  const hkdfExtract = (salt: Uint8Array, ikm: Uint8Array): Bytes => hmac(salt, ikm)

  const hkdfExpand = (prk: Uint8Array, info: Uint8Array, length: number): Bytes => {
    if (!Number.isInteger(length) || length < 1 || length > 255 * hashLength)
      throw new PrimitiveSizeError({ what: 'HKDF output', expected: 255 * hashLength, actual: length })
    const output = new Uint8Array(Math.ceil(length / hashLength) * hashLength)
    let block: Bytes = new Uint8Array(0)
    for (let i = 0; i * hashLength < length; i++) {
      block = hmac(prk, concat(block, info, Uint8Array.of(i + 1)))
      output.set(block, i * hashLength)
    }
    return output.slice(0, length)
  }

  return {
    hkdfExtract,
    hkdfExpand,
    hkdf: (ikm, info, { salt = new Uint8Array(0), length = hashLength } = {}) =>
      hkdfExpand(hkdfExtract(salt, ikm), info, length),
  }
}
