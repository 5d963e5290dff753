import { publicKeyOf } from '@sharewell/sdk/envelope'
import { randomBytes } from '@sharewell/sdk/primitives'
import {
  addPieces,
  blameChange,
  blindRows,
  createCheck,
  createInbox,
  drawZeroWord,
  encodeParts,
  encodeTerms,
  judgeWord,
  maskLength,
  openPart,
  type PairMask,
  type PartPlace,
  planChange,
  planRepair,
  RenewError,
  type RenewTerms,
  readCheck,
  readPost,
  readSigned,
  readTerms,
  sealPart,
  sessionOf,
  signSaid,
  splitPiece,
  vectorHash,
  xorRows,
} from '@sharewell/sdk/share'
import { signObject } from '@sharewell/sdk/signed'
import { expect } from 'chai'
import { codeOf } from '../../../helpers/code-of.ts'
import { newAccount } from '../../../helpers/parties.ts'
import { dealt, upTo } from '../../../helpers/renewals.ts'
import { carry, renewable, sessionFor, shareChunk } from '../../../helpers/renewing.ts'

const policy = { n: 5, t: 3, r: 2 }
const refusal = async (act: () => unknown) => await codeOf((async () => await act())())

describe('terms of a renewal', () => {
  const base = {
    v: 1,
    networkId: randomBytes(32),
    recordId: randomBytes(32),
    version: 2,
    manifestHash: randomBytes(32),
    placementHash: randomBytes(32),
    epoch: 1,
    nonce: randomBytes(32),
  } as const
  const operators = upTo(6).map(() => randomBytes(16))
  const repair: RenewTerms = {
    ...base,
    kind: 'repair',
    contributors: [0, 1, 4],
    receivers: operators.slice(0, 1),
    share: 2,
  }
  const refresh: RenewTerms = {
    ...base,
    kind: 'refresh',
    contributors: [0, 1, 2],
    receivers: operators.slice(0, 5),
    off: 1,
  }
  const next = { n: 6, t: 4, r: 3 }
  const change: RenewTerms = { ...base, kind: 'change', contributors: [0, 2, 3], receivers: operators, policy: next }

  it('are read as they were written, and name one session each', () => {
    for (const terms of [repair, refresh, change]) expect(readTerms(encodeTerms(terms), policy)).to.deep.equal(terms)
    const others = [
      { ...repair, nonce: randomBytes(32) },
      { ...repair, epoch: 2 },
      { ...repair, manifestHash: randomBytes(32) },
      { ...repair, contributors: [0, 1, 3] },
      { ...repair, receivers: operators.slice(1, 2) },
      { ...repair, share: 3 },
    ]
    expect(new Set([repair, refresh, change, ...others].map((terms) => String(sessionOf(terms)))).size).to.equal(9)
  })

  it('are refused where nobody could follow them', async () => {
    const code = (terms: RenewTerms, of = policy) => refusal(() => readTerms(encodeTerms(terms), of))
    const { share: _, ...shareless } = repair
    const { policy: __, ...aimless } = change
    const refused: RenewTerms[] = [
      shareless,
      { ...repair, off: 1 },
      { ...repair, share: 1 },
      { ...repair, contributors: [0, 1] },
      { ...repair, receivers: operators.slice(0, 2) },
      { ...refresh, contributors: [0, 1] },
      { ...refresh, contributors: [0, 1, 1] },
      { ...refresh, contributors: [0, 1, 5] },
      { ...refresh, off: 2 },
      { ...refresh, receivers: operators },
      { ...refresh, receivers: [...operators.slice(0, 4), operators[0] as Uint8Array<ArrayBuffer>] },
      aimless,
      { ...change, policy: { n: 6, t: 4, r: 2 } },
      { ...change, receivers: operators.slice(1) },
    ]
    for (const terms of refused) expect(await code(terms), JSON.stringify(Object.keys(terms))).to.equal('RENEW')
    expect(await code({ ...change, policy: { n: 3, t: 4, r: 3 } })).to.equal('POLICY')
    expect(await code(repair, { n: 5, t: 3, r: 0 })).to.equal('RENEW')
    expect(await refusal(() => readTerms(encodeTerms({ ...repair, more: 1 } as RenewTerms), policy))).to.equal(
      'CBOR_FIELD',
    )
  })
})

