import type { Log } from '@sharewell/host'
import { type Chain, logReleased } from '@sharewell/sdk/chain'
import type { AnswerStore } from './answers.ts'

/** Writes `Released` on chain for what this node answered, in batches, in the background. */
export type ReleasedLog = {
  /** Says that there is something to write. */
  wake(): void
  /** Writes all there is now. Throws when the chain refuses. */
  flush(): Promise<void>
  close(): Promise<void>
}

const batch = 100
const longestPause = 60_000

/** Starts the writer. It waits `interval` ms to fill a batch, and longer after each failure; what was not written yet
 * is found again after a restart. */
export function startReleasedLog(
  { chain, answers, log }: { chain: Chain; answers: AnswerStore; log: Log },
  { interval }: { interval: number },
): ReleasedLog {
  const stop = new AbortController()
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  let pause = interval

  async function writeAll(): Promise<void> {
    for (let hashes = answers.unlogged(batch); hashes.length > 0; hashes = answers.unlogged(batch)) {
      await logReleased(chain, { requestHashes: hashes }, { signal: stop.signal })
      answers.markLogged(hashes)
      log.info({ entries: hashes.length }, 'released logged')
    }
  }
  const flush = () => {
    running = running.then(writeAll, writeAll)
    return running
  }
  async function attempt(): Promise<void> {
    timer = undefined
    try {
      await flush()
      pause = interval
    } catch (error) {
      if (stop.signal.aborted) return
      pause = Math.min(2 * pause, longestPause)
      log.warn({ error: (error as Error).name, pause }, 'released not logged yet')
      wake()
    }
  }
  function wake(): void {
    if (stop.signal.aborted || timer) return
    timer = setTimeout(() => void attempt(), pause)
    timer.unref()
  }

  wake()
  return {
    wake,
    flush,
    async close() {
      stop.abort()
      clearTimeout(timer)
      await running.catch(() => undefined)
    },
  }
}
