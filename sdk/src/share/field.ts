/**
 * GF(2^8) and GF(2^16) of the share code, with the Cantor points phi (docs/spec/share.md, field and points).
 *
 * Logarithms of coefficients only: they are functions of public positions. Data never index these tables.
 * @module
 */

/** Cantor basis: b_0 = 1, and b_(i+1) is the even root of z^2 + z = b_i. The first eight span GF(2^8). */
export const cantorBasis = [
  0x01, 0xd6, 0x98, 0x92, 0x56, 0xc8, 0x58, 0xe6, 0x0100, 0xd6f8, 0x98b0, 0x92e8, 0x56ec, 0xc830, 0x587c, 0xe6e6,
] as const
const beta7 = 0xe6

/** A binary field with the logarithms of its points. */
export type Field = {
  readonly bits: 8 | 16
  /** Order of the multiplicative group. */
  readonly order: number
  /** Powers of the generator, twice over so that a sum of two logarithms needs no reduction. */
  readonly exp: Uint16Array
  /** log phi(i); 0 for i = 0, which has none. */
  readonly logPhi: Uint16Array
  multiply(a: number, b: number): number
}

/** Product in GF(2^8) = GF(2)[x] / (x^8 + x^4 + x^3 + x^2 + 1). */
function multiply8(a: number, b: number): number {
  let product = 0
  for (let x = a, y = b; y > 0; y >>= 1) {
    if (y & 1) product ^= x
    x <<= 1
    if (x & 0x100) x ^= 0x11d
  }
  return product
}

/** Product in GF(2^16) = GF(2^8)[g] / (g^2 + g + b_7), element a0 + a1 g written a0 + 256 a1. */
function multiply16(a: number, b: number): number {
  const [a0, a1, b0, b1] = [a & 255, a >> 8, b & 255, b >> 8]
  const low = multiply8(a0, b0)
  return (low ^ multiply8(beta7, multiply8(a1, b1))) | ((multiply8(a0 ^ a1, b0 ^ b1) ^ low) << 8)
}

function createField(bits: 8 | 16, generator: number, product: (a: number, b: number) => number): Field {
  const size = 2 ** bits
  const order = size - 1
  const exp = new Uint16Array(2 * order)
  const log = new Uint16Array(size)
  for (let i = 0, power = 1; i < order; i++, power = product(power, generator)) {
    exp[i] = power
    exp[i + order] = power
    log[power] = i
  }
  const logPhi = new Uint16Array(size)
  const phi = new Uint16Array(size)
  for (let i = 1; i < size; i++) {
    // phi is additive: take the lowest set bit off.
    phi[i] = (phi[i & (i - 1)] as number) ^ (cantorBasis[31 - Math.clz32(i & -i)] as number)
    logPhi[i] = log[phi[i] as number] as number
  }
  const multiply = (a: number, b: number): number =>
    a === 0 || b === 0 ? 0 : (exp[(log[a] as number) + (log[b] as number)] as number)
  return { bits, order, exp, logPhi, multiply }
}

const fields = new Map<8 | 16, Field>()

/** The field of that size; its tables are made at first use. */
export function fieldOf(bits: 8 | 16): Field {
  const field = fields.get(bits) ?? (bits === 8 ? createField(8, 2, multiply8) : createField(16, 258, multiply16))
  fields.set(bits, field)
  return field
}
