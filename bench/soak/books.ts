import type { Hex } from '@sharewell/sdk/bytes'
import type { WholePatient } from '../../test/helpers/whole-network.ts'

/** A deposit that was acknowledged. */
export type Deposited = {
  readonly recordId: Hex
  readonly transaction: Hex
  readonly patient: WholePatient
  /** SHA-256 of what was deposited. */
  readonly digest: Hex
}

/** What was done, as those who did it know it. */
export type Books = {
  readonly deposited: Deposited[]
  /** What the doctor asked for, and what of it opened. */
  readonly reads: { asked: number; opened: number }
  /** Nodes that lied in the run, under a signature or not. */
  readonly liars: Set<Hex>
  /** How often what happened. */
  readonly counts: Map<string, number>
  /** What must not happen. */
  readonly wrong: string[]
}

export const openBooks = (): Books => ({
  deposited: [],
  reads: { asked: 0, opened: 0 },
  liars: new Set(),
  counts: new Map(),
  wrong: [],
})

export function note({ counts }: Books, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1)
}
