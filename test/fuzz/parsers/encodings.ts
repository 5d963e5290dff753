import { fromBase64url, fromHex, fromUtf8, toHex } from '@sharewell/sdk/bytes'
import { decode, encode } from '@sharewell/sdk/cbor'
import { decodePoint, decodeScalar } from '@sharewell/sdk/group'
import { digestOf } from '@sharewell/sdk/share'
import { type Driven, target } from '../drive.ts'
import { bitten, bittenText } from '../random.ts'
import { bittenCbor, filled, hexOf, latin } from './samples.ts'

const values = [
  encode({ v: 1, name: 'record', list: [1, -1, 2 ** 40, filled(3), 'text', null, true], inner: { a: [[[]]] } }),
  encode([1, 2n ** 63n, -(2n ** 64n), filled(9, 300), 'é']),
]
const cid = 'bafkreihdwdcefgh4dqkjv67uzcmw7ojee6xedzdetojuzjevtenxquvyku'
/** The identity and the base point of ristretto255 (RFC 9496 A.1). */
const points = [filled(0), fromHex('0xe2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76')]

/** What everything else is written in. */
export const encodings: Readonly<Record<string, Driven>> = {
  hex: target({
    make: (random) =>
      random.once(2) ? bittenText([hexOf(7), '0x', toHex(filled(1, 65))], random) : latin(bitten(values, random)),
    parse: (text) => fromHex(text, 32),
    codes: ['ENCODING'],
  }),
  base64url: target({
    make: (random) => bittenText(['AQIDBA', 'aGVsbG8gd29ybGQ', '____----'], random),
    parse: fromBase64url,
    codes: ['ENCODING'],
  }),
  'UTF-8': target({ make: (random) => bitten(values, random), parse: fromUtf8, codes: ['ENCODING'] }),
  CBOR: target({ make: (random) => bittenCbor(values, random), parse: decode, codes: ['CBOR'] }),
  CID: target({
    make: (random) => bittenText([cid, 'QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG', `z${cid}`], random),
    parse: digestOf,
    codes: ['CID'],
  }),
  point: target({ make: (random) => bitten(points, random), parse: decodePoint, codes: ['POINT'] }),
  scalar: target({ make: (random) => bitten(points, random), parse: decodeScalar, codes: ['SCALAR'] }),
}
