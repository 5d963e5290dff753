import type { Hex } from '@sharewell/sdk/bytes'
import type { Chain } from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import { type RecordHealth, refreshRecord, retireOldShares } from '@sharewell/sdk/flow/health'
import type { CareParts } from './parts.ts'

/** What is known of the shares that a record has now: those of its nth renewal. */
export type Renewed = {
  readonly renewals: number
  /** When they were made, or first seen, in seconds. */
  readonly at: number
  /** Keepers that did not say yet that their older shares are gone. */
  readonly unretired: readonly Hex[]
}

/** That shares are to be refreshed, and what is remembered of it from round to round. */
export type RefreshDuty = {
  /** Seconds that shares may stand. */
  readonly every: number
  /** By record; a round keeps it up to date. */
  readonly renewed: Map<Hex, Renewed>
  /** By record, when a refresh failed; a round keeps it up to date. */
  readonly failedAt: Map<Hex, number>
}

/** A record of a round, and what was found of it. */
export type Seen = {
  readonly recordId: Hex
  readonly version: number
  readonly depositedAt: number
  readonly health: RecordHealth | undefined
}

type Waiting = { readonly signal?: AbortSignal | undefined }

/** Seconds after which a refresh that failed is tried again: it costs all nodes of the record some work. */
const patience = 86_400

/**
 * Records that hide something and whose shares stood long enough, the oldest first. Forgets what is no record any more, and
 * notes shares that somebody else renewed: they count from now.
 */
export function dueOf(seen: readonly Seen[], { every, renewed }: RefreshDuty, now: number): Seen[] {
  const ids = new Set(seen.map(({ recordId }) => recordId))
  for (const recordId of renewed.keys()) if (!ids.has(recordId)) renewed.delete(recordId)
  return seen
    .filter(({ health }) => health !== undefined && health.r > 0 && health.shares.length > 0)
    .map((one) => ({ one, since: madeAt(one, renewed, now) }))
    .filter(({ since }) => since + every <= now)
    .sort((a, b) => a.since - b.since)
    .map(({ one }) => one)
}

function madeAt({ recordId, depositedAt, health }: Seen, renewed: Map<Hex, Renewed>, now: number): number {
  const renewals = health?.renewals ?? 0
  if (renewals === 0) return depositedAt
  const known = renewed.get(recordId)
  if (known?.renewals === renewals) return Math.max(depositedAt, known.at)
  // Also after a refresh of ours that broke off once the new shares stood: nobody has heard the keepers then.
  renewed.set(recordId, { renewals, at: now, unretired: health?.shares.map(({ operator }) => operator) ?? [] })
  return now
}

/** What a round refreshes, and with what. */
type Renewing = { readonly seen: readonly Seen[]; readonly due: readonly Seen[]; readonly duty: RefreshDuty }
type RenewingOptions = Waiting & {
  /** Seconds after which no further refresh is begun: repairs wait meanwhile. */
  readonly lasts: number
  /** Hears when what is remembered has changed. */
  readonly keep: () => Promise<void>
}

/** Has old shares removed that are still there, and refreshes what is due. */
export async function renewRound(
  parts: CareParts,
  { seen, due, duty }: Renewing,
  options: RenewingOptions,
): Promise<{ readonly done: number; readonly failed: number; readonly due: number; readonly oldShares: number }> {
  await retireAgain(parts, seen, duty, options)
  await options.keep()
  const { done, failed } = await refreshDue(parts, due, duty, options)
  const oldShares = [...duty.renewed.values()].reduce((sum, { unretired }) => sum + unretired.length, 0)
  if (oldShares > 0) parts.log.warn({ code: 'OLD_SHARES', oldShares }, 'keepers did not remove old shares')
  return { done, failed, due: due.length - done, oldShares }
}

/** Asks keepers again that did not say that their old shares are gone. */
async function retireAgain(
  { depositor }: CareParts,
  seen: readonly Seen[],
  { renewed }: RefreshDuty,
  { signal }: Waiting,
): Promise<void> {
  for (const { recordId, version } of seen) {
    const known = renewed.get(recordId)
    if (!depositor || !known || known.unretired.length === 0) continue
    const left = await retireOldShares(depositor, { recordId, version }, known.unretired, { signal }).catch(() => {
      signal?.throwIfAborted()
      return undefined
    })
    if (left) renewed.set(recordId, { ...known, unretired: left.map(({ operator }) => operator) })
  }
}

/** Refreshes healthy records that are due, one after another. */
async function refreshDue(
  parts: CareParts,
  due: readonly Seen[],
  duty: RefreshDuty,
  { lasts, keep, signal }: RenewingOptions,
): Promise<{ readonly done: number; readonly failed: number }> {
  const { chain, depositor } = parts
  const end = chain.clock() + lasts
  const counts = { done: 0, failed: 0 }
  for (const { recordId, health } of due) {
    if (!depositor || chain.clock() >= end) break
    const failedAt = duty.failedAt.get(recordId) ?? Number.NEGATIVE_INFINITY
    if (health?.level !== 'healthy' || failedAt + patience > chain.clock()) continue
    counts[await refreshOne({ ...parts, depositor }, health, duty, signal)] += 1
    await keep()
  }
  return counts
}

async function refreshOne(
  { chain, depositor, read, log }: CareParts & { readonly depositor: Chain },
  { recordId, renewals, n }: RecordHealth,
  { renewed, failedAt }: RefreshDuty,
  signal: AbortSignal | undefined,
): Promise<'done' | 'failed'> {
  try {
    const { unhelpful, notRetired } = await refreshRecord(depositor, { recordId }, { read, signal })
    for (const { operator } of unhelpful.filter(({ refused }) => refused))
      log.warn({ code: 'REFRESH_LIAR', operator }, 'a node dealt what is false in a refresh')
    const unretired = notRetired.map(({ operator }) => operator)
    renewed.set(recordId, { renewals: renewals + 1, at: chain.clock(), unretired })
    failedAt.delete(recordId)
    log.info({ operators: n }, 'refreshed the shares of a record')
    return 'done'
  } catch (error) {
    signal?.throwIfAborted()
    failedAt.set(recordId, chain.clock())
    log.warn({ code: error instanceof BaseError ? error.code : 'UNKNOWN' }, 'shares were not refreshed')
    return 'failed'
  }
}
