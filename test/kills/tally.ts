import type { Hex } from '@sharewell/sdk/bytes'

/** A record whose depositor was told that it is anchored. */
export type Acknowledged = {
  readonly recordId: Hex
  readonly transaction: Hex
  readonly patient: string
  /** The file that was deposited. */
  readonly file: string
  readonly shares: number
}

/** A decision that a patient was told is mined. */
export type Reported = {
  readonly transaction: Hex
  readonly patient: string
  readonly granteeId: Hex
  readonly recordId: Hex
  readonly state: 'permit' | 'revoked'
}

/** What the people of the network were told while processes were killed. */
export type Tally = {
  readonly acknowledged: Acknowledged[]
  readonly reported: Reported[]
  /** Bytes that a reader's command gave out as a whole record. */
  readonly opened: { readonly recordId: Hex; readonly reader: string; readonly right: boolean }[]
  /** How often something happened, by name: kills, refusals, runs that went on. */
  readonly counts: Map<string, number>
  /** What must never be. */
  readonly violations: string[]
}

/** An empty tally. */
export const createTally = (): Tally => ({
  acknowledged: [],
  reported: [],
  opened: [],
  counts: new Map(),
  violations: [],
})

/** Counts one more. */
export function count({ counts }: Tally, name: string, more = 1): void {
  counts.set(name, (counts.get(name) ?? 0) + more)
}
