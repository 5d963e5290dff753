import { randomBytes } from '#primitives'
import { fromHex, type Hex } from '../bytes.ts'
import type { Chain } from '../chain/index.ts'
import { encodeTerms, mostOff, RenewError, type RenewTerms, sessionOf } from '../share/index.ts'
import type { Activated } from './activate.ts'
import { commonTerms, openRenewal, type RenewalOptions, type RenewJob, type RenewRound } from './renew-job.ts'
import { type Dropped, dropRound, refreshRound } from './renew-round.ts'
import { settle } from './renew-settle.ts'
import { retireOldShares } from './retire.ts'

export type { RenewProgress } from './renew-job.ts'

/** How shares are refreshed. */
export type RefreshOptions = RenewalOptions

/** What a refresh did. */
export type Refreshed = Activated & {
  readonly recordId: Hex
  /** Operators whose words all shares have taken in. */
  readonly contributors: readonly Hex[]
  /** Operators that were to contribute and were given up; `refused`: what they dealt was false. */
  readonly unhelpful: readonly { readonly operator: Hex; readonly reason: string; readonly refused: boolean }[]
  /** Shares that were made from others, as their nodes were off a word or silent. */
  readonly mended: readonly number[]
}

/** Sessions that are tried. */
const mostAttempts = 8

/**
 * Has a record's keepers change all shares between them, so that those of before and after do not go together; then
 * verifies the new ones, puts their placement on chain, and has the old ones removed. The connection's account deposits
 * for the record's provider, or controls the pseudonym, and `read` may read its blocks. Until the placement is on chain
 * the old shares stand; a call that ended before may be made again.
 * Errors: `RenewError` where the record has r = 0, too many nodes are silent, one does not attest its new share, or no
 * other contributors are left; those of `activateShares`.
 * @example
 * const { unhelpful, notRetired } = await refreshRecord(chain, { recordId }, { read, signal })
 */
export async function refreshRecord(
  chain: Chain,
  { recordId }: { readonly recordId: Hex },
  options: RefreshOptions,
): Promise<Refreshed> {
  const { signal } = options
  const job = await openRenewal(chain, { recordId }, options)
  const operatorOf = (share: number) => job.nodes[share]?.operator as Hex
  // A call that ended between activation and retirement left old shares.
  if (job.loaded.lineage.length > 1)
    await retireOldShares(
      chain,
      job.record,
      job.nodes.map(({ operator }) => operator),
      { signal },
    )
  const dropped: Dropped[] = []
  for (let attempts = 0; attempts < mostAttempts; attempts++) {
    const round = roundOf(job, dropped, options)
    let isDone = false
    try {
      const end = await refreshRound(chain, job, round, options)
      if ('drop' in end) dropped.push(...end.drop)
      else {
        const { accepted, refused, lists, judging } = end
        const done = await settle(
          chain,
          job,
          round,
          { policy: job.loaded.manifest, nodes: job.nodes, lists, judging },
          options,
        )
        isDone = true
        const unhelpful = [...dropped, ...refused].map(({ share, ...why }) => ({ operator: operatorOf(share), ...why }))
        return { ...done, recordId, contributors: accepted.map(operatorOf), unhelpful }
      }
    } finally {
      if (!isDone) await dropRound(round, job.nodes)
    }
  }
  throw noOthers(dropped)
}

/** The next session: r + 1 contributors that were not given up. */
function roundOf(job: RenewJob, dropped: readonly Dropped[], { stepTimeout, signal }: RefreshOptions): RenewRound {
  const { manifest } = job.loaded
  const left = job.nodes.filter(({ share }) => !dropped.some((one) => one.share === share))
  if (left.length <= manifest.r) throw noOthers(dropped)
  const terms: RenewTerms = {
    ...commonTerms(job, randomBytes(32)),
    kind: 'refresh',
    contributors: left.slice(0, manifest.r + 1).map(({ share }) => share),
    receivers: job.nodes.map(({ operator }) => fromHex(operator, 16)),
    off: mostOff(manifest),
  }
  const wordBytes = manifest.shareLen * (manifest.r + 1)
  return {
    terms,
    encoded: encodeTerms(terms),
    session: { session: sessionOf(terms), networkId: manifest.networkId },
    silent: new Map(),
    timeout: (stepTimeout ?? 120_000) + Math.ceil((1000 * wordBytes) / 2 ** 20),
    signal,
  }
}

function noOthers(dropped: readonly Dropped[]): RenewError {
  const culprits = dropped.filter(({ refused }) => refused).map(({ share }) => share)
  return new RenewError({ culprits, reason: 'no other contributors are left to ask' })
}
