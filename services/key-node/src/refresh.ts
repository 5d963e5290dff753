import type { Log } from '@sharewell/host'
import type { Hex } from '@sharewell/sdk/bytes'
import { activatedAt, type Ceremony, type Chain, type Epoch, struckIn, view } from '@sharewell/sdk/chain'
import { holdersIn, refreshCommittee } from '@sharewell/sdk/flow/committee'

/** What a node says of the shares that serve, and of how they are renewed; times in seconds. */
export type RefreshState = {
  /** When the epoch that serves began to. */
  readonly since: number
  /** When this node opens the next refresh; undefined where it opens none. */
  readonly due: number | undefined
  /** Members for which it waits: they do not answer, or do not hold their share. */
  readonly waitsFor: readonly Hex[]
}

/** Where a look at the committee found this node. */
type Seated = {
  readonly serving: Epoch
  /** Counted from 0. */
  readonly seat: number
  /** The newest ceremony. */
  readonly last: Ceremony | undefined
}

/** Renews the shares when they are old. */
type Refresher = {
  /** Looks whether it is this node's turn. Call it while no ceremony runs. */
  look(seated: Seated): Promise<void>
  /** Undefined until the first look. */
  state(): RefreshState | undefined
}

/** Seconds from the beginning of a ceremony for which the contract takes no refresh by a member. */
const pause = 86_400
/** Seconds by which each seat waits longer than the one before: nobody is in a hurry. */
const turn = 3_600
/** Seconds after which what failed, or waited for a member, is tried again. */
const again = 600

/** Opens a refresh when the shares are `refreshInterval` seconds old (0: never) and every member holds its own. */
export function createRefresher(
  { chain, log }: { chain: Chain; log: Log },
  { interval, refreshInterval, signal }: { interval: number; refreshInterval: number; signal: AbortSignal },
): Refresher {
  let state: (RefreshState & { readonly epoch: number }) | undefined
  let [tried, warned, told] = [0, 0, 0]

  async function refresh({ serving }: Seated): Promise<void> {
    const holders = await holdersIn({ chain, epoch: serving }, { signal })
    const waitsFor = serving.members.filter((member) => !holders.includes(member))
    if (state) state = { ...state, waitsFor }
    if (waitsFor.length > 0) {
      log.info({ epoch: serving.epoch, waitsFor }, 'a refresh waits')
      return
    }
    const { epoch } = await refreshCommittee({ chain }, { signal, interval })
    log.info({ epoch }, 'refreshed')
  }

  /** Shares that nobody renews are for people to look at: once a day. */
  function warnOfAge({ since, epoch, waitsFor }: RefreshState & { epoch: number }, now: number): void {
    if (now < since + 2 * refreshInterval || now < warned + pause) return
    warned = now
    log.warn({ epoch, days: Math.floor((now - since) / 86_400), waitsFor }, 'shares are old')
  }

  /** Who made a refresh fail is named: the council may share the key anew without it. */
  async function tellOfFailure(last: Ceremony | undefined): Promise<void> {
    if (!last?.byMember || last.state !== 'failed' || told === last.ceremony) return
    const struck = await struckIn(chain, last, { signal })
    told = last.ceremony
    log.warn({ ceremony: last.ceremony, struck }, 'a refresh failed')
  }

  return {
    async look(seated) {
      const { serving, seat, last } = seated
      const { epoch } = serving
      await tellOfFailure(last)
      const since = state?.epoch === epoch ? state.since : await activatedAt(chain, { epoch }, { signal })
      if (since === undefined) return
      if (refreshInterval === 0) {
        state = { epoch, since, due: undefined, waitsFor: [] }
        return
      }
      // By the earlier of both clocks: by the chain's, a refresh would be refused that begins too early.
      const { earlier: now } = await view(chain, { signal })
      const due = Math.max(since + refreshInterval, (last?.startedAt ?? 0) + pause) + seat * turn
      state = { epoch, since, due, waitsFor: now < due ? [] : (state?.waitsFor ?? []) }
      warnOfAge(state, now)
      if (now < due || now < tried + again) return
      tried = now
      await refresh(seated)
    },
    state: () => state,
  }
}
