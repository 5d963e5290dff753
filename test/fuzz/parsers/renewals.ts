import { type Bytes, toHex } from '@sharewell/sdk/bytes'
import { encode } from '@sharewell/sdk/cbor'
import { publicKeyOf } from '@sharewell/sdk/envelope'
import {
  encodePlacement,
  encodeTerms,
  openPart,
  type PartPlace,
  type Placement,
  readCheck,
  readKey,
  readMove,
  readPost,
  readSigned,
  readSuccession,
  readTerms,
  sealPart,
  signKey,
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
const standing: Placement = {
  v: 1,
  networkId,
  recordId: base.recordId,
  version: 1,
  gen: 3,
  salt: filled(7),
  manifestHash: base.manifestHash,
  operators: ids,
}
const next: Placement = { ...standing, gen: 4, salt: filled(8) }
const share = 2
const moved = { ...next, operators: ids.with(share, filled(9, 16)) }
const changed = { ...next, operators: [...ids.slice(1), filled(9, 16)] }

/** What nodes say to each other while shares are renewed. */
export async function renewals(): Promise<Readonly<Record<string, Driven>>> {
  const part = { v: 1, session: within.session, ...place, body: filled(9, 64) }
  const signed = [await signObject('share renewal', encode(part), networkId, account)]
  const posts = [await signSaid(within, { stage: 'post', from: 2, vectors: [filled(1), null] }, account)]
  const values = [[1, 2, 3], null]
  const checks = [await signSaid(within, { stage: 'check', from: 2, beacon: filled(7), values }, account)]
  const seed = filled(8)
  const sealed = await sealPart(within, place, filled(9, 64), { signer: account, publicKey: publicKeyOf(seed) })
  const operator = toHex(filled(1, 16))
  const sessions = [within, { ...within, session: filled(4) }]
  const keys = await Promise.all(
    sessions.map((session) => signKey(session, { operator, key: publicKeyOf(seed) }, account)),
  )
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
    'a key of a session': target({
      make: (random) => bittenObject('share renewal', keys, random),
      parse: (bytes) => readKey(within, bytes, { operator, account: account.address }),
      codes: ['CBOR', 'CBOR_FIELD', 'SIGNED_OBJECT', 'RENEW'],
    }),
    'a sealed part': target({
      make: (random) => bittenCbor([sealed], random),
      parse: (bytes: Bytes) => openPart(within, place, bytes, { seed, account: account.address }),
      codes: ['CBOR', 'CBOR_FIELD', 'ENVELOPE'],
    }),
  }
}

/** Drafted placements: of a repair that moves a share, and of a change. */
export async function drafts(): Promise<Readonly<Record<string, Driven>>> {
  const signed = (placement: Placement) => signObject('placement', encodePlacement(placement), networkId, account)
  const placements = await Promise.all([moved, changed, { ...changed, gen: 5 }].map(signed))
  const codes = ['CBOR', 'CBOR_FIELD', 'SIGNED_OBJECT', 'PLACEMENT', 'RENEW']
  return {
    'a placement by which a share moves': target({
      make: async (random) => ({
        bytes: await bittenObject('placement', placements, random),
        at: random.pick([share, share, share, 0, 5, -1, 0.5]),
      }),
      parse: ({ bytes, at }) => readMove(standing, bytes, at),
      codes,
    }),
    'a placement of a change': target({
      make: async (random) => ({
        bytes: await bittenObject('placement', placements, random),
        n: random.pick([5, 5, 5, 4, 0, 2 ** 32]),
      }),
      parse: ({ bytes, n }) => readSuccession(standing, bytes, n),
      codes,
    }),
  }
}
