import type { Hex } from '@sharewell/sdk/bytes'
import type { Chain } from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import { type RecordHealth, refreshRecord } from '@sharewell/sdk/flow/health'
import type { CareParts } from './parts.ts'

/** When the shares that a record has now were made, as far as its caretaker knows: those of its nth renewal. */
export type Renewed = { readonly renewals: number; readonly at: number }

/** That shares are to be refreshed, and what is remembered of it from round to round. */
export type RefreshDuty = {
  /** Seconds that shares may stand. */
  readonly every: number
  /** By record; a round keeps it up to date. */
  readonly renewed: Map<Hex, Renewed>
  /** By record, when a refresh failed; a round keeps it up to date. */
  readonly failedAt: Map<Hex, number>
}

/** A record of a round: what was found, and when its version was deposited. */
export type Seen = { readonly recordId: Hex; readonly depositedAt: number; readonly health: RecordHealth | undefined }

/** Seconds after which a refresh that failed is tried again: it costs all nodes of the record some work. */
const patience = 86_400

/** Records that hide something and whose shares stood long enough, the oldest first. Forgets what is no record any more. */
export function dueOf(seen: readonly Seen[], { every, renewed }: RefreshDuty, now: number): Seen[] {
  const ids = new Set(seen.map(({ recordId }) => recordId))
  for (const recordId of renewed.keys()) if (!ids.has(recordId)) renewed.delete(recordId)
  return seen
    .filter(({ health }) => health !== undefined && health.r > 0)
    .map((one) => ({ one, since: madeAt(one, renewed, now) }))
    .filter(({ since }) => since + every <= now)
    .sort((a, b) => a.since - b.since)
    .map(({ one }) => one)
}

/** A refresh or change by somebody else is first seen, and counted from, now. */
function madeAt({ recordId, depositedAt, health }: Seen, renewed: Map<Hex, Renewed>, now: number): number {
  const renewals = health?.renewals ?? 0
  if (renewals === 0) return depositedAt
  const known = renewed.get(recordId)
  if (known?.renewals === renewals) return Math.max(depositedAt, known.at)
  renewed.set(recordId, { renewals, at: now })
  return now
}

/** Refreshes healthy records that are due, one after another, until the clock is past `until`. */
export async function refreshDue(
  parts: CareParts,
  due: readonly Seen[],
  duty: RefreshDuty,
  { until, signal }: { readonly until: number; readonly signal?: AbortSignal | undefined },
): Promise<{ readonly done: number; readonly failed: number }> {
  const { depositor } = parts
  const counts = { done: 0, failed: 0 }
  for (const { recordId, health } of due) {
    if (!depositor || depositor.clock() > until) break
    const failedAt = duty.failedAt.get(recordId) ?? Number.NEGATIVE_INFINITY
    if (health?.level !== 'healthy' || failedAt + patience > depositor.clock()) continue
    counts[await refreshOne({ ...parts, depositor }, health, duty, signal)] += 1
  }
  return counts
}

async function refreshOne(
  { depositor, read, log }: CareParts & { readonly depositor: Chain },
  { recordId, renewals, n }: RecordHealth,
  { renewed, failedAt }: RefreshDuty,
  signal: AbortSignal | undefined,
): Promise<'done' | 'failed'> {
  try {
    const { unhelpful } = await refreshRecord(depositor, { recordId }, { read, signal })
    for (const { operator } of unhelpful.filter(({ refused }) => refused))
      log.warn({ code: 'REFRESH_LIAR', operator }, 'a node dealt what is false in a refresh')
    renewed.set(recordId, { renewals: renewals + 1, at: depositor.clock() })
    failedAt.delete(recordId)
    log.info({ operators: n }, 'refreshed the shares of a record')
    return 'done'
  } catch (error) {
    signal?.throwIfAborted()
    failedAt.set(recordId, depositor.clock())
    log.warn({ code: error instanceof BaseError ? error.code : 'UNKNOWN' }, 'shares were not refreshed')
    return 'failed'
  }
}
