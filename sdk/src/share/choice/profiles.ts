import type { Policy } from '../policy.ts'

/** Policies with a name (docs/spec/share.md, terms). */
export const profileNames = ['standard', 'wide', 'longterm', 'paper'] as const
/** Name of a profile. */
export type ProfileName = (typeof profileNames)[number]

/**
 * The policy of a profile. `paper` is Shamir's scheme for any n and t, (5, 3, 2) where they are left away; the others
 * are fixed.
 * @example
 * profileOf('paper', { n: 20, t: 10 }) // { n: 20, t: 10, r: 9 }
 */
export function profileOf(name: ProfileName, { n = 5, t = 3 }: { n?: number; t?: number } = {}): Policy {
  if (name === 'standard') return { n: 5, t: 3, r: 0 }
  if (name === 'wide') return { n: 9, t: 6, r: 0 }
  return name === 'longterm' ? { n: 9, t: 6, r: 3 } : { n, t, r: t - 1 }
}
