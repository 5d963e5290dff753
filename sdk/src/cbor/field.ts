import type { Bytes } from '../bytes.ts'
import { BaseError } from '../errors.ts'

/** Reads one field of a decoded object, or throws with its path. */
export type Reader<value> = (value: unknown, path?: string) => value

type Optional<value> = Reader<value> & { readonly optional: true }
type Shape = { readonly [key: string]: Reader<unknown> }
type OptionalKeys<shape extends Shape> = {
  [k in keyof shape]: shape[k] extends { optional: true } ? k : never
}[keyof shape]
type Read<shape extends Shape> = {
  readonly [k in Exclude<keyof shape, OptionalKeys<shape>>]: ReturnType<shape[k]>
} & { readonly [k in OptionalKeys<shape>]?: ReturnType<shape[k]> }

/**
 * Readers that turn a decoded object into a typed one at the border.
 * @example
 * const read = field.record({ v: field.literal(1), recordId: field.bytes(32), prev: field.optional(field.bytes(32)) })
 * const { recordId } = read(decode(bytes))
 */
export const field = {
  /** A byte string, of `length` bytes if given. */
  bytes:
    (length?: number): Reader<Bytes> =>
    (value, path = '') => {
      if (!(value instanceof Uint8Array) || (length !== undefined && value.length !== length))
        throw new CborFieldError({ path, expected: length === undefined ? 'bytes' : `${length} bytes` })
      return new Uint8Array(value)
    },
  /** Text of at most `maxLength` UTF-16 units. */
  text:
    (maxLength = 1024): Reader<string> =>
    (value, path = '') => {
      if (typeof value !== 'string' || value.length > maxLength)
        throw new CborFieldError({ path, expected: `text of at most ${maxLength}` })
      return value
    },
  /** An integer from `min` to `max`. */
  integer:
    (min: number, max: number): Reader<number> =>
    (value, path = '') => {
      if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < min || value > max)
        throw new CborFieldError({ path, expected: `an integer from ${min} to ${max}` })
      return value
    },
  /** One of the values listed. */
  literal:
    <const value extends string | number | boolean>(...values: readonly value[]): Reader<value> =>
    (value, path = '') => {
      const found = values.find((one) => one === value)
      if (found === undefined) throw new CborFieldError({ path, expected: values.join(' or ') })
      return found
    },
  /** An array of one kind, of `length` items if given. */
  array:
    <value>(item: Reader<value>, length?: number): Reader<value[]> =>
    (value, path = '') => {
      if (!Array.isArray(value) || (length !== undefined && value.length !== length))
        throw new CborFieldError({ path, expected: length === undefined ? 'an array' : `${length} items` })
      return value.map((one, i) => item(one, `${path}[${i}]`))
    },
  /** A map from any text to one kind. */
  map:
    <value>(item: Reader<value>): Reader<{ readonly [key: string]: value }> =>
    (value, path = '') =>
      Object.fromEntries(Object.entries(object(value, path)).map(([key, one]) => [key, item(one, `${path}.${key}`)])),
  /** A field that may be absent. */
  optional: <value>(item: Reader<value>): Optional<value> =>
    Object.assign((value: unknown, path?: string) => item(value, path), { optional: true as const }),
  /** A map of exactly these fields: none missing, none more. */
  record:
    <const shape extends Shape>(shape: shape): Reader<Read<shape>> =>
    (value, path = '') => {
      const given = object(value, path)
      const unknown = Object.keys(given).find((key) => !Object.hasOwn(shape, key))
      if (unknown !== undefined) throw new CborFieldError({ path: path || 'object', expected: 'no further fields' })
      const entries = Object.entries(shape)
        .filter(([key, read]) => Object.hasOwn(given, key) || !('optional' in read))
        .map(([key, read]) => [key, read(given[key], path ? `${path}.${key}` : key)])
      return Object.fromEntries(entries) as Read<shape>
    },
}

function object(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype)
    throw new CborFieldError({ path: path || 'object', expected: 'a map' })
  return value as Record<string, unknown>
}

/** Thrown when a stored object lacks a field, has one too many, or one of another kind. It never repeats the value. */
export class CborFieldError extends BaseError<'CBOR_FIELD'> {
  override readonly name = 'CborFieldError'
  constructor({ path = '', expected = 'another value' }: CborFieldError.Options) {
    super('CBOR_FIELD', `Field ${path || 'value'}: expected ${expected}.`, {
      hints: ['The object was made by another version or was altered; get it again from its author.'],
      docs: 'encoding.md#cbor',
    })
  }
}
export declare namespace CborFieldError {
  type Options = { path?: string; expected?: string }
}
