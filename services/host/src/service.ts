import { BaseError } from '@sharewell/sdk/errors'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { cors } from 'hono/cors'
import { Counter, Histogram, Registry } from 'prom-client'
import { DiskFullError, isDiskFull } from './disk.ts'
import type { Log } from './log.ts'
import {
  BusyError,
  ClientGoneError,
  commonStatuses,
  internal,
  MethodError,
  NotFoundError,
  type Problem,
  problemOfError,
  problemResponse,
} from './problem.ts'
import { outgoingOf, signalOf } from './signal.ts'

/** How a service answers. */
export type ServiceOptions = {
  readonly log: Log
  /** Resolves when the service can do its work; rejects with the reason. */
  readonly ready: (options: { signal: AbortSignal }) => Promise<void>
  /** HTTP status of each code that the client is told; an error with another code is the service's own failure. */
  readonly statuses: Readonly<Record<string, number>>
  /** What an error says where its own message is not what the client should read. */
  readonly problemOf?: (error: BaseError) => Problem | undefined
  /** Header fields that a page may send, and see. No cookies are used, so any page may ask; what it may learn is decided
   * by tickets and signatures. */
  readonly headers?: { readonly allow?: readonly string[]; readonly expose?: readonly string[] }
}

/** An app with what every service has; routes and counters come on top. */
export type Service = {
  readonly app: Hono
  readonly registry: Registry
  /** What an error becomes on the wire. */
  readonly problemOf: (error: unknown) => Problem
}

/** Makes the app of a service: `/healthz`, `/readyz`, `/metrics`, requests from pages, every error as problem+json. */
export function createService(options: ServiceOptions): Service {
  const app = new Hono()
  const registry = new Registry()
  const problemOf = problemsOf(options)
  const { allow = ['authorization', 'content-type'], expose = [] } = options.headers ?? {}

  app.use(counting(registry))
  app.use(
    cors({
      origin: '*',
      allowMethods: ['GET', 'HEAD', 'PUT', 'POST'],
      allowHeaders: [...allow],
      exposeHeaders: [...expose],
      maxAge: 600,
    }),
  )
  app.get('/healthz', (c) => c.text('ok'))
  app.get('/readyz', async (c) => {
    try {
      await options.ready({ signal: signalOf(c) })
      return c.text('ok')
    } catch (error) {
      return problemResponse({ ...problemOf(error), status: 503 })
    }
  })
  app.get('/metrics', async (c) => c.text(await registry.metrics(), 200, { 'content-type': registry.contentType }))
  app.notFound((c) => {
    const allowed = methodsAt(app, c.req.path)
    return problemResponse(problemOf(allowed.length > 0 ? new MethodError({ allowed }) : new NotFoundError()))
  })
  app.onError((error, c) => {
    const gone = c.req.raw.signal.aborted || error instanceof ClientGoneError
    const problem = problemOf(gone ? new ClientGoneError({ cause: error }) : error)
    const fields = { code: problem.code, route: c.req.routePath }
    if (gone) options.log.debug(fields, 'client gone')
    else if (problem.status >= 500) options.log.error({ ...fields, error: nameOf(error) }, 'failed')
    return problemResponse(problem)
  })
  return { app, registry, problemOf }
}

const nameOf = (error: Error): string => (error instanceof BaseError ? error.code : error.name)

function problemsOf({ statuses, problemOf }: ServiceOptions): Service['problemOf'] {
  return (thrown) => {
    const error = isDiskFull(thrown) ? new DiskFullError({ cause: thrown }) : thrown
    if (!(error instanceof BaseError)) return internal
    const said = problemOf?.(error)
    if (said) return said
    const status = commonStatuses[error.code] ?? statuses[error.code]
    return status === undefined ? internal : problemOfError(error, status)
  }
}

const methods = new Set(['GET', 'HEAD', 'PUT', 'POST', 'OPTIONS', 'DELETE', 'PATCH'])

/** Counts answers and times them. Labels are the service's own words: a client cannot make more of them. */
function counting(registry: Registry): MiddlewareHandler {
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
  return async (c, next) => {
    const started = performance.now()
    try {
      await next()
    } catch (error) {
      // Hono answers what is an Error; anything else would reach the server bare.
      throw error instanceof Error ? error : new Error('something that is no error was thrown', { cause: error })
    }
    const route = c.req.routePath
    requests.inc({ method: methods.has(c.req.method) ? c.req.method : 'other', route, status: c.res.status })
    seconds.observe({ route }, (performance.now() - started) / 1000)
  }
}

/** The methods that a path has. */
function methodsAt(app: Hono, path: string): string[] {
  const found = new Set<string>()
  for (const route of app.routes) {
    if (route.method === 'ALL') continue
    const pattern = route.path.split('/').map((part) => (part.startsWith(':') ? '[^/]+' : part.replaceAll('.', '\\.')))
    if (new RegExp(`^${pattern.join('/')}$`).test(path)) found.add(route.method)
  }
  if (found.has('GET')) found.add('HEAD')
  return [...found].sort()
}

/** Refuses at once what would pile up: at most `most` requests whose answers are not sent yet. Errors: `BusyError`. */
export function limiting(most: number): MiddlewareHandler {
  let running = 0
  return async (c: Context, next) => {
    if (running >= most) throw new BusyError()
    running += 1
    const outgoing = outgoingOf(c)
    // Without a connection, as in a test, the answer is sent when it is made.
    outgoing?.once('close', () => {
      running -= 1
    })
    try {
      await next()
    } finally {
      if (!outgoing) running -= 1
    }
  }
}
