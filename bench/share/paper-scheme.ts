import { randomBytes } from 'node:crypto'

/**
 * The scheme of the paper on outsourced reconstruction: the file in blocks of Z_p, one polynomial of degree t - 1 for each
 * block, Lagrange's weights at 0 computed once. The paper names neither p nor the length of a block: here 256 and 248
 * bits, in BigInt.
 */
const p = 2n ** 256n - 189n
const blockLength = 31

const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
const modulo = (value: bigint): bigint => ((value % p) + p) % p

/** As many random blocks as a file of so many bytes has. */
const fileOf = (bytes: number): bigint[] =>
  Array.from({ length: Math.ceil(bytes / blockLength) }, () => numberOf(randomBytes(blockLength)))

/** Bytes of a file of so many blocks. */
export const fileLength = (blocks: number): number => blocks * blockLength

/** Shares of every block: for share x = 1..n the values of the polynomials at x, by Horner's rule. */
export function distribute(blocks: readonly bigint[], n: number, t: number): bigint[][] {
  const shares = Array.from({ length: n }, (): bigint[] => [])
  for (const block of blocks) {
    const coefficients = [block, ...Array.from({ length: t - 1 }, () => numberOf(randomBytes(32)) % p)]
    shares.forEach((share, i) => {
      const x = BigInt(i + 1)
      share.push(coefficients.reduceRight((value, coefficient) => (value * x + coefficient) % p, 0n))
    })
  }
  return shares
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  for (let square = base, rest = exponent; rest > 0n; rest >>= 1n, square = (square * square) % p)
    if (rest & 1n) result = (result * square) % p
  return result
}

/** Lagrange's weights at 0 for the points 1..t. */
export function weightsOf(t: number): bigint[] {
  const points = Array.from({ length: t }, (_, i) => BigInt(i + 1))
  return points.map((x) => {
    const others = points.filter((other) => other !== x)
    const above = others.reduce((product, other) => (product * other) % p, 1n)
    const below = others.reduce((product, other) => modulo(product * (other - x)), 1n)
    return (above * power(below, p - 2n)) % p
  })
}

/** The blocks again, from the first t shares. */
export const reconstruct = (shares: readonly bigint[][], weights: readonly bigint[]): bigint[] =>
  (shares[0] as bigint[]).map((_, block) =>
    weights.reduce((sum, weight, i) => (sum + weight * (shares[i]?.[block] as bigint)) % p, 0n),
  )

/** Shares and weights of a file, after a round trip. */
export function prepared(bytes: number, n: number, t: number) {
  const blocks = fileOf(bytes)
  const shares = distribute(blocks, n, t).slice(0, t)
  const weights = weightsOf(t)
  if (reconstruct(shares, weights).some((block, i) => block !== blocks[i]))
    throw new Error('The paper does not rebuild.')
  return { blocks, shares, weights }
}
