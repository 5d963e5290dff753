import { publicKeyOf } from '@sharewell/sdk/envelope'
import { basePoint, encodePoint, encodeScalar, randomScalar, scalarField } from '@sharewell/sdk/group'
import {
  type Ciphertext,
  checkCiphertext,
  checkReader,
  combine,
  consentCiphertext,
  createReaderKey,
  ctHash,
  decodeCiphertext,
  decodePartial,
  encaps,
  encodeCiphertext,
  encodeKeyHeader,
  encodePartial,
  finish,
  openAnswer,
  parseKeyHeader,
  partial,
  partialHash,
  QuorumError,
  readerProof,
  sealAnswer,
  unwrapW0,
  unwrapW1,
  verifyPartial,
  wrapDek,
  wrapLabel,
} from '@sharewell/sdk/release'
import { signObject } from '@sharewell/sdk/signed'
import { expect } from 'chai'
import { privateKeyToAccount } from 'viem/accounts'
import { codeOf } from '../../helpers/code-of.ts'

const bytes = (fill: number, length = 32) => new Uint8Array(length).fill(fill)
const flip = (from: Uint8Array<ArrayBuffer>, at = 0) => from.map((byte, i) => (i === at ? byte ^ 1 : byte))
const record = { networkId: bytes(1), recordId: bytes(2), version: 1, sealHash: bytes(3) }
const L = wrapLabel({ ...record, kind: 'W1' })

/** A 3-of-5 key dealt here; test/sdk/release/dkg.test.ts makes one without a dealer. */
const secrets = [randomScalar(), randomScalar(), randomScalar()]
const shareOf = (i: number) =>
  secrets.reduceRight((sum, one) => scalarField.add(scalarField.mul(sum, BigInt(i)), one), 0n)
const publicOf = (secret: bigint) => encodePoint(basePoint.multiply(secret))
const groupKey = publicOf(secrets[0] as bigint)
const nodes = [1, 2, 3, 4, 5].map((i) => ({ i, keyEpoch: 1, share: encodeScalar(shareOf(i)), groupKey }))
const committee = { keyEpoch: 1, k: 3, verifyingShares: [1, 2, 3, 4, 5].map((i) => publicOf(shareOf(i))) }

const reader = createReaderKey()
const { key, ct } = encaps(groupKey, L)
const statement = { networkId: bytes(1), requestHash: bytes(7), ct, Yr: reader.Yr }
const partials = nodes.map((node) => partial(node, statement))
const from = (...ids: number[]) => ids.map((i) => partials[i - 1] as (typeof partials)[number])

