/**
 * What the platform must give: AES-256-GCM, SHA-256, HMAC, HKDF and random bytes, native where it is fast.
 *
 * `#primitives` is node.ts under Node and browser.ts elsewhere; both pass one test suite. docs/spec/encoding.md.
 * @module
 */
import type { Bytes } from '../bytes.ts'
import { BaseError } from '../errors.ts'

/** A hash or a MAC that takes its input in pieces. `digest` ends it. */
export type Incremental = { update(bytes: Uint8Array): Incremental; digest(): Bytes }

/** Draws `length` bytes from a cryptographic source; tests pass their own. */
export type Random = (length: number) => Bytes

/** Options of {@link Primitives.hkdf}. */
export type HkdfOptions = { readonly salt?: Uint8Array | undefined; readonly length?: number | undefined }

/** The functions that both files export. */
export type Primitives = {
  /** Random bytes of the platform's CSPRNG. */
  readonly randomBytes: Random
  /** Fills bytes that the caller has from the same source, whatever their number. */
  readonly fillRandom: (bytes: Bytes) => void
  /** SHA-256 at once; for small inputs. */
  readonly sha256: (bytes: Uint8Array) => Bytes
  /** SHA-256 by the native code of the platform; for chunks and files. */
  readonly digest: (bytes: Uint8Array) => Promise<Bytes>
  /** SHA-256 in pieces. */
  readonly createSha256: () => Incremental
  /** HMAC-SHA256 in pieces (RFC 2104). */
  readonly createHmac: (key: Uint8Array) => Incremental
  /** HMAC-SHA256 at once. */
  readonly hmacSha256: (key: Uint8Array, bytes: Uint8Array) => Bytes
  /** HKDF-SHA256 (RFC 5869), extract and expand; 32 bytes and an empty salt unless told otherwise. */
  readonly hkdf: (ikm: Uint8Array, info: Uint8Array, options?: HkdfOptions) => Bytes
  /** HKDF-Extract (RFC 5869 section 2.2). */
  readonly hkdfExtract: (salt: Uint8Array, ikm: Uint8Array) => Bytes
  /** HKDF-Expand (RFC 5869 section 2.3), up to 255 x 32 bytes. */
  readonly hkdfExpand: (prk: Uint8Array, info: Uint8Array, length: number) => Bytes
  /** AES-256-GCM (NIST SP 800-38D): ciphertext || 16-byte tag. A (key, nonce) pair seals once. */
  readonly aesGcmSeal: AesGcm
  /** Opens what `aesGcmSeal` made; rejects with {@link AesGcmError} and gives no byte otherwise. */
  readonly aesGcmOpen: AesGcm
}

/** One call of AES-256-GCM: 32-byte key, 12-byte nonce. */
export type AesGcm = (key: Uint8Array, nonce: Uint8Array, bytes: Uint8Array, aad: Uint8Array) => Promise<Bytes>

/** Bytes that the GCM tag adds. */
export const tagLength = 16

/** Refuses keys and nonces of another size: other nonce sizes go through GHASH and are not ours. */
export function checkAesGcm(key: Uint8Array, nonce: Uint8Array): void {
  if (key.length !== 32) throw new PrimitiveSizeError({ what: 'AES-256 key', expected: 32, actual: key.length })
  if (nonce.length !== 12) throw new PrimitiveSizeError({ what: 'GCM nonce', expected: 12, actual: nonce.length })
}

/** Thrown when a key, nonce or output has a size that the primitive does not take. */
export class PrimitiveSizeError extends BaseError<'PRIMITIVE_SIZE'> {
  override readonly name = 'PrimitiveSizeError'
  constructor({ what = 'input', expected, actual }: PrimitiveSizeError.Options) {
    super('PRIMITIVE_SIZE', `A ${what} of ${actual} bytes, expected ${expected}.`, {
      hints: ['Pass the bytes whole and decoded, neither hex nor base64.'],
      docs: 'encoding.md#primitives',
    })
  }
}
export declare namespace PrimitiveSizeError {
  type Options = { what?: string; expected?: number; actual?: number }
}

/** Thrown when a ciphertext does not open: wrong key, wrong nonce, wrong associated data or altered bytes. */
export class AesGcmError extends BaseError<'AES_GCM'> {
  override readonly name = 'AesGcmError'
  constructor({ cause }: AesGcmError.Options = {}) {
    super('AES_GCM', 'The ciphertext does not open under this key, nonce and associated data.', {
      cause,
      hints: ['Fetch it again; if it fails again, key and ciphertext do not belong together.'],
      docs: 'encoding.md#primitives',
    })
  }
}
export declare namespace AesGcmError {
  type Options = { cause?: unknown }
}
