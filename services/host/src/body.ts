import type { Context } from 'hono'
import { BadRequestError, BodyTimeoutError, ClientGoneError, MediaTypeError, TooLargeError } from './problem.ts'

/** How long a body may be, and how long it may take. */
export type BodyLimits = {
  /** Most bytes. */
  readonly limit: number
  /** Milliseconds without a byte: 10,000. */
  readonly idle?: number | undefined
  /** Milliseconds for the whole body: 60,000, which bounds a client that sends a byte now and then. */
  readonly total?: number | undefined
}

type Bytes = Uint8Array<ArrayBuffer>

/** Reads a request's body. Where the length is announced the pieces go straight to their place: no body is held twice.
 * Errors: {@link TooLargeError}, {@link BodyTimeoutError}, {@link ClientGoneError}, {@link MediaTypeError}. */
export async function readBody(c: Context, limits: BodyLimits): Promise<Bytes> {
  const { limit } = limits
  if ((c.req.header('content-encoding') ?? 'identity') !== 'identity') throw new MediaTypeError({ wanted: 'the bytes' })
  const announced = Number(c.req.header('content-length') ?? 0) || 0
  if (announced > limit) throw new TooLargeError({ limit })
  const reader = c.req.raw.body?.getReader()
  if (!reader) return new Uint8Array()
  const next = paced(reader, limits)
  let bytes: Bytes = new Uint8Array(announced)
  let length = 0
  for (let piece = await next(); piece; piece = await next()) {
    if (length + piece.length > limit) {
      // Not awaited: a client may keep it from ending.
      reader.cancel().catch(() => undefined)
      throw new TooLargeError({ limit })
    }
    if (length + piece.length > bytes.length) bytes = grown(bytes.subarray(0, length), length + piece.length, limit)
    bytes.set(piece, length)
    length += piece.length
  }
  return length === bytes.length ? bytes : bytes.slice(0, length)
}

/** Twice the room, so that a body of unknown length is copied few times, and holds little more than it has. */
function grown(bytes: Bytes, needed: number, limit: number): Bytes {
  const larger = new Uint8Array(Math.min(limit, Math.max(needed, 2 * bytes.length, 1024)))
  larger.set(bytes)
  return larger
}

/** Reads piece by piece, each within `idle` ms, all within `total` ms. */
function paced(reader: ReadableStreamDefaultReader<Uint8Array>, { idle = 10_000, total = 60_000 }: BodyLimits) {
  const end = performance.now() + total
  return async (): Promise<Uint8Array | undefined> => {
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<never>((_, reject) => {
      const left = Math.max(0, end - performance.now())
      timer = setTimeout(() => reject(new BodyTimeoutError()), Math.min(idle, left))
    })
    try {
      return (await Promise.race([reader.read(), late])).value
    } catch (cause) {
      reader.cancel().catch(() => undefined)
      // Reading fails only when the connection does.
      throw cause instanceof BodyTimeoutError ? cause : new ClientGoneError({ cause })
    } finally {
      clearTimeout(timer)
    }
  }
}

/** Deepest nesting of JSON that a service reads; none of ours has more than 6. */
const maxDepth = 32

/** Reads a body of JSON (RFC 8259: UTF-8) of bounded length and depth.
 * Errors: those of {@link readBody}, {@link BadRequestError}. */
export async function readJson(c: Context, limits: BodyLimits): Promise<unknown> {
  const type = c.req.header('content-type')
  if (type !== undefined && !/^application\/json\s*(?:;|$)/i.test(type)) throw new MediaTypeError({})
  const bytes = await readBody(c, limits)
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    checkDepth(text)
    return JSON.parse(text) as unknown
  } catch (cause) {
    if (cause instanceof BadRequestError) throw cause
    throw new BadRequestError({ reason: 'the body is no JSON', hint: 'Send one JSON object in UTF-8.', cause })
  }
}

/** Whoever walks what was parsed walks it by recursion. */
function checkDepth(text: string): void {
  let depth = 0
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[[{\]}]/gs)) {
    if (token === '[' || token === '{') depth += 1
    if (token === ']' || token === '}') depth -= 1
    if (depth > maxDepth) throw new BadRequestError({ reason: `it is nested deeper than ${maxDepth} levels` })
  }
}
