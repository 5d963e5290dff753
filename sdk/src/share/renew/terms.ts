import { sha256 } from '#primitives'
import { type Bytes, concat } from '../../bytes.ts'
import { decode, encode, field } from '../../cbor/index.ts'
import { lpLabel } from '../../labels.ts'
import { checkPolicy, type Policy } from '../policy.ts'
import { planChange } from './change.ts'
import { RenewError } from './error.ts'
import { planRepair, type RepairPlan } from './repair.ts'
import { checkShares } from './rows.ts'
import { mostOff } from './word.ts'

/** All that names one repair, refresh or change. Its hash, the session, is in every message. */
export type RenewTerms = {
  readonly v: 1
  readonly networkId: Bytes
  readonly recordId: Bytes
  readonly version: number
  /** The manifest that stands. */
  readonly manifestHash: Bytes
  /** The placement that stands: it says whose share i is. */
  readonly placementHash: Bytes
  /** How many manifests of this version stand before the one that is made; for a repair, before the one that stands. */
  readonly epoch: number
  /** Drawn by whoever starts, so that a second attempt of the same nodes is another session. */
  readonly nonce: Bytes
  readonly kind: 'repair' | 'refresh' | 'change'
  /** Share numbers of the helpers or contributors, rising. */
  readonly contributors: number[]
  /** Operators that end up with shares: the target; all n; the n' new ones, in the order of their shares. */
  readonly receivers: Bytes[]
  /** Repair: the share that is made again. */
  readonly share?: number
  /** The hash of the signed placement that is to follow: of a repair by which the share moves, with its new keeper; of a
   * change between nodes, with the new ones. */
  readonly draft?: Bytes
  /** Refresh: f, the most nodes that may be off a word. */
  readonly off?: number
  /** Change: the new policy. */
  readonly policy?: Policy
}

const bytes32 = field.bytes(32)
const count = field.integer(0, 65_536)
const readFields = field.record({
  v: field.literal(1),
  networkId: bytes32,
  recordId: bytes32,
  version: field.integer(1, 2 ** 32 - 1),
  manifestHash: bytes32,
  placementHash: bytes32,
  epoch: field.integer(0, 2 ** 32 - 1),
  nonce: bytes32,
  kind: field.literal('repair', 'refresh', 'change'),
  contributors: field.array(count),
  receivers: field.array(field.bytes(16)),
  share: field.optional(count),
  draft: field.optional(bytes32),
  off: field.optional(count),
  policy: field.optional(field.record({ n: count, t: count, r: count })),
})

/** Encodes terms as their author signs them, as a `share renewal`. */
export function encodeTerms(terms: RenewTerms): Bytes {
  return encode(terms)
}

/**
 * Reads terms for a record of the policy that stands.
 * @throws CborError, CborFieldError
 * @throws RenewError, PolicyError where they are no repair, refresh or change of such a record.
 */
export function readTerms(payload: Uint8Array, policy: Policy): RenewTerms {
  const terms: RenewTerms = readFields(decode(payload))
  checkTerms(terms, policy)
  return terms
}

/**
 * The record that terms are of, before anything else of them is known.
 * @throws CborError, CborFieldError
 */
export function recordOfTerms(payload: Uint8Array): Bytes {
  return readFields(decode(payload)).recordId
}

/** The session: H(<session> || CBOR of the terms). */
export function sessionOf(terms: RenewTerms): Bytes {
  return sha256(concat(lpLabel('share', 'session'), encodeTerms(terms)))
}

/**
 * Refuses terms that nobody could follow.
 * @throws RenewError, PolicyError
 */
export function checkTerms(terms: RenewTerms, policy: Policy): void {
  const { kind, contributors, receivers, draft, share, off, policy: next } = terms
  const given = [share !== undefined && 'repair', off !== undefined && 'refresh', next && 'change'].filter(Boolean)
  if (given.join() !== kind || (draft && kind === 'refresh'))
    throw new RenewError({ reason: `terms of a ${kind} have other fields` })
  if (policy.r === 0 && !next) throw new RenewError({ reason: 'with r = 0 whoever has t shares encodes anew' })
  if (kind === 'repair') repairPlanOf(policy, terms)
  if (kind === 'refresh') checkRefresh(policy, contributors, off as number)
  if (kind === 'change') checkChange(policy, next as Policy, contributors)
  const shares = { repair: 1, refresh: policy.n, change: next?.n }[kind]
  const different = new Set(receivers.map(String)).size
  if (receivers.length !== shares || different !== shares)
    throw new RenewError({ reason: `a ${kind} needs ${shares} different receivers` })
}

/**
 * Plans the repair that terms name. A share that moves may be handed over whole, by its keeper alone.
 * @throws RenewError, PolicyError
 */
export function repairPlanOf(
  policy: Policy,
  { contributors, share = -1, draft }: Pick<RenewTerms, 'contributors' | 'share' | 'draft'>,
): RepairPlan {
  if (!draft || contributors.join() !== String(share)) return planRepair(policy, contributors, share)
  checkShares(policy, contributors, 1, 'the share to hand over')
  return { policy, helpers: contributors, share, weights: [] }
}

/** Whether a change gives nodes nothing to deal, as whoever may see sealed bytes encodes them anew. */
export const isEncodedAnew = (from: Policy, to: Policy): boolean => from.r === 0 || to.r === 0

function checkChange(policy: Policy, next: Policy, contributors: readonly number[]): void {
  if (!isEncodedAnew(policy, next)) planChange(policy, next, contributors)
  else if (contributors.length > 0) throw new RenewError({ reason: 'with r = 0 on either side nobody deals' })
  else checkPolicy(next)
}

function checkRefresh(policy: Policy, contributors: readonly number[], off: number): void {
  if (contributors.length <= policy.r) throw new RenewError({ reason: `${policy.r + 1} contributors are needed` })
  checkShares(policy, contributors, contributors.length, 'contributors')
  if (off > mostOff(policy)) throw new RenewError({ reason: `${off} of ${policy.n} nodes are too many to be off` })
}
