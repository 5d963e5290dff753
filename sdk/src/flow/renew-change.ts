import { digest, randomBytes } from '#primitives'
import { fromHex, type Hex } from '../bytes.ts'
import type { Chain } from '../chain/index.ts'
import {
  checkChunks,
  encodeTerms,
  isEncodedAnew,
  type Policy,
  planChange,
  RenewError,
  type RenewTerms,
  sessionOf,
  shareLength,
} from '../share/index.ts'
import type { Activated } from './activate.ts'
import type { ChangeFault, ChangeRole, ChangeRound, Odds } from './change-job.ts'
import { givenUp } from './change-odds.ts'
import { recodeRound } from './change-recode.ts'
import { changeRound } from './change-round.ts'
import { NotEnoughOperatorsError } from './operators.ts'
import { nextPlacement } from './relocating.ts'
import { commonTerms, generationBytes, type Looked, lookAt, nodesOf, type RenewalOptions } from './renew-job.ts'
import { dropRound } from './renew-round.ts'
import { activateMade } from './renew-settle.ts'
import { idsOf, retireOldShares } from './retire.ts'
import { successorsOf } from './successors.ts'

/** A record, and the policy that it is to have. */
export type ChangeTarget = { readonly recordId: Hex; readonly policy: Policy }

/** What a change did. */
export type Changed = Activated & {
  readonly recordId: Hex
  readonly policy: Policy
  /** Who keeps the shares now, in their order. */
  readonly operators: readonly Hex[]
  /** Operators of whose old shares the new ones are made. */
  readonly contributors: readonly Hex[]
  /** Operators that were given up in a role. */
  readonly unhelpful: readonly ChangeFault[]
}

/** Sessions that are tried. */
const mostAttempts = 8

/**
 * Brings a record to another policy with as many data rows: t of its keepers deal, n' nodes make new shares of that, and
 * nobody sees more than a share. Where the record has r = 0 or is to have it, it is encoded anew here, with any number of
 * rows. Verifies them, puts their placement on chain, and has the old ones removed. The connection's
 * account deposits for the record's provider, or controls the pseudonym, and `read` carries a ticket to read its blocks:
 * nodes ask for both. Until the placement is on chain the old shares stand; a call that ended before may be made again.
 * Errors: `PolicyError`; `RenewError` where k is another one, or too few nodes are left to ask; `TooFewSharesError`; `NotEnoughOperatorsError`; those of `activateShares`.
 * @example
 * const { operators } = await changeRecord(chain, { recordId, policy: { n: 7, t: 4, r: 2 } }, { read, signal })
 */
export async function changeRecord(
  chain: Chain,
  { recordId, policy }: ChangeTarget,
  options: RenewalOptions,
): Promise<Changed> {
  const { signal } = options
  const job = await lookAt(chain, { recordId }, options)
  const { manifest, lineage, placement } = job.loaded
  checkChunks(manifest, policy)
  const anew = isEncodedAnew(manifest, policy)
  if (!anew) planChange(manifest, policy, [...Array(manifest.t).keys()])
  if ((['n', 't', 'r'] as const).every((name) => manifest[name] === policy[name]))
    throw new RenewError({ reason: 'it has this policy already; a refresh makes its shares new' })
  // A call that ended between activation and retirement left old shares.
  if (lineage.length > 1) await retireOldShares(chain, job.record, idsOf(placement.operators), { signal })
  const faults: ChangeFault[] = []
  const odds: Odds[] = []
  for (let attempts = 0; attempts < mostAttempts; attempts++) {
    const round = await roundOf(chain, job, { policy, unhelpful: [...faults, ...givenUp(odds)] }, options)
    let isDone = false
    try {
      const made = await (anew ? recodeRound : changeRound)(job, round, options)
      if (made) {
        const shares = { policy, nodes: round.nodes.receiver, ...made }
        const done = await activateMade(chain, job, shares, options)
        isDone = true
        const operators = round.nodes.receiver.map(({ operator }) => operator)
        const contributors = round.nodes.contributor.map(({ operator }) => operator)
        return { ...done, recordId, policy, operators, contributors, unhelpful: [...faults, ...givenUp(odds)] }
      }
      faults.push(...round.faults)
      odds.push(...round.odds)
    } finally {
      if (!isDone) await dropAll(round)
    }
  }
  throw noOthers([...faults, ...givenUp(odds)])
}

