import type { Random } from './random.ts'
import { type Delegation, none, type Terms } from './types.ts'

export const day = 86_400

/** Terms of a consent: most of them good. */
export function drawTerms(random: Random, time: number, recordId: string): Terms {
  const pick = <T>(from: readonly T[]) => random.pick(from)
  const odd = random.chance(0.03)
  const from = time + pick([0, 0, -5, -1_000, 1, 60, 4_000])
  const masks = [1 << 3, 1 << 5, (1 << 3) | (1 << 5), 1 << 9]
  const wide = (recordId === none) !== odd
  return {
    from,
    until: from + pick([1, 600, 5_000, 10 * day, 90 * day, 10 * day, 90 * day, odd ? 0 : day]),
    purposes: pick([1, 1, 1 | 2, 1 << 5, 0xfb, 0xfb, odd ? 1 << 2 : 1, odd ? 0 : 1, odd ? 0x101 : 1]),
    categories: wide ? pick(masks) : 0,
    useLimit: pick([0, 0, 0, 1, 2, 3]),
  }
}

/** Terms of a delegation: most of them good. */
export function drawDelegation(random: Random, time: number): Delegation {
  const odd = random.chance(0.1)
  const pick = (from: readonly number[]) => random.pick(from)
  return {
    until: time + pick([60, 5_000, 300 * day, 300 * day, odd ? 0 : day]),
    reads: pick([0, 1, 0x23, 0xfb, odd ? 4 : 1]),
    grants: pick([0, 1, 1, 0xfb, odd ? 0x100 : 0xfb]),
    categories: pick([1 << 3, (1 << 3) | (1 << 5), 0xffff, odd ? 0 : 1 << 5]),
  }
}
