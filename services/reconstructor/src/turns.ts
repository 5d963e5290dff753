import { BusyError } from '@sharewell/host'
import type { Hex } from '@sharewell/sdk/bytes'
import { type AbortOptions, withDeadline } from '@sharewell/sdk/place'

/** Whose turn it is: at most `jobs` at once, of which one reader has at most `each`, and `bytes` in memory. */
export type Turns = {
  /** Jobs that run now. */
  readonly running: number
  /** Waits for a turn and gives what ends it; calling that twice does nothing more. A job that needs more than a reader may
   * have runs while that reader has no other. Errors: `BusyError` when too many wait, or it took too long. */
  take(reader: Hex, bytes: number, options?: AbortOptions): Promise<() => void>
}

type Waiting = { readonly reader: Hex; readonly bytes: number; readonly go: (end: () => void) => void }
type Held = { readonly jobs: number; readonly bytes: number }

/** Makes the turns. A turn that comes free goes to who waits of the reader that runs the fewest jobs, and of these to who
 * came first: whoever sends many requests waits for the others, and nobody for them. */
export function createTurns({ jobs, each, bytes: most, patience }: createTurns.Options): Turns {
  const held = new Map<Hex, Held>()
  const queue: Waiting[] = []
  let running = 0
  const heldBy = (reader: Hex): Held => held.get(reader) ?? { jobs: 0, bytes: 0 }
  const mayRun = ({ reader, bytes }: Waiting) => {
    const own = heldBy(reader)
    return running < jobs && (own.jobs === 0 || (own.jobs < each && own.bytes + bytes <= most))
  }
  const hold = (reader: Hex, change: number, bytes: number) => {
    const own = heldBy(reader)
    running += change
    if (own.jobs + change === 0) held.delete(reader)
    else held.set(reader, { jobs: own.jobs + change, bytes: own.bytes + change * bytes })
  }
  const next = () => {
    for (;;) {
      const ready = queue.filter(mayRun)
      const [first] = ready.toSorted((a, b) => heldBy(a.reader).jobs - heldBy(b.reader).jobs)
      if (!first) return
      queue.splice(queue.indexOf(first), 1)
      hold(first.reader, 1, first.bytes)
      let ended = false
      first.go(() => {
        if (ended) return
        ended = true
        hold(first.reader, -1, first.bytes)
        next()
      })
    }
  }
  return {
    get running() {
      return running
    },
    async take(reader, bytes, options = {}) {
      // Each reader may have as many waiting as running, so that nobody fills the queue for the others.
      if (queue.filter((one) => one.reader === reader).length >= each) throw new BusyError()
      const { promise, resolve } = Promise.withResolvers<() => void>()
      const waiting: Waiting = { reader, bytes, go: resolve }
      queue.push(waiting)
      next()
      try {
        return await withDeadline('a turn', patience, options, () => promise)
      } catch (error) {
        const at = queue.indexOf(waiting)
        if (at >= 0) queue.splice(at, 1)
        // It was given a turn in the very moment in which it went.
        else void promise.then((end) => end())
        options.signal?.throwIfAborted()
        throw error instanceof BusyError ? error : new BusyError()
      }
    },
  }
}

export declare namespace createTurns {
  type Options = {
    /** Jobs at once. */
    readonly jobs: number
    /** Jobs of one reader at once, and as many waiting. */
    readonly each: number
    /** Bytes that one reader's jobs hold together. */
    readonly bytes: number
    /** Milliseconds that a job waits for its turn. */
    readonly patience: number
  }
}
