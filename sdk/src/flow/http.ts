import { concat } from '../bytes.ts'
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
    const body = await readAnswer(response)
    if (!response.ok) throw problemFrom(response.status, body)
    return body
  } catch (error) {
    signal?.throwIfAborted()
    if (error instanceof ServiceError) throw error
    const late = error instanceof Error && error.name === 'TimeoutError'
    throw new ServiceError({ problem: late ? 'TIMEOUT' : 'UNREACHABLE', detail: 'It does not answer.', cause: error })
  }
}

/** Reads no further than the limit: a service may send without end. */
async function readAnswer(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = []
  const reader = response.body?.getReader()
  let length = 0
  for (let next = await reader?.read(); next?.value; next = await reader?.read()) {
    length += next.value.length
    parts.push(next.value)
    if (length <= maxAnswer) continue
    await reader?.cancel()
    throw new ServiceError({ problem: 'TOO_LARGE', detail: 'The answer is too large.' })
  }
  return concat(...parts)
}

/** A call that sends and receives JSON. */
export async function callJson(endpoint: string, path: string, body: unknown, options?: CallOptions): Promise<unknown> {
  const init =
    body === undefined
      ? {}
      : { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }
  const answer = await call(endpoint, path, init, options)
  try {
    return JSON.parse(new TextDecoder().decode(answer))
  } catch (cause) {
    throw new ServiceError({ problem: 'BAD_ANSWER', detail: 'The answer is no JSON.', cause })
  }
}

function problemFrom(status: number, body: Uint8Array): ServiceError {
  try {
    const { code, detail, hint } = JSON.parse(new TextDecoder().decode(body)) as Record<string, unknown>
    if (typeof code !== 'string') return new ServiceError({ problem: `HTTP_${status}` })
    return new ServiceError({
      problem: code,
      ...(typeof detail === 'string' && { detail }),
      ...(typeof hint === 'string' && { hint }),
    })
  } catch {
    return new ServiceError({ problem: `HTTP_${status}` })
  }
}

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