describe('messages of a renewal', () => {
  const network = randomBytes(32)
  const within = { session: randomBytes(32), networkId: network }
  const place: PartPlace = { stage: 'piece', from: 1, to: 3, i: 7 }
  const [sender, other] = [newAccount(), newAccount()]
  const seed = randomBytes(32)
  const body = randomBytes(64)
  const keys = { signer: sender, publicKey: publicKeyOf(seed) }
  const open = (given: Uint8Array, changes: { session?: Uint8Array<ArrayBuffer>; place?: Partial<PartPlace> } = {}) =>
    openPart(
      { ...within, ...(changes.session && { session: changes.session }) },
      { ...place, ...changes.place },
      given,
      {
        seed,
        account: sender.address,
      },
    )

  it('open at their place alone, and show who signed them', async () => {
    const sealed = await sealPart(within, place, body, keys)
    const { body: opened, signed } = await open(sealed)
    expect(opened).to.deep.equal(body)
    expect(readSigned(within, place, signed, sender.address)).to.deep.equal(body)
    const elsewhere: Partial<PartPlace>[] = [{ stage: 'sum' }, { from: 2 }, { to: 2 }, { i: 8 }]
    for (const changed of elsewhere) {
      expect(await refusal(() => open(sealed, { place: changed }))).to.equal('ENVELOPE')
      expect(await refusal(() => readSigned(within, { ...place, ...changed }, signed, sender.address))).to.equal(
        'RENEW',
      )
    }
    expect(await refusal(() => open(sealed, { session: randomBytes(32) }))).to.equal('ENVELOPE')
    const replayed = { ...within, session: randomBytes(32) }
    expect(await refusal(() => readSigned(replayed, place, signed, sender.address))).to.equal('RENEW')
    expect(await refusal(() => readSigned(within, place, signed, other.address))).to.equal('RENEW')
    expect(
      await refusal(() => readSigned({ ...within, networkId: body.slice(0, 32) }, place, signed, sender.address)),
    ).to.equal('SIGNED_OBJECT')
  })

  it('count as silence where somebody else sealed them, or their bytes were changed', async () => {
    const foreign = await sealPart(within, place, body, { ...keys, signer: other })
    expect(await refusal(() => open(foreign))).to.equal('RENEW')
    const sealed = await sealPart(within, place, body, keys)
    for (const at of [4, 600, sealed.length - 1])
      expect(await refusal(() => open(sealed.map((byte, i) => (i === at ? byte ^ 1 : byte))))).to.be.oneOf([
        'ENVELOPE',
        'CBOR',
      ])
    expect(await refusal(() => open(sealed.subarray(1)))).to.be.oneOf(['CBOR', 'CBOR_FIELD'])
    expect(await refusal(() => open(new Uint8Array(0)))).to.equal('CBOR')
  })

  it('are taken once; two bodies at one place convict their signer', () => {
    const inbox = createInbox()
    expect(inbox.take(place, body)).to.equal('new')
    expect(inbox.take(place, body)).to.equal('again')
    expect(inbox.take({ ...place, i: 8 }, body)).to.equal('new')
    expect(() => inbox.take(place, randomBytes(64)))
      .to.throw(RenewError)
      .with.deep.property('culprits', [1])
  })

  it('to all are read under their session, node and account alone', async () => {
    const vectors = [randomBytes(32), null]
    const signed = await signSaid(within, { stage: 'post', from: 2, vectors }, sender)
    const sayer = { from: 2, account: sender.address, contributors: 2 } as const
    expect(readPost(within, signed, sayer).vectors).to.deep.equal(vectors)
    const refused = (changes: object, session = within) =>
      refusal(() => readPost(session, signed, { ...sayer, ...changes }))
    expect(await refused({ from: 1 })).to.equal('RENEW')
    expect(await refused({ contributors: 3 })).to.equal('RENEW')
    expect(await refused({ account: other.address })).to.equal('RENEW')
    expect(await refused({}, { ...within, session: randomBytes(32) })).to.equal('RENEW')
    expect(await refusal(() => readCheck(within, signed, sayer))).to.equal('CBOR_FIELD')
    const values = [[1, 2], null]
    const beacon = randomBytes(32)
    const answered = await signSaid(within, { stage: 'check', from: 2, beacon, values }, sender)
    expect(readCheck(within, answered, sayer)).to.deep.equal({ stage: 'check', from: 2, beacon, values })
    const odd = await signObject('share renewal', randomBytes(9), network, sender)
    expect(await refusal(() => readPost(within, odd, sayer))).to.be.oneOf(['CBOR', 'CBOR_FIELD'])
  })
})

