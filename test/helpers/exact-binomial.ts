/** A number 0..1 as a fraction of whole numbers would have it: its value, and its decimal logarithm however small. */
type Exact = { readonly value: number; readonly log10: number }

/** Both tails of Bin(n, p) by whole numbers alone: p is taken for the very fraction that its 64 bits are. */
export function exactTails(n: number, least: number, p: number): { success: Exact; failure: Exact } {
  const bits = BigInt(exponentOf(p))
  const above = BigInt(p * 2 ** Number(bits))
  const whole = 1n << bits
  const sums = { success: 0n, failure: 0n }
  for (let i = 0, ways = 1n; i <= n; ways = (ways * BigInt(n - i)) / BigInt(i + 1), i++)
    sums[i >= least ? 'success' : 'failure'] += ways * above ** BigInt(i) * (whole - above) ** BigInt(n - i)
  const below = Number(bits) * n
  return { success: fraction(sums.success, below), failure: fraction(sums.failure, below) }
}

/** How often a number below 1 is doubled until it is whole; at most 1074 times. */
function exponentOf(p: number): number {
  let bits = 0
  for (let value = p; !Number.isInteger(value); value *= 2) bits++
  return bits
}

/** `above` / 2^`below`: 60 digits of it in binary are more than a number keeps. */
function fraction(above: bigint, below: number): Exact {
  const length = above.toString(2).length
  const lead = Number(above >> BigInt(Math.max(0, length - 60)))
  const shift = Math.max(0, length - 60) - below
  return {
    value: lead * 2 ** Math.max(-1000, shift) * (shift < -1000 ? 2 ** (shift + 1000) : 1),
    log10: Math.log10(lead) + shift * Math.log10(2),
  }
}
