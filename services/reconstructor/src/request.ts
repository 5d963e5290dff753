import { fromUtf8, type Hex } from '@sharewell/sdk/bytes'
import { parseMessage, type RebuildClaim } from '@sharewell/sdk/chain'
import type { Context } from 'hono'
import * as z from 'zod'
import { BodySizeError, RequestError } from './problem.ts'

const signature = z
  .string()
  .regex(/^0x(?:[0-9a-fA-F]{2}){65,1024}$/)
  .transform((text) => text.toLowerCase() as Hex)
const hex = (size: number) =>
  z
    .string()
    .regex(new RegExp(`^0x[0-9a-fA-F]{${2 * size}}$`))
    .transform((text) => text.toLowerCase() as Hex)
const shape = z.object({
  request: z.unknown(),
  signature,
  signer: hex(20).optional(),
  releaseRequest: z.object({ message: z.unknown(), signature }).optional(),
  record: z.object({ recordId: hex(32) }),
})

const limit = 65_536

/** Reads `POST /v1/rebuild`: the reader's request, and the KeyRequest that was logged.
 * Errors: `RequestError`, `BodySizeError`, `MessageError`. */
export async function readClaim(c: Context): Promise<RebuildClaim> {
  const parsed = shape.safeParse(await readJson(c))
  if (!parsed.success) throw new RequestError({ reason: z.prettifyError(parsed.error) })
  const { request, record, releaseRequest, ...rest } = parsed.data
  return {
    ...rest,
    recordId: record.recordId,
    request: parseMessage('RebuildRequest', request),
    releaseRequest: releaseRequest && {
      message: parseMessage('KeyRequest', releaseRequest.message),
      signature: releaseRequest.signature,
    },
  }
}

async function readJson(c: Context): Promise<unknown> {
  const parts: Uint8Array[] = []
  let length = 0
  // The server's request timeout bounds how long this takes.
  for await (const part of c.req.raw.body ?? []) {
    length += part.length
    if (length > limit) throw new BodySizeError({ limit })
    parts.push(part)
  }
  try {
    return JSON.parse(fromUtf8(Buffer.concat(parts)))
  } catch (cause) {
    throw new RequestError({ reason: 'the body is no JSON', cause })
  }
}
