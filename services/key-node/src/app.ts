/**
 * A key node: one member of the committee that releases. It keeps key headers and capsules, holds one share of the
 * group key, and answers a reader only after every check of docs/spec/key-node.md, or refuses with a published code.
 *
 * It cannot link what splits, places, seals or prepares records (`key-node-is-apart` in .dependency-cruiser.cjs).
 * @module
 */
import { ClientGoneError, createService, type Log, type Problem, readBody, readJson, signalOf } from '@sharewell/host'
import { type Hex, toBase64url } from '@sharewell/sdk/bytes'
import { activeEpoch, checkDeletion, signMessage, ticketFromJson, view } from '@sharewell/sdk/chain'
import type { BaseError } from '@sharewell/sdk/errors'
import type { Context, Hono } from 'hono'
import { Counter, Gauge, type Registry } from 'prom-client'
import { checkController, readHeader } from './access.ts'
import type { BookService } from './book/service.ts'
import { bookShapes } from './book/wire.ts'
import type { CeremonyService } from './ceremony.ts'
import { keptShare } from './committee.ts'
import type { DkgService } from './dkg.ts'
import type { Duties } from './duties.ts'
import { confirmEmergency } from './emergency.ts'
import { capsulesOf, keepCapsule, keepHeader, maxCapsuleLength } from './mailbox.ts'
import type { RefreshState } from './refresh.ts'
import { RefusalError, refusals } from './refusals.ts'
import { type Releaser, release } from './release.ts'
import { checkDealt } from './second-share.ts'
import { routeTransfer } from './transfer/routes.ts'
import { checkMember } from './transfer/serve.ts'
import {
  ceremonyShapes,
  dkgShapes,
  emergencyShape,
  hashShape,
  parse,
  parseRelease,
  readHeaderShape,
  ticketShape,
} from './wire.ts'

/** Parts of a key node. */
export type Components = Releaser & {
  readonly book: BookService
  readonly dkg: DkgService
  readonly ceremonies: CeremonyService
  readonly duties: Pick<Duties, 'refresh'>
  /** The node's operator id; rejects while the chain does not know its account. */
  readonly operator: () => Promise<Hex>
  readonly hpkePublicKey: Uint8Array<ArrayBuffer>
  readonly log: Log
  /** Called after each answer, so that `Released` is logged on chain soon. */
  readonly answered: () => void
}

/** Builds the app from its parts. */
export function createApp(node: Components): Hono {
  const ready = async ({ signal }: { signal: AbortSignal }) => {
    await view(node.sources[0], { signal })
    await node.operator()
  }
  const service = createService({ log: node.log, ready, statuses, problemOf })
  const { app, registry } = service
  const refused = new Counter({
    name: 'release_refusals_total',
    help: 'Refused release requests by code.',
    labelNames: ['code'],
    registers: [registry],
  })
  gaugeRefresh(registry, node.duties)
  const released = new Counter({ name: 'releases_total', help: 'Release requests answered.', registers: [registry] })

  app.post('/v1/release', async (c) => {
    try {
      const answer = await release(node, parseRelease(await readJson(c, small)), { signal: signalOf(c) })
      released.inc()
      node.log.info({ code: 'RELEASED' }, 'release')
      node.answered()
      return c.body(answer, 200, { 'content-type': 'application/json' })
    } catch (error) {
      const { code } = signalOf(c).aborted ? new ClientGoneError() : service.problemOf(error)
      refused.inc({ code })
      node.log.info({ code }, 'release refused')
      throw error
    }
  })
  routeStorage(app, node)
  routeDkg(app, node)
  routeBook(app, node.book)
  routeEmergency(app, node)
  routeTransfer(app, { chain: node.sources[0], objects: node.headers, operator: node.operator })
  routeCeremonies(app, node.ceremonies)
  app.get('/v1/status', async (c) => c.json(await statusOf(node)))
  return app
}

/** So that an alert can watch over the age of the shares. */
function gaugeRefresh(registry: Registry, duties: Components['duties']): void {
  const gauge = (name: string, help: string, value: () => number | undefined) => {
    const made: Gauge = new Gauge({ name, help, registers: [registry], collect: () => made.set(value() ?? 0) })
  }
  const since = 'Unix time at which the shares that serve began to; 0 where this node has none.'
  gauge('committee_shares_since_seconds', since, () => duties.refresh()?.since)
  const due = 'Unix time at which this node opens the next refresh; 0 where it opens none.'
  gauge('committee_refresh_due_seconds', due, () => duties.refresh()?.due)
  const waits = 'Members for which a refresh waits.'
  gauge('committee_refresh_waits', waits, () => duties.refresh()?.waitsFor.length)
}

