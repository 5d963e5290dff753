import { setTimeout as pause } from 'node:timers/promises'
import type { Hex } from '@sharewell/sdk/bytes'
import { operatorInfo, providerOf } from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import type { CareParts } from './parts.ts'
import { dueOf, renewRound } from './refresh.ts'
import { careRound, type Round, type RoundOptions } from './round.ts'
import { openCareState } from './state.ts'

/** What `care` in the config says. */
export type CareOptions = Pick<RoundOptions, 'silence' | 'samples' | 'spare'> & {
  /** Seconds from the end of one round to the next. */
  readonly interval: number
  /** Whose records; the depositor's by default, else those of the operator's own organization. */
  readonly organization?: Hex | undefined
  /** Id of the reconstructor. */
  readonly operator: Hex
  /** Where it keeps what it found. */
  readonly folder: string
  /** Seconds that shares which hide something stand until they are refreshed; without it they are not. */
  readonly refresh?: number | undefined
}

/** What is known of an organization's records. */
export type CareReport = {
  readonly organization: Hex
  /** When the last whole round ended, in seconds. */
  readonly checkedAt: number
  readonly interval: number
  readonly records: Round['records']
  readonly shares: Round['shares']
  /** Seconds after which shares are refreshed, where they are, and how many records are due. */
  readonly refresh?: number | undefined
  readonly due: number
  /** Old shares of renewed records that keepers did not say to have removed. */
  readonly oldShares: number
}

type Outcomes = { readonly done: number; readonly failed: number }

/** A reconstructor that looks after an organization's records. */
export type Caretaker = {
  /** The last whole round; undefined before the first. */
  report(): CareReport | undefined
  /** What it did since the start. */
  done(): { readonly repairs: Outcomes; readonly refreshes: Outcomes }
  close(): Promise<void>
}

/** Starts to look after records: at once, then again and again until it is closed. */
export function startCaretaker(parts: CareParts, options: CareOptions): Caretaker {
  const { chain, depositor, log } = parts
  const { interval, operator, folder, refresh, ...asked } = options
  const stop = new AbortController()
  const { signal } = stop
  const state = openCareState(folder)
  const repairs = { done: 0, failed: 0 }
  const refreshes = { done: 0, failed: 0 }
  const refills = new Map<string, number>()
  const failedAt = new Map<Hex, number>()
  let report: CareReport | undefined

  async function organizationOf(): Promise<Hex> {
    if (options.organization) return options.organization
    const account = depositor?.wallet?.account.address
    const found = account
      ? await providerOf(chain, { account }, { signal })
      : (await operatorInfo(chain, { operator }, { signal }))?.organization
    if (!found) throw new NoOrganizationError({})
    return found
  }

  async function look(): Promise<Round> {
    const organization = await organizationOf()
    const { silentSince, renewed } = await state.read()
    const duty = refresh === undefined ? undefined : { every: refresh, renewed, failedAt }
    const round = await careRound(parts, { ...asked, organization, silentSince, refills, signal })
    repairs.done += round.repaired
    repairs.failed += round.failed
    const { records, shares, affected, seen } = round
    const checkedAt = chain.clock()
    const keep = () => state.write({ organization, checkedAt, records: affected, silentSince, renewed })
    const due = duty ? dueOf(seen, duty, checkedAt) : []
    // What was found is told before what takes long is begun.
    report = { organization, checkedAt, interval, records, shares, refresh, due: due.length, oldShares: 0 }
    await keep()
    if (!duty) return round
    const { done, failed, ...left } = await renewRound(parts, { seen, due, duty }, { lasts: interval, keep, signal })
    refreshes.done += done
    refreshes.failed += failed
    report = { ...report, ...left }
    return round
  }

  async function run(): Promise<void> {
    while (!signal.aborted) {
      const round = await look().catch((error: unknown) => {
        const code = error instanceof BaseError ? error.code : 'UNKNOWN'
        if (!signal.aborted) log.warn({ code }, 'records were not looked after')
        return undefined
      })
      const wait = 1000 * pauseAfter(round, interval)
      await pause(wait, undefined, { signal, ref: false }).catch(() => undefined)
    }
  }
  const running = run()
  return {
    report: () => report,
    done: () => ({ repairs, refreshes }),
    async close() {
      stop.abort()
      await running
    },
  }
}

/** Seconds until the next round: one that saw anything but health is soon followed by another, as nodes may be starting. */
export function pauseAfter(round: Pick<Round, 'records'> | undefined, interval: number): number {
  const { healthy = 0, ...bad } = round?.records ?? {}
  const calm = round !== undefined && Object.values(bad).every((count) => count === 0)
  return calm ? interval : Math.min(interval, 60)
}

/** Thrown while nobody knows whose records are to be looked after. */
export class NoOrganizationError extends BaseError<'NO_ORGANIZATION'> {
  override readonly name = 'NoOrganizationError'
  constructor(_: Record<string, never>) {
    super('NO_ORGANIZATION', 'There is no organization whose records this node could look after.', {
      hints: ['Name it in care.organization, or let the depositor key be vouched for, or the operator be admitted.'],
      docs: 'health.md#caretaker',
    })
  }
}
