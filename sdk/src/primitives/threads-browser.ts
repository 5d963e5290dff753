/** Threads by Web Workers. A page may forbid them (`worker-src`); then none starts. @module */
import type { Threads } from './threads.ts'

export const parallelism: Threads['parallelism'] = () =>
  typeof Worker === 'undefined' ? 1 : (globalThis.navigator?.hardwareConcurrency ?? 1)

export const turn: Threads['turn'] = () => new Promise((resolve) => setTimeout(resolve))

export const startThread: Threads['startThread'] = ({ web }, { message, ended }) => {
  const worker = web()
  let over = false
  const stop = () => {
    if (over) return
    over = true
    worker.terminate()
    ended()
  }
  worker.onmessage = ({ data }) => message(data)
  worker.onmessageerror = stop
  // A worker that throws lives on, with nobody to answer for it.
  worker.onerror = (event) => {
    event.preventDefault()
    stop()
  }
  return {
    post: (message, moved) => worker.postMessage(message, moved),
    hold: () => undefined,
    stop: async () => stop(),
  }
}

export const threadPort: Threads['threadPort'] = () => {
  // A worker's own scope has no window; its `postMessage` takes what a Worker's takes.
  if (typeof window !== 'undefined') return undefined
  const scope = globalThis as unknown as Pick<Worker, 'postMessage' | 'addEventListener'>
  return {
    listen: (hear) => scope.addEventListener('message', ({ data }: MessageEvent) => hear(data)),
    post: (message, moved) => scope.postMessage(message, moved),
  }
}
