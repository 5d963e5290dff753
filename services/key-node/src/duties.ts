import type { Log } from '@sharewell/host'
import type { Hex } from '@sharewell/sdk/bytes'
import { activeEpoch, type Chain, ceremonyOf, type Epoch, latestCeremony, logKeysOf } from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import { generateLogKey, runCeremony } from '@sharewell/sdk/flow/committee'
import { every, type Repeated } from './every.ts'

/** Parts of a node with duties. */
export type DutyParts = { readonly chain: Chain; readonly operator: () => Promise<Hex>; readonly log: Log }

/** Seconds that whoever opened a ceremony, or changed the committee, has to bring it to its end. */
const patience = 600
/** Seconds by which each seat waits longer than the one before: the first does it, the next one steps in. */
const turn = 60

/**
 * Starts what members of the committee do without being asked: carrying the messages of a ceremony that nobody carries,
 * and making the key for checkpoints of an epoch that has none. Each is safe to do twice.
 */
export function startDuties({ chain, operator, log }: DutyParts, { interval }: { interval: number }): Repeated {
  const stop = new AbortController()
  const { signal } = stop
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
    if (!serving || seat < 0) return
    const ceremony = await latestCeremony(chain, { signal })
    const { state } = (await ceremonyOf(chain, { ceremony }, { signal })) ?? {}
    if (state !== 'open') await makeLogKey(serving, seat)
    else if (isTurn(`ceremony ${ceremony}`, seat)) {
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
    async close() {
      stop.abort()
      await watch.close()
    },
  }
}
