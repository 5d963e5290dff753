import { randomBytes } from 'node:crypto'
import { decodeChunk, encodeChunk } from '@sharewell/sdk/share'
import { timed } from '../rounds.ts'
import { type Row, significant, speedUp } from './row.ts'

/**
 * The scheme of the paper on outsourced reconstruction: the file in blocks of Z_p, one polynomial of degree t - 1 for each
 * block, Lagrange's weights at 0 computed once. The paper names neither p nor the length of a block: here 256 and 248
 * bits, in BigInt.
 */
const p = 2n ** 256n - 189n
const blockLength = 31

const numberOf = (bytes: Uint8Array): bigint => BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
const modulo = (value: bigint): bigint => ((value % p) + p) % p

/** Shares of every block: for share x = 1..n the values of the polynomials at x, by Horner's rule. */
function distribute(blocks: readonly bigint[], n: number, t: number): bigint[][] {
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

/** Lagrange's weights at 0 for the points x. */
const weightsOf = (points: readonly bigint[]): bigint[] =>
  points.map((x) => {
    const others = points.filter((other) => other !== x)
    const above = others.reduce((product, other) => (product * other) % p, 1n)
    const below = others.reduce((product, other) => modulo(product * (other - x)), 1n)
    return (above * power(below, p - 2n)) % p
  })

const reconstruct = (shares: readonly bigint[][], weights: readonly bigint[]): bigint[] =>
  (shares[0] as bigint[]).map((_, block) =>
    weights.reduce((sum, weight, i) => (sum + weight * (shares[i]?.[block] as bigint)) % p, 0n),
  )

/** Both schemes with shares as long as the file, any t of which rebuild it and t - 1 of which say nothing. */
export async function paperRows(): Promise<Row[]> {
  const rows: Row[] = []
  for (const [n, t, count] of [
    [20, 10, 128],
    [100, 50, 32],
    [300, 150, 8],
    [300, 300, 4],
  ] as const) {
    const blocks = Array.from({ length: count }, () => numberOf(randomBytes(blockLength)))
    const shares = distribute(blocks, n, t).slice(0, t)
    const weights = weightsOf(Array.from({ length: t }, (_, i) => BigInt(i + 1)))
    if (reconstruct(shares, weights).some((block, i) => block !== blocks[i]))
      throw new Error('The paper does not rebuild.')
    const policy = { n, t, r: t - 1 }
    const chunk = new Uint8Array(randomBytes(65_536))
    const parts = encodeChunk(policy, chunk)
      .map((body, index) => ({ index, body }))
      .slice(-t)
    const times = await timed(
      {
        'paper distribute': () => distribute(blocks, n, t),
        distribute: () => encodeChunk(policy, chunk),
        'paper reconstruct': () => reconstruct(shares, weights),
        reconstruct: () => decodeChunk(policy, parts, chunk.length),
      },
      { rounds: 8 },
    )
    for (const act of ['distribute', 'reconstruct'] as const) {
      const rates = {
        sharewell: significant(chunk.length / 1e3 / times[act].median),
        paper: significant((count * blockLength) / 1e3 / times[`paper ${act}`].median),
      }
      const target = act === 'distribute' ? 100 : 20
      rows.push({
        work: 'paper',
        policy: { n, t, r: t - 1 },
        act,
        rates,
        ratio: speedUp(times, act, `paper ${act}`, chunk.length / (count * blockLength)),
        target,
        against: 'the paper',
      })
    }
  }
  return rows
}
