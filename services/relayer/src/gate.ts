/** Lets so many through at once; the others wait in a line, which whoever takes requests keeps short. */
export type Gate = {
  through<T>(work: () => Promise<T>): Promise<T>
}

/** Makes a gate. */
export function createGate(atOnce: number): Gate {
  let running = 0
  const line: (() => void)[] = []

  async function enter(): Promise<void> {
    if (running < atOnce) running += 1
    // Whoever leaves hands the place over.
    else await new Promise<void>((resolve) => line.push(resolve))
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
