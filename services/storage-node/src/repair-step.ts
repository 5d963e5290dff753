import { type Bytes, equal, type Hex, toHex } from '@sharewell/sdk/bytes'
import type { AbortOptions } from '@sharewell/sdk/place'
import {
  chunkCount,
  type Manifest,
  type Placement,
  RenewError,
  type RenewSession,
  type RenewTerms,
  type RepairAsk,
  type RepairPlan,
  readMove,
  repairPlanOf,
} from '@sharewell/sdk/share'
import type { Standing } from './authority.ts'
import type { Components } from './components.ts'
import { openTerms, type StandingTerms } from './renew-terms.ts'
import { isAttested } from './retire.ts'

type Parts = Pick<Components, 'operator' | 'networkId' | 'store' | 'ledger' | 'authority'>

/** One step of a repair as this node may take part in it: everything compared with the chain. */
export type RepairStep = {
  readonly ask: RepairAsk
  readonly session: RenewSession
  readonly plan: RepairPlan
  readonly manifest: Manifest
  /** Who keeps which share. */
  readonly operators: readonly Hex[]
  /** Who is to have the share: its keeper, or where it moves another one. */
  readonly receiver: Hex
  /** Whether this node is to have it, and the share that it keeps else. */
  readonly isTarget: boolean
  readonly own: number
  readonly standing: Standing
}

/**
 * Opens a step of a repair by its terms: of the record that the ticket is for, as it stands on chain, for the very keeper
 * that the standing placement names, or the one that a drafted successor gives this share to. Of the step it keeps nothing:
 * whatever a later one needs comes with it, or is drawn alike; it notes for good whom it helped to which share, unless
 * it is only to show what was said.
 * Errors: `RenewError`, `BlockNotFoundError`, `CborError`, `CborFieldError`, those of the manifest's parsers.
 */
export async function openStep(
  parts: Parts,
  standing: Standing,
  ask: RepairAsk,
  { helps = true, ...options }: AbortOptions & { readonly helps?: boolean } = {},
): Promise<RepairStep> {
  const { operator, ledger } = parts
  const opened = await openTerms(parts, standing, { bytes: ask.terms, kinds: ['repair'] }, options)
  const { terms, session, operators } = opened
  const { manifest, placement } = opened.loaded
  const { share = -1 } = terms
  const move = await moveOf(parts, standing, { placement, terms, draft: ask.draft }, options)
  const receiver = toHex(terms.receivers[0] ?? new Uint8Array())
  if (receiver !== (move ? move.to : operators[share]))
    throw new RenewError({ reason: 'the receiver is not who the placement names' })
  if (ask.first + ask.count > chunkCount(manifest)) throw new RenewError({ reason: 'there are fewer chunks' })
  const plan = repairPlanOf(manifest, terms)
  const own = operators.indexOf(operator)
  const isTarget = operator === receiver
  if (!isTarget && !plan.helpers.includes(own)) throw new RenewError({ reason: 'this node has no part in it' })
  const { recordId, placementHash } = standing
  if (helps) {
    const root = await ownRoot(parts, opened, own < 0 ? share : own, options)
    ledger.help({ recordId, root, share, to: receiver, move: move && { from: move.from, placementHash } })
  }
  return { ask, session, plan, manifest, operators, receiver, isTarget, own, standing }
}

/** The root of a share of this node's, where the record was anchored with it or this node attested it; else of a manifest
 * that anybody may have made up, and empty. */
async function ownRoot(
  { authority, operator }: Parts,
  { loaded: { manifest, lineage }, terms }: StandingTerms,
  share: number,
  options: AbortOptions,
): Promise<string> {
  const root = manifest.T[share] as Bytes
  if (lineage.length === 1) return toHex(root)
  const { networkId, recordId, version, prev } = manifest
  const keeper = await authority.keeper(operator, options)
  if (!keeper || !prev) return ''
  const word = { networkId, recordId, version, prev, epoch: terms.epoch, share, root }
  return isAttested(word, manifest.attest?.[share] ?? new Uint8Array(0), keeper.account) ? toHex(root) : ''
}

type Drafted = { readonly placement: Placement; readonly terms: RenewTerms; readonly draft: Bytes | undefined }

/** The move that a drafted placement makes, where there is one: by who may relocate the record, to an active operator. */
async function moveOf(
  { authority }: Parts,
  { recordId }: Standing,
  { placement, terms: { draft: hash, share = -1 }, draft }: Drafted,
  options: AbortOptions,
): Promise<ReturnType<typeof readMove> | undefined> {
  if (!hash && !draft) return undefined
  const move = draft && readMove(placement, draft, share)
  if (!hash || !move || !equal(move.hash, hash))
    throw new RenewError({ reason: 'the drafted placement is not the one of its terms' })
  if (!(await authority.relocates(move.signer, recordId, options)))
    throw new RenewError({ reason: 'who signed the drafted placement may not relocate the record' })
  if (!(await authority.keeper(move.to, options))) throw new RenewError({ reason: 'the new keeper is not active' })
  return move
}
