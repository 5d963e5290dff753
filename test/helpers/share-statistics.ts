import { type Bytes, concat } from '@sharewell/sdk/bytes'
import { encodeChunk, type Policy } from '@sharewell/sdk/share'
import { subsets } from './code-rank.ts'

/** Cuts chunks, whatever draws the random rows. */
export type Splitter = (policy: Policy, chunks: readonly Bytes[]) => Promise<readonly (readonly Bytes[])[]>

export const splitterWith =
  (random: (length: number) => Bytes): Splitter =>
  async (policy, chunks) =>
    chunks.map((chunk) => encodeChunk(policy, chunk, { random }))

const chunkCount = 12
const chunkLength = 2 ** 15
/** Periods that are looked for within a share. */
const longestPeriod = 600
/** Standard deviations: a good source goes beyond them in one of 10^9 looks. */
const bound = 8

/**
 * Looks at any r shares of data that are known, zeros and ones in turn, and names the first thing that uniform random
 * bytes would not do; so any r shares that pass are, as far as it sees, the same whatever the data are.
 */
export async function suspicion(split: Splitter, policy: Policy): Promise<string | undefined> {
  const data = Array.from({ length: chunkCount }, (_, i) => new Uint8Array(chunkLength).fill(i % 2 ? 0xff : 0))
  const cut = await split(policy, data)
  const shares = Array.from({ length: policy.n }, (_, j) => j)
  for (const some of subsets(shares, Math.min(policy.r, 2))) {
    const seen = some.map((j) => cut.map((parts) => parts[j] as Bytes))
    const found = seen.map(oddity).find((one) => one !== undefined) ?? (seen.length > 1 ? oddPair(seen) : undefined)
    if (found) return `shares ${some} of (${Object.values(policy)}): ${found}`
  }
  return undefined
}

/** What is odd about one share over all chunks. */
function oddity(rows: readonly Bytes[]): string | undefined {
  const all = concat(...rows)
  if (uneven(all)) return 'some bytes come too often'
  const [zeros, ones] = [0, 1].map((rest) => concat(...rows.filter((_, i) => i % 2 === rest))) as [Bytes, Bytes]
  if (differ(zeros, ones)) return 'it tells zeros from ones'
  for (let i = 0; i < rows.length; i++)
    for (let j = 0; j < i; j++)
      if (uneven(xor(rows[i] as Bytes, rows[j] as Bytes))) return 'two chunks have to do with each other'
  for (let period = 1; period <= longestPeriod; period++)
    if (repeats((rows[0] as Bytes).subarray(0, 2 ** 13), period)) return `it repeats itself after ${period} bytes`
  return undefined
}

/** What is odd about two shares together, where r random rows make both. */
function oddPair([a, b]: readonly (readonly Bytes[])[]): string | undefined {
  const [first, second] = [concat(...(a ?? [])), concat(...(b ?? []))]
  const counts = new Uint32Array(65_536)
  first.forEach((byte, at) => {
    const cell = byte * 256 + (second[at] ?? 0)
    counts[cell] = (counts[cell] ?? 0) + 1
  })
  return deviation(counts, first.length) > bound ? 'together they are not what two uniform rows make' : undefined
}

/** Standard deviations by which a chi-square of counts lies off that of a uniform source. */
function deviation(counts: Uint32Array, total: number): number {
  const expected = total / counts.length
  const square = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
  const freedom = counts.length - 1
  return Math.abs(square - freedom) / Math.sqrt(2 * freedom)
}

function countsOf(bytes: Bytes): Uint32Array {
  const counts = new Uint32Array(256)
  for (const byte of bytes) counts[byte] = (counts[byte] ?? 0) + 1
  return counts
}

const uneven = (bytes: Bytes): boolean => deviation(countsOf(bytes), bytes.length) > bound

/** Whether two samples of the same length have different distributions: a chi-square of two rows. */
function differ(a: Bytes, b: Bytes): boolean {
  const [counts, others] = [countsOf(a), countsOf(b)]
  const square = counts.reduce((sum, count, value) => {
    const other = others[value] ?? 0
    return count + other === 0 ? sum : sum + (count - other) ** 2 / (count + other)
  }, 0)
  return Math.abs(square - 255) / Math.sqrt(510) > bound
}

/** Whether bytes are equal to the ones a period before more often than one in 256. */
function repeats(bytes: Bytes, period: number): boolean {
  const total = bytes.length - period
  let equal = 0
  for (let at = 0; at < total; at++) if (bytes[at] === bytes[at + period]) equal++
  return Math.abs(equal - total / 256) / Math.sqrt((total / 256) * (255 / 256)) > bound
}

const xor = (a: Bytes, b: Bytes): Bytes => a.map((byte, i) => byte ^ (b[i] ?? 0))