/** Most bytes of a request that carries a signature and a few hashes. */
const small = { limit: 16_384 }

function routeStorage(app: Hono, node: Components): void {
  const [chain] = node.sources
  const keeper = { chain, objects: node.headers, erasures: node.erasures, transfer: node.transfer }
  const asked = async (c: Context) => ({ node: await node.operator(), signal: signalOf(c) })

  app.put('/v1/headers/:hash', async (c) => {
    const hash = parse(hashShape, c.req.param('hash'))
    const named = c.req.query('pseudonym')
    const pseudonym = named === undefined ? undefined : parse(hashShape, named)
    const bytes = await readBody(c, { limit: 65_536 })
    await checkDealt(node.hpkeSeed, bytes, keeper.chain.network.networkId)
    await keepHeader(keeper, { hash, pseudonym, bytes }, { signal: signalOf(c) })
    return c.body(null, 204)
  })
  app.post('/v1/headers/read', async (c) => {
    const { hash, ticket } = parse(readHeaderShape, await readJson(c, small))
    const read = ticketFromJson(ticket, ['ReadTicket'])
    const bytes = await readHeader(keeper, { hash, ticket: read }, await asked(c))
    return c.body(bytes, 200, { 'content-type': 'application/octet-stream', 'cache-control': 'no-store' })
  })
  app.post('/v1/headers/erase', async (c) => {
    const { ticket } = parse(ticketShape, await readJson(c, small))
    const asks = ticketFromJson(ticket, ['DeleteTicket'])
    const by = await asked(c)
    // What cannot be undone needs the word of every source.
    const [scope] = await Promise.all(node.sources.map((source) => checkDeletion(source, asks, by)))
    if (!scope) throw new RefusalError({ refusal: 'CHAIN_UNAVAILABLE' })
    const message = { ...(await node.erasures.erase(scope, chain.clock())), operator: by.node }
    node.log.info({ count: message.count }, 'erased')
    return c.json({ message, signature: await signMessage(chain, 'Deletion', message) })
  })
  app.put('/v1/capsules/:hash', async (c) => {
    const hash = parse(hashShape, c.req.param('hash'))
    await keepCapsule(keeper, { hash, bytes: await readBody(c, { limit: maxCapsuleLength }) }, { signal: signalOf(c) })
    return c.body(null, 204)
  })
  app.post('/v1/capsules/list', async (c) => {
    const { ticket } = parse(ticketShape, await readJson(c, small))
    const read = ticketFromJson(ticket, ['ReadTicket'])
    const pseudonym = await checkController(keeper.chain, read, await asked(c))
    const capsules = await capsulesOf(keeper, pseudonym)
    return c.json({ capsules: capsules.map(toBase64url) })
  })
  app.post('/v1/openings/list', async (c) => {
    const { ticket } = parse(ticketShape, await readJson(c, small))
    const read = ticketFromJson(ticket, ['ReadTicket'])
    const pseudonym = await checkController(keeper.chain, read, await asked(c))
    const openings = node.answers.openingsOf(pseudonym)
    return c.json({ openings: openings.map(({ at, request }) => ({ at, ...JSON.parse(request) })) })
  })
}

function routeDkg(app: Hono, { sources: [chain], operator, dkg }: Components): void {
  const large = { limit: 262_144 }
  app.post('/v1/dkg/announce', async (c) => {
    const { ticket, ...start } = parse(dkgShapes.announce, await readJson(c, large))
    const asked = { chain, node: await operator(), signal: signalOf(c) }
    await checkMember(asked, ticketFromJson(ticket, ['OperatorTicket']), start.members)
    return c.json(await dkg.announce(start))
  })
  app.post('/v1/dkg/reveal', async (c) => {
    const { session, announcements } = parse(dkgShapes.reveal, await readJson(c, large))
    return c.json({ package: toBase64url(await dkg.reveal(session, announcements)) })
  })
  app.post('/v1/dkg/deal', async (c) => {
    const { session, ...all } = parse(dkgShapes.deal, await readJson(c, large))
    const shares = await dkg.deal(session, all)
    return c.json({
      shares: shares.map((share) => ({ ...share, enc: toBase64url(share.enc), ct: toBase64url(share.ct) })),
    })
  })
  app.post('/v1/dkg/finish', async (c) => {
    const { session, shares } = parse(dkgShapes.finish, await readJson(c, large))
    return c.json(await dkg.finish(session, shares))
  })
}

