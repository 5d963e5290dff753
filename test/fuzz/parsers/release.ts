import { type Bytes, concat } from '@sharewell/sdk/bytes'
import { encode } from '@sharewell/sdk/cbor'
import { encLength, openFrom, publicKeyOf, sealTo, unwrap, unwrapPatient, wrapLength } from '@sharewell/sdk/envelope'
import { basePoint, checkPossession, encodePoint, encodeScalar, provePossession } from '@sharewell/sdk/group'
import {
  checkCiphertext,
  checkReader,
  createReaderKey,
  decodeCiphertext,
  decodePartial,
  encaps,
  encodeCiphertext,
  encodePartial,
  openAnswer,
  partial,
  readerKeyHash,
  readerProof,
  sealAnswer,
  verifyPartial,
  wrapLabel,
} from '@sharewell/sdk/release'
import { parseRound1 } from '../../../sdk/src/release/dkg-checks.ts'
import { type Driven, target } from '../drive.ts'
import { bitten, type Random } from '../random.ts'
import { bittenCbor, filled, networkId } from './samples.ts'

const record = { networkId, recordId: filled(2), version: 1, sealHash: filled(3) }
const groupKey = encodePoint(basePoint.multiply(5n))
const { ct } = encaps(groupKey, wrapLabel({ ...record, kind: 'W1' }))
const statement = { networkId, requestHash: filled(7), ct, Yr: encodePoint(basePoint.multiply(9n)) }
const made = partial({ keyEpoch: 1, i: 1, share: encodeScalar(5n), groupKey }, statement)

/** What the key nodes and their readers say to each other: fields first, then what the group makes of them. */
export const released: Readonly<Record<string, Driven>> = {
  ciphertext: target({
    make: (random) => bittenCbor([encodeCiphertext(ct)], random),
    parse: (bytes) => decodeCiphertext(bytes),
    codes: ['CBOR', 'CBOR_FIELD'],
  }),
  partial: target({
    make: (random) => bitten([encodePartial(made)], random),
    parse: decodePartial,
    codes: ['PARTIAL'],
  }),
  'package of a key generation': target({
    make: (random) => bittenCbor([round1()], random),
    parse: (bytes) => parseRound1(bytes, { session: filled(3), k: 2, from: 1 }),
    codes: ['DKG'],
  }),
}

function round1(): Bytes {
  const commitment = [groupKey, statement.Yr]
  return encode({ v: 1, session: filled(3), from: 1, commitment, pok: filled(4, 64) })
}

const requestHash = filled(7)
const reader = createReaderKey()
const readersProof = readerProof(reader, requestHash)
const possession = provePossession(5n, filled(1))

/** Proofs in the group: each takes a millisecond or two. */
export const proofs: Readonly<Record<string, Driven>> = {
  'proof of a ciphertext': target({
    make: (random) => bitten([encodeCiphertext(ct)], random),
    parse: (bytes) => checkCiphertext(groupKey, decodeCiphertext(bytes), ct.L),
    codes: ['CBOR', 'CIPHERTEXT'],
  }),
  'proof of a partial': target({
    make: (random) => bitten([encodePartial(made)], random),
    parse: (bytes) => verifyPartial(groupKey, statement, decodePartial(bytes)),
    codes: ['PARTIAL'],
  }),
  'proof of a reader': target({
    make: (random) => ({
      Yr: maybe(reader.Yr, random),
      hpkePublicKey: reader.hpkePublicKey,
      pok: maybe(readersProof, random),
    }),
    parse: (sent) => checkReader(sent, { requestHash, readerKeyHash: readerKeyHash(reader) }),
    codes: ['POINT', 'READER_KEY', 'POSSESSION'],
  }),
  'proof of possession': target({
    make: (random) => [maybe(groupKey, random), maybe(possession, random)] as const,
    parse: ([publicKey, pok]) => checkPossession(publicKey, filled(1), pok),
    codes: ['POINT', 'POSSESSION'],
  }),
}

/** Envelopes: each takes several milliseconds. */
export async function envelopes(): Promise<Readonly<Record<string, Driven>>> {
  const signature = filled(1, 65)
  const answer = await sealAnswer({ partial: made, signature }, { requestHash, hpkePublicKey: reader.hpkePublicKey })
  const seed = filled(9)
  const context = { purpose: ['record', 'note'], context: filled(1) } as const
  const envelope = await sealTo(publicKeyOf(seed), context, filled(2))
  return {
    envelope: target({
      make: (random) => ({ enc: maybe(envelope.enc, random), ct: maybe(envelope.ct, random) }),
      parse: (sent) => openFrom(seed, context, sent),
      codes: ['ENVELOPE'],
    }),
    'answer of a key node': target({
      make: (random) => ({ enc: maybe(answer.enc, random), ct: maybe(answer.ct, random) }),
      parse: (sent) => openAnswer(sent, reader, { requestHash, i: 1 }),
      codes: ['ENVELOPE'],
    }),
    'answer of a key node, well sealed': target({
      make: (random) => bitten([concat(encodePartial(made), signature)], random),
      parse: async (plaintext) => {
        const to = { purpose: ['release', 'response'], context: encode([requestHash, 1]) } as const
        return await openAnswer(await sealTo(reader.hpkePublicKey, to, plaintext), reader, { requestHash, i: 1 })
      },
      codes: ['PARTIAL'],
    }),
    'wrapped key': target({
      make: (random) => bitten([filled(1, wrapLength)], random),
      parse: (bytes) => unwrap(filled(2), bytes, filled(3)),
      codes: ['WRAP'],
    }),
    "patient's wrap": target({
      make: (random) => ({
        keyIds: [maybe(filled(1), random)],
        enc: maybe(filled(1, encLength), random),
        wrap: maybe(filled(1, wrapLength), random),
      }),
      parse: (sent) => unwrapPatient(record, sent, seed),
      codes: ['WRAP', 'ENVELOPE'],
    }),
  }
}

const maybe = (bytes: Bytes, random: Random): Bytes => (random.once(2) ? bitten([bytes], random) : bytes)
