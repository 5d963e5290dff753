import type { HttpBindings } from '@hono/node-server'
import type { Context } from 'hono'
import { ClientGoneError } from './problem.ts'

/** Aborts when the client hangs up, with a {@link ClientGoneError} as its reason. The server's own signal has a string
 * there, which `throwIfAborted` would throw as it is. */
export function signalOf(c: Context): AbortSignal {
  const { raw } = c.req
  const known = signals.get(raw)
  if (known) return known
  const gone = new AbortController()
  const abort = () => gone.abort(new ClientGoneError({ cause: raw.signal.reason }))
  if (raw.signal.aborted) abort()
  else raw.signal.addEventListener('abort', abort, { once: true })
  signals.set(raw, gone.signal)
  return gone.signal
}

const signals = new WeakMap<Request, AbortSignal>()

/** The connection's answer, where there is a connection: none in `app.request()`. */
export const outgoingOf = (c: Context): HttpBindings['outgoing'] | undefined =>
  (c.env as Partial<HttpBindings> | undefined)?.outgoing

/** Cuts the connection of a client that does not take its answer; false where there is none. */
export function hangUp(c: Context): boolean {
  return outgoingOf(c)?.destroy() !== undefined
}
