import type { Hex } from '../bytes.ts'

/** How quickly sources answered so far: an average that forgets, and how far answers stray from it (RFC 6298 for one
 * packet's way, here for one share-chunk's). Two numbers for each operator, however much is fetched. */
export type Latencies = {
  /** An answer took so many milliseconds. */
  answered(operator: Hex, ms: number): void
  /** It had not answered after so many milliseconds, and nobody waited any longer: it is at least as slow. */
  outrun(operator: Hex, ms: number): void
  /** Whether it ever answered. */
  knows(operator: Hex): boolean
  /** A number for choosing: lower is quicker, and what hardly differs is equal. Who was never asked stands in the middle. */
  rank(operator: Hex): number
  /** Milliseconds within which nearly every answer of these comes; undefined where one of them never answered. */
  within(operators: readonly Hex[]): number | undefined
}

/** Makes an empty memory of latencies. Keep one for as long as the sources are the same: each job then begins with what the
 * earlier ones learned.
 * @example
 * const latencies = createLatencies()
 * latencies.answered(operator, 12)
 * const quickest = operators.sort((a, b) => latencies.rank(a) - latencies.rank(b)) */
export function createLatencies(): Latencies {
  const known = new Map<Hex, Estimate>()
  const learn = (operator: Hex, ms: number) => {
    const before = known.get(operator)
    const stray = before ? Math.abs(ms - before.mean) : ms / 2
    known.set(operator, {
      mean: before ? before.mean + (ms - before.mean) / 8 : ms,
      stray: before ? before.stray + (stray - before.stray) / 4 : stray,
    })
  }
  return {
    answered: learn,
    outrun(operator, ms) {
      const before = known.get(operator)
      // That it lost by a little says nothing; only a wait that is longer than its answers does.
      if (before && ms > before.mean) learn(operator, ms)
    },
    knows: (operator) => known.has(operator),
    rank(operator) {
      const own = known.get(operator)
      return own ? step(own.mean) : median([...known.values()].map(({ mean }) => step(mean)))
    },
    within(operators) {
      const all = operators.map((operator) => known.get(operator))
      if (all.length === 0 || all.includes(undefined)) return undefined
      return Math.max(...all.map((one) => (one ? one.mean + 4 * one.stray : 0)))
    },
  }
}

type Estimate = { readonly mean: number; readonly stray: number }

/** Doublings above 8 ms: a source is worth preferring when it is twice as quick, not by chance. */
const step = (ms: number): number => Math.max(0, Math.round(Math.log2(Math.max(ms, 1) / 8)))

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? 0
}
