import type { Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { BaseError } from '@sharewell/sdk/errors'
import { type Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { cors } from 'hono/cors'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { Counter, Histogram, Registry } from 'prom-client'

/** Where a service says what it did: counts and codes, never an id, an account or a byte of content. */
export type Log = {
  info(fields: Record<string, unknown>, message: string): void
  warn(fields: Record<string, unknown>, message: string): void
  error(fields: Record<string, unknown>, message: string): void
}

/** What goes wrong, as RFC 9457 says it. */
export type Problem = {
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly hint?: string
}

/** How a service answers. */
export type ServiceOptions = {
  readonly log: Log
  /** Resolves when the service can do its work; rejects with the reason. */
  readonly ready: () => Promise<void>
  /** What an error becomes; undefined is a bare 500. */
  readonly problemOf: (error: BaseError) => Problem | undefined
}

/** An app with what every service has: health, metrics, CORS for the dApp, and errors as problem+json. */
export function createService({ log, ready, problemOf }: ServiceOptions): { app: Hono; registry: Registry } {
  const app = new Hono()
  const registry = new Registry()
  const requests = new Counter({
    name: 'http_requests_total',
    help: 'Answers by route and status.',
    labelNames: ['method', 'route', 'status'],
    registers: [registry],
  })
  const seconds = new Histogram({
    name: 'http_request_seconds',
    help: 'Time to answer.',
    labelNames: ['route'],
    registers: [registry],
  })

  // No cookies are used, so any page may ask; what it may learn is decided by tickets and signatures.
  app.use(cors({ origin: '*', allowHeaders: ['authorization', 'content-type'], maxAge: 600 }))
  app.use(async (c, next) => {
    const started = performance.now()
    await next()
    const route = c.req.routePath
    requests.inc({ method: c.req.method, route, status: c.res.status })
    seconds.observe({ route }, (performance.now() - started) / 1000)
  })
  app.get('/healthz', (c) => c.text('ok'))
  app.get('/readyz', async (c) => {
    try {
      await ready()
      return c.text('ok')
    } catch (error) {
      const code = error instanceof BaseError ? error.code : 'INTERNAL'
      return problem(c, { status: 503, code, detail: 'Not ready yet.' })
    }
  })
  app.get('/metrics', async (c) => c.text(await registry.metrics(), 200, { 'content-type': registry.contentType }))
  app.notFound((c) => problem(c, { status: 404, code: 'NOT_FOUND', detail: 'There is nothing here.' }))
  app.onError((error, c) => {
    const known = error instanceof BaseError ? problemOf(error) : undefined
    if (known) return problem(c, known)
    log.error({ error: error.name, route: c.req.routePath }, 'failed')
    return problem(c, { status: 500, code: 'INTERNAL', detail: 'Something went wrong here.' })
  })
  return { app, registry }
}

/** Answers with RFC 9457 problem details. */
export function problem(c: Context, { status, code, detail, hint }: Problem): Response {
  const type = `https://docs.example/errors#${code}`
  const body = { type, title: detail, status, detail, code, ...(hint && { hint }) }
  return c.body(JSON.stringify(body), status as ContentfulStatusCode, { 'content-type': 'application/problem+json' })
}

/** Refuses bodies above `maxSize` bytes before they are read whole. */
export const limitBody = (maxSize: number) =>
  bodyLimit({
    maxSize,
    onError: (c) => problem(c, { status: 413, code: 'TOO_LARGE', detail: `At most ${maxSize} bytes are taken here.` }),
  })

/** A service that listens. */
export type Running = { readonly url: string; close(): Promise<void> }

/** Listens on `host`; port 0 takes a free one. Slow headers and bodies are cut off. */
export async function listen(app: Hono, { host, port }: { host: string; port: number }): Promise<Running> {
  const serverOptions = { headersTimeout: 10_000, requestTimeout: 60_000, keepAliveTimeout: 5_000 }
  const server = createAdaptorServer({ fetch: app.fetch, overrideGlobalObjects: false, serverOptions }) as Server
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve())
  })
  const { port: taken } = server.address() as AddressInfo
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeIdleConnections()
      // Connections on which nothing ever came, as browsers keep them ready: Node counts them as busy.
      for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
      setTimeout(() => server.closeAllConnections(), 2_000).unref()
    })
  return { url: `http://${host.includes(':') ? `[${host}]` : host}:${taken}`, close }
}
