/** A thread of a pool that dies of a chunk of 500 bytes 0xdd: random bytes are never that. @module */
import { parentPort } from 'node:worker_threads'
import type { SplitWork } from '@sharewell/sdk/share'

parentPort?.on('message', ({ chunk }: SplitWork) => {
  if (chunk?.length === 500 && chunk.every((byte) => byte === 0xdd)) process.exit(1)
})
await import('../../sdk/src/share/stream/thread.ts')
