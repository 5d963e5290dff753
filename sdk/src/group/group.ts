import { ristretto255, ristretto255_hasher } from '@noble/curves/ed25519.js'
import { type Random, randomBytes } from '#primitives'
import { type Bytes, concat, lp } from '../bytes.ts'
import { BaseError } from '../errors.ts'
import { type LabelModule, type LabelUse, label } from '../labels.ts'

/** An element of the group. Its only portable form is the 32 bytes of {@link encodePoint}. */
export type Point = InstanceType<typeof ristretto255.Point>

/** The generator g. */
export const basePoint: Point = ristretto255.Point.BASE

/** Arithmetic modulo the group's order l. */
export const scalarField = ristretto255.Point.Fn

/** Bytes of an encoded point. */
export const pointLength = 32
/** Bytes of an encoded scalar, little-endian as in RFC 9496. */
export const scalarLength = 32

/**
 * Reads a point that somebody sent.
 * @throws PointError on another length, a non-canonical encoding and the identity, which no key or proof may be.
 */
export function decodePoint(bytes: Uint8Array): Point {
  if (bytes.length !== pointLength) throw new PointError({ reason: `it has ${bytes.length} bytes instead of 32` })
  let point: Point
  try {
    point = ristretto255.Point.fromBytes(new Uint8Array(bytes))
  } catch (cause) {
    throw new PointError({ reason: 'it is not a canonical encoding', cause })
  }
  if (point.is0()) throw new PointError({ reason: 'it is the identity' })
  return point
}

/** Writes a point as 32 canonical bytes. */
export function encodePoint(point: Point): Bytes {
  return new Uint8Array(point.toBytes())
}

/**
 * Reads a scalar that somebody sent, 0 included.
 * @throws ScalarError on another length and on a value of l or more, so that one scalar has one encoding.
 */
export function decodeScalar(bytes: Uint8Array): bigint {
  if (bytes.length !== scalarLength) throw new ScalarError({ reason: `it has ${bytes.length} bytes instead of 32` })
  try {
    return scalarField.fromBytes(new Uint8Array(bytes))
  } catch (cause) {
    throw new ScalarError({ reason: 'it is not below the order of the group', cause })
  }
}

/** Writes a scalar as 32 little-endian bytes. */
export function encodeScalar(scalar: bigint): Bytes {
  return new Uint8Array(scalarField.toBytes(scalar))
}

/** Draws a scalar from 1 to l - 1: 64 random bytes modulo l, so its bias is below 2^-250. */
export function randomScalar(random: Random = randomBytes): bigint {
  for (;;) {
    const scalar = reduce(random(64))
    if (scalar !== 0n) return scalar
  }
}

/**
 * Hashes fields to a scalar: `Hs` of the formulas, RFC 9380 expand_message with the plain label as tag over
 * `lp(p1) || lp(p2) || ..`, so that no two lists of fields collide.
 * @example
 * const e = hashToScalar(['release', 'e'], L, Y, u, w, ub, wb)
 */
export function hashToScalar<const module extends LabelModule>(
  [module, use]: readonly [module, LabelUse<module>],
  ...parts: readonly Uint8Array[]
): bigint {
  return ristretto255_hasher.hashToScalar(concat(...parts.map((part) => lp(part))), { DST: label(module, use) })
}

/** Hashes a message to a point whose logarithm nobody knows (RFC 9380 appendix B, plain label as tag). */
export function hashToPoint<const module extends LabelModule>(
  [module, use]: readonly [module, LabelUse<module>],
  message: Uint8Array,
): Point {
  return ristretto255_hasher.hashToCurve(new Uint8Array(message), { DST: label(module, use) }) as Point
}

function reduce(bytes: Uint8Array): bigint {
  let value = 0n
  for (let i = bytes.length - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[i] ?? 0)
  return scalarField.create(value)
}

/** Thrown when bytes are no point that a key, ciphertext or proof may hold. */
export class PointError extends BaseError<'POINT'> {
  override readonly name = 'PointError'
  constructor({ reason = 'it does not decode', cause }: PointError.Options) {
    super('POINT', `A group element is refused: ${reason}.`, {
      cause,
      hints: ['Whoever sent it is broken or dishonest: ask again, then ask another.'],
      docs: 'release.md#group',
    })
  }
}
export declare namespace PointError {
  type Options = { reason?: string; cause?: unknown }
}

/** Thrown when bytes are no canonical scalar. It never repeats the bytes. */
export class ScalarError extends BaseError<'SCALAR'> {
  override readonly name = 'ScalarError'
  constructor({ reason = 'it does not decode', cause }: ScalarError.Options) {
    super('SCALAR', `A scalar is refused: ${reason}.`, {
      cause,
      hints: ['Whoever sent it is broken or dishonest: ask again, then ask another.'],
      docs: 'release.md#group',
    })
  }
}
export declare namespace ScalarError {
  type Options = { reason?: string; cause?: unknown }
}
