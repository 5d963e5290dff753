import { ristretto255 } from '@noble/curves/ed25519.js'
import { equal } from '../bytes.ts'
import { basePoint, decodeScalar, encodePoint, type Point, ScalarError, scalarField } from './group.ts'

/**
 * The coefficient of share `index` when the shares `indices` are interpolated at `at` (0 gives the secret).
 * @throws ScalarError when an index is 0, twice in the list, or when `index` is not in it: any of these would give
 * a wrong secret without a sign.
 */
export function lagrange(indices: readonly number[], index: number, at = 0): bigint {
  const whole = indices.every((other) => Number.isSafeInteger(other) && other > 0)
  if (!whole || new Set(indices).size !== indices.length || !indices.includes(index))
    throw new ScalarError({ reason: 'share numbers must differ, be positive and include the one asked for' })
  let numerator = 1n
  let denominator = 1n
  for (const other of indices) {
    if (other === index) continue
    numerator = scalarField.mul(numerator, scalarField.create(BigInt(at - other)))
    denominator = scalarField.mul(denominator, scalarField.create(BigInt(index - other)))
  }
  return scalarField.div(numerator, denominator)
}

/** Interpolates points in the exponent at 0: the product of `point^lambda`. For public points. */
export function interpolatePoints(shares: readonly { readonly index: number; readonly point: Point }[]): Point {
  const indices = shares.map(({ index }) => index)
  let sum: Point = ristretto255.Point.ZERO
  for (const { index, point } of shares) sum = sum.add(point.multiplyUnsafe(lagrange(indices, index)))
  return sum
}

/**
 * Evaluates a Feldman commitment in the exponent: `g^f(index)` from `[g^f_0, g^f_1, ..]` (Feldman 1987), which is the
 * public half of the share that `index` should have received.
 */
export function evaluateCommitment(commitment: readonly Point[], index: number): Point {
  const x = BigInt(index)
  let value: Point = ristretto255.Point.ZERO
  for (const coefficient of [...commitment].reverse()) value = value.multiplyUnsafe(x).add(coefficient)
  return value
}

/** Whether `share` is what `index` should have received: g^share = g^f(index), and not 0. False where it is no scalar. */
export function isShareOf(commitment: readonly Point[], index: number, share: Uint8Array): boolean {
  const expected = evaluateCommitment(commitment, index)
  try {
    const scalar = decodeScalar(share)
    return scalar !== 0n && equal(encodePoint(basePoint.multiply(scalar)), encodePoint(expected))
  } catch {
    return false
  }
}
