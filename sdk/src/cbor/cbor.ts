import * as cborg from 'cborg'
import { type Bytes, equal } from '../bytes.ts'
import { BaseError } from '../errors.ts'
import { hasTooManyItems, mostItems } from './items.ts'

/** What can be encoded. Integers beyond 2^53 - 1 are bigints; a map is a plain object; `undefined` fields are left out. */
export type CborValue =
  | number
  | bigint
  | string
  | boolean
  | null
  | Uint8Array
  | readonly CborValue[]
  | { readonly [key: string]: CborValue | undefined }

/** Deeper nesting is refused before it can exhaust the stack. */
const maxDepth = 32

/**
 * Encodes a value; equal values give equal bytes. Text becomes NFC, keys are ordered by their encoded bytes.
 * @throws CborError on a float, on `undefined` in an array, on another class of object.
 * @example
 * encode({ v: 1, recordId }) // a2 61 76 01 68 7265...
 */
export function encode(value: CborValue): Bytes {
  return wrapped(() => own(cborg.encode(normal(value, 0), cborg.rfc8949EncodeOptions)))
}

/** The encoder may answer with a Node Buffer, part of a pool: its memory is shared, and its `slice` is no copy. */
const own = (bytes: Uint8Array): Bytes =>
  bytes.length === bytes.buffer.byteLength ? new Uint8Array(bytes.buffer as ArrayBuffer) : new Uint8Array(bytes)

/**
 * Decodes one value that fills `bytes` exactly.
 * @throws CborError unless `encode` of the result gives the same bytes: no longer integer form, unordered or duplicate
 * key, indefinite length, float, tag, `undefined`, text outside NFC, nothing behind the value; and for more than 262,144
 * items.
 */
export function decode(bytes: Uint8Array): unknown {
  if (hasTooManyItems(bytes)) throw new CborError({ reason: `holds more than ${mostItems} items` })
  const value = wrapped(() => fromMaps(cborg.decode(bytes, decodeOptions), 0))
  if (!equal(encode(value), bytes)) throw new CborError({ reason: 'is not in deterministic form' })
  return value
}

const decodeOptions: cborg.DecodeOptions = {
  allowIndefinite: false,
  allowUndefined: false,
  allowInfinity: false,
  allowNaN: false,
  rejectDuplicateMapKeys: true,
  strict: true,
  useMaps: true,
}

function wrapped<value>(run: () => value): value {
  try {
    return run()
  } catch (cause) {
    if (cause instanceof CborError) throw cause
    throw new CborError({ reason: 'cannot be read as CBOR', cause })
  }
}

/** A copy in the one form that is encoded: NFC text, no absent fields. */
function normal(value: CborValue, depth: number): CborValue {
  if (depth > maxDepth) throw new CborError({ reason: `nests deeper than ${maxDepth}` })
  if (typeof value === 'string') return value.normalize('NFC')
  if (typeof value === 'number') return checkNumber(value)
  if (typeof value === 'bigint') return checkBigint(value)
  if (typeof value === 'boolean' || value === null || value instanceof Uint8Array) return value
  if (Array.isArray(value)) return Array.from(value, (item: CborValue) => normal(item, depth + 1))
  return normalMap(value, depth)
}

function normalMap(value: CborValue, depth: number): CborValue {
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    throw new CborError({ reason: 'holds a value of a kind that is not encoded' })
  const entries = Object.entries(value).filter((entry): entry is [string, CborValue] => entry[1] !== undefined)
  const keys = entries.map(([key]) => key.normalize('NFC'))
  if (new Set(keys).size !== keys.length) throw new CborError({ reason: 'holds one key twice' })
  return Object.fromEntries(entries.map(([, item], i) => [keys[i] as string, normal(item, depth + 1)]))
}

function checkNumber(value: number): number {
  if (Number.isSafeInteger(value)) return value
  throw new CborError({ reason: 'holds a number that is no safe integer' })
}

function checkBigint(value: bigint): bigint {
  if (value >= -(2n ** 64n) && value < 2n ** 64n) return value
  throw new CborError({ reason: 'holds an integer beyond 64 bits' })
}

/** Maps of the decoder to plain objects, text keys only. */
function fromMaps(value: unknown, depth: number): CborValue {
  if (depth > maxDepth) throw new CborError({ reason: `nests deeper than ${maxDepth}` })
  if (Array.isArray(value)) return value.map((item) => fromMaps(item, depth + 1))
  if (!(value instanceof Map)) return value as CborValue
  const entries = [...value].map(([key, item]) => {
    // `__proto__` would set a prototype instead of a field in careless code behind us.
    if (typeof key !== 'string' || key === '__proto__') throw new CborError({ reason: 'holds a key that is no text' })
    return [key, fromMaps(item, depth + 1)] as const
  })
  return Object.fromEntries(entries)
}

/** Thrown when a value has no deterministic CBOR form or bytes are not in it. */
export class CborError extends BaseError<'CBOR'> {
  override readonly name = 'CborError'
  constructor({ reason = 'is not deterministic CBOR', cause }: CborError.Options) {
    super('CBOR', `The object ${reason}.`, {
      cause,
      hints: ['Encode by RFC 8949 section 4.2.1, without floats, tags or undefined.'],
      docs: 'encoding.md#cbor',
    })
  }
}
export declare namespace CborError {
  type Options = { reason?: string; cause?: unknown }
}
