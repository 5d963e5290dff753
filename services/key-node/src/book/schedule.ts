import { bookIdOf, view } from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import { isPublished, makeCheckpoint, type RoundParts } from './round.ts'
import { logSeatOf } from './seat.ts'

/** The task that makes a checkpoint in time. */
export type CheckpointSchedule = { close(): Promise<void> }

/** Seconds by which each seat waits longer than the one before: the first makes it, the next one steps in. */
const turn = 20
/** Seconds after which a checkpoint that failed is tried again. */
const again = 60

/** Makes the checkpoint of every full interval (seconds), unless another member did. */
export function startSchedule(parts: RoundParts, { interval }: { interval: number }): CheckpointSchedule {
  const stop = new AbortController()
  const { chain, log } = parts
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()

  function wait(seconds: number): void {
    if (stop.signal.aborted) return
    timer = setTimeout(() => {
      running = run()
    }, seconds * 1_000)
    timer.unref()
  }
  async function run(): Promise<void> {
    try {
      // By the final block's clock: what happened before it does not change any more.
      const { final } = await view(chain, { signal: stop.signal })
      const time = Math.floor(final.time / interval) * interval
      if (!(await isPublished(parts, { time, book: bookIdOf(chain.network) })))
        await makeCheckpoint(parts, { time, signal: stop.signal })
      wait(await untilNext(time))
    } catch (error) {
      if (stop.signal.aborted) return
      log.info({ code: error instanceof BaseError ? error.code : 'UNKNOWN' }, 'no checkpoint yet')
      wait(Math.min(again, interval))
    }
  }
  async function untilNext(time: number): Promise<number> {
    const { kept } = await logSeatOf(parts)
    const delay = Math.min((kept.i - 1) * turn, interval / 2)
    return Math.max(1, time + interval + 1 + delay - chain.clock())
  }

  wait(Math.min(again, interval))
  return {
    async close() {
      stop.abort()
      clearTimeout(timer)
      await running
    },
  }
}