function routeEmergency(app: Hono, { sources: [chain], keys }: Components): void {
  app.post('/v1/emergency/confirm', async (c) => {
    const { transcriptHash } = parse(emergencyShape, await readJson(c, small))
    return c.json({ groupKey: await confirmEmergency({ chain, keys }, { transcriptHash }) })
  })
}

function routeCeremonies(app: Hono, ceremonies: CeremonyService): void {
  const large = { limit: 65_536 }
  app.post('/v1/ceremony/act', async (c) => {
    const { ceremony } = parse(ceremonyShapes.act, await readJson(c, small))
    return c.json(await ceremonies.act(ceremony))
  })
  app.post('/v1/ceremony/shares', async (c) => {
    const { ceremony, publicKeys } = parse(ceremonyShapes.shares, await readJson(c, large))
    const shares = await ceremonies.shares(ceremony, publicKeys)
    return c.json({
      shares: shares.map((share) => ({ ...share, enc: toBase64url(share.enc), ct: toBase64url(share.ct) })),
    })
  })
  app.post('/v1/ceremony/take', async (c) => {
    const { ceremony, shares } = parse(ceremonyShapes.take, await readJson(c, large))
    return c.json({ missing: await ceremonies.take(ceremony, shares) })
  })
}

function routeBook(app: Hono, book: BookService): void {
  app.post('/v1/book/confirm', async (c) =>
    c.json({ groupKey: await book.confirm(parse(bookShapes.confirm, await readJson(c, small))) }),
  )
  app.post('/v1/book/commit', async (c) => {
    const { checkpoint } = parse(bookShapes.commit, await readJson(c, small))
    return c.json(await book.commit(checkpoint))
  })
  app.post('/v1/book/sign', async (c) => {
    const { checkpoint, commitments } = parse(bookShapes.sign, await readJson(c, small))
    return c.json(await book.sign(checkpoint, commitments))
  })
}

async function statusOf(node: Components) {
  const [chain] = node.sources
  const operator = await node.operator().catch(() => null)
  const epoch = await activeEpoch(chain)
  const seat = epoch && (await keptShare(node.keys, epoch.transcriptHash))
  return {
    operator,
    account: chain.wallet?.account.address,
    hpkePublicKey: toBase64url(node.hpkePublicKey),
    keyEpoch: epoch?.epoch ?? null,
    k: epoch?.k ?? null,
    h: epoch?.members.length ?? null,
    holdsShare: seat !== undefined,
    // Of the epoch for which it took what the others keep.
    headersOf: node.transfer.last()?.epoch ?? null,
    refresh: refreshOf(node.duties.refresh()),
    released: node.answers.count(),
  }
}

const refreshOf = (state: RefreshState | undefined) =>
  state ? { since: state.since, due: state.due ?? null, waitsFor: state.waitsFor } : null

/** What an error becomes on the wire. Refusals have their own codes; a chain that fails is this node's problem. */
function problemOf(error: BaseError): Problem | undefined {
  if (error instanceof RefusalError) {
    const { status, says, hint } = refusals[error.refusal]
    return { status, code: error.refusal, detail: says, hint }
  }
  if (error.code === 'STALE_HEAD') return asProblem('STALE_HEAD')
  if (['CHAIN_CALL', 'CHAIN_TIMEOUT', 'NETWORK'].includes(error.code)) return asProblem('CHAIN_UNAVAILABLE')
  return undefined
}

function asProblem(code: keyof typeof refusals): Problem {
  const { status, says, hint } = refusals[code]
  return { status, code, detail: says, hint }
}

/** HTTP status of the errors that are no refusals of a release. */
export const statuses: Readonly<Record<string, number>> = {
  TICKET: 401,
  TICKET_POSSESSION: 401,
  SESSION: 401,
  NOT_REGISTERED: 503,
  KEEPER: 403,
  DELETION_REFUSED: 403,
  KEY_HEADER: 400,
  CAPSULE: 400,
  SIGNED_OBJECT: 400,
  CBOR: 400,
  CBOR_FIELD: 400,
  ENCODING: 400,
  MESSAGE: 400,
  CHECKPOINT_REFUSED: 409,
  FROST: 409,
  DKG_STATE: 409,
  DKG: 409,
  CEREMONY_STATE: 409,
  CEREMONY: 409,
  CONTRACT_REFUSAL: 409,
}
