import { type Bytes, concat } from '@sharewell/sdk/bytes'
import { BaseError } from '@sharewell/sdk/errors'
import { BlockSizeError, PlaceTimeoutError, withDeadline } from '@sharewell/sdk/place'
import type { Context } from 'hono'
import * as z from 'zod'
import { RequestError } from './problem.ts'

/** Reads a request's body of at most `limit` bytes, each piece within `timeout` ms. Where the length is announced the
 * pieces go straight to their place: a node holds no block twice.
 * Errors: `BlockSizeError`, {@link BodyTimeoutError}. */
export async function readBody(c: Context, { limit, timeout }: { limit: number; timeout: number }): Promise<Bytes> {
  const announced = Number(c.req.header('content-length') ?? 0)
  if (announced > limit) throw new BlockSizeError({ length: announced })
  const reader = c.req.raw.body?.getReader()
  let bytes = new Uint8Array(announced)
  let length = 0
  for (;;) {
    const piece = await next(reader, timeout)
    if (!piece) return length === bytes.length ? bytes : bytes.slice(0, length)
    if (length + piece.length > limit) {
      await reader?.cancel()
      throw new BlockSizeError({ length: length + piece.length })
    }
    if (length + piece.length > bytes.length) bytes = concat(bytes.subarray(0, length), new Uint8Array(limit - length))
    bytes.set(piece, length)
    length += piece.length
  }
}

async function next(reader: ReadableStreamDefaultReader<Uint8Array> | undefined, timeout: number) {
  if (!reader) return undefined
  try {
    return (await withDeadline('the body', timeout, {}, () => reader.read())).value
  } catch (cause) {
    if (cause instanceof PlaceTimeoutError) throw new BodyTimeoutError({ cause })
    throw cause
  }
}

const acknowledgeShape = z.object({
  manifest: z.string().max(128),
  placement: z.string().max(128),
  index: z.int().min(0).max(65_535),
})

/** Reads the body of `POST /v1/acknowledge`. Errors: `RequestError`. */
export function parseAcknowledge(body: Bytes): z.infer<typeof acknowledgeShape> {
  try {
    return acknowledgeShape.parse(JSON.parse(new TextDecoder().decode(body)))
  } catch (cause) {
    throw new RequestError({ reason: 'the body is not {manifest, placement, index}', cause })
  }
}

/** Thrown when a body stops arriving. */
export class BodyTimeoutError extends BaseError<'BODY_TIMEOUT'> {
  override readonly name = 'BodyTimeoutError'
  constructor({ cause }: { cause?: unknown } = {}) {
    super('BODY_TIMEOUT', 'The body stopped arriving.', {
      cause,
      hints: ['Send it again.'],
      docs: 'storage-node.md#limits',
    })
  }
}
