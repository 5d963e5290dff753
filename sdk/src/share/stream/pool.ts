import { parallelism, type ThreadModule, turn } from '#primitives'
import { createCrew, doHere, type Job, ShareThreadError } from './crew.ts'
import { type Done, perform, type Work } from './work.ts'

/** Threads that cut and join chunks beside the caller's. */
export type SharePool = {
  /** Threads at most; with 0 all work is done in the caller's. */
  readonly threads: number
  /**
   * Does a piece of work in a thread that is free, or when one is. Until the first one is ready, and where none starts,
   * it is done in the caller's thread.
   * @throws ShareThreadError when its thread ends; PolicyError, PartError, TooFewSharesError; the signal's reason.
   */
  run<work extends Work>(work: work, options?: RunOptions): Promise<Done<work>>
  /** Stops all threads; what they were at, and what waits, fails. A later `run` starts others. */
  close(): Promise<void>
}

export type RunOptions = {
  /** Takes back what waits; of what a thread is at, the result is dropped. */
  readonly signal?: AbortSignal | undefined
  /** The work's arrays may be moved instead of copied, and are empty then. */
  readonly take?: boolean | undefined
}

/** More would wait for the one thread that seals and sends, and each takes 30 to 60 MB. */
const mostThreads = 2

/** The module that threads run. Bundlers look for the words in `web`. */
const shareThread: ThreadModule = {
  base: import.meta.url,
  file: './thread.ts',
  web: () => new Worker(new URL('./thread.ts', import.meta.url), { type: 'module' }),
}

/**
 * Makes a pool of threads. They start when there is work, and keep no process alive without any.
 * @example
 * const pool = createSharePool()
 * const { shares, digests } = await pool.run({ kind: 'split', policy, chunk })
 * await pool.close()
 */
export function createSharePool(options: createSharePool.Options = {}): SharePool {
  const { threads = Math.min(mostThreads, parallelism() - 1), module = shareThread } = options
  const waiting = new Set<Job>()
  const free = () => {
    for (const job of waiting) {
      if (crew.take(job)) waiting.delete(job)
      else if (crew.ready()) return
      else {
        // Whoever was to do it is gone.
        waiting.delete(job)
        doHere(job)
      }
    }
  }
  const crew = createCrew({ threads, module, free })
  return {
    threads,
    async run<work extends Work>(work: work, { signal, take = false }: RunOptions = {}): Promise<Done<work>> {
      signal?.throwIfAborted()
      crew.grow()
      if (!crew.ready()) {
        // A thread that is starting can say so between turns only.
        if (crew.starting()) await turn()
        return await perform(work)
      }
      const { promise, resolve: done, reject: fail } = Promise.withResolvers<Done<Work>>()
      const job: Job = { work, take, done, fail }
      const abort = () => {
        waiting.delete(job)
        fail(signal?.reason)
      }
      signal?.addEventListener('abort', abort, { once: true })
      waiting.add(job)
      free()
      try {
        return (await promise) as Done<work>
      } finally {
        signal?.removeEventListener('abort', abort)
      }
    },
    async close() {
      for (const job of waiting) job.fail(new ShareThreadError())
      waiting.clear()
      await crew.stop()
    },
  }
}
export declare namespace createSharePool {
  type Options = {
    /** Threads at most: one less than can run at once here, and at most 2. 0: none. */
    readonly threads?: number | undefined
    /** What the threads run, for hosts that keep modules elsewhere. */
    readonly module?: ThreadModule | undefined
  }
}

let common: SharePool | undefined

/** The pool of this process, made at first use. */
export function commonPool(): SharePool {
  common ??= createSharePool()
  return common
}
