import type { Hex } from '@sharewell/sdk/bytes'
import { toHex } from '@sharewell/sdk/bytes'
import {
  type ConsentScope,
  delegate,
  denyPerson,
  endDelegation,
  erase,
  grant,
  granteeOf,
  personId,
  recordsDue,
  revoke,
  revokeAll,
  supersede,
  type Terms,
  view,
} from '@sharewell/sdk/chain'
import { basePoint, encodePoint } from '@sharewell/sdk/group'
import { expect } from 'chai'
import {
  anchorRecord,
  type Hospital,
  newAccount,
  type Patient,
  registerHospitals,
  registerPatientAt,
} from '../../helpers/committee.ts'
import { randomHex } from '../../helpers/ids.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'

const groupKey = toHex(encodePoint(basePoint.multiply(5n)))

describe('records that are due for a new key', function () {
  this.timeout(120_000)
  let net: TestNetwork
  let hospital: Hospital
  let patient: Patient
  let labs: Hex
  let notes: Hex
  before(async () => {
    net = await startNetwork()
    hospital = (await registerHospitals(net, 1))[0] as Hospital
  })
  beforeEach(async () => {
    patient = await registerPatientAt(net, hospital)
    labs = (await anchorRecord(net, { hospital, patient, groupKey, category: 3 })).recordId
    notes = (await anchorRecord(net, { hospital, patient, groupKey, category: 31 })).recordId
  })
  after(() => net?.close())

  const due = async () => {
    const found = await recordsDue(hospital.chain, patient)
    return found.map(({ recordId }) => recordId).sort()
  }
  const someone = () => personId(newAccount().address)
  const permit = async (scope: Partial<ConsentScope> & { granteeId: Hex }, change: Partial<Terms> = {}) => {
    const { later } = await view(patient.chain)
    const terms = { from: 0, until: later + 3_600, purposes: 1, categories: 0, ...change }
    await grant(patient.chain, { pseudonym: patient.pseudonym, ...scope, terms })
  }
  const end = (scope: { granteeId: Hex; recordId?: Hex }) =>
    revoke(patient.chain, { pseudonym: patient.pseudonym, ...scope })
  const renew = async (recordId: Hex, version = 2) => {
    const hashes = { manifestHash: randomHex(32), placementHash: randomHex(32), ptCommit: randomHex(32) }
    await supersede(hospital.chain, { recordId, version, ...hashes, n: 5, t: 3, r: 0 })
  }

  it('are none while everything that was permitted still is, or nothing ever was', async () => {
    expect(await due()).to.deep.equal([])
    await permit({ granteeId: someone(), recordId: labs })
    await revokeAll(patient.chain, { pseudonym: patient.pseudonym, granteeId: someone() })
    await end({ granteeId: someone(), recordId: labs })
    expect(await due()).to.deep.equal([])
  })

  it('are the one that was shared, or those of the kinds that were', async () => {
    const [one, many] = [someone(), someone()]
    await permit({ granteeId: one, recordId: labs })
    await permit({ granteeId: many }, { categories: 2 ** 31 })
    await end({ granteeId: one, recordId: labs })
    expect(await due()).to.deep.equal([labs])
    await end({ granteeId: many })
    expect(await due()).to.deep.equal([labs, notes].sort())
  })

  it('are those that a revocation of everything touched, for one grantee or for all', async () => {
    const one = granteeOf({ kind: 'organization', organization: hospital.id })
    await permit({ granteeId: one, recordId: labs })
    await permit({ granteeId: someone(), recordId: notes })
    await revokeAll(patient.chain, { pseudonym: patient.pseudonym, granteeId: one })
    expect(await due()).to.deep.equal([labs])
    await revokeAll(patient.chain, { pseudonym: patient.pseudonym })
    expect(await due()).to.deep.equal([labs, notes].sort())
  })

  it('are those that a further grant leaves out', async () => {
    const granteeId = someone()
    await permit({ granteeId }, { categories: (1 << 3) | 1 })
    await permit({ granteeId }, { categories: 1 << 3 })
    expect(await due()).to.deep.equal([])
    await permit({ granteeId }, { categories: 1 })
    expect(await due()).to.deep.equal([labs])
  })

  it('are those from which a denial may have taken somebody', async () => {
    const { address: account } = newAccount()
    const { pseudonym } = patient
    await denyPerson(patient.chain, { pseudonym, account, recordId: notes })
    expect(await due()).to.deep.equal([])
    await permit({ granteeId: granteeOf({ kind: 'organization', organization: hospital.id }) }, { categories: 1 << 3 })
    await denyPerson(patient.chain, { pseudonym, account })
    expect(await due()).to.deep.equal([labs])
  })

  it('are those that a delegate could read, when the delegation ends', async () => {
    const { address: account } = newAccount()
    const { pseudonym } = patient
    const { later } = await view(patient.chain)
    const terms = { until: later + 3_600, reads: 1, grants: 1, categories: 1 << 3 }
    await delegate(patient.chain, { pseudonym, account, terms: { ...terms, reads: 0 } })
    await endDelegation(patient.chain, { pseudonym, account })
    expect(await due()).to.deep.equal([])
    await delegate(patient.chain, { pseudonym, account, terms })
    await endDelegation(patient.chain, { pseudonym, account })
    expect(await due()).to.deep.equal([labs])
  })

  it('are not those whose sharing ran out before it was revoked', async () => {
    const granteeId = someone()
    const { later } = await view(patient.chain)
    await permit({ granteeId, recordId: labs }, { until: later + 60 })
    await net.increaseTime(120)
    await end({ granteeId, recordId: labs })
    expect(await due()).to.deep.equal([])
  })

  it('are due no more with a new key, until the next revocation, and never once erased', async () => {
    const granteeId = someone()
    await permit({ granteeId, recordId: labs })
    await end({ granteeId, recordId: labs })
    expect(await due()).to.deep.equal([labs])
    await renew(labs)
    expect(await due()).to.deep.equal([])
    await permit({ granteeId, recordId: labs })
    expect(await due()).to.deep.equal([])
    await end({ granteeId, recordId: labs })
    expect(await due()).to.deep.equal([labs])
    await erase(patient.chain, { recordId: labs })
    expect(await due()).to.deep.equal([])
  })
})
