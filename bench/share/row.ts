import type { Policy } from '@sharewell/sdk/share'
import { median, type Timed } from '../rounds.ts'

/** One line of the results: payload in MB (10^6 bytes) per second of processor time, for each candidate. */
export type Row = {
  readonly work: 'shamir' | 'reed-solomon' | 'paper'
  readonly policy: Policy
  readonly act: string
  readonly payload?: number
  readonly rates: Record<string, number>
  /** How many times faster than the one it is held against, round by round, the median; and what was aimed at. */
  readonly ratio: number
  /** The same, where ours writes to arrays of an earlier call. */
  readonly ratioKept?: number
  readonly target?: number | undefined
  readonly against: string
}

export const ratesOf = (timed: Record<string, Timed>, lengthOf: (name: string) => number): Record<string, number> =>
  Object.fromEntries(
    Object.entries(timed).map(([name, { median }]) => [name, significant(lengthOf(name) / 1e3 / median)]),
  )

/** How many times faster one is than another: both of one round met the same machine, so the median is over rounds. */
export function speedUp(timed: Record<string, Timed>, name: string, against: string): number {
  const [ours, theirs] = [timed[name]?.rounds ?? [], timed[against]?.rounds ?? []]
  return significant(median(ours.map((time, round) => (theirs[round] ?? Number.NaN) / time)))
}

/** Four digits: more would be noise. */
export const significant = (value: number): number => Number(value.toPrecision(4))

export const lineOf = ({ work, policy, act, payload, rates, ratio, ratioKept, target, against }: Row): string => {
  const size = payload === undefined ? '' : ` ${significant(payload / 2 ** 20)} MiB`
  const aim = target === undefined ? '' : ` (aim ${target}x)`
  const arrays = ratioKept === undefined ? '' : `, arrays kept ${ratioKept.toFixed(1)}x`
  const all = Object.entries(rates).map(([name, rate]) => `${name} ${rate}`)
  return `${work} (${policy.n}, ${policy.t}, ${policy.r}) ${act}${size}: ${ratio.toFixed(1)}x ${against}${arrays}${aim}  ${all.join(' | ')} MB/s\n`
}
