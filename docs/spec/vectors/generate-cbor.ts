import { toHex } from '@sharewell/sdk/bytes'
import { type CborValue, encode } from '@sharewell/sdk/cbor'
import { type Vector, type Vectors, whenRun, writeVectors } from './vector.ts'

const good = (comment: string, value: CborValue): Vector => ({
  comment,
  expect: 'success',
  encoded: toHex(encode(value)),
})
const bad = (comment: string, encoded: string): Vector => ({ comment, expect: 'CBOR', encoded: `0x${encoded}` })

/** Every scenario of docs/spec/encoding.md that concerns CBOR. A success decodes and encodes to the same bytes. */
export function cborVectors(): Vectors {
  return {
    integers: good('The edges of each integer form.', [
      0,
      23,
      24,
      255,
      256,
      65_535,
      65_536,
      2 ** 32 - 1,
      2 ** 32,
      -1,
      -24,
      -25,
    ]),
    'large-integer': good('2^64 - 1.', 2n ** 64n - 1n),
    'byte-string': good('A byte string.', Uint8Array.of(1, 2, 3)),
    text: good('Text in NFC.', 'Zo\u00eb'),
    'map-order': good('Keys ordered by their encoded bytes, so by length first.', { bb: 1, a: 2, c: 3 }),
    nested: good('Maps, arrays, booleans and null.', { list: [{ yes: true }, { no: false }, null], map: {} }),
    'integer-not-shortest': bad('23 in two bytes.', '1817'),
    'length-not-shortest': bad('A byte string whose length takes a byte too many.', '580100'),
    'keys-unordered': bad('{"b": 1, "a": 2}', 'a2616201616102'),
    'keys-length-order': bad('{"bb": 1, "a": 2}: the longer key first.', 'a262626201616102'),
    'key-twice': bad('{"a": 1, "a": 2}', 'a2616101616102'),
    'key-not-text': bad('{1: 2}', 'a10102'),
    'key-proto': bad('{"__proto__": 1}', 'a1695f5f70726f746f5f5f01'),
    'indefinite-array': bad('An array of indefinite length.', '9f01ff'),
    'indefinite-text': bad('Text of indefinite length.', '7f6161ff'),
    'float-half': bad('1.5', 'f93e00'),
    'float-integer': bad('1.0: an integer has one form.', 'f93c00'),
    nan: bad('NaN', 'f97e00'),
    undefined: bad('undefined', 'f7'),
    tag: bad('A tagged date.', 'c11a514b67b0'),
    'text-not-nfc': bad('e and a combining accent.', '6365cc81'),
    'text-not-utf8': bad('A lone continuation byte.', '6180'),
    trailing: bad('A byte follows the value.', '0100'),
    cut: bad('A byte string shorter than it says.', '430102'),
    empty: bad('Nothing.', ''),
    'huge-length': bad('An array of 2^63 items in nine bytes.', '9b8000000000000000'),
    deep: bad('33 arrays, one inside the other.', `${'81'.repeat(33)}01`),
  }
}

whenRun(import.meta.url, () => writeVectors('cbor', cborVectors()))
