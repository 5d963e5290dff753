/**
 * GF(2^8) of SLIP-39 (x^8 + x^4 + x^3 + x + 1) and interpolation in it. Its own, apart from the share code's: bytes of
 * seeds and keys go through here, so no table is indexed by them and no branch depends on them.
 * @module
 */
import type { Bytes } from '../bytes.ts'

/** One point of a polynomial for each byte: `x` is public, the bytes of `y` may be secret. */
export type BytePoint = { readonly x: number; readonly y: Uint8Array }

/** The product of two elements, in the same steps whatever they are. */
function multiply(a: number, b: number): number {
  let product = 0
  let shifted = a
  for (let bit = 0; bit < 8; bit++) {
    product ^= shifted & -((b >> bit) & 1)
    shifted = (shifted << 1) ^ (0x11b & -(shifted >> 7))
  }
  return product
}

/** 1 / a = a^254; 0 for 0. */
function inverse(a: number): number {
  let power = a
  let result = 1
  // 254 = 2 + 4 + .. + 128.
  for (let bit = 1; bit < 8; bit++) {
    power = multiply(power, power)
    result = multiply(result, power)
  }
  return result
}

/** The value at `x` of the lowest polynomial through the points, byte for byte. */
export function interpolateBytes(points: readonly BytePoint[], x: number): Bytes {
  const value = new Uint8Array(points[0]?.y.length ?? 0)
  for (const { x: own, y } of points) {
    let [above, below] = [1, 1]
    for (const { x: other } of points) {
      if (other === own) continue
      above = multiply(above, x ^ other)
      below = multiply(below, own ^ other)
    }
    const weight = multiply(above, inverse(below))
    for (let i = 0; i < value.length; i++) value[i] = (value[i] as number) ^ multiply(y[i] as number, weight)
  }
  return value
}
