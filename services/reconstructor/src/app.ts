/**
 * A reconstructor: an untrusted worker that gathers shares, rebuilds sealed chunks and streams them with proofs and its
 * signature. It holds no key and links nothing that opens a record; the reader compares every chunk with the manifest
 * that the chain fixes. docs/spec/rebuild.md.
 * @module
 */
import { BusyError, createService, NotReadyError } from '@sharewell/host'
import type { Bytes } from '@sharewell/sdk/bytes'
import { type AbortOptions, framesMediaType, toJson } from '@sharewell/sdk/place'
import type { Context, Hono } from 'hono'
import type { Components } from './components.ts'
import { runJob } from './job.ts'
import { createMetrics } from './metrics.ts'
import { statuses } from './problem.ts'
import { createRecords } from './records.ts'
import { createReplayGuard } from './replay.ts'
import { readClaim } from './request.ts'

export type { Components, Limits } from './components.ts'

/** Builds the app from its parts; `app.request()` serves a test without a port. */
export function createApp(components: Components): Hono {
  const { operator, authority, log, clock, faults, limits } = components
  const records = createRecords(components)
  const replay = createReplayGuard()
  const ready = async ({ signal }: AbortOptions) => {
    if ((await authority.nodes({ signal })).length === 0)
      throw new NotReadyError({ reason: 'it knows no storage node' })
  }
  const { app, registry } = createService({ log, ready, statuses })
  const metrics = createMetrics(registry)
  let running = 0

  app.post('/v1/rebuild', async (c) => {
    if (running >= (limits?.jobs ?? 8)) throw new BusyError()
    running += 1
    const end = once(() => {
      running -= 1
    })
    const stop = new AbortController()
    c.req.raw.signal.addEventListener('abort', () => stop.abort(), { once: true })
    try {
      const claim = await readClaim(c)
      const target = await authority.check(claim, { signal: stop.signal })
      replay.take(target.reader, claim.request.nonce, claim.request.notAfter, clock())
      const record = await records(target, await authority.nodes({ signal: stop.signal }))
      const frames = await runJob(components, record, claim, { signal: stop.signal })
      metrics.jobs.inc()
      const count = (bytes: number) => metrics.bytes.inc(bytes)
      const body = streamOf(frames, { timeout: limits?.readerTimeout ?? 60_000, stop, end, count })
      return c.body(body, 200, { 'content-type': framesMediaType, 'cache-control': 'no-store' })
    } catch (error) {
      end()
      throw error
    }
  })

  app.get('/v1/status', (c) => json(c, { operator, jobs: running, faults: faults.list().length }))
  app.get('/v1/faults', (c) => json(c, faults.list()))
  return app
}

const json = (c: Context, value: unknown) => c.body(toJson(value), 200, { 'content-type': 'application/json' })

function once(act: () => void): () => void {
  let done = false
  return () => {
    if (!done) act()
    done = true
  }
}

type StreamOptions = {
  readonly timeout: number
  readonly stop: AbortController
  readonly end: () => void
  readonly count: (bytes: number) => void
}

/** Makes a frame only when the reader has taken the one before; a reader that stops reading loses its job. */
function streamOf(frames: AsyncGenerator<Bytes>, { timeout, stop, end, count }: StreamOptions): ReadableStream<Bytes> {
  let idle: NodeJS.Timeout | undefined
  const finish = async () => {
    clearTimeout(idle)
    stop.abort()
    end()
    await frames.return(undefined)
  }
  return new ReadableStream<Bytes>(
    {
      async pull(controller) {
        clearTimeout(idle)
        const next = await frames.next()
        if (next.done) {
          controller.close()
          return await finish()
        }
        count(next.value.length)
        controller.enqueue(next.value)
        idle = setTimeout(() => {
          controller.error(new BusyError())
          void finish()
        }, timeout)
      },
      cancel: finish,
    },
    { highWaterMark: 1 },
  )
}