describe('a repair between nodes', () => {
  it('gives the target its share, chunk by chunk, and nobody but it', async () => {
    const { record, keepers, operators, base } = await renewable(policy)
    const [helpers, share] = [[0, 2, 4], 3]
    const receivers = [operators[share] as Uint8Array<ArrayBuffer>]
    const terms: RenewTerms = { ...base, epoch: 0, kind: 'repair', contributors: helpers, receivers, share }
    const session = sessionFor(readTerms(encodeTerms(terms), policy))
    const plan = planRepair(policy, helpers, share)
    const keeper = (j: number) => keepers[j] as (typeof keepers)[number]
    for (const i of record.parts.keys()) {
      const made = helpers.map((helper) => splitPiece(plan, helper, shareChunk(record, helper, i)))
      const sums = helpers.map(async (to, l) => {
        const pieces = helpers.map(async (from, at) => {
          const piece = made[at]?.[l] as Uint8Array<ArrayBuffer>
          if (from === to) return piece
          return (await carry(session, { stage: 'piece', from, to, i }, piece, { from: keeper(from), to: keeper(to) }))
            .body
        })
        const sum = addPieces(plan, await Promise.all(pieces))
        const way = { from: keeper(to), to: keeper(share) }
        return (await carry(session, { stage: 'sum', from: to, to: share, i }, sum, way)).body
      })
      expect(addPieces(plan, await Promise.all(sums))).to.deep.equal(shareChunk(record, share, i))
    }
  })
})

describe('blame in a refresh', () => {
  const beacon = randomBytes(32)
  const word = [drawZeroWord(policy, 96), drawZeroWord(policy, 32)]
  const masks = drawZeroWord(policy, maskLength)
  const shownBy = async (j: number, rows: Uint8Array[], mask: Uint8Array) => {
    const check = createCheck(policy, beacon)
    for (const [i, row] of rows.entries()) await check.add(i, row)
    return { rows, masks: mask, posted: await vectorHash([...rows, mask]), values: check.finish(mask), j }
  }
  const honest = async (j: number) =>
    await shownBy(
      j,
      word.map((rows) => rows[j] as Uint8Array),
      masks[j] as Uint8Array,
    )

  it('falls on the contributor whose signed vector is off, on the node that says otherwise, or on nobody', async () => {
    const shown = await honest(1)
    const due = shown.values
    expect(await judgeWord(policy, beacon, { ...shown, word: due })).to.equal('neither')
    const dealt = await shownBy(1, [randomBytes(96), word[1]?.[1] as Uint8Array], masks[1] as Uint8Array)
    expect(await judgeWord(policy, beacon, { ...dealt, word: due })).to.equal('contributor')
    const lied = { ...shown, values: shown.values.map((value) => value ^ 1), word: due }
    expect(await judgeWord(policy, beacon, lied)).to.equal('node')
    expect(await judgeWord(policy, beacon, { ...shown, posted: randomBytes(32), word: due })).to.equal('node')
    expect(await judgeWord(policy, beacon, { ...shown, masks: randomBytes(31), word: due })).to.equal('node')
    expect(await judgeWord(policy, beacon, { ...shown, rows: [...shown.rows].reverse(), word: due })).to.equal('node')
  })
})

describe('blame in a change', () => {
  it('falls on exactly whose parts or sum are wrong', () => {
    const [from, to] = [
      { n: 5, t: 4, r: 2 },
      { n: 6, t: 5, r: 3 },
    ]
    const { shares } = dealt(from)
    const contributors = [0, 1, 3, 4]
    const plan = planChange(from, to, contributors)
    const length = shares[0]?.length ?? 0
    const pair = new Map<string, Uint8Array<ArrayBuffer>[]>()
    const masksOf = (c: number): PairMask[] =>
      contributors
        .filter((other) => other !== c)
        .map((other) => {
          const key = [c, other].sort((a, b) => a - b).join()
          const rows = pair.get(key) ?? upTo(2).map(() => randomBytes(length))
          pair.set(key, rows)
          return { with: other, rows }
        })
    const masks = contributors.map(masksOf)
    const bodies = contributors.map((c) => shares[c] as Uint8Array<ArrayBuffer>)
    const parts = contributors.map((contributor, c) =>
      encodeParts(
        plan,
        blindRows(plan, { contributor, body: bodies[c] as Uint8Array<ArrayBuffer>, masks: masks[c] as PairMask[] }),
      ),
    )
    const sumsOf = (given: typeof parts) => upTo(to.n).map((j) => xorRows(given.map((own) => own[j] as Uint8Array)))
    const verdict = (given: typeof parts, sums = sumsOf(given)) =>
      blameChange(plan, { bodies, masks, parts: given, sums })
    expect(verdict(parts)).to.deep.equal({ contributors: [], nodes: [] })
    const noise = () => randomBytes(length)
    const offWord = parts.map((own, c) => (c === 2 ? own.with(5, noise()) : own))
    expect(verdict(offWord)).to.deep.equal({ contributors: [3], nodes: [] })
    const otherData = parts.map((own, c) => (c === 1 ? encodeParts(plan, [noise(), noise()]) : own))
    expect(verdict(otherData)).to.deep.equal({ contributors: [1], nodes: [] })
    expect(verdict(parts, sumsOf(parts).with(2, noise()))).to.deep.equal({ contributors: [], nodes: [2] })
  })
})
