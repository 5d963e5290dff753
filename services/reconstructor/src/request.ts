import { BadRequestError, hex, readJson } from '@sharewell/host'
import type { Hex } from '@sharewell/sdk/bytes'
import { parseMessage, type RebuildClaim, readPossession } from '@sharewell/sdk/chain'
import type { Context } from 'hono'
import * as z from 'zod'

const signature = z
  .string()
  .regex(/^0x(?:[0-9a-fA-F]{2}){65,1024}$/)
  .transform((text) => text.toLowerCase() as Hex)
const shape = z.object({
  request: z.unknown(),
  signature,
  signer: hex(20).optional(),
  possession: z.unknown().optional(),
  releaseRequest: z.object({ message: z.unknown(), signature }).optional(),
  record: z.object({ recordId: hex(32) }),
  consentSalt: hex(32).optional(),
})

/** Reads `POST /v1/rebuild`: the reader's request, the word of its reply key, and the KeyRequest that was logged.
 * Errors: those of `readJson`, `MessageError`, `TicketPossessionError`. */
export async function readClaim(c: Context): Promise<RebuildClaim> {
  const parsed = shape.safeParse(await readJson(c, { limit: 65_536 }))
  if (!parsed.success) throw new BadRequestError({ reason: z.prettifyError(parsed.error).replaceAll(/\s+/g, ' ') })
  const { request, record, possession, releaseRequest, ...rest } = parsed.data
  return {
    ...rest,
    recordId: record.recordId,
    request: parseMessage('RebuildRequest', request),
    possession: possession === undefined ? undefined : readPossession(possession),
    releaseRequest: releaseRequest && {
      message: parseMessage('KeyRequest', releaseRequest.message),
      signature: releaseRequest.signature,
    },
  }
}
