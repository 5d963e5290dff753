/** A thread of a pool that dies of a chunk that begins with 0xdd. @module */
import { parentPort } from 'node:worker_threads'
import type { SplitWork } from '@sharewell/sdk/share'

parentPort?.on('message', ({ chunk }: SplitWork) => {
  if (chunk?.[0] === 0xdd) process.exit(1)
})
await import('../../sdk/src/share/stream/thread.ts')
