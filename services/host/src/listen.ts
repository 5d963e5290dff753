import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { BaseError } from '@sharewell/sdk/errors'
import type { Hono } from 'hono'
import { internal, type Problem, problemResponse, problemText, problemType } from './problem.ts'

/** A service that listens. */
export type Listening = {
  readonly url: string
  /** Takes no more requests, lets the running ones end for `stop` ms, then cuts them off. */
  close(): Promise<void>
}

/** Where a service listens. */
export type Address = {
  readonly host?: string | undefined
  readonly port: number
  readonly limits?: Partial<ServerLimits> | undefined
}

/** What one server bears of its clients, in milliseconds and counts. */
export type ServerLimits = {
  /** From the connection, or the end of the last answer, to the end of a request's header: 10,000. */
  readonly header: number
  /** For a whole request: 120,000. */
  readonly request: number
  /** That a connection is kept without a request: 5,000. */
  readonly idle: number
  /** That a client may leave a finished answer unread: 60,000. */
  readonly unread: number
  /** That running requests have when the service stops: 5,000. */
  readonly stop: number
  /** Connections at once: 512. */
  readonly connections: number
}

const defaults: ServerLimits = {
  header: 10_000,
  request: 120_000,
  idle: 5_000,
  unread: 60_000,
  stop: 5_000,
  connections: 512,
}

/** Listens on `host`, by default loopback; port 0 takes a free one. A client that is slow with its header, its body or
 * its answer is cut off, and what is no HTTP is answered as a problem too. Errors: {@link ListenError}. */
export async function listen(
  app: Pick<Hono, 'fetch'>,
  { host = '127.0.0.1', port, limits }: Address,
): Promise<Listening> {
  const most = { ...defaults, ...limits }
  const server = serverOf(app, most)
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(new ListenError({ host, port, cause })))
    server.listen(port, host, resolve)
  })
  const { port: taken } = server.address() as AddressInfo
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${taken}`
  return { url, close: () => stop(server, sockets, most.stop) }
}

function serverOf(app: Pick<Hono, 'fetch'>, { header, request, idle, unread, connections }: ServerLimits): Server {
  const errorHandler = (error: unknown) =>
    problemResponse(error instanceof Error && error.name === 'RequestError' ? badTarget : internal)
  const listener = getRequestListener(app.fetch, { overrideGlobalObjects: false, errorHandler })
  const server = createServer({
    headersTimeout: Math.min(header, request),
    requestTimeout: request,
    // Answered like every other request that cannot be read.
    requireHostHeader: false,
    keepAliveTimeout: idle,
    // Node looks for late ones only so often.
    connectionsCheckingInterval: Math.min(1_000, header),
  })
  server.maxConnections = connections
  /** The last request of each connection. */
  const exchanges = new WeakMap<Socket, { incoming: IncomingMessage; outgoing: ServerResponse }>()
  const answer = (incoming: IncomingMessage, outgoing: ServerResponse) => {
    exchanges.set(incoming.socket, { incoming, outgoing })
    outgoing.once('prefinish', () => boundSending(outgoing, unread))
    void listener(incoming, outgoing)
  }
  server.on('request', answer)
  server.on('checkExpectation', (_: IncomingMessage, outgoing: ServerResponse) => {
    outgoing.writeHead(417, { 'content-type': problemType }).end(problemText(badExpectation))
  })
  server.on('connect', (_: IncomingMessage, socket: Socket) => refuse(socket, noTunnel))
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const { incoming, outgoing } = exchanges.get(socket) ?? {}
    // What was answered already gets no second answer, which would be read as that of the next request.
    const answered = outgoing?.headersSent && !(incoming?.complete && outgoing.writableFinished)
    if (answered) socket.end(() => socket.destroy())
    else refuse(socket, parserProblem(error.code))
  })
  return server
}

/** The answer is complete; the client has `unread` ms to take each piece of it. */
function boundSending(outgoing: ServerResponse, unread: number): void {
  const { socket } = outgoing
  if (!socket || outgoing.writableFinished) return
  const cut = () => socket.destroy()
  socket.setTimeout(unread, cut)
  // The time that it may then stay without a request is Node's to set.
  outgoing.once('finish', () => socket.off('timeout', cut))
}

/** Answers what never became a request. */
function refuse(socket: Socket, problem: Problem): void {
  if (socket.destroyed || !socket.writable) return
  const body = problemText(problem)
  const head = [
    `HTTP/1.1 ${problem.status} ${problem.code}`,
    `content-type: ${problemType}`,
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ]
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy())
}

const hint = 'Send one HTTP/1.1 request as the service’s page in docs/spec describes it.'
const badTarget: Problem = { status: 400, code: 'BAD_REQUEST', detail: 'The host or the path cannot be read.', hint }
const badExpectation: Problem = { status: 417, code: 'BAD_REQUEST', detail: 'Only 100-continue can be expected.', hint }
const noTunnel: Problem = { status: 405, code: 'METHOD', detail: 'No tunnels are made here.', hint }

function parserProblem(code: string | undefined): Problem {
  if (code === 'HPE_HEADER_OVERFLOW')
    return { status: 431, code: 'TOO_LARGE', detail: 'The header is longer than 16 KiB.', hint: 'Send a shorter one.' }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return { status: 408, code: 'BODY_TIMEOUT', detail: 'The request did not arrive in time.', hint: 'Send it again.' }
  return { status: 400, code: 'BAD_REQUEST', detail: 'This is no HTTP request.', hint }
}

/** Connections on which nothing ever came, as browsers keep them ready, are cut off at once: Node counts them as busy. */
async function stop(server: Server, sockets: ReadonlySet<Socket>, patience: number): Promise<void> {
  const closed = new Promise<void>((resolve) => void server.close(() => resolve()))
  server.closeIdleConnections()
  for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
  const timer = setTimeout(() => {
    for (const socket of sockets) socket.destroy()
  }, patience)
  await closed
  clearTimeout(timer)
}

/** Thrown when a service cannot listen where it should. */
export class ListenError extends BaseError<'LISTEN'> {
  override readonly name = 'ListenError'
  constructor({ host = '', port = 0, cause }: { host?: string; port?: number; cause?: unknown }) {
    super('LISTEN', `Nothing can listen on ${host} port ${port}.`, {
      cause,
      hints: ['Stop what has the port, or name another port or address in the config.'],
    })
  }
}
