import * as z from 'zod'
import { type Bytes, concat } from '../bytes.ts'
import { BaseError, firstLine } from '../errors.ts'
import type { AbortOptions } from './share-store.ts'
import { withDeadline } from './wait.ts'

/** What went wrong at a node, in a line. */
export const wordsOfFailure = (error: unknown): string =>
  error instanceof BaseError ? firstLine(error.message) : 'the connection failed'

/** The `fetch` of the platform, or a test's. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>

/** How one node is called. */
export type CallOptions = AbortOptions & {
  readonly fetch: Fetch
  readonly timeout: number
  /** Most bytes of an answer that are read. */
  readonly limit: number
}

/** An answer whose body has been read whole. */
export type Answer = { readonly status: number; readonly headers: Headers; readonly body: Bytes }

/** Calls a node and reads its whole answer, bounded in time and size.
 * Errors: {@link NodeRefusedError}, {@link NodeUnreachableError}, {@link AnswerError}, `PlaceTimeoutError`. */
export async function call(url: string, init: RequestInit, options: CallOptions): Promise<Answer> {
  return await withDeadline(`${init.method ?? 'GET'} ${url}`, options.timeout, options, async (signal) => {
    const response = await reach(url, { ...init, signal }, options)
    const body = await readBody(url, response, options.limit)
    if (response.status >= 300) throw refusal(url, response.status, body)
    return { status: response.status, headers: response.headers, body }
  })
}

/** Sends a request; what fails before an answer is {@link NodeUnreachableError}. A redirect is such a failure: a ticket
 * is for the node that the registry names, and for no other place. */
export async function reach(url: string, init: RequestInit, { fetch, signal }: Pick<CallOptions, 'fetch' | 'signal'>) {
  try {
    return await fetch(url, { ...init, redirect: 'error' })
  } catch (cause) {
    signal?.throwIfAborted()
    init.signal?.throwIfAborted()
    throw new NodeUnreachableError({ url, cause })
  }
}

const leastRoom = 16_384

/** Reads a body of at most `limit` bytes, in memory of at most twice what came. */
export async function readBody(url: string, response: Response, limit: number): Promise<Bytes> {
  // A compressed body is longer than its content-length; ours are not compressed.
  const said = Number(response.headers.get('content-length') ?? 0) || 0
  const announced = Math.min(Math.max(0, Math.ceil(said)), limit + 1)
  const reader = response.body?.getReader()
  let bytes = new Uint8Array(Math.min(announced, limit))
  let length = 0
  for (let next = await piece(url, reader); next; next = await piece(url, reader)) {
    if (Math.max(announced, length + next.length) > limit) {
      await reader?.cancel()
      throw new AnswerError({ url, reason: `longer than ${limit} bytes` })
    }
    const needed = length + next.length
    // Room grows with what came, so that an answer of a few bytes does not cost the whole limit.
    if (needed > bytes.length) {
      const more = Math.min(limit, Math.max(2 * needed, leastRoom))
      bytes = concat(bytes.subarray(0, length), new Uint8Array(more - length))
    }
    bytes.set(next, length)
    length += next.length
  }
  return length === bytes.length ? bytes : bytes.slice(0, length)
}

async function piece(url: string, reader: ReadableStreamDefaultReader<Bytes> | undefined): Promise<Bytes | undefined> {
  try {
    const next = await reader?.read()
    return next?.value
  } catch (cause) {
    throw new NodeUnreachableError({ url, cause })
  }
}

/** Parses a JSON answer by `shape`. Errors: {@link AnswerError}. */
export function parseJson<T>(url: string, body: Uint8Array, shape: z.ZodType<T>): T {
  try {
    return shape.parse(JSON.parse(new TextDecoder().decode(body)))
  } catch (cause) {
    throw new AnswerError({ url, reason: 'not of the agreed form', cause })
  }
}

const line = z.string().transform((text) => text.replaceAll(/\s+/g, ' ').slice(0, 2_000))
const problemShape = z.object({
  code: z.string().regex(/^[A-Z][A-Z0-9_]{0,63}$/),
  detail: line.optional(),
  hint: line.optional(),
})

/** The refusal that a problem+json body (RFC 9457) tells, or a bare one. */
export function refusal(url: string, status: number, body: Uint8Array): NodeRefusedError {
  try {
    const { code, detail, hint } = problemShape.parse(JSON.parse(new TextDecoder().decode(body)))
    return new NodeRefusedError({ url, status, reason: code, detail, hint })
  } catch {
    return new NodeRefusedError({ url, status })
  }
}

/** Thrown when a node answers with a refusal; `reason` is the node's own code. */
export class NodeRefusedError extends BaseError<'NODE_REFUSED'> {
  override readonly name = 'NodeRefusedError'
  readonly status: number
  readonly reason: string | undefined
  constructor({ url, status = 0, reason, detail, hint }: NodeRefusedError.Options) {
    const why = [reason, detail].filter((part) => part !== undefined).join(': ')
    super('NODE_REFUSED', `${url ?? 'The node'} refused (${status})${why && `: ${why}`}`, {
      hints: hint === undefined ? ['Read the reason: it tells what the node misses.'] : [hint],
      docs: 'storage-node.md#refusals',
    })
    this.status = status
    this.reason = reason
  }
}
export declare namespace NodeRefusedError {
  type Options = {
    url?: string
    status?: number
    reason?: string | undefined
    detail?: string | undefined
    hint?: string | undefined
  }
}

/** Thrown when a node cannot be reached, or the connection broke before the answer ended. */
export class NodeUnreachableError extends BaseError<'NODE_UNREACHABLE'> {
  override readonly name = 'NodeUnreachableError'
  constructor({ url, cause }: { url?: string; cause?: unknown }) {
    super('NODE_UNREACHABLE', `${url ?? 'The node'} cannot be reached.`, {
      cause,
      hints: ['Check that the node is up and its endpoint in the registry is right.'],
      docs: 'placement.md#timeouts',
    })
  }
}

/** Thrown when a node answers something that the protocol does not know. */
export class AnswerError extends BaseError<'ANSWER'> {
  override readonly name = 'AnswerError'
  constructor({ url, reason, cause }: { url?: string; reason?: string; cause?: unknown }) {
    super('ANSWER', `${url ?? 'The node'} answered ${reason ?? 'something else'}.`, {
      cause,
      hints: ['Ask another node; this one runs other software or is not what it says.'],
      docs: 'storage-node.md',
    })
  }
}
