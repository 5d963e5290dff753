import type { Log } from '@sharewell/host'
import type { Hex } from '@sharewell/sdk/bytes'
import { activeEpoch, type Chain, ceremonyOf, type Epoch, latestCeremony, logKeysOf } from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import { generateLogKey, runCeremony } from '@sharewell/sdk/flow/committee'
import { every, type Repeated } from './every.ts'
import { createRefresher, type RefreshState } from './refresh.ts'

/** What members of the committee do without being asked. */
export type Duties = Repeated & {
  /** What this node knows of the shares that serve; undefined before its first look, and where it has no seat. */
  refresh(): RefreshState | undefined
}

/** Parts of a node with duties. */
export type DutyParts = { readonly chain: Chain; readonly operator: () => Promise<Hex>; readonly log: Log }

/** Seconds that whoever opened a ceremony, or changed the committee, has to bring it to its end. */
const patience = 600
/** Seconds by which each seat waits longer than the one before: the first does it, the next one steps in. */
const turn = 60

/**
 * Starts them: carrying the messages of a ceremony that nobody carries, making the key for checkpoints of an epoch that
 * has none, and renewing shares that are `refreshInterval` seconds old (0: never). Each is safe to do twice.
 */
export function startDuties(
  { chain, operator, log }: DutyParts,
  { interval, refreshInterval }: { interval: number; refreshInterval: number },
): Duties {
  const stop = new AbortController()
  const { signal } = stop
  const refresher = createRefresher({ chain, log }, { interval, refreshInterval, signal })
  let seated = false
  /** When this node first saw that something waits, or last tried it. */
  const seen = new Map<string, number>()
  let logged: number | undefined

  function isTurn(what: string, seat: number): boolean {
    const now = chain.clock()
    if (!seen.has(what)) log.debug({ what, seat }, 'a duty waits')
    const since = seen.get(what) ?? now
    const due = now >= since + patience + seat * turn
    seen.set(what, due ? now : since)
    return due
  }

  async function look(): Promise<void> {
    const serving = await activeEpoch(chain, { signal })
    const seat = serving?.members.indexOf(await operator()) ?? -1
    seated = seat >= 0
    if (!serving || !seated) return
    const ceremony = await latestCeremony(chain, { signal })
    const last = await ceremonyOf(chain, { ceremony }, { signal })
    if (last?.state !== 'open') {
      await makeLogKey(serving, seat)
      await refresher.look({ serving, seat, last })
    } else if (isTurn(`ceremony ${ceremony}`, seat)) {
      log.info({ ceremony }, 'carrying a ceremony')
      await runCeremony({ chain, ceremony }, { signal, interval })
    }
  }

  async function makeLogKey({ epoch }: Epoch, seat: number): Promise<void> {
    if (logged === epoch) return
    if ((await logKeysOf(chain, { signal })).some((key) => key.epoch === epoch)) logged = epoch
    else if (isTurn(`key for checkpoints of ${epoch}`, seat)) {
      await generateLogKey({ chain }, { signal })
      log.info({ epoch }, 'made the key for checkpoints')
    }
  }

  const attempt = () =>
    look().catch((error: unknown) => {
      if (!signal.aborted) log.info({ code: error instanceof BaseError ? error.code : 'UNKNOWN' }, 'duty not done yet')
    })
  const watch = every(interval, attempt)
  return {
    refresh: () => (seated ? refresher.state() : undefined),
    async close() {
      stop.abort()
      await watch.close()
    },
  }
}
