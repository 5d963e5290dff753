import type { Hex } from '@sharewell/sdk/bytes'
import {
  type Chain,
  createSession,
  endSession,
  purposes,
  type ReaderSession,
  readerOf,
  relayEnding,
  relayOpening,
  signEnding,
  signOpening,
} from '@sharewell/sdk/chain'
import { keyNodesOf, listCapsules, listOpenings, readPass } from '@sharewell/sdk/flow/key-nodes'
import { QuorumError } from '@sharewell/sdk/release'
import { expect } from 'chai'
import { codeOf } from '../../helpers/code-of.ts'
import { type KnownRecord, knownRecord } from '../../helpers/described.ts'
import { byDoctor, depositBytes, open, operatorsOf, permit, someBytes } from '../../helpers/journeys.ts'
import { askEverybody } from '../../helpers/outsider.ts'
import { startRelayer, type TestRelayer } from '../../helpers/relayer.ts'
import { type SignedRequest, signRequest } from '../../helpers/requests.ts'
import { beginShift, bySession, treating } from '../../helpers/shifts.ts'
import { startWholeNetwork, type WholeNetwork } from '../../helpers/whole-network.ts'

const patientPurpose = purposes.indexOf('PATRQT')

describe('a shift of a doctor', () => {
  let whole: WholeNetwork
  let relayer: TestRelayer
  let doctor: Chain
  let recordId: Hex
  let known: KnownRecord
  const bytes = someBytes(200_000)

  before(async function () {
    this.timeout(120_000)
    whole = await startWholeNetwork()
    relayer = await startRelayer(whole.net)
    doctor = reached(whole.doctor.chain)
    ;({ recordId } = await depositBytes(whole, bytes, { operators: operatorsOf(whole.storage.slice(0, 5)) }))
    known = await knownRecord(whole.patient, recordId)
    await permit(whole, recordId)
  })
  after(async () => {
    await relayer.stop()
    await whole.close()
  })

  const reached = (chain: Chain): Chain => ({
    ...chain,
    network: { ...chain.network, relayerUrls: [relayer.url] },
  })
  const opened = (chain: Chain) => open({ ...byDoctor(whole.doctor, recordId), chain })

  it('costs one signature, and opens records without the wallet and without gas', async function () {
    this.timeout(60_000)
    let prompts = 0
    const { wallet } = doctor
    if (!wallet) throw new Error('no wallet')
    const counted = new Proxy(wallet, {
      get: (target, name, receiver) => {
        if (name === 'signTypedData' || name === 'writeContract') prompts++
        return Reflect.get(target, name, receiver)
      },
    })
    const shift = createSession(doctor, { purposes: treating, until: doctor.clock() + 3_600 })
    await relayOpening(doctor, await signOpening({ ...doctor, wallet: counted }, shift))
    expect(prompts).to.equal(1)
    const before = await doctor.client.getTransactionCount({ address: readerOf(doctor) })
    for (const by of [{ ...doctor, wallet: counted, session: shift }, bySession(doctor, shift)]) {
      const { bytes: read, faults } = await opened(by)
      expect(Buffer.compare(read, bytes)).to.equal(0)
      expect(faults).to.deep.equal([])
    }
    expect(prompts).to.equal(1)
    expect(await doctor.client.getTransactionCount({ address: readerOf(doctor) })).to.equal(before)

    await relayEnding(doctor, await signEnding(doctor, shift))
    expect(await refused(shift)).to.equal('SESSION')
    // What was opened by it stays proven to the patient.
    const { patient } = whole
    const pass = await readPass(patient.chain, { pseudonym: patient.pseudonym, purpose: patientPurpose })
    const openings = await listOpenings(await keyNodesOf(patient.chain), { chain: patient.chain, pass })
    expect(openings.filter(({ request }) => request.recordId === recordId)).to.have.length(2)
  })

  it('counts what the patient allows so often, without the wallet, and stops after the last time', async function () {
    this.timeout(60_000)
    await permit(whole, recordId, { useLimit: 2 })
    const shift = await beginShift(doctor)
    const sent = await doctor.client.getTransactionCount({ address: readerOf(doctor) })
    const by = bySession(doctor, shift)
    expect(Buffer.compare((await opened(by)).bytes, bytes)).to.equal(0)
    // Where no relayer counts it, the wallet does.
    const alone = { ...doctor, network: { ...doctor.network, relayerUrls: [] }, session: shift }
    expect(await codeOf(opened({ ...alone, wallet: undefined }))).to.equal('RELAYER')
    expect(await doctor.client.getTransactionCount({ address: readerOf(doctor) })).to.equal(sent)
    expect(Buffer.compare((await opened(alone)).bytes, bytes)).to.equal(0)
    const error: unknown = await opened(by).catch((one: unknown) => one)
    expect(error).to.include({ code: 'CONSENT_REFUSED', reason: 'USED_UP' })
    await permit(whole, recordId)
  })

  /** What the network says to a reader with this session, whose own clock says that it lives. */
  const refused = async (session: ReaderSession, chain: Chain = doctor) =>
    await codeOf(opened({ ...bySession(chain, session), clock: () => Math.min(chain.clock(), session.until - 1) }))

  const asking = (session: ReaderSession) => ({ ...whole.doctor, chain: bySession(doctor, session) })
  const requestBy = async (session: ReaderSession) =>
    await signRequest(
      whole.net.network,
      { doctor: whole.doctor, pseudonym: whole.patient.pseudonym, record: known },
      { signer: asking(session).chain },
    )
  /** What all nodes say to requests that this session signed, past every check of our own client: each answer once. */
  const everybody = async (session: ReaderSession, signed?: SignedRequest) =>
    [...new Set(await askEverybody(whole, known, asking(session), signed ?? (await requestBy(session))))].sort()

  it('falls back to the wallet where no relayer carries, and where there is no session', async () => {
    const shift = await beginShift(doctor)
    const alone = { ...doctor, network: { ...doctor.network, relayerUrls: [] }, session: shift }
    expect(Buffer.compare((await opened(alone)).bytes, bytes)).to.equal(0)
    expect(await codeOf(opened({ ...alone, wallet: undefined }))).to.equal('RELAYER')
    expect(Buffer.compare((await opened(doctor)).bytes, bytes)).to.equal(0)
  })

  it('is as good as the wallet at every node, and after it ended at none', async () => {
    const shift = await beginShift(doctor)
    expect(await everybody(shift)).to.deep.equal(['SUCCESS'])
    const replayed = await requestBy(shift)
    await endSession(doctor, { key: shift.key.address })
    expect(await everybody(shift)).to.have.members(['SESSION_DEAD', 'OVER'])
    expect(await everybody(shift, replayed)).to.have.members(['SESSION_DEAD', 'OVER'])
  })

  it('is refused at every node for another purpose, and in the name of another reader', async () => {
    const research = await beginShift(doctor, { purposes: 1 << purposes.indexOf('HRESCH') })
    expect(await everybody({ ...research, purposes: treating })).to.have.members(['SESSION_DEAD', 'WRONG_PURPOSE'])
    const { chain: other } = await whole.newDoctor()
    const foreign = await beginShift(reached(other))
    const said = await everybody({ ...foreign, reader: readerOf(doctor) })
    expect(said).to.have.members(['BAD_SIGNATURE', 'TICKET', 'OTHER_REQUEST'])
  })

  it('gets no key where it ends between the header and the release', async () => {
    const shift = await beginShift(doctor)
    const by = bySession(doctor, shift)
    let over = false
    // The request is logged, and the session is over before a key node is asked.
    const ending: Chain = {
      ...by,
      client: new Proxy(by.client, {
        get(target, name, receiver) {
          const value: unknown = Reflect.get(target, name, receiver)
          if (name !== 'getContractEvents') return value
          return async (query: { eventName?: string }) => {
            const answer = await (value as (query: object) => Promise<unknown[]>)(query)
            if (query.eventName !== 'ReleaseRequested' || answer.length === 0 || over) return answer
            over = true
            await endSession(doctor, { key: shift.key.address })
            return answer
          }
        },
      }),
    }
    const error: unknown = await opened(ending).catch((one: unknown) => one)
    expect(error).to.be.instanceOf(QuorumError)
    const codes = new Set((error as QuorumError).refusals.map(({ code }) => code))
    expect([...codes]).to.deep.equal(['SESSION_DEAD'])
  })

  it('never speaks for the patient that its reader also is', async () => {
    const { patient } = whole
    const all = purposes.reduce((mask, purpose, bit) => (purpose === 'BTG' ? mask : mask | (1 << bit)), 0)
    const shift = await beginShift(patient.chain, { purposes: all })
    const by = bySession(patient.chain, shift)
    const committee = await keyNodesOf(patient.chain)
    const pass = await readPass(by, { pseudonym: patient.pseudonym, purpose: patientPurpose })
    const capsules = listCapsules(committee, { pass, networkId: whole.net.network.networkId })
    expect(await codeOf(capsules)).to.equal('KEY_NODES')
    expect(await codeOf(listOpenings(committee, { chain: by, pass }))).to.equal('KEY_NODES')
    const own = { chain: by, recordId, as: { kind: 'patient', selfSeed: patient.selfSeed } } as const
    expect(await codeOf(open(own))).to.not.equal('success')
  })
})
