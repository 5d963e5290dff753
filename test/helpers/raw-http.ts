import { connect, type Socket } from 'node:net'

/** A connection of a client that does not keep to HTTP. */
export type RawClient = {
  readonly socket: Socket
  /** Everything that came until the server closed; rejects when it does not within `ms`. */
  closed(ms?: number): Promise<string>
  /** Waits until what came matches. */
  heard(pattern: RegExp, ms?: number): Promise<string>
}

/** Dials a service. */
export async function dial(url: string, options: { readonly allowHalfOpen?: boolean } = {}): Promise<RawClient> {
  const { hostname, port } = new URL(url)
  const socket = connect({ port: Number(port), host: hostname, ...options })
  let text = ''
  let isClosed = false
  socket.on('data', (data) => {
    text += data.toString('latin1')
  })
  // A server that cuts the connection is what is tested.
  socket.on('error', () => undefined)
  socket.once('close', () => {
    isClosed = true
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', reject)
  })
  const until = (done: () => boolean, what: string, ms: number) =>
    new Promise<string>((resolve, reject) => {
      const timer = setTimeout(() => {
        socket.destroy()
        reject(new Error(`${what} after ${ms} ms: ${text.slice(0, 200)}`))
      }, ms)
      const look = () => {
        if (!done()) return
        clearTimeout(timer)
        resolve(text)
      }
      for (const event of ['data', 'close']) socket.on(event, look)
      look()
    })
  return {
    socket,
    closed: (ms = 15_000) => until(() => isClosed, 'still open', ms),
    heard: (pattern, ms = 15_000) => until(() => pattern.test(text), 'not heard', ms),
  }
}

/** The first answer in what a server sent: its status, and its body as JSON where it is a problem. */
export function firstAnswer(text: string): { readonly status: number; readonly problem?: Record<string, unknown> } {
  const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1] ?? 0)
  const [head = '', ...rest] = text.split('\r\n\r\n')
  if (!head.toLowerCase().includes('application/problem+json')) return { status }
  const json = /\{.*\}/s.exec(rest.join(''))?.[0] ?? '{}'
  return { status, problem: JSON.parse(json) as Record<string, unknown> }
}
