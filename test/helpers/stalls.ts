import { Hono } from 'hono'
import { createApp as createWorker } from '../../services/reconstructor/src/app.ts'
import { createApp as createNode } from '../../services/storage-node/src/app.ts'
import type { Lies } from './hosts.ts'

/** A service that stops answering at some moment, and a promise of that moment. */
export type Stall = { readonly lies: Lies; readonly reached: Promise<void>; readonly counted: () => number }

/** A storage node that takes so many blocks and then answers no more block. */
export function stallsAfterBlocks(blocks: number): Stall {
  const { promise, resolve } = Promise.withResolvers<void>()
  let taken = 0
  const storage = (parts: Parameters<typeof createNode>[0]): Hono => {
    const honest = createNode(parts)
    const app = new Hono()
    app.put('/v1/blocks/:cid', async (c) => {
      if (taken >= blocks) {
        resolve()
        return await forever()
      }
      const answer = await honest.fetch(c.req.raw)
      taken += 1
      return answer
    })
    app.all('*', (c) => honest.fetch(c.req.raw))
    return app
  }
  return { lies: { storage }, reached: promise, counted: () => taken }
}

/** A reconstructor that sends so many bytes of its answer and then no more. */
export function stallsAfterBytes(bytes: number): Stall {
  const { promise, resolve } = Promise.withResolvers<void>()
  let sent = 0
  const worker = (parts: Parameters<typeof createWorker>[0]): Hono => {
    const honest = createWorker(parts)
    const app = new Hono()
    app.post('/v1/rebuild', async (c) => {
      const answer = await honest.fetch(c.req.raw)
      const counting = new TransformStream<Uint8Array, Uint8Array>({
        async transform(piece, controller) {
          if (sent >= bytes) {
            resolve()
            await forever()
          }
          sent += piece.length
          controller.enqueue(piece)
        },
      })
      return new Response(answer.body?.pipeThrough(counting) ?? null, answer)
    })
    app.all('*', (c) => honest.fetch(c.req.raw))
    return app
  }
  return { lies: { worker }, reached: promise, counted: () => sent }
}

const forever = () => new Promise<never>(() => undefined)
