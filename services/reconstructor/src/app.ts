/**
 * A reconstructor: an untrusted worker that gathers shares, rebuilds sealed chunks and streams them with proofs and its
 * signature. It holds no key and links nothing that opens a record; the reader compares every chunk with the manifest
 * that the chain fixes. docs/spec/rebuild.md.
 * @module
 */
import {
  BusyError,
  ClientGoneError,
  createService,
  hangUp,
  NotFoundError,
  NotReadyError,
  signalOf,
} from '@sharewell/host'
import type { Bytes } from '@sharewell/sdk/bytes'
import { type AbortOptions, createLatencies, framesMediaType, toJson } from '@sharewell/sdk/place'
import type { Context, Hono } from 'hono'
import type { Components } from './components.ts'
import { bytesOf, runJob } from './job.ts'
import { countAudits, countCare, createMetrics } from './metrics.ts'
import { statuses } from './problem.ts'
import { createRecords } from './records.ts'
import { createReplayGuard } from './replay.ts'
import { readClaim } from './request.ts'
import { createTurns } from './turns.ts'

export type { Components, Limits } from './components.ts'

/** Builds the app from its parts; `app.request()` serves a test without a port. */
export function createApp(components: Components): Hono {
  const { operator, authority, log, clock, faults, care, auditor, limits } = components
  const records = createRecords(components)
  const replay = createReplayGuard()
  const ready = async ({ signal }: AbortOptions) => {
    if ((await authority.nodes({ signal })).length === 0)
      throw new NotReadyError({ reason: 'it knows no storage node' })
  }
  const { app, registry } = createService({ log, ready, statuses })
  const metrics = createMetrics(registry)
  if (care) countCare(registry, care)
  if (auditor) countAudits(registry, auditor)
  const jobs = limits?.jobs ?? 8
  const turns = createTurns({
    jobs,
    each: limits?.jobsEach ?? 3,
    bytes: limits?.bytesEach ?? 64 << 20,
    patience: limits?.turnTimeout ?? 10_000,
  })
  const latencies = createLatencies()
  let open = 0

  app.post('/v1/rebuild', async (c) => {
    // Who asks is known once the chain was asked, which must not be done for too many either.
    if (open >= openEach * jobs) throw new BusyError()
    open += 1
    let endTurn: (() => void) | undefined
    const end = once(() => {
      open -= 1
      endTurn?.()
    })
    const stop = new AbortController()
    const signal = AbortSignal.any([signalOf(c), stop.signal])
    try {
      const claim = await readClaim(c)
      const target = await authority.check(claim, { signal })
      replay.take(target.reader, claim.request.nonce, claim.request.notAfter, clock())
      const record = await records(target, await authority.nodes({ signal }), { signal })
      endTurn = await turns.take(target.reader, bytesOf(record), { signal })
      const frames = await runJob(components, record, claim, { latencies, signal })
      metrics.jobs.inc()
      const body = streamOf(frames, {
        timeout: limits?.readerTimeout ?? 60_000,
        count: (bytes) => metrics.bytes.inc(bytes),
        hangUp: () => hangUp(c),
        end: (gone) => {
          stop.abort(new ClientGoneError())
          end()
          if (gone) log.info({ code: 'CLIENT_GONE' }, 'stopped')
        },
      })
      return c.body(body, 200, { 'content-type': framesMediaType, 'cache-control': 'no-store' })
    } catch (error) {
      end()
      throw error
    }
  })

  app.get('/v1/status', (c) => {
    const audits = auditor && { audits: auditor.report() }
    return json(c, { operator, jobs: turns.running, faults: faults.list().length, ...healthOf(care), ...audits })
  })
  app.get('/v1/faults', (c) => json(c, faults.list()))
  app.get('/v1/faults/:fault', async (c) => {
    const kept = faults.list().find(({ fault }) => fault === c.req.param('fault'))
    // What proves a depositor wrong holds sealed bytes: that is for whom the operator gives it to.
    const text = kept && kept.kind !== 'upload' ? await faults.read(kept.fault) : undefined
    if (text === undefined) throw new NotFoundError()
    return c.body(text, 200, { 'content-type': 'application/json' })
  })
  return app
}

/** How many records are how well; which ones is nobody's business: it would tell where one more loss suffices. */
function healthOf(care: Components['care']) {
  const report = care?.report()
  if (!report) return {}
  const { organization, checkedAt, interval, records, refresh, due } = report
  const refreshing = refresh !== undefined && { refresh: { every: refresh, due } }
  return { health: { organization, checkedAt, interval, ...records, ...refreshing } }
}

/** Requests that are looked at, wait or run, for each job that may run. */
const openEach = 5

const json = (c: Context, value: unknown) => c.body(toJson(value), 200, { 'content-type': 'application/json' })

function once(act: () => void): () => void {
  let done = false
  return () => {
    if (!done) act()
    done = true
  }
}

type StreamOptions = {
  /** Milliseconds that the reader may leave a frame. */
  readonly timeout: number
  readonly count: (bytes: number) => void
  /** Cuts the connection; false where there is none. */
  readonly hangUp: () => boolean
  /** Called once: all was sent, or the reader is gone. */
  readonly end: (gone: boolean) => void
}

/** Makes a frame only when the reader has taken the one before; a reader that stops reading loses its job. */
function streamOf(
  frames: AsyncGenerator<Bytes>,
  { timeout, count, hangUp, end }: StreamOptions,
): ReadableStream<Bytes> {
  let idle: NodeJS.Timeout | undefined
  let ended = false
  const finish = async (gone: boolean) => {
    clearTimeout(idle)
    if (ended) return
    ended = true
    // First the signal, so that the generator's next step ends, then the generator.
    end(gone)
    await frames.return(undefined)
  }
  return new ReadableStream<Bytes>(
    {
      async pull(controller) {
        clearTimeout(idle)
        const next = await frames.next()
        if (ended) return
        if (next.done) {
          controller.close()
          return await finish(false)
        }
        count(next.value.length)
        controller.enqueue(next.value)
        idle = setTimeout(() => {
          if (!hangUp()) controller.error(new ClientGoneError())
          void finish(true)
        }, timeout)
      },
      cancel: () => finish(true),
    },
    { highWaterMark: 1 },
  )
}