type Wanted = { readonly policy: Policy; readonly unhelpful: readonly ChangeFault[] }

/** The next session: t contributors and n' new nodes that were not given up as such. */
async function roundOf(
  chain: Chain,
  job: Looked,
  { policy, unhelpful }: Wanted,
  { read, stepTimeout, signal }: RenewalOptions,
): Promise<ChangeRound> {
  const { known, loaded } = job
  const { manifest, placement, lineage } = loaded
  const not = (role: ChangeRole) =>
    new Set(unhelpful.filter((one) => one.role === role).map(({ operator }) => operator))
  const receivers = await successorsOf(job, { n: policy.n, not: not('receiver') }, { reader: read, signal }).catch(
    (error: unknown) => {
      throw error instanceof NotEnoughOperatorsError && unhelpful.length > 0 ? noOthers(unhelpful, error) : error
    },
  )
  const dropped = not('contributor')
  const keepers = idsOf(placement.operators).flatMap((id, share) => {
    const info = dropped.has(id) ? undefined : known.find((one) => one.id === id)
    return info ? [{ share, info }] : []
  })
  const anew = isEncodedAnew(manifest, policy)
  if (!anew && keepers.length < manifest.t) throw noOthers(unhelpful)
  const dealing = anew ? [] : keepers.slice(0, manifest.t)
  const next = { ...manifest, ...policy, shareLen: shareLength({ ...manifest, ...policy }) }
  // What stands, what was made before and what is made now.
  const maxBytes = (generationBytes(manifest) + generationBytes(next)) * BigInt(lineage.length + 2)
  const infos = dealing.map(({ info }) => info)
  const dealers = anew ? [] : await nodesOf(chain, job, infos, { maxBytes, read })
  const takers = await nodesOf(chain, job, receivers, { maxBytes, read })
  const ids = receivers.map(({ id }) => id)
  const draft = await nextPlacement(chain, placement, ids)
  const terms: RenewTerms = {
    ...commonTerms(job, randomBytes(32)),
    kind: 'change',
    contributors: dealing.map(({ share }) => share),
    receivers: ids.map((id) => fromHex(id, 16)),
    draft: await digest(draft),
    policy: { n: policy.n, t: policy.t, r: policy.r },
  }
  const common = {
    terms,
    encoded: encodeTerms(terms),
    session: { session: sessionOf(terms), networkId: manifest.networkId },
    timeout: (stepTimeout ?? 120_000) + Math.ceil((1000 * next.shareLen) / 2 ** 20),
    signal,
  }
  return {
    plan: anew
      ? { from: manifest, to: policy, contributors: [], columns: [] }
      : planChange(manifest, policy, terms.contributors),
    draft,
    nodes: {
      contributor: dealers.map((node, at) => ({ ...node, share: terms.contributors[at] as number })),
      receiver: takers,
    },
    asking: {
      contributor: { ...common, silent: new Map() },
      receiver: { ...common, silent: new Map() },
    },
    faults: [],
    odds: [],
  }
}

/** Has all nodes of a session forget it. */
async function dropAll({ nodes, asking, draft }: ChangeRound): Promise<void> {
  await dropRound(asking.contributor, nodes.contributor, { draft })
  await dropRound(asking.receiver, nodes.receiver, { draft })
}

function noOthers(unhelpful: readonly ChangeFault[], cause?: unknown): RenewError {
  const each = unhelpful.map(({ operator, reason }) => `${operator} (${reason})`)
  const why = each.length > 0 ? `; given up: ${each.join(', ')}` : ''
  return new RenewError({ reason: `too few nodes are left to ask${why}`, cause })
}
