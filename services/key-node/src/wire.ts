import { fromBase64url, fromHex, type Hex } from '@sharewell/sdk/bytes'
import { parseMessage } from '@sharewell/sdk/chain'
import * as z from 'zod'
import type { ReleaseCall } from './checks.ts'
import { RefusalError } from './refusals.ts'

const hexOf = (bytes: number) =>
  z
    .string()
    .regex(new RegExp(`^0x[0-9a-fA-F]{${2 * bytes}}$`), `${bytes} bytes in hex`)
    .transform((text) => text.toLowerCase() as Hex)
const bytesOf = (bytes: number) => hexOf(bytes).transform((text) => fromHex(text, bytes))
const base64url = z
  .string()
  .max(65_536)
  .transform((text) => fromBase64url(text))
const signature = hexOf(65)

/** A 32-byte hash in a path or a body. */
export const hashShape = hexOf(32)

const releaseShape = z.strictObject({
  request: z.unknown(),
  // Longer than ECDSA's 65 bytes where a contract account signs.
  signature: z
    .string()
    .regex(/^0x(?:[0-9a-fA-F]{2}){65,1024}$/)
    .transform((text) => text.toLowerCase() as Hex),
  reader: z.strictObject({ Yr: bytesOf(32), pok: bytesOf(64), hpkePublicKey: base64url }),
  headerHash: hashShape,
  /** Of the grantee id that the consent names, where it has one. */
  consentSalt: hexOf(32).optional(),
})

/** Reads the body of `POST /v1/release`. Refuses with BAD_REQUEST. */
export function parseRelease(json: unknown): ReleaseCall {
  try {
    const { request, ...rest } = releaseShape.parse(json)
    return { ...rest, request: parseMessage('KeyRequest', request) }
  } catch (cause) {
    throw new RefusalError({ refusal: 'BAD_REQUEST', cause })
  }
}

const ceremony = z.int().min(1).max(0xffff_ffff)
const sealedShare = z.strictObject({
  from: z.int().min(1).max(16),
  to: z.int().min(1).max(16),
  enc: base64url,
  ct: base64url,
  signature,
})

/** Bodies of the key generation. */
export const dkgShapes = {
  announce: z.strictObject({
    /** The release key is made in ceremonies. */
    use: z.enum(['dkg log', 'dkg w3 nodes']),
    members: z.array(hexOf(16)).min(2).max(16),
    k: z.int().min(2).max(16),
    nonce: bytesOf(32),
    /** Of one of the members: a session takes memory, and what it makes is kept. */
    ticket: z.unknown(),
  }),
  reveal: z.strictObject({
    session: hashShape,
    announcements: z.array(z.strictObject({ hash: hashShape, signature })).max(16),
  }),
  deal: z.strictObject({
    session: hashShape,
    packages: z.array(base64url).max(16),
    publicKeys: z.array(base64url).max(16),
  }),
  finish: z.strictObject({
    session: hashShape,
    shares: z.array(sealedShare).max(15),
  }),
}

/** Body of `POST /v1/emergency/confirm`. */
export const emergencyShape = z.strictObject({ transcriptHash: hashShape })

/** Bodies of ceremonies. */
export const ceremonyShapes = {
  act: z.strictObject({ ceremony }),
  shares: z.strictObject({ ceremony, publicKeys: z.array(base64url.nullable()).max(16) }),
  take: z.strictObject({ ceremony, shares: z.array(sealedShare).max(16) }),
}

/** Body of the calls that carry a ticket. */
export const ticketShape = z.strictObject({ ticket: z.unknown() })
/** Body of `POST /v1/headers/read`. */
export const readHeaderShape = z.strictObject({ hash: hashShape, ticket: z.unknown() })

/** Reads a body, or refuses with BAD_REQUEST. */
export function parse<shape extends z.ZodType>(shape: shape, value: unknown): z.output<shape> {
  const parsed = shape.safeParse(value)
  if (!parsed.success) throw new RefusalError({ refusal: 'BAD_REQUEST', cause: parsed.error })
  return parsed.data
}
