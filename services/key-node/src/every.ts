/** Something done again and again until it is closed; closing waits for the round under way. */
export type Repeated = { close(): Promise<void> }

/** Does `task` every `interval` ms. A round that takes longer than that is not overtaken: the next one is left out. */
export function every(interval: number, task: () => Promise<unknown>): Repeated {
  let running: Promise<unknown> | undefined
  const timer = setInterval(() => {
    running ??= task().finally(() => {
      running = undefined
    })
  }, interval)
  timer.unref()
  return {
    async close() {
      clearInterval(timer)
      await running
    },
  }
}
