import { type Bytes, collect } from '../bytes.ts'
import { BaseError } from '../errors.ts'

/** Options of a call to a service. */
export type CallOptions = { readonly signal?: AbortSignal | undefined; readonly timeout?: number | undefined }

/** Milliseconds that a service may take for a small answer. */
const defaultTimeout = 15_000
const maxAnswer = 16 * 1024 * 1024

/** One HTTP call with a timeout. Anything but success becomes {@link ServiceError} with the service's own code. */
export async function call(
  endpoint: string,
  path: string,
  init: RequestInit,
  { signal, timeout = defaultTimeout }: CallOptions = {},
): Promise<Uint8Array<ArrayBuffer>> {
  signal?.throwIfAborted()
  const within = AbortSignal.any([AbortSignal.timeout(timeout), ...(signal ? [signal] : [])])
  try {
    const response = await fetch(new URL(path, endpoint), { ...init, signal: within, redirect: 'error' })
    const body = await bodyOf(response)
    if (!response.ok) throw problemFrom(response.status, body)
    return body
  } catch (error) {
    signal?.throwIfAborted()
    if (error instanceof ServiceError) throw error
    const late = within.aborted
    throw new ServiceError({ problem: late ? 'TIMEOUT' : 'UNREACHABLE', detail: 'It does not answer.', cause: error })
  }
}

/** Reads no further than the limit: a service may send without end. */
async function bodyOf({ body, headers }: Response): Promise<Bytes> {
  const announced = Number(headers.get('content-length') ?? 0)
  const bytes = announced > maxAnswer ? undefined : await collect(body, maxAnswer)
  if (!bytes) throw new ServiceError({ problem: 'TOO_LARGE', detail: 'The answer is too large.' })
  return bytes
}

/** Puts bytes to a service, which says no more than that it took them: a page of something between is no such word. */
export async function put(
  endpoint: string,
  path: string,
  body: Uint8Array<ArrayBuffer>,
  options?: CallOptions,
): Promise<void> {
  const init = { method: 'PUT', body, headers: { 'content-type': 'application/octet-stream' } }
  const answer = await call(endpoint, path, init, options)
  if (answer.length > 0) throw new ServiceError({ problem: 'BAD_ANSWER', detail: 'It does not say that it took it.' })
}

/** A call that sends JSON and receives a JSON object; what its fields hold is for the caller to check. */
export async function callJson(
  endpoint: string,
  path: string,
  body: unknown,
  options?: CallOptions,
): Promise<Readonly<Record<string, unknown>>> {
  const init =
    body === undefined
      ? {}
      : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
  const answer = await call(endpoint, path, init, options)
  const parsed = objectIn(answer)
  if (!parsed) throw new ServiceError({ problem: 'BAD_ANSWER', detail: 'The answer is no JSON object.' })
  return parsed
}

function objectIn(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes))
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}

function problemFrom(status: number, body: Uint8Array): ServiceError {
  const { code, detail, hint } = objectIn(body) ?? {}
  if (typeof code !== 'string' || !/^[A-Z][A-Z0-9_]{0,63}$/.test(code))
    return new ServiceError({ problem: `HTTP_${status}` })
  return new ServiceError({ problem: code, ...line('detail', detail), ...line('hint', hint) })
}

/** What a stranger says, as one line of bounded length. */
const line = (name: 'detail' | 'hint', text: unknown) =>
  typeof text === 'string' ? { [name]: text.replaceAll(/\s+/g, ' ').slice(0, 2_000) } : {}

/** Thrown when a service refuses or fails; `problem` is the code it gave (RFC 9457), or why it gave none. */
export class ServiceError extends BaseError<'SERVICE'> {
  override readonly name = 'ServiceError'
  readonly problem: string
  constructor({ problem = 'UNKNOWN', detail, hint, cause }: ServiceError.Options) {
    super('SERVICE', `The service refuses (${problem})${detail ? `: ${detail}` : '.'}`, {
      cause,
      hints: hint ? [hint] : [],
    })
    this.problem = problem
  }
}
export declare namespace ServiceError {
  type Options = { problem?: string; detail?: string; hint?: string; cause?: unknown }
}
