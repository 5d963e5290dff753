import { type Random, randomBytes } from '#primitives'
import { type Bytes, concat, equal } from '../bytes.ts'
import { BaseError } from '../errors.ts'
import {
  basePoint,
  decodePoint,
  decodeScalar,
  encodePoint,
  encodeScalar,
  hashToScalar,
  randomScalar,
  scalarField,
} from './group.ts'

/** Bytes of a proof: T || s. */
export const possessionLength = 64

/**
 * Proves knowledge of `secret` behind `g^secret`, for one `context` and no other (Schnorr 1991, made non-interactive).
 * The context is the hash of the request that it belongs to, so a proof cannot be shown with another request.
 * @returns T || s with T = g^t, c = Hs(`group pok`, context, public key, T), s = t + c * secret.
 */
export function provePossession(secret: bigint, context: Uint8Array, options: provePossession.Options = {}): Bytes {
  const { random = randomBytes } = options
  const t = randomScalar(random)
  const T = encodePoint(basePoint.multiply(t))
  const c = hashToScalar(['group', 'pok'], context, encodePoint(basePoint.multiply(secret)), T)
  return concat(T, encodeScalar(scalarField.add(t, scalarField.mul(c, secret))))
}
export declare namespace provePossession {
  type Options = {
    /** Source of t; a repeated t under two contexts gives the secret away. */
    readonly random?: Random | undefined
  }
}

/**
 * Checks a proof of possession for `publicKey` and `context`.
 * @throws PossessionError when it does not hold; PointError or ScalarError when it does not even decode.
 */
export function checkPossession(publicKey: Uint8Array, context: Uint8Array, proof: Uint8Array): void {
  if (proof.length !== possessionLength) throw new PossessionError({})
  const Y = decodePoint(publicKey)
  const T = proof.subarray(0, 32)
  const s = decodeScalar(proof.subarray(32))
  const c = hashToScalar(['group', 'pok'], context, publicKey, T)
  const expected = basePoint.multiplyUnsafe(s).subtract(Y.multiplyUnsafe(c))
  if (!equal(encodePoint(expected), T)) throw new PossessionError({})
}

/** Thrown when a key comes without proof that its sender holds the secret, in this context. */
export class PossessionError extends BaseError<'POSSESSION'> {
  override readonly name = 'PossessionError'
  constructor({ cause }: PossessionError.Options) {
    super('POSSESSION', 'The proof that the sender holds the secret of this key does not verify.', {
      cause,
      hints: ['Make the proof over the hash of the very request that it is sent with.'],
      docs: 'release.md#reader-key',
    })
  }
}
export declare namespace PossessionError {
  type Options = { cause?: unknown }
}
