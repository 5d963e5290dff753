import { fieldOf } from '../field.ts'

/** Symbol s of a row: a byte, or byte q and 16 + q of its group of 32. */
export function symbolAt(row: Uint8Array, s: number, bits: 8 | 16): number {
  if (bits === 8) return row[s] as number
  const at = 2 * s - (s & 15)
  return (row[at] as number) | ((row[at + 16] as number) << 8)
}

/**
 * Sum over all symbols of a_s b_s, for rows of equal length, a multiple of 32. By the bits of b: the sum over bits of x^bit
 * times the sum of those a_s where b_s has the bit. So it goes four bytes at a time, and neither addresses nor branches
 * follow from the rows, but in the 8 or 16 products at the end.
 */
export function innerProduct(bits: 8 | 16, a: Uint8Array, b: Uint8Array): number {
  const { multiply } = fieldOf(bits)
  const sums = bits === 8 ? byteSums(wordsOf(a), wordsOf(b)) : pairSums(wordsOf(a), wordsOf(b))
  return sums.reduce((sum, value, bit) => sum ^ multiply(value, 1 << bit), 0)
}

/** The four bytes of each word at once; how the host orders them does not matter. */
const wordsOf = (row: Uint8Array): Int32Array => new Int32Array(new Uint8Array(row).buffer)

/** All bits of the bytes of a word that have this bit. */
const spread = (word: number, bit: number): number => Math.imul((word >>> bit) & 0x01010101, 255)

const folded = (word: number): number => (word ^ (word >>> 8) ^ (word >>> 16) ^ (word >>> 24)) & 255

function byteSums(a: Int32Array, b: Int32Array): number[] {
  const sums = new Int32Array(8)
  for (let w = 0; w < a.length; w++)
    for (let bit = 0; bit < 8; bit++)
      sums[bit] = (sums[bit] as number) ^ ((a[w] as number) & spread(b[w] as number, bit))
  return Array.from(sums, folded)
}

/** Four words of low bytes stand before four of high ones. */
function pairSums(a: Int32Array, b: Int32Array): number[] {
  const low = new Int32Array(16)
  const high = new Int32Array(16)
  for (let w = 0; w < a.length; w += (w & 3) === 3 ? 5 : 1)
    for (let bit = 0; bit < 16; bit++) {
      const mask = spread(b[bit < 8 ? w : w + 4] as number, bit & 7)
      low[bit] = (low[bit] as number) ^ ((a[w] as number) & mask)
      high[bit] = (high[bit] as number) ^ ((a[w + 4] as number) & mask)
    }
  return Array.from(low, (word, bit) => folded(word) | (folded(high[bit] as number) << 8))
}
