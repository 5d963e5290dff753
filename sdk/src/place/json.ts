import * as z from 'zod'
import { fromBase64url, fromUtf8, type Hex, toBase64url, utf8 } from '../bytes.ts'
import { BaseError } from '../errors.ts'

/** `size` bytes as 0x hex, put in lower case so that two spellings compare equal. */
export const hexShape = (size: number) =>
  z
    .string()
    .regex(new RegExp(`^0x[0-9a-fA-F]{${2 * size}}$`), `${size} bytes in hex`)
    .transform((text) => text.toLowerCase() as Hex)

/** An EIP-712 signature: 65 bytes of an account with a key, or what a contract account takes (ERC-1271). */
export const signatureShape = z
  .string()
  .regex(/^0x(?:[0-9a-fA-F]{2}){1,1024}$/, 'a signature in hex')
  .transform((text) => text.toLowerCase() as Hex)

/** An unsigned integer that a JSON number holds. */
export const uintShape = (bits: 8 | 16 | 32 | 40) =>
  z
    .int()
    .min(0)
    .max(2 ** bits - 1)

/** A uint64 travels as a decimal string, because JSON numbers end at 2^53. */
export const uint64Shape = z
  .string()
  .regex(/^(?:0|[1-9][0-9]{0,18})$/, 'a decimal number')
  .transform(BigInt)

/** JSON of a message: bigint as a decimal string, everything else as it is. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_, field: unknown) => (typeof field === 'bigint' ? field.toString() : field))
}

/** JSON in one header field: base64url. */
export const toHeader = (value: unknown): string => toBase64url(utf8(toJson(value)))

/** Reads {@link toHeader} by `shape`. Errors: {@link HeaderError}. */
export function fromHeader<T>(text: string, shape: z.ZodType<T>): T {
  try {
    return shape.parse(JSON.parse(fromUtf8(fromBase64url(text))))
  } catch (cause) {
    throw new HeaderError({ cause })
  }
}

/** The header field by which a reader asks for a signed share-chunk. */
export const shareAskShape = z.object({
  manifestHash: hexShape(32),
  index: uintShape(16),
  chunk: uintShape(32),
  nonce: hexShape(32),
})

/** A signed share response as JSON. */
export const shareResponseShape = z.object({
  message: z.object({
    manifestHash: hexShape(32),
    shareRoot: hexShape(32),
    j: uintShape(16),
    i: uintShape(32),
    digest: hexShape(32),
    length: uintShape(32),
    nonce: hexShape(32),
    time: uintShape(40),
  }),
  signature: signatureShape,
})

/** A signed acknowledgement as JSON. */
export const acknowledgementShape = z.object({
  message: z.object({
    manifestHash: hexShape(32),
    placementHash: hexShape(32),
    index: uintShape(16),
    shareRoot: hexShape(32),
    bytes: uint64Shape,
    time: uintShape(40),
  }),
  signature: signatureShape,
})

/** A signed deletion as JSON. */
export const deletionShape = z.object({
  message: z.object({
    recordId: hexShape(32),
    version: uintShape(32),
    operator: hexShape(16),
    count: uintShape(32),
    time: uintShape(40),
  }),
  signature: signatureShape,
})

/** Thrown when a header field is not the JSON that it should carry. */
export class HeaderError extends BaseError<'HEADER'> {
  override readonly name = 'HeaderError'
  constructor({ cause }: { cause?: unknown } = {}) {
    super('HEADER', 'A header field does not have the agreed form.', {
      cause,
      hints: ['Write base64url of the JSON that docs/spec/storage-node.md describes.'],
      docs: 'storage-node.md#reading',
    })
  }
}
