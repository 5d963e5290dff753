import { type Bytes, fromBase64url, fromHex, type Hex, toBase64url, toHex } from '../bytes.ts'
import { CborFieldError, decode, encode, field, type Reader } from '../cbor/index.ts'
import type { GlassOpening } from '../chain/index.ts'
import { publicKeyLength } from '../envelope/index.ts'
import { BaseError } from '../errors.ts'

/** What a clinician asks an officer with. It holds the reason in clear: hand it to the officer and to reviewers alone. */
export type GlassAsk = {
  readonly opening: GlassOpening
  /** The clinician's. */
  readonly signature: Hex
  /** X-Wing key of this window, to which the officer seals its part. */
  readonly partKey: Hex
  readonly reason: string
  /** What the commitment to the reason was made with. */
  readonly salt: Hex
}

/** What an officer hands on: its part of each record that has an emergency wrap. Only the clinician's seed opens it. */
export type GlassParts = {
  readonly windowId: Hex
  readonly parts: readonly {
    readonly recordId: Hex
    readonly version: number
    readonly enc: string
    readonly ct: string
  }[]
}

const bytes = (length: number): Reader<Hex> => {
  const read = field.bytes(length)
  return (value, path) => toHex(read(value, path))
}
const askShape = field.record({
  opening: field.record({
    pseudonym: bytes(32),
    recordId: bytes(32),
    clinician: bytes(20),
    credentialId: bytes(32),
    guardian: bytes(20),
    reasonCommit: bytes(32),
    partKeyHash: bytes(32),
    deadline: field.integer(0, 2 ** 40 - 1),
  }),
  signature: bytes(65),
  partKey: bytes(publicKeyLength),
  reason: field.text(2_000),
  salt: bytes(32),
})
const partsShape = field.record({
  windowId: bytes(32),
  parts: field.array(
    field.record({
      recordId: bytes(32),
      version: field.integer(1, 2 ** 32 - 1),
      enc: field.bytes(),
      ct: field.bytes(),
    }),
  ),
})

const bytesOf = (hex: Hex): Bytes => fromHex(hex, (hex.length - 2) / 2)

const askPrefix = 'sharewell-emergency1:'
const partsPrefix = 'sharewell-emergency-parts1:'

/** Writes an ask as text to carry from one device to another: about 2,200 characters and the reason, so that it fits a
 * QR code. */
export function encodeGlassAsk({ opening, signature, partKey, reason, salt }: GlassAsk): string {
  const packed = Object.fromEntries(
    Object.entries(opening).map(([key, value]) => [key, typeof value === 'string' ? bytesOf(value as Hex) : value]),
  )
  const rest = { signature: bytesOf(signature), partKey: bytesOf(partKey), reason, salt: bytesOf(salt) }
  return askPrefix + toBase64url(encode({ opening: packed, ...rest }))
}

/** Writes what an officer handed on as text: about 1,800 characters for one record. */
export function encodeGlassParts({ windowId, parts }: GlassParts): string {
  const packed = parts.map(({ recordId, version, enc, ct }) => ({
    recordId: bytesOf(recordId),
    version,
    enc: fromBase64url(enc),
    ct: fromBase64url(ct),
  }))
  return partsPrefix + toBase64url(encode({ windowId: bytesOf(windowId), parts: packed }))
}

/** Reads an ask; white space in it does not matter.
 * @throws BreakGlassError */
export const parseGlassAsk = (text: string): GlassAsk => parseWith(askShape, askPrefix, text)

/** Reads what an officer handed on.
 * @throws BreakGlassError */
export function parseGlassParts(text: string): GlassParts {
  const { windowId, parts } = parseWith(partsShape, partsPrefix, text)
  const read = parts.map(({ enc, ct, ...part }) => ({ ...part, enc: toBase64url(enc), ct: toBase64url(ct) }))
  return { windowId, parts: read }
}

function parseWith<T>(shape: Reader<T>, prefix: string, text: string): T {
  const compact = text.replace(/\s+/gu, '')
  try {
    if (!compact.startsWith(prefix)) throw new CborFieldError({ path: 'text', expected: prefix })
    return shape(decode(fromBase64url(compact.slice(prefix.length))))
  } catch (cause) {
    throw new BreakGlassError({ reason: 'it is not the text that was handed over', cause })
  }
}

/** Thrown when an emergency cannot go on with what was handed over. */
export class BreakGlassError extends BaseError<'BREAK_GLASS'> {
  override readonly name = 'BreakGlassError'
  constructor({ reason, cause }: { reason?: string; cause?: unknown }) {
    super('BREAK_GLASS', `The glass stays whole: ${reason ?? 'unknown'}.`, {
      cause,
      hints: ['Carry the whole text unchanged from one device to the other, or begin again.'],
      docs: '/break-glass#opening',
    })
  }
}