describe('release', () => {
  it('gives the reader the key with the answers of any k nodes', () => {
    for (const ids of [
      [1, 2, 3],
      [2, 4, 5],
      [5, 1, 3],
    ]) {
      const combined = combine(from(...ids), committee, statement)
      expect(finish(reader.y, ct, combined)).to.deep.equal(key)
      expect(combined.nodes).to.deep.equal(ids)
    }
  })

  it('gives nobody else the key, whatever they gathered', () => {
    const combined = combine(partials, committee, statement)
    expect(finish(createReaderKey().y, ct, combined)).to.not.deep.equal(key)
  })

  it('names a node whose answer is false, and does without it', () => {
    const liar = partial({ ...(nodes[1] as (typeof nodes)[number]), share: encodeScalar(randomScalar()) }, statement)
    const combined = combine([liar, ...from(1, 3, 4)], committee, statement)
    expect(combined.blamed).to.deep.equal([{ i: 2, code: 'INVALID_PARTIAL' }])
    expect(finish(reader.y, ct, combined)).to.deep.equal(key)
  })

  it('takes an answer for one request, reader, record and epoch only', () => {
    const [X] = committee.verifyingShares as [Uint8Array]
    const [good] = from(1) as [(typeof partials)[number]]
    expect(verifyPartial(X, statement, good)).to.equal(true)
    expect(verifyPartial(X, { ...statement, requestHash: bytes(8) }, good)).to.equal(false)
    expect(verifyPartial(X, { ...statement, Yr: createReaderKey().Yr }, good)).to.equal(false)
    expect(verifyPartial(X, { ...statement, networkId: bytes(8) }, good)).to.equal(false)
    expect(verifyPartial(X, { ...statement, ct: encaps(groupKey, L).ct }, good)).to.equal(false)
    expect(verifyPartial(X, statement, { ...good, keyEpoch: 2 })).to.equal(false)
    expect(verifyPartial(X, statement, { ...good, i: 2 })).to.equal(false)
    for (const name of ['A', 'B', 'c', 'sx', 'sz'] as const)
      expect(verifyPartial(X, statement, { ...good, [name]: flip(good[name]) })).to.equal(false)
    expect(verifyPartial(X, statement, { ...good, A: new Uint8Array(32) })).to.equal(false)
  })

  it('lists each node and its reason when fewer than k are left', () => {
    const refusals = [{ i: 5, code: 'CONSENT_REVOKED' }]
    const answers = [
      ...from(1),
      ...from(1),
      { ...(partials[2] as (typeof partials)[number]), keyEpoch: 2 },
      { ...(partials[3] as (typeof partials)[number]), i: 9 },
    ]
    try {
      combine(answers, committee, statement, { refusals })
      expect.fail('it combined')
    } catch (error) {
      if (!(error instanceof QuorumError)) throw error
      expect(error.refusals).to.deep.equal([
        { i: 5, code: 'CONSENT_REVOKED' },
        { i: 1, code: 'ANSWERED_TWICE' },
        { i: 3, code: 'OTHER_EPOCH' },
        { i: 9, code: 'NOT_A_MEMBER' },
      ])
      expect(error.message).to.include('1 of the 3 key nodes')
    }
  })

  it('lets no node touch a ciphertext that was altered or labelled anew', () => {
    checkCiphertext(groupKey, ct, L)
    const node = nodes[0] as (typeof nodes)[number]
    const other = encaps(groupKey, L).ct
    const mauled: Ciphertext[] = [
      { ...ct, u: other.u },
      { ...ct, ub: other.ub },
      { ...ct, e: flip(ct.e) },
      { ...ct, f: flip(ct.f) },
      { ...ct, u: new Uint8Array(32) },
      { ...ct, L: wrapLabel({ ...record, version: 2, kind: 'W1' }) },
    ]
    for (const one of mauled) {
      expect(() => checkCiphertext(groupKey, one))
        .to.throw()
        .with.property('code', 'CIPHERTEXT')
      expect(() => partial(node, { ...statement, ct: one }))
        .to.throw()
        .with.property('code', 'CIPHERTEXT')
    }
    expect(() => checkCiphertext(publicOf(5n), ct))
      .to.throw()
      .with.property('code', 'CIPHERTEXT')
    const foreign = wrapLabel({ ...record, recordId: bytes(9), kind: 'W1' })
    expect(() => checkCiphertext(groupKey, ct, foreign))
      .to.throw()
      .with.property('code', 'CIPHERTEXT')
  })

  it('repeats no nonce when the random source repeats itself', () => {
    const stuck = () => bytes(1)
    const node = nodes[0] as (typeof nodes)[number]
    const one = partial(node, statement, { random: stuck })
    const two = partial(node, { ...statement, requestHash: bytes(8) }, { random: stuck })
    expect(one.A).to.not.deep.equal(two.A)
    // With equal nonces sx - sx' = (c - c') x: the share would fall out.
    expect(partial(node, statement, { random: stuck })).to.deep.equal(one)
  })

  it('writes partials and ciphertexts that read back the same', () => {
    const [one] = from(1) as [(typeof partials)[number]]
    expect(encodePartial(one)).to.have.length(168)
    expect(decodePartial(encodePartial(one))).to.deep.equal(one)
    expect(() => decodePartial(new Uint8Array(167)))
      .to.throw()
      .with.property('code', 'PARTIAL')
    expect(partialHash(one)).to.not.deep.equal(partialHash({ ...one, i: 2 }))
    expect(decodeCiphertext(encodeCiphertext(ct))).to.deep.equal(ct)
    expect(ctHash(ct)).to.have.length(32)
  })

  it('refuses a reader key that its request did not sign, and one whose sender does not hold it', () => {
    const request = { requestHash: bytes(7), readerKeyHash: reader.readerKeyHash }
    const pok = readerProof(reader, request.requestHash)
    checkReader({ ...reader, pok }, request)
    const other = createReaderKey()
    expect(() => checkReader({ ...other, pok }, request))
      .to.throw()
      .with.property('code', 'READER_KEY')
    const borrowed = { ...request, readerKeyHash: other.readerKeyHash }
    expect(() => checkReader({ ...other, pok }, borrowed))
      .to.throw()
      .with.property('code', 'POSSESSION')
    const replayed = { ...request, requestHash: bytes(8) }
    expect(() => checkReader({ ...reader, pok }, replayed))
      .to.throw()
      .with.property('code', 'POSSESSION')
  })

  it('seals an answer to the reader of one request, from one node', async () => {
    const [one] = from(1) as [(typeof partials)[number]]
    const answer = { partial: one, signature: bytes(4, 65) }
    const envelope = await sealAnswer(answer, { requestHash: bytes(7), hpkePublicKey: reader.hpkePublicKey })
    expect(await openAnswer(envelope, reader, { requestHash: bytes(7), i: 1 })).to.deep.equal(answer)
    expect(await codeOf(openAnswer(envelope, reader, { requestHash: bytes(7), i: 2 }))).to.equal('ENVELOPE')
    expect(await codeOf(openAnswer(envelope, createReaderKey(), { requestHash: bytes(7), i: 1 }))).to.equal('ENVELOPE')
  })
})

