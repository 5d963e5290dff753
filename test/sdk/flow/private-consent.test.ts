import type { Hex } from '@sharewell/sdk/bytes'
import {
  type ConsentReceipt,
  consentKey,
  encodeConsentReceipt,
  encodeTicket,
  type Grantee,
  grant,
  granteeOf,
  parseConsentReceipt,
  personId,
  requestAccess,
  revoke,
} from '@sharewell/sdk/chain'
import { expect } from 'chai'
import { type KnownRecord, knownRecord } from '../../helpers/described.ts'
import { randomHex } from '../../helpers/ids.ts'
import { byDoctor, depositBytes, failureOf, open, operatorsOf, someBytes, treat } from '../../helpers/journeys.ts'
import { linesOf } from '../../helpers/lines.ts'
import {
  askEverybody,
  askHeader,
  askKeyNode,
  askStorage,
  askWorker,
  freshPass,
  rebuildCall,
} from '../../helpers/outsider.ts'
import { signRequest } from '../../helpers/requests.ts'
import { startWholeNetwork, type WholeDoctor, type WholeNetwork, type WholeNode } from '../../helpers/whole-network.ts'

const zero: Hex = `0x${'00'.repeat(32)}`

describe('a private consent', function () {
  this.timeout(60_000)
  let whole: WholeNetwork
  let known: KnownRecord
  const bytes = someBytes(3_000)
  before(async function () {
    this.timeout(120_000)
    whole = await startWholeNetwork({ storage: 5, keys: 3, k: 2, workers: 1 })
    known = await knownRecord(
      whole.patient,
      (await depositBytes(whole, bytes, { operators: operatorsOf(whole.storage) })).recordId,
    )
  })
  after(() => whole.close())

  /** The patient grants, and hands over the receipt as text. */
  async function permit(grantee: Grantee, salt: Hex = randomHex(32), recordId: Hex | undefined = known.recordId) {
    const { pseudonym, chain } = whole.patient
    const now = chain.clock()
    const categories = recordId === undefined ? 0xffff_ffff : 0
    const terms = { from: now - 60, until: now + 3_600, purposes: 1 << treat, categories }
    const scope = { pseudonym, granteeId: granteeOf(grantee, salt), recordId }
    const { transactionHash: transaction } = await grant(chain, { ...scope, terms })
    const { networkId } = chain.network
    return encodeConsentReceipt({ networkId, pseudonym, grantee, salt, recordId, terms, proof: { transaction } })
  }
  const personOf = ({ account }: WholeDoctor): Grantee => ({ kind: 'person', account: account.address })
  const read = (text: string): ConsentReceipt => parseConsentReceipt(text, { networkId: whole.net.network.networkId })
  const withSalt = (doctor: WholeDoctor, consentSalt: Hex) => ({
    ...byDoctor(doctor, known.recordId),
    as: { kind: 'reader', purpose: treat, consentSalt } as const,
  })

  it('lets the doctor who has the receipt open the record, by a worker and by gathering the shares directly', async () => {
    const doctor = await whole.newDoctor()
    const { salt } = read(await permit(personOf(doctor)))
    expect((await open(withSalt(doctor, salt))).bytes).to.deep.equal(bytes)
    expect((await open({ ...withSalt(doctor, salt), reconstructors: [] })).bytes).to.deep.equal(bytes)
  })

  it('lets nobody without it: not the doctor without the salt, nor another doctor with it', async () => {
    const [doctor, other] = [await whole.newDoctor(), await whole.newDoctor()]
    const { salt } = read(await permit(personOf(doctor)))
    expect(await failureOf(byDoctor(doctor, known.recordId))).to.include({ reason: 'NO_CONSENT' })
    expect(await failureOf(withSalt(doctor, randomHex(32)))).to.include({ reason: 'NO_CONSENT' })
    expect(await failureOf(withSalt(other, salt))).to.include({ reason: 'NO_CONSENT' })
  })

  it('counts at every service with the salt and at none without it', async () => {
    const doctor = await whole.newDoctor()
    const { salt, granteeId, pseudonym } = read(await permit(personOf(doctor)))
    const change = { consentKey: consentKey(pseudonym, granteeId, known.recordId) }
    const signed = await signRequest(whole.net.network, { doctor, pseudonym, record: known }, { change })
    expect(await askEverybody(whole, known, doctor, signed)).to.deep.equal(Array(7).fill('NO_CONSENT'))
    expect(await askEverybody(whole, known, doctor, signed, salt)).to.deep.equal(Array(7).fill('SUCCESS'))
    await revoke(whole.patient.chain, { pseudonym, granteeId, recordId: known.recordId })
    expect(await askEverybody(whole, known, doctor, signed, salt)).to.deep.equal(Array(7).fill('REVOKED'))
  })

  it('is refused by every service where the salt is no salt', async () => {
    const doctor = await whole.newDoctor()
    const { pseudonym } = whole.patient
    const [key, worker, holder] = [whole.keys[0], whole.workers[0], whole.storage[0]] as [
      WholeNode,
      WholeNode,
      WholeNode,
    ]
    const signed = await signRequest(whole.net.network, { doctor, pseudonym, record: known })
    for (const consentSalt of ['0x12', 7, null, 'salt'] as unknown as Hex[]) {
      expect(await askKeyNode(key, { ...signed.body, consentSalt })).to.include({ status: 400, code: 'BAD_REQUEST' })
      const call = { ...(await rebuildCall(doctor, known, signed)), consentSalt }
      expect(await askWorker(worker, call)).to.include({ status: 400, code: 'BAD_REQUEST' })
      const pass = await freshPass(doctor, pseudonym, treat)
      const odd = {
        ...pass,
        ticketFor: async (node: Hex) => ({ ...(await pass.ticketFor(node)), extra: { consentSalt } }),
      }
      expect(await askHeader(key, known.headerHash, odd)).to.include({ status: 401, code: 'TICKET' })
      const [share = ''] = known.shares[0] ?? []
      expect(await askStorage(holder, share, encodeTicket(await odd.ticketFor(holder.operator)))).to.include({
        status: 401,
        code: 'TICKET',
      })
    }
  })

  it('serves a whole hospital under one salt', async () => {
    const doctor = await whole.newDoctor()
    const { salt } = read(await permit({ kind: 'organization', organization: whole.hospital.id }))
    expect(await failureOf(byDoctor(doctor, known.recordId))).to.include({ reason: 'NO_CONSENT' })
    expect((await open(withSalt(doctor, salt))).bytes).to.deep.equal(bytes)
    const { pseudonym, chain } = whole.patient
    await revoke(chain, {
      pseudonym,
      granteeId: read(await permit({ kind: 'organization', organization: whole.hospital.id }, salt)).granteeId,
      recordId: known.recordId,
    })
    expect(await failureOf(withSalt(doctor, salt))).to.include({ reason: 'REVOKED' })
  })

  describe('on the chain', () => {
    /** What a line would have to hold, of the one and of the other, to join them. */
    const tracesOf = (doctor: WholeDoctor, granteeId: Hex) => {
      const { pseudonym, chain } = whole.patient
      return {
        reader: [doctor.account.address, personId(doctor.account.address)],
        patient: [
          pseudonym,
          granteeId,
          known.recordId,
          consentKey(pseudonym, granteeId, known.recordId),
          chain.wallet?.account.address ?? '0x',
        ],
      }
    }

    it('joins no reader and patient: neither its grant nor the opening, in calldata or events', async () => {
      const doctor = await whole.newDoctor()
      const lines = await linesOf(whole.patient.chain)
      const { salt, granteeId } = read(await permit(personOf(doctor)))
      expect((await open(withSalt(doctor, salt))).bytes).to.deep.equal(bytes)
      const { reader, patient } = tracesOf(doctor, granteeId)
      expect(await lines.joining(reader, patient)).to.deep.equal([])
      const own = await lines.naming(reader)
      expect(own.map(({ from, to }) => [from, to])).to.deep.equal([
        [doctor.account.address.toLowerCase(), whole.net.network.contracts.accessLog],
      ])
      expect(await lines.naming([granteeId])).to.have.length(1)
    })

    it('while a grant without a salt joins them, and so does asking on the chain', async () => {
      const doctor = await whole.newDoctor()
      const lines = await linesOf(whole.patient.chain)
      const { granteeId, pseudonym } = read(await permit(personOf(doctor), zero))
      const { reader, patient } = tracesOf(doctor, granteeId)
      expect(await lines.joining(reader, patient)).to.have.length(1)
      await requestAccess(doctor.chain, { pseudonym, purpose: treat })
      expect(await lines.joining(reader, patient)).to.have.length(2)
    })
  })
})
