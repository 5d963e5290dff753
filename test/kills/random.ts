/** Draws that a seed decides: the same seed gives the same order of kills, acts and sizes. */
export type Random = {
  /** From 0 to below 1. */
  next(): number
  /** A whole number below `most`. */
  below(most: number): number
  pick<const T>(from: readonly [T, ...T[]]): T
}

/** mulberry32. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (most: number) => Math.floor(next() * most)
  return { next, below, pick: (from) => from[below(from.length)] ?? from[0] }
}
