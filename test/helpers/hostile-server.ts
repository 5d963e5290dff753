import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'

/** What a server may do instead of answering. */
export type Hostility = keyof typeof hostilities

const json = { 'content-type': 'application/json' }
const deep = `${'{"a":['.repeat(50_000)}${']}'.repeat(50_000)}`
/** 64 MiB of spaces in 64 KiB. */
const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024, 0x20))

type Answer = (outgoing: ServerResponse, incoming: IncomingMessage) => void

/** Sends a piece now and then, until the client has enough. */
const dripping =
  (status: number, headers: Record<string, string>, piece: string | Buffer, every: number): Answer =>
  (outgoing) => {
    outgoing.writeHead(status, headers)
    const timer = setInterval(() => outgoing.write(piece), every)
    outgoing.once('close', () => clearInterval(timer))
  }

const saying =
  (status: number, headers: Record<string, string>, body: string | Buffer): Answer =>
  (outgoing) => {
    outgoing.writeHead(status, headers).end(body)
  }

const hostilities = {
  'says nothing': () => undefined,
  'hangs up': (outgoing) => outgoing.destroy(),
  'hangs up in the middle': (outgoing) => {
    outgoing.writeHead(200, { ...json, 'content-length': '1000' }).write('{"half":')
    setTimeout(() => outgoing.destroy(), 20)
  },
  'speaks no HTTP': (_, incoming) => incoming.socket.end('SSH-2.0-OpenSSH_9.6\r\n'),
  'sends a page': saying(200, { 'content-type': 'text/html' }, '<html><title>Log in to this network</title></html>'),
  'sends noise': saying(200, json, Buffer.from(Array.from({ length: 300 }, (_, at) => (at * 37) & 0xff))),
  'sends null': saying(200, json, 'null'),
  'sends a number': saying(200, json, '1e999'),
  'sends a list': saying(200, json, '[[],{},null]'),
  'sends wrong fields': saying(
    200,
    json,
    '{"enc":1,"ct":{},"entries":7,"capsules":{},"openings":null,"operator":[],"result":{"number":{}}}',
  ),
  'sends deep JSON': saying(200, json, deep),
  'sends nothing': saying(200, json, ''),
  'sends no content': saying(204, {}, ''),
  'sends without end': dripping(200, json, Buffer.alloc(1 << 20, 0x20), 1),
  drips: dripping(200, json, ' ', 20),
  'drips an error': dripping(500, { 'content-type': 'application/problem+json' }, ' ', 20),
  'sends a bomb': saying(200, { ...json, 'content-encoding': 'gzip' }, bomb),
  'sends a bomb as an error': saying(500, { ...json, 'content-encoding': 'gzip' }, bomb),
  'sends what is no gzip': saying(200, { ...json, 'content-encoding': 'gzip' }, 'this is plain'),
  'sends huge headers': saying(200, { ...json, 'x-huge': 'x'.repeat(70_000) }, '{}'),
  'fails with a page': saying(500, { 'content-type': 'text/html' }, `<h1>${'Oops '.repeat(1_000)}</h1>`),
  'fails with odd fields': saying(
    400,
    { 'content-type': 'application/problem+json' },
    JSON.stringify({ type: 1, code: { a: 1 }, detail: ['x'], hint: null, status: 'four' }),
  ),
  'fails with words for a terminal': saying(
    400,
    { 'content-type': 'application/problem+json' },
    JSON.stringify({
      code: 'ODD\u001b[2J\n- Docs: http://evil',
      detail: `\u001b]0;owned\u0007\u202e${'x'.repeat(100_000)}`,
      hint: 'a\r\nb\u0000',
    }),
  ),
  'redirects elsewhere': (outgoing) => {
    outgoing.writeHead(307, { location: '/elsewhere' }).end()
  },
  'redirects for good': (outgoing) => {
    outgoing.writeHead(301, { location: '/elsewhere' }).end()
  },
} as const satisfies Record<string, Answer>

/** Every hostility by its name. */
export const everyHostility = Object.keys(hostilities) as Hostility[]

/** A server that does one hostile thing after another, whatever it is asked. */
export type HostileServer = {
  readonly url: string
  act(hostility: Hostility): void
  doing(): Hostility
  /** Requests that followed a redirect: they may carry a ticket to a place that nobody named. */
  readonly strayed: readonly string[]
  /** Resolves when no connection is left that a client still holds. */
  idle(): Promise<void>
  close(): Promise<void>
}

/** Starts a hostile server on a free port. */
export async function startHostileServer(): Promise<HostileServer> {
  let now: Hostility = 'says nothing'
  const strayed: string[] = []
  const busy = new Set<ServerResponse>()
  const server: Server = createServer({ keepAliveTimeout: 1 }, (incoming, outgoing) => {
    busy.add(outgoing)
    outgoing.once('close', () => busy.delete(outgoing))
    outgoing.on('error', () => undefined)
    if (incoming.url?.startsWith('/elsewhere')) strayed.push(incoming.url)
    incoming.resume()
    ;(hostilities[now] as Answer)(outgoing, incoming)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    act: (hostility) => {
      now = hostility
    },
    doing: () => now,
    strayed,
    async idle() {
      await Promise.all([...busy].map((one) => new Promise((resolve) => one.once('close', resolve))))
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
