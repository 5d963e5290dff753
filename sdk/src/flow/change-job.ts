import type { Bytes, Hex } from '../bytes.ts'
import type { ChangePlan } from '../share/index.ts'
import type { RenewNode, RenewRound } from './renew-job.ts'

/** What a node is in a change: it deals of the share that it has, or is to have one. */
export type ChangeRole = 'contributor' | 'receiver'

/** Why a node is not asked again in its role; `lied`: what it signed shows it. */
export type ChangeFault = {
  readonly role: ChangeRole
  readonly operator: Hex
  readonly reason: string
  readonly lied: boolean
}

/** A node that could not read what a contributor sealed to it: one of the two is at fault. */
export type Odds = { readonly from: Hex; readonly to: Hex; readonly role: ChangeRole }

/** One session of a change. */
export type ChangeRound = {
  readonly plan: ChangePlan
  /** The drafted placement, signed. */
  readonly draft: Bytes
  /** By role: who takes part, by number of the old and of the new share, and who was silent. */
  readonly nodes: { readonly [role in ChangeRole]: readonly RenewNode[] }
  readonly asking: { readonly [role in ChangeRole]: RenewRound }
  readonly faults: ChangeFault[]
  readonly odds: Odds[]
}

/** What all new nodes have made, and their signatures under it. */
export type Made = { readonly lists: readonly Bytes[]; readonly attest: readonly Bytes[] }