describe('key header', () => {
  const seed = bytes(9)
  const dek = bytes(5)
  const account = privateKeyToAccount('0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d')
  const sign = async (changes = {}) => {
    const header = await wrapDek({ record: { ...record, ...changes }, dek, patientKey: publicKeyOf(seed), groupKey })
    return signObject('key header', encodeKeyHeader(header), record.networkId, account)
  }

  it('opens for the patient alone, and for a reader with k nodes', async () => {
    const { header, signer } = parseKeyHeader(await sign(), record)
    expect(signer).to.equal(account.address.toLowerCase())
    expect(await unwrapW0(header, seed)).to.deep.equal(dek)
    expect(await codeOf(unwrapW0(header, bytes(8)))).to.equal('WRAP')
    const asked = { ...statement, ct: consentCiphertext(header).ct }
    const combined = combine(
      nodes.slice(1, 4).map((node) => partial(node, asked)),
      committee,
      asked,
    )
    expect(await unwrapW1(header, finish(reader.y, asked.ct, combined))).to.deep.equal(dek)
    expect(await codeOf(unwrapW1(header, key))).to.equal('WRAP')
  })

  it('is refused for another record, version or network, and when a byte was altered', async () => {
    const object = await sign()
    const parse = (expected: Parameters<typeof parseKeyHeader>[1]) => () => parseKeyHeader(object, expected)
    expect(parse({ ...record, recordId: bytes(9) }))
      .to.throw()
      .with.property('code', 'KEY_HEADER')
    expect(parse({ ...record, version: 2 }))
      .to.throw()
      .with.property('code', 'KEY_HEADER')
    expect(parse({ networkId: bytes(9) }))
      .to.throw()
      .with.property('code', 'SIGNED_OBJECT')
    for (const at of [5, 200, object.length - 70, object.length - 1])
      expect(() => parseKeyHeader(flip(object, at), record)).to.throw()
  })

  it('does not open when a wrap of another version is put in', async () => {
    const [one, two] = await Promise.all([sign(), sign({ version: 2 })])
    const { header } = parseKeyHeader(one, record)
    const { wraps } = parseKeyHeader(two, { networkId: record.networkId }).header
    expect(await codeOf(unwrapW0({ ...header, wraps }, seed))).to.equal('WRAP')
    const mixed = encodeKeyHeader({ ...header, wraps })
    const object = await signObject('key header', mixed, record.networkId, account)
    expect(() => parseKeyHeader(object, record))
      .to.throw()
      .with.property('code', 'KEY_HEADER')
  })

  it('says so when it has no wrap to the key nodes', async () => {
    const header = await wrapDek({ record, dek, patientKey: publicKeyOf(seed) })
    expect(() => consentCiphertext(header))
      .to.throw()
      .with.property('code', 'KEY_HEADER')
    expect(await codeOf(unwrapW1(header, key))).to.equal('KEY_HEADER')
    expect(await unwrapW0(header, seed)).to.deep.equal(dek)
  })
})
