/**
 * Bytes and the encodings of the formulas: big-endian integers, length prefixes, hex, base64url, NFC text.
 *
 * Terms and rules: docs/spec/encoding.md.
 * @module
 */
import { BaseError } from './errors.ts'

/** Bytes over a plain ArrayBuffer, as WebCrypto and fetch take them. */
export type Bytes = Uint8Array<ArrayBuffer>

/** Lower-case hex with its `0x`, the form of bytes in JSON and on chain. */
export type Hex = `0x${string}`

/** Joins byte strings into a new one. */
export function concat(...parts: readonly Uint8Array[]): Bytes {
  let length = 0
  for (const part of parts) length += part.length
  const joined = new Uint8Array(length)
  let at = 0
  for (const part of parts) {
    joined.set(part, at)
    at += part.length
  }
  return joined
}

/** Gathers a stream of at most `limit` bytes. Undefined where it is longer: then the rest is not waited for. */
export async function collect(stream: ReadableStream<Uint8Array> | null, limit: number): Promise<Bytes | undefined> {
  const reader = stream?.getReader()
  let bytes = new Uint8Array(Math.min(limit, 4_096))
  let length = 0
  for (let next = await reader?.read(); next?.value; next = await reader?.read()) {
    const end = length + next.value.length
    if (end > limit) {
      await reader?.cancel()
      return undefined
    }
    // One buffer, however small the pieces: each piece kept by itself would cost a hundred times its length.
    if (end > bytes.length) bytes = concat(bytes, new Uint8Array(Math.min(limit, 2 * end) - bytes.length))
    bytes.set(next.value, length)
    length = end
  }
  return bytes.slice(0, length)
}

/** Compares in time that depends on the lengths alone, so that a secret may be one of the two. */
export function equal(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false
  let difference = 0
  let i = 0
  if (a.length >= worthWords) {
    const [x, y] = [wordsOf(a), wordsOf(b)]
    for (let at = 0; at < x.length; at++) difference |= (x[at] as number) ^ (y[at] as number)
    i = 4 * x.length
  }
  for (; i < a.length; i++) difference |= (a[i] as number) ^ (b[i] as number)
  return difference === 0
}

/** Bytes from which on looking at four at once pays for the views. */
const worthWords = 256

/** All but up to three bytes at the end, four at a time. */
function wordsOf(bytes: Uint8Array): Uint32Array {
  // Not `slice`, which is no copy where the bytes are a Buffer.
  const { buffer, byteOffset, length } = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes)
  return new Uint32Array(buffer, byteOffset, length >> 2)
}

const hexDigits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Writes bytes as `0x` hex. */
export function toHex(bytes: Uint8Array): Hex {
  let text = ''
  for (const byte of bytes) text += hexDigits[byte]
  return `0x${text}`
}

/**
 * Reads `0x` hex of either case.
 * @throws EncodingError on a missing prefix, an odd length, another character, or another size than `length` bytes.
 */
export function fromHex(hex: string, length?: number): Bytes {
  if (!/^0x(?:[0-9a-fA-F]{2})*$/.test(hex)) throw new EncodingError({ expected: '0x followed by pairs of hex digits' })
  const bytes = new Uint8Array(hex.length / 2 - 1)
  for (let i = 0; i < bytes.length; i++) bytes[i] = Number.parseInt(hex.slice(2 * i + 2, 2 * i + 4), 16)
  if (length !== undefined && bytes.length !== length) throw new EncodingError({ expected: `${length} bytes of hex` })
  return bytes
}

/** Encodes text as UTF-8 of its NFC form, so that one name has one encoding. */
export function utf8(text: string): Bytes {
  return new TextEncoder().encode(text.normalize('NFC'))
}

/**
 * Decodes UTF-8.
 * @throws EncodingError on malformed UTF-8.
 */
export function fromUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch (cause) {
    throw new EncodingError({ expected: 'UTF-8', cause })
  }
}

/** One byte. */
export const u8 = (value: number): Bytes => bigEndian(value, 1)
/** Two bytes, big-endian. */
export const u16 = (value: number): Bytes => bigEndian(value, 2)
/** Four bytes, big-endian. */
export const u32 = (value: number): Bytes => bigEndian(value, 4)
/** Eight bytes, big-endian; a number only up to 2^53 - 1. */
export const u64 = (value: number | bigint): Bytes => bigEndian(value, 8)

/** `u32be(length) || bytes`: the prefix that keeps neighbouring fields apart under a hash. */
export function lp(bytes: Uint8Array): Bytes {
  return concat(u32(bytes.length), bytes)
}

/** Writes bytes as base64url without padding (RFC 4648 section 5). */
export function toBase64url(bytes: Uint8Array): string {
  let text = ''
  // In slices: one call with a million arguments overflows the stack.
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

/**
 * Reads base64url without padding.
 * @throws EncodingError on another character, on padding, and on spare bits that are not zero.
 */
export function fromBase64url(text: string): Bytes {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) throw new EncodingError({ expected: 'base64url' })
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  const bytes = new Uint8Array(binary.length)
  for (let i = 0; i < bytes.length; i++) bytes[i] = binary.charCodeAt(i)
  if (toBase64url(bytes.subarray(bytes.length - (bytes.length % 3))) !== text.slice(text.length - (text.length % 4)))
    throw new EncodingError({ expected: 'base64url with zero spare bits' })
  return bytes
}

function bigEndian(value: number | bigint, size: 1 | 2 | 4 | 8): Bytes {
  const whole = typeof value === 'bigint' || Number.isSafeInteger(value)
  if (!whole || value < 0 || BigInt(value) >= 1n << BigInt(8 * size))
    throw new EncodingError({ expected: `an integer of ${8 * size} bits` })
  const bytes = new Uint8Array(size)
  let rest = BigInt(value)
  for (let i = size - 1; i >= 0; i--) {
    bytes[i] = Number(rest & 255n)
    rest >>= 8n
  }
  return bytes
}

/**
 * Gives the memory of arrays back at once instead of when the collector comes by: they are empty then. What is only a
 * part of its buffer is left alone, and so is everything on hosts that cannot do it.
 * @example
 * release(chunk) // chunk.length === 0
 */
export function release(...arrays: readonly Bytes[]): void {
  for (const { buffer, length } of arrays) if (length > 0 && length === buffer.byteLength) buffer.transfer?.(0)
}

/** Thrown when a value has no encoding, or text is not what it claims to encode. It never repeats the value. */
export class EncodingError extends BaseError<'ENCODING'> {
  override readonly name = 'EncodingError'
  constructor({ expected = 'another encoding', cause }: EncodingError.Options) {
    super('ENCODING', `Expected ${expected}.`, {
      cause,
      hints: ['Check where the value comes from: it was cut, padded or made by another format.'],
      docs: 'encoding.md',
    })
  }
}
export declare namespace EncodingError {
  type Options = { expected?: string; cause?: unknown }
}
