import { toBase64url } from '@sharewell/sdk/bytes'
import { encode } from '@sharewell/sdk/cbor'
import { parseBookLeaf } from '@sharewell/sdk/chain'
import { encodeGlassAsk, encodeGlassParts, parseGlassAsk, parseGlassParts } from '@sharewell/sdk/flow'
import { encodeRecordProof, parseRecordProof } from '@sharewell/sdk/flow/book'
import { type Driven, target } from '../drive.ts'
import { bittenText } from '../random.ts'
import { bittenCbor, filled, hexOf } from './samples.ts'

const leaf = encode([1_700_000_000, filled(1, 20), [filled(2), filled(3)], filled(4, 64)])
const proof = encodeRecordProof({
  networkId: hexOf(1),
  chainId: 31_337,
  genesisHash: hexOf(2),
  contracts: [hexOf(3, 20), hexOf(4, 20)],
  recordId: hexOf(5),
  checkpoints: [
    { time: 1, size: 2, root: hexOf(6), groupKey: hexOf(7), signature: hexOf(8, 64), consistency: [filled(9)] },
    { time: 3, size: 4, root: hexOf(6), groupKey: hexOf(7), signature: hexOf(8, 64), consistency: [] },
  ],
  events: [{ index: 0, leaf, path: [filled(1), filled(2)] }],
})
const ask = encodeGlassAsk({
  opening: {
    pseudonym: hexOf(1),
    recordId: hexOf(2),
    clinician: hexOf(3, 20),
    credentialId: hexOf(4),
    guardian: hexOf(5, 20),
    reasonCommit: hexOf(6),
    partKeyHash: hexOf(7),
    deadline: 1_700_000_000,
  },
  signature: hexOf(8, 65),
  partKey: hexOf(9, 1216),
  reason: 'unconscious after a fall',
  salt: hexOf(10),
})
const sealedPart = { recordId: hexOf(1), version: 1, enc: toBase64url(filled(2, 40)), ct: toBase64url(filled(3, 60)) }
const parts = encodeGlassParts({ windowId: hexOf(4), parts: [sealedPart, { ...sealedPart, version: 2 }] })

/** What people hand each other: proofs of what was recorded, and what clinician and officer exchange in an emergency. */
export const handed: Readonly<Record<string, Driven>> = {
  'leaf of the book': target({
    make: (random) => bittenCbor([leaf], random),
    parse: parseBookLeaf,
    codes: ['CBOR', 'CBOR_FIELD'],
  }),
  'record proof': target({
    make: (random) => bittenCbor([proof], random),
    parse: parseRecordProof,
    codes: ['RECORD_PROOF'],
  }),
  'emergency ask': target({
    make: (random) => bittenText([ask, parts], random),
    parse: parseGlassAsk,
    codes: ['BREAK_GLASS'],
  }),
  'emergency parts': target({
    make: (random) => bittenText([parts, ask], random),
    parse: parseGlassParts,
    codes: ['BREAK_GLASS'],
  }),
}
