import type { Bytes } from '@sharewell/sdk/bytes'
import { encode } from '@sharewell/sdk/cbor'
import { publicKeyOf } from '@sharewell/sdk/envelope'
import {
  encodeTerms,
  openPart,
  type PartPlace,
  readCheck,
  readPost,
  readSigned,
  readTerms,
  sealPart,
  signSaid,
} from '@sharewell/sdk/share'
import { signObject } from '@sharewell/sdk/signed'
import { type Driven, target } from '../drive.ts'
import { account, bittenCbor, bittenObject, filled, networkId } from './samples.ts'

const policy = { n: 5, t: 3, r: 2 }
const within = { session: filled(3), networkId }
const place: PartPlace = { stage: 'piece', from: 1, to: 2, i: 0 }
const ids = [1, 2, 3, 4, 5].map((value) => filled(value, 16))
const base = {
  v: 1,
  networkId,
  recordId: filled(2),
  version: 1,
  manifestHash: filled(4),
  placementHash: filled(5),
  epoch: 1,
  nonce: filled(6),
} as const
const terms = [
  encodeTerms({ ...base, kind: 'repair', contributors: [0, 1, 2], receivers: ids.slice(0, 1), share: 4 }),
  encodeTerms({ ...base, kind: 'refresh', contributors: [0, 1, 2], receivers: ids, off: 1 }),
  encodeTerms({ ...base, kind: 'change', contributors: [0, 1, 2], receivers: ids, policy: { n: 5, t: 4, r: 3 } }),
]

/** What nodes say to each other while shares are renewed. */
export async function renewals(): Promise<Readonly<Record<string, Driven>>> {
  const part = { v: 1, session: within.session, ...place, body: filled(9, 64) }
  const signed = [await signObject('share renewal', encode(part), networkId, account)]
  const posts = [await signSaid(within, { stage: 'post', from: 2, vectors: [filled(1), null] }, account)]
  const values = [[1, 2, 3], null]
  const checks = [await signSaid(within, { stage: 'check', from: 2, beacon: filled(7), values }, account)]
  const seed = filled(8)
  const sealed = await sealPart(within, place, filled(9, 64), { signer: account, publicKey: publicKeyOf(seed) })
  const said = { from: 2, account: account.address, contributors: 2 } as const
  return {
    terms: target({
      make: (random) => bittenCbor(terms, random),
      parse: (bytes) => readTerms(bytes, policy),
      codes: ['CBOR', 'CBOR_FIELD', 'RENEW'],
    }),
    'a signed part': target({
      make: (random) => bittenObject('share renewal', signed, random),
      parse: (bytes) => readSigned(within, place, bytes, account.address),
      codes: ['CBOR', 'CBOR_FIELD', 'SIGNED_OBJECT', 'RENEW'],
    }),
    'a post': target({
      make: (random) => bittenObject('share renewal', posts, random),
      parse: (bytes) => readPost(within, bytes, said),
      codes: ['CBOR', 'CBOR_FIELD', 'SIGNED_OBJECT', 'RENEW'],
    }),
    'a check': target({
      make: (random) => bittenObject('share renewal', checks, random),
      parse: (bytes) => readCheck(within, bytes, said),
      codes: ['CBOR', 'CBOR_FIELD', 'SIGNED_OBJECT', 'RENEW'],
    }),
    'a sealed part': target({
      make: (random) => bittenCbor([sealed], random),
      parse: (bytes: Bytes) => openPart(within, place, bytes, { seed, account: account.address }),
      codes: ['CBOR', 'CBOR_FIELD', 'ENVELOPE'],
    }),
  }
}
