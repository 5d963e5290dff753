/**
 * A storage node: keeps blocks of sealed records under their CIDs and knows nothing else. Reads speak the IPFS trustless
 * gateway; writes need a depositor's ticket, reads a reader's or a reconstructor's. It signs what it answers about a
 * share, and acknowledges a share only when it has read all of it back. docs/spec/storage-node.md.
 * @module
 */
import { maxBlockLength, toJson } from '@sharewell/sdk/place'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'
import { takeStock } from './acknowledge.ts'
import { parseAcknowledge, readBody } from './body.ts'
import type { Components } from './components.ts'
import { answerBlock } from './gateway.ts'
import { createMetrics } from './metrics.ts'
import { BusyError, NotFoundError, problem } from './problem.ts'
import { createShareIndex } from './share-index.ts'
import { takeBlock } from './take-block.ts'

export type { Components, Limits } from './components.ts'

/** Builds the app from its parts; `app.request()` serves a test without a port. */
export function createApp(components: Components): Hono {
  const { operator, networkId, store, ledger, authority, sign, log, clock } = components
  const { requests = 64, bodyTimeout = 10_000 } = components.limits ?? {}
  const index = createShareIndex(store, networkId)
  const metrics = createMetrics(ledger, () => store.peers().length)
  const app = new Hono()
  app.use('*', counting(metrics))
  // A reader's page comes from elsewhere; what protects a node is its tickets.
  app.use('*', cors(crossOrigin))
  app.use('/v1/*', limiting(requests))
  app.use('/ipfs/*', limiting(requests))

  app.put('/v1/blocks/:cid', async (c) => {
    const grant = await authority.write(c.req.header('authorization'), { signal: c.req.raw.signal })
    const bytes = await readBody(c, { limit: maxBlockLength, timeout: bodyTimeout })
    await takeBlock(components, { cid: c.req.param('cid'), bytes, grant })
    metrics.bytes.inc({ direction: 'in' }, bytes.length)
    return c.body(null, 201)
  })

  // Hono answers HEAD by the same route and leaves out the body.
  app.get('/ipfs/:cid', async (c) => {
    const response = await answerBlock(components, index, c)
    metrics.bytes.inc({ direction: 'out' }, Number(response.headers.get('content-length') ?? 0))
    return response
  })

  app.post('/v1/acknowledge', async (c) => {
    const { signal } = c.req.raw
    const { recordId } = await authority.write(c.req.header('authorization'), { signal })
    const ask = parseAcknowledge(await readBody(c, { limit: 4_096, timeout: bodyTimeout }))
    const message = await takeStock(store, { ...ask, recordId }, { networkId, operator, now: clock(), signal })
    ledger.settle()
    return json(c, { message, signature: await sign.acknowledgement(message) })
  })

  app.get('/v1/status', (c) => {
    const { blocks, bytes } = ledger.totals()
    return json(c, { operator, blocks, bytes, peers: store.peers().length, swarm: store.addresses() })
  })
  app.get('/healthz', (c) => c.text('ok'))
  app.get('/readyz', (c) => (store.addresses().length > 0 ? c.text('ready') : c.text('not in the swarm', 503)))
  app.get('/metrics', async (c) => c.text(await metrics.registry.metrics()))
  app.notFound((c) => problem(c, new NotFoundError(), log))
  app.onError((error, c) => problem(c, error, log))
  return app
}

const crossOrigin = {
  origin: '*',
  allowMethods: ['GET', 'HEAD', 'PUT', 'POST'],
  allowHeaders: ['authorization', 'content-type', 'cache-control', 'x-sharewell-share'],
  exposeHeaders: ['x-sharewell-response'],
  maxAge: 600,
}

const json = (c: Context, value: unknown) => c.body(toJson(value), 200, { 'content-type': 'application/json' })

/** Refuses at once what would pile up. */
function limiting(most: number): MiddlewareHandler {
  let running = 0
  return async (_, next) => {
    if (running >= most) throw new BusyError()
    running += 1
    try {
      await next()
    } finally {
      running -= 1
    }
  }
}

function counting({ requests }: ReturnType<typeof createMetrics>): MiddlewareHandler {
  return async (c, next) => {
    await next()
    requests.inc({ route: c.req.routePath, status: String(c.res.status) })
  }
}
