import type { Hex } from '@sharewell/sdk/bytes'
import {
  countedUsesOf,
  decide,
  delegate,
  delegatesOf,
  delegationOf,
  denyPerson,
  endDelegation,
  grant,
  logCountedRequest,
  type Message,
  personId,
  revoke,
  usesOf,
} from '@sharewell/sdk/chain'
import { keyNodesOf, putHeader } from '@sharewell/sdk/flow/key-nodes'
import { expect } from 'chai'
import { zeroHash } from 'viem'
import { asJson } from '../../helpers/as-json.ts'
import {
  anchorRecord,
  attestDoctor,
  type Hospital,
  newAccount,
  type Patient,
  registerPatientAt,
  startCommittee,
  type TestKeyNode,
  type TestRecord,
} from '../../helpers/committee.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'
import { type Doctor, signRequest } from '../../helpers/requests.ts'

const treat = 0

describe('a key node obeys the terms of a consent:', () => {
  const clock = () => Math.floor(Date.now() / 1000)
  let net: TestNetwork
  let committee: Awaited<ReturnType<typeof startCommittee>>
  let hospital: Hospital
  let node: TestKeyNode
  let patient: Patient
  let doctor: Doctor

  before(async () => {
    net = await startNetwork()
    committee = await startCommittee(net, { h: 3, k: 2, clock })
    ;[hospital] = committee.hospitals as [Hospital]
    ;[node] = committee.nodes as [TestKeyNode]
    patient = await registerPatientAt(net, hospital)
    doctor = await attestDoctor(net, hospital)
  })
  after(async () => {
    await committee.close()
    await net.close()
  })

  async function newRecord(): Promise<TestRecord> {
    const made = await anchorRecord(net, { hospital, patient, groupKey: committee.epoch.groupKey })
    await putHeader(await keyNodesOf(doctor.chain), { header: made.headerBytes })
    return made
  }

  const request = (record: TestRecord, by: Doctor, change: Partial<Message<'KeyRequest'>>, log: boolean) =>
    signRequest(net.network, { doctor: by, pseudonym: patient.pseudonym, record }, { change, log, now: clock() })

  /** RELEASED, or the code of the refusal. */
  async function ask(body: unknown): Promise<string> {
    const init = { method: 'POST', headers: asJson, body: JSON.stringify(body) }
    const response = await fetch(`${node.url}/v1/release`, init)
    return response.ok ? 'RELEASED' : JSON.parse(await response.text()).code
  }

  describe('a limited one', () => {
    let record: TestRecord
    const { account } = { account: () => doctor.account.address }
    const permit = (useLimit: number) => {
      const terms = { from: 0, until: clock() + 3_000, purposes: 1, categories: 0, useLimit }
      const granteeId = personId(account())
      return grant(patient.chain, { pseudonym: patient.pseudonym, granteeId, recordId: record.recordId, terms })
    }
    const plain = (log = false) => request(record, doctor, {}, log)
    const scope = (consentKey: Hex) => {
      const { pseudonym } = patient
      return { pseudonym, recordId: record.recordId, reader: account(), consentKey }
    }

    beforeEach(async () => {
      record = await newRecord()
      await permit(2)
    })

    it('only where the request was counted, to the last use, and again until it is over', async () => {
      const uncounted = await plain(true)
      expect(await ask(uncounted.body)).to.equal('NOT_COUNTED')
      const { request: message } = uncounted
      const [first, last] = [await plain(), await plain()]
      for (const { requestHash } of [first, last])
        await logCountedRequest(doctor.chain, { requestHash, ...scope(message.consentKey) })
      const query = { pseudonym: patient.pseudonym, recordId: record.recordId, categoryBit: 3, reader: account() }
      const { permit: may, gathers, code } = await decide(doctor.chain, { ...query, purpose: treat })
      expect({ may, gathers, code }).to.deep.equal({ may: false, gathers: true, code: 'USED_UP' })
      for (const { body } of [last, first, last]) expect(await ask(body)).to.equal('RELEASED')
      expect(await ask(uncounted.body)).to.equal('USED_UP')
    })

    it('counted once, though it is sent twice; and no further than it goes', async () => {
      const one = await plain()
      const use = scope(one.request.consentKey)
      const { requestHash } = one
      await logCountedRequest(doctor.chain, { requestHash, ...use })
      await logCountedRequest(doctor.chain, { requestHash: (await plain()).requestHash, ...use })
      // The uses are gone, and this request has one of them.
      expect(await logCountedRequest(doctor.chain, { requestHash, ...use })).to.equal(undefined)
      expect(await usesOf(doctor.chain, { key: use.consentKey })).to.deep.equal({ useLimit: 2, used: 2, counted: 2 })
      expect(await countedUsesOf(doctor.chain, { requestHash })).to.have.length(1)
      const third = await plain()
      const failed = await logCountedRequest(doctor.chain, { requestHash: third.requestHash, ...use }).catch((e) => e)
      expect(failed).to.include({ reason: 'ConsentUsedUp' })
    })

    it('to the last use also where another consent permits besides', async () => {
      const categories = 1 << 3
      const terms = { from: 0, until: clock() + 3_000, purposes: 1, categories }
      await permit(1)
      const granteeId = personId(account())
      await grant(patient.chain, { pseudonym: patient.pseudonym, granteeId, terms })
      const one = await plain()
      await logCountedRequest(doctor.chain, { requestHash: one.requestHash, ...scope(one.request.consentKey) })
      expect(await ask(one.body)).to.equal('RELEASED')
      expect(await ask((await plain(true)).body)).to.equal('NOT_COUNTED')
      await revoke(patient.chain, { pseudonym: patient.pseudonym, granteeId, recordId: record.recordId })
      expect(await ask(one.body)).to.equal('OTHER_CONSENT')
      await revoke(patient.chain, { pseudonym: patient.pseudonym, granteeId })
      expect(await ask(one.body)).to.equal('REVOKED')
    })

    it('not by a use of an earlier grant, nor after a revocation', async () => {
      const one = await plain()
      const use = scope(one.request.consentKey)
      await logCountedRequest(doctor.chain, { requestHash: one.requestHash, ...use })
      expect(await ask(one.body)).to.equal('RELEASED')
      await permit(1)
      expect(await ask(one.body)).to.equal('NOT_COUNTED')
      const next = await plain()
      await logCountedRequest(doctor.chain, { requestHash: next.requestHash, ...use })
      expect(await ask(next.body)).to.equal('RELEASED')
      await revoke(patient.chain, {
        pseudonym: patient.pseudonym,
        granteeId: personId(account()),
        recordId: record.recordId,
      })
      expect(await ask(next.body)).to.equal('REVOKED')
    })
  })

  describe('a delegate', () => {
    let record: TestRecord
    let parent: Doctor

    beforeEach(async () => {
      record = await newRecord()
      const account = newAccount()
      parent = { account, chain: await net.as(account), credential: zeroHash }
      const terms = { until: clock() + 3_000, reads: 1 << treat, grants: 0, categories: 1 << 3 }
      await delegate(patient.chain, { pseudonym: patient.pseudonym, account: account.address, terms })
    })

    const { named } = { named: () => ({ pseudonym: patient.pseudonym, account: parent.account.address }) }
    const asked = async (change: Partial<Message<'KeyRequest'>> = {}) => {
      const { key: consentKey } = await delegationOf(parent.chain, named())
      return await request(record, parent, { consentKey, ...change }, true)
    }

    it('reads as itself, without an affiliation, until the delegation ends', async () => {
      const { body } = await asked()
      expect(await ask(body)).to.equal('RELEASED')
      expect(await delegatesOf(patient.chain, { pseudonym: patient.pseudonym })).to.deep.include(
        await delegationOf(patient.chain, named()),
      )
      await endDelegation(patient.chain, named())
      expect(await ask(body)).to.equal('REVOKED')
      expect((await delegationOf(patient.chain, named())).state).to.equal('ended')
    })

    it('not for another purpose, nor where the patient denied it', async () => {
      expect(await ask((await asked({ purpose: 5 })).body)).to.equal('WRONG_PURPOSE')
      const { body } = await asked()
      await denyPerson(patient.chain, named())
      expect(await ask(body)).to.equal('DENIED')
    })

    it('and nobody else without an affiliation', async () => {
      const { recordId } = record
      const terms = { from: 0, until: clock() + 3_000, purposes: 1, categories: 0 }
      await grant(patient.chain, {
        pseudonym: patient.pseudonym,
        granteeId: personId(doctor.account.address),
        recordId,
        terms,
      })
      const { body } = await request(record, doctor, { credentialId: zeroHash }, true)
      expect(await ask(body)).to.equal('NOT_YOUR_CREDENTIAL')
    })
  })
})
