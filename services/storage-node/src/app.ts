/**
 * A storage node: keeps blocks of sealed records under their CIDs and knows nothing else. Reads speak the IPFS trustless
 * gateway; writes need a depositor's ticket, reads a reader's or a reconstructor's. It signs what it answers about a
 * share, acknowledges a share only when it has read all of it back, and says that it deleted one only when it has.
 * docs/spec/storage-node.md.
 * @module
 */
import { createService, limiting, NotReadyError, readBody, readJson, signalOf } from '@sharewell/host'
import { toBase64url } from '@sharewell/sdk/bytes'
import { maxBlockLength, toJson } from '@sharewell/sdk/place'
import type { Context, Hono } from 'hono'
import { parseAcknowledge, takeStock } from './acknowledge.ts'
import type { Components } from './components.ts'
import { deleteVersions } from './delete.ts'
import { VersionDeletedError } from './deletions.ts'
import { answerBlock } from './gateway.ts'
import { createMetrics } from './metrics.ts'
import { statuses } from './problem.ts'
import { addRenewRoutes } from './renew-routes.ts'
import { forgetDeleted, retireStanding } from './renew-session.ts'
import { addRepairRoutes } from './repair-routes.ts'
import { createShareIndex } from './share-index.ts'
import { takeBlock } from './take-block.ts'

export type { Components, Limits } from './components.ts'

/** Builds the app from its parts; `app.request()` serves a test without a port. */
export function createApp(components: Components): Hono {
  const { operator, networkId, store, ledger, authority, room, leaving = false, hpke, sign, log, clock } = components
  const { requests = 64, bodyTimeout } = components.limits ?? {}
  const index = createShareIndex(store, networkId)
  const ready = async () => {
    if (store.addresses().length === 0) throw new NotReadyError({ reason: 'it is not in the swarm' })
  }
  const { app, registry } = createService({ log, ready, statuses, headers })
  const metrics = createMetrics(registry, ledger, () => store.peers().length)
  const limit = limiting(requests)
  app.use('/v1/*', limit)
  app.use('/ipfs/*', limit)

  app.put('/v1/blocks/:cid', async (c) => {
    const grant = await authority.write(c.req.header('authorization'), { signal: signalOf(c) })
    const bytes = await readBody(c, { limit: maxBlockLength, idle: bodyTimeout })
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
    const signal = signalOf(c)
    const { recordId, version } = await authority.write(c.req.header('authorization'), { signal })
    const ask = parseAcknowledge(await readJson(c, { limit: 4_096, idle: bodyTimeout }))
    const message = await takeStock(store, { ...ask, recordId }, { networkId, operator, now: clock(), signal })
    ledger.settle()
    // Last: the version may have been deleted while its blocks were read.
    if (ledger.isBuried({ recordId, version })) throw new VersionDeletedError({ version })
    return json(c, { message, signature: await sign.acknowledgement(message) })
  })

  app.post('/v1/delete', async (c) => {
    const scope = await authority.erase(c.req.header('authorization'), { signal: signalOf(c) })
    const message = await deleteVersions(components, scope)
    await forgetDeleted(components, scope.recordId)
    log.info({ count: message.count }, 'deleted')
    return json(c, { message, signature: await sign.deletion(message) })
  })

  app.post('/v1/retire', async (c) => {
    const signal = signalOf(c)
    const standing = await authority.standing(c.req.header('authorization'), { signal })
    const removed = await retireStanding(components, standing, { signal })
    log.info({ count: removed }, 'retired')
    return json(c, { removed })
  })

  addRepairRoutes(app, components)
  addRenewRoutes(app, components)

  app.get('/v1/status', async (c) => {
    const { blocks, bytes } = ledger.totals()
    const peers = store.peers().length
    const left = !leaving && (await room.left())
    const hpkePublicKey = toBase64url(hpke.publicKey)
    return json(c, { operator, hpkePublicKey, blocks, bytes, room: left, leaving, peers, swarm: store.addresses() })
  })
  return app
}

/** What a reader's page may send and see. */
const headers = {
  allow: ['authorization', 'content-type', 'cache-control', 'x-sharewell-share'],
  expose: ['x-sharewell-response'],
}

const json = (c: Context, value: unknown) => c.body(toJson(value), 200, { 'content-type': 'application/json' })
