import type { ShareFinding } from './examine.ts'

/** How well a record is, best first (docs/spec/health.md). */
export const levels = ['healthy', 'weakened', 'endangered', 'lost'] as const

/** One of {@link levels}. */
export type Level = (typeof levels)[number]

/** What an examination says of a record. */
export type Health = {
  readonly level: Level
  /** Different operators that hold a valid share. */
  readonly live: number
  /** Those of them that are not leaving. */
  readonly staying: number
  /** Shares beyond t below which the record is endangered. */
  readonly spare: number
}

/** How many shares beyond t must stay, where nobody says otherwise: a quarter of what may be lost, and one at least. */
export const spareOf = ({ n, t }: { readonly n: number; readonly t: number }): number =>
  Math.max(1, Math.ceil((n - t) / 4))

/**
 * Judges what was found. A record is healthy only while all n shares are there and stay.
 * @example
 * const { level } = healthOf({ n: 5, t: 3 }, findings)
 */
export function healthOf(
  { n, t }: { readonly n: number; readonly t: number },
  findings: readonly Pick<ShareFinding, 'operator' | 'state' | 'leaving'>[],
  spare: number = spareOf({ n, t }),
): Health {
  const valid = findings.filter(({ state }) => state === 'valid')
  const count = (some: typeof valid) => new Set(some.map(({ operator }) => operator)).size
  const [live, staying] = [count(valid), count(valid.filter(({ leaving }) => !leaving))]
  return { level: levelOf({ n, t, live, staying, spare }), live, staying, spare }
}

function levelOf({ n, t, live, staying, spare }: Omit<Health, 'level'> & { n: number; t: number }): Level {
  if (live < t) return 'lost'
  if (staying >= n) return 'healthy'
  return staying < t + spare ? 'endangered' : 'weakened'
}
