import { type Bytes, fromHex, toHex } from '@sharewell/sdk/bytes'
import { publicKeyOf, symmetricKeyIdOf } from '@sharewell/sdk/envelope'
import { basePoint, encodePoint, interpolateBytes, randomScalar } from '@sharewell/sdk/group'
import { randomBytes } from '@sharewell/sdk/primitives'
import {
  combineSecondKey,
  dealSecondKey,
  encaps,
  encodeKeyHeader,
  openAnswer,
  openSecondShare,
  type Partial,
  parseKeyHeader,
  partialHash,
  type SecondKey,
  type SecondShare,
  sealAnswer,
  secondKeyOf,
  secondShareHash,
  unwrapW0,
  unwrapW1,
  wrapDek,
  wrapLabel,
} from '@sharewell/sdk/release'
import { signObject } from '@sharewell/sdk/signed'
import { expect } from 'chai'
import fc from 'fast-check'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { codeOf } from '../../helpers/code-of.ts'

const record = { networkId: randomBytes(32), recordId: randomBytes(32), version: 1, sealHash: randomBytes(32) }
const seeds = Array.from({ length: 5 }, () => randomBytes(32))
const publicKeys = seeds.map(publicKeyOf)
const flip = (bytes: Bytes): Bytes => bytes.map((byte, at) => (at === 3 ? byte ^ 1 : byte))

/** What each member opens of a second key. */
const openedBy = (second: SecondKey) =>
  Promise.all(
    seeds.map(async (seed, at) => ({ i: at + 1, ...((await openSecondShare(seed, record, second)) as SecondShare) })),
  )

