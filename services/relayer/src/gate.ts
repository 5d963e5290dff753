import { BusyError } from '@sharewell/host'

/** Lets so many through at once; so many more wait in a line; the rest is refused. */
export type Gate = {
  /** Errors: `BusyError` when the line is full. */
  through<T>(work: () => Promise<T>): Promise<T>
}

/** Makes a gate. */
export function createGate({ atOnce, waiting }: { atOnce: number; waiting: number }): Gate {
  let running = 0
  const line: (() => void)[] = []

  async function enter(): Promise<void> {
    if (running < atOnce) {
      running += 1
      return
    }
    if (line.length >= waiting) throw new BusyError()
    // Whoever leaves hands the place over.
    await new Promise<void>((resolve) => line.push(resolve))
  }

  function leave(): void {
    const next = line.shift()
    if (next) next()
    else running -= 1
  }

  return {
    async through(work) {
      await enter()
      try {
        return await work()
      } finally {
        leave()
      }
    },
  }
}
