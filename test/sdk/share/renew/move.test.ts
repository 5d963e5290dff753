import { toHex } from '@sharewell/sdk/bytes'
import { randomBytes } from '@sharewell/sdk/primitives'
import {
  encodePlacement,
  encodeTerms,
  type Placement,
  type RenewTerms,
  readMove,
  readTerms,
  repairPlanOf,
} from '@sharewell/sdk/share'
import { signObject } from '@sharewell/sdk/signed'
import { expect } from 'chai'
import { codeOf } from '../../../helpers/code-of.ts'
import { newAccount } from '../../../helpers/parties.ts'

describe('a drafted placement by which one share moves', () => {
  const account = newAccount()
  const operators = Array.from({ length: 5 }, () => randomBytes(16))
  const standing: Placement = {
    v: 1,
    networkId: randomBytes(32),
    recordId: randomBytes(32),
    version: 2,
    gen: 3,
    salt: randomBytes(32),
    manifestHash: randomBytes(32),
    operators,
  }
  const to = randomBytes(16)
  const withAt = (changes: Readonly<Record<number, Uint8Array<ArrayBuffer>>>) =>
    operators.map((id, j) => changes[j] ?? id)
  const next = { ...standing, gen: 4, salt: randomBytes(32), operators: withAt({ 2: to }) }
  const signed = async (more: Partial<Placement> = {}) =>
    await signObject('placement', encodePlacement({ ...next, ...more }), more.networkId ?? next.networkId, account)
  const code = async (more: Partial<Placement>, share = 2) =>
    await codeOf((async () => readMove(standing, await signed(more), share))())

  it('is read with who signed it, who has the share and who is to have it', async () => {
    const move = readMove(standing, await signed(), 2)
    expect(move).to.include({
      signer: account.address.toLowerCase(),
      from: toHex(operators[2] as Uint8Array),
      to: toHex(to),
    })
    expect(move.hash).to.have.length(32)
  })

  it('is refused where it follows another placement, or moves anything else', async () => {
    const other = randomBytes(32)
    for (const more of [
      { recordId: other },
      { version: 3 },
      { manifestHash: other },
      { operators: withAt({ 2: to }).slice(1) },
    ])
      expect(await code(more), Object.keys(more).join()).to.equal('PLACEMENT')
    expect(await code({ networkId: other })).to.equal('SIGNED_OBJECT')
    for (const more of [
      { gen: 3 },
      { gen: 5 },
      { salt: standing.salt },
      { operators },
      { operators: withAt({ 1: to }) },
      { operators: withAt({ 2: to, 3: randomBytes(16) }) },
      { operators: withAt({ 1: operators[2] as (typeof operators)[0], 2: operators[1] as (typeof operators)[0] }) },
    ])
      expect(await code(more)).to.equal('RENEW')
    expect(await code({}, 3)).to.equal('RENEW')
    expect(await code({}, 9)).to.equal('RENEW')
  })

  it('lets its keeper alone hand a share over, and nobody without a draft', async () => {
    const policy = { n: 5, t: 3, r: 1 }
    const { networkId, recordId, version, manifestHash } = standing
    const terms: RenewTerms = {
      ...{ v: 1, networkId, recordId, version, manifestHash, placementHash: randomBytes(32), epoch: 0 },
      ...{ nonce: randomBytes(32), kind: 'repair', contributors: [2], receivers: [to], share: 2 },
    }
    const read = async (more: object) =>
      await codeOf((async () => readTerms(encodeTerms({ ...terms, ...more }), policy))())
    const draft = randomBytes(32)
    expect(await read({ draft })).to.equal('success')
    expect(repairPlanOf(policy, { ...terms, draft })).to.include({ share: 2 })
    for (const more of [
      {},
      { draft, contributors: [1] },
      { draft, contributors: [] },
      { draft, share: 7, contributors: [7] },
    ])
      expect(await read(more)).to.equal('RENEW')
    expect(await read({ draft: randomBytes(31) })).to.equal('CBOR_FIELD')
    const { share: _, ...rest } = terms
    const refresh: RenewTerms = { ...rest, kind: 'refresh', off: 0, contributors: [0, 1], receivers: operators }
    const refreshing = async (more: Partial<RenewTerms>) =>
      await codeOf((async () => readTerms(encodeTerms({ ...refresh, ...more }), policy))())
    expect(await refreshing({})).to.equal('success')
    expect(await refreshing({ draft }), 'a refresh moves nothing').to.equal('RENEW')
  })
})
