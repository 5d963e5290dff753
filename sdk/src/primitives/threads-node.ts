/** Threads by `node:worker_threads`. @module */
import { availableParallelism } from 'node:os'
import { parentPort, Worker } from 'node:worker_threads'
import type { Threads } from './threads.ts'

export const parallelism: Threads['parallelism'] = () => availableParallelism()

export const turn: Threads['turn'] = () => new Promise((resolve) => setImmediate(resolve))

export const startThread: Threads['startThread'] = ({ base, file }, { message, ended }) => {
  // What the process was told to run, and how to load it, is not for the thread. Bytes do not count among the limits.
  const worker = new Worker(new URL(file, base), {
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 8 },
  })
  worker.on('message', message)
  // An error is followed by the exit; without a listener it would end the process.
  worker.on('error', () => undefined)
  worker.once('exit', ended)
  worker.unref()
  return {
    post: (message, moved) => worker.postMessage(message, moved),
    hold: (held) => (held ? worker.ref() : worker.unref()),
    stop: async () => {
      await worker.terminate()
    },
  }
}

export const threadPort: Threads['threadPort'] = () => {
  const port = parentPort
  if (!port) return undefined
  return {
    listen: (hear) => {
      port.on('message', hear)
    },
    post: (message, moved) => port.postMessage(message, moved),
  }
}