describe('the second key of a record', () => {
  let key: Bytes
  let second: SecondKey
  let shares: Awaited<ReturnType<typeof openedBy>>
  let id: Bytes
  const patientSeed = randomBytes(32)
  const dek = randomBytes(32)
  const x = randomScalar()
  const groupKey = encodePoint(basePoint.multiply(x))
  let header: Awaited<ReturnType<typeof wrapDek>>

  before(async () => {
    ;({ key, second } = await dealSecondKey(record, { k: 3, publicKeys }))
    shares = await openedBy(second)
    header = await wrapDek({
      record,
      dek,
      patientKey: publicKeyOf(patientSeed),
      groupKey,
      second: { k: 3, publicKeys },
    })
    id = secondKeyOf(header)?.id as Bytes
  })

  it('is made by any three of the five to whom it was dealt, and by no two', async () => {
    const named = secondKeyOf(header)
    if (!named) throw new Error('no second key')
    const opened = await openedBy(named.pq)
    const makes = (members: readonly number[]) =>
      combineSecondKey(
        named.pq,
        members.map((at) => opened[at] as (typeof opened)[number]),
        named.id,
      )
    const made = makes([0, 1, 2])
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 3 }), (members) => {
        expect(makes(members)).to.deep.equal(made)
      }),
    )
    for (const members of [[0, 1], [4], [], [0, 0, 1]])
      expect(await codeOf(Promise.resolve().then(() => makes(members)))).to.equal('SECOND_KEY')
  })

  it('is anything at all to two of them: with their shares every key is as likely', () => {
    const [one, two] = shares as [SecondShare & { i: number }, SecondShare & { i: number }]
    const held = [one, two].map(({ i, share }) => ({ x: i, y: share }))
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (candidate) => {
        const third = { i: 3, share: interpolateBytes([...held, { x: 0, y: candidate }], 3) }
        const made = combineSecondKey(second, [one, two, third], symmetricKeyIdOf(candidate))
        expect(made).to.deep.equal(new Uint8Array(candidate))
      }),
    )
  })

  it('is dealt to members alone: another seed finds nothing, another record opens nothing', async () => {
    expect(await openSecondShare(randomBytes(32), record, second)).to.equal(undefined)
    for (const change of [
      { recordId: randomBytes(32) },
      { version: 2 },
      { sealHash: randomBytes(32) },
      { networkId: randomBytes(32) },
    ])
      expect(await codeOf(openSecondShare(seeds[0] as Bytes, { ...record, ...change }, second))).to.equal('SECOND_KEY')
  })

  it('shows a member that was dealt another share than was committed to', async () => {
    const [mine, ...others] = second.shares as [SecondKey['shares'][number], ...SecondKey['shares']]
    const cheated = [
      { ...mine, commit: flip(mine.commit) },
      { ...mine, ct: flip(mine.ct) },
      { ...mine, i: 9 },
      { ...mine, enc: others[0]?.enc as Bytes, ct: others[0]?.ct as Bytes },
    ]
    for (const share of cheated) {
      const shares = [share, ...others]
      expect(await codeOf(openSecondShare(seeds[0] as Bytes, record, { ...second, shares }))).to.equal('SECOND_KEY')
    }
  })

  it('is refused where its shares make another key than the header names: its dealer lied', async () => {
    const other = await dealSecondKey(record, { k: 3, publicKeys })
    const opened = await openedBy(other.second)
    expect(() => combineSecondKey(other.second, opened, id))
      .to.throw()
      .with.property('code', 'SECOND_KEY')
  })

  it('needs two members at least, and no more than there are', async () => {
    for (const k of [0, 1, 6]) expect(await codeOf(dealSecondKey(record, { k, publicKeys }))).to.equal('SECOND_KEY')
  })

  describe('in a key header', () => {
    const account = privateKeyToAccount(generatePrivateKey())
    const signed = (payload: Uint8Array) => signObject('key header', payload, record.networkId, account)
    /** The key of TDH2, as k nodes would give it. */
    const kemKey = async () => {
      const { ct, key: made } = encaps(groupKey, wrapLabel({ ...record, kind: 'W1' }))
      return { ct, made }
    }

    it('reads back, and W0 opens for the patient as ever', async () => {
      const { header: read } = parseKeyHeader(await signed(encodeKeyHeader(header)), record)
      expect(read).to.deep.equal(header)
      expect(await unwrapW0(read, patientSeed)).to.deep.equal(dek)
    })

    it('is needed: neither of the two keys opens W1 alone, nor one with another', async () => {
      const { made } = await kemKey()
      const tries: readonly (readonly [Bytes, Bytes?])[] = [[made], [made, randomBytes(32)], [randomBytes(32), key]]
      for (const [kem, other] of tries) expect(await codeOf(unwrapW1(header, kem, other))).to.equal('WRAP')
    })

    it('cannot be taken away, doubled or moved without notice', async () => {
      const { pq, ...plain } = header
      if (!pq?.shares[0] || !header.wraps.W1) throw new Error('no second key')
      const [first, ...others] = pq.shares
      const altered = [
        plain,
        { ...header, suite: 'xw-tdh2r255/1' as const },
        { ...header, pq: { ...pq, k: 6 } },
        { ...header, pq: { ...pq, shares: [first, ...others, first] } },
        { ...header, pq: { ...pq, shares: [first, ...others, { ...first, i: 9 }] } },
        { ...header, wraps: { W0: header.wraps.W0 } },
        {
          ...header,
          wraps: { ...header.wraps, W1: { ...header.wraps.W1, keyIds: header.wraps.W1.keyIds.slice(0, 1) } },
        },
      ]
      for (const one of altered) {
        const read = Promise.resolve(signed(encodeKeyHeader(one))).then((bytes) => parseKeyHeader(bytes, record))
        expect(await codeOf(read)).to.equal('KEY_HEADER')
      }
      expect(await codeOf(unwrapW0({ ...plain, suite: 'xw-tdh2r255/1' }, patientSeed)), 'a suite is bound').to.equal(
        'WRAP',
      )
    })
  })

  it('comes with a partial, sealed to the reader, under the one signature', async () => {
    const requestHash = randomBytes(32)
    const readerSeed = randomBytes(32)
    const to = { requestHash, hpkePublicKey: publicKeyOf(readerSeed) }
    const bytes = () => randomBytes(32)
    const made: Partial = { keyEpoch: 1, i: 1, A: bytes(), B: bytes(), c: bytes(), sx: bytes(), sz: bytes() }
    const [{ salt, share }] = shares as [(typeof shares)[number]]
    const answer = { partial: made, signature: fromHex(toHex(randomBytes(65)), 65), second: { salt, share } }
    expect(
      await openAnswer(await sealAnswer(answer, to), { hpkeSeed: readerSeed }, { requestHash, i: 1 }),
    ).to.deep.equal(answer)
    const hashes = [partialHash(made), ...shares.map((one) => partialHash(made, secondShareHash(one)))]
    expect(new Set(hashes.map(toHex)).size).to.equal(6)
  })
})
