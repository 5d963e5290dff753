import { fromHex, type Hex } from '@sharewell/sdk/bytes'
import {
  attest,
  type Chain,
  ContractRefusalError,
  createSession,
  dryRun,
  endingCall,
  endSession,
  grant,
  type Message,
  openingCall,
  openSession,
  personId,
  purposes,
  type ReaderSession,
  readerOf,
  SessionError,
  sessionFinal,
  sessionFor,
  sessionOf,
  sessionsOf,
  signAsReader,
  signEnding,
  signMessage,
  signOpening,
  submitConsent,
  verifyReader,
  view,
  wasSignedByReader,
} from '@sharewell/sdk/chain'
import { openObject, signObject } from '@sharewell/sdk/signed'
import { expect } from 'chai'
import { codeOf } from '../../helpers/code-of.ts'
import {
  attestDoctor,
  type Hospital,
  type Patient,
  registerHospitals,
  registerPatientAt,
} from '../../helpers/committee.ts'
import { randomHex } from '../../helpers/ids.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'
import { asKey, beginShift, bySession, treating } from '../../helpers/shifts.ts'

const treat = purposes.indexOf('TREAT')
const research = purposes.indexOf('HRESCH')
const depth = 3

describe('reader sessions', () => {
  let net: TestNetwork
  let hospital: Hospital
  let patient: Patient
  let doctor: Chain
  let other: Chain

  before(async () => {
    net = await startNetwork({ finality: { mode: 'depth', depth } })
    // Every block is one that a test mines.
    await net.pause()
    ;[hospital] = (await registerHospitals(net, 1)) as [Hospital]
    patient = await registerPatientAt(net, hospital)
    ;({ chain: doctor } = await attestDoctor(net, hospital))
    ;({ chain: other } = await attestDoctor(net, hospital))
    await net.mine(depth)
  })
  after(() => net.close())

  const ticket = (reader: Hex): Message<'ReadTicket'> => ({
    reader,
    pseudonym: randomHex(32),
    purpose: treat,
    replyKeyHash: randomHex(32),
    notAfter: 2 ** 33,
  })

  /** Who signed, as a verifier sees it now: the session key, `reader`, or why nobody. */
  async function judged(signer: Chain, { reader = readerOf(doctor), purpose = treat } = {}): Promise<string> {
    const message = ticket(reader)
    const signature = await signAsReader(signer, 'ReadTicket', message, { purpose: treat })
    const signed = { kind: 'ReadTicket', message, signature, reader, purpose } as const
    const at = await view({ ...doctor, maxHeadAge: Number.POSITIVE_INFINITY })
    try {
      return (await verifyReader(doctor, signed, { at })) ?? 'reader'
    } catch (error) {
      return error instanceof SessionError ? error.reason : (error as { code: string }).code
    }
  }

  async function shift(options?: Parameters<typeof beginShift>[1]): Promise<ReaderSession> {
    const session = await beginShift(doctor, options)
    await net.mine(depth)
    return session
  }

  it('take the word of the reader, or of a key in whose session the reader put it', async () => {
    const session = await shift()
    expect(await judged(doctor)).to.equal('reader')
    expect(await judged(bySession(doctor, session))).to.equal(session.key.address)
    expect(await sessionOf(doctor, { key: session.key.address })).to.include({
      reader: readerOf(doctor),
      purposes: treating,
      until: session.until,
    })
    expect((await sessionsOf(doctor, { reader: readerOf(doctor) }))[0]?.key).to.equal(session.key.address)
    expect(await sessionOf(doctor, { key: readerOf(other) })).to.equal(undefined)
  })

  it('count once they stand in a final block, and end at the latest', async () => {
    const session = await beginShift(doctor)
    const by = bySession(doctor, session)
    expect(await judged(by)).to.equal('NOT_FINAL')
    await net.mine(depth)
    expect(await judged(by)).to.equal(session.key.address)
    await endSession(doctor, { key: session.key.address })
    expect(await judged(by), 'between final and head').to.equal('OVER')
    await net.mine(depth)
    expect(await judged(by)).to.equal('OVER')
    expect(await codeOf(openSession(doctor, session))).to.equal('CONTRACT_REFUSAL')
  })

  it('are waited for until they stand in a final block: only then does a shift run', async () => {
    const session = await beginShift(doctor)
    const by = { ...doctor, maxHeadAge: Number.POSITIVE_INFINITY }
    const none = await sessionFinal(by, session, { timeout: 1 }).catch((error) => error)
    expect(none).to.include({ code: 'CHAIN_TIMEOUT' })
    let final = false
    const waiting = sessionFinal(by, session).then(() => {
      final = true
    })
    await net.mine(depth - 1)
    expect(await judged(bySession(doctor, session))).to.equal('NOT_FINAL')
    expect(final).to.equal(false)
    await net.mine(1)
    await waiting
    expect(await judged(bySession(doctor, session))).to.equal(session.key.address)
    await endSession(doctor, { key: session.key.address })
    expect(await codeOf(sessionFinal(by, session))).to.equal('SESSION')
  })

  it('are over with their last second, by either clock', async () => {
    const session = await shift({ seconds: 100 })
    const by = bySession({ ...doctor, clock: () => session.until - 1 }, session)
    expect(await judged(by)).to.equal(session.key.address)
    await net.increaseTime(100)
    expect(await judged(by)).to.equal('OVER')
    expect(sessionFor({ ...doctor, clock: () => session.until, session }, treat)).to.equal(undefined)
  })

  it('are for their purposes, their reader and nobody else', async () => {
    const session = await shift()
    expect(await judged(bySession(doctor, session), { purpose: research })).to.equal('WRONG_PURPOSE')
    const reader = readerOf(other)
    expect(await judged({ ...bySession(doctor, session), wallet: undefined }, { reader })).to.equal('SIGNATURE')
    const foreign = await beginShift(other)
    await net.mine(depth)
    expect(await judged(bySession(doctor, { ...foreign, reader: readerOf(doctor) }))).to.equal('SIGNATURE')
    expect(sessionFor({ ...other, session }, treat), 'another wallet').to.equal(undefined)
    expect(sessionFor({ ...doctor, session }, research)).to.equal(undefined)
  })

  it('last twelve hours and not a second more', async () => {
    const { timestamp } = await doctor.client.getBlock()
    for (const seconds of [43_200 + 60, 10 * 86_400]) {
      const session = createSession(doctor, { purposes: treating, until: Number(timestamp) + seconds })
      const refused = await openSession(doctor, session).catch((error: unknown) => error)
      expect(refused).to.be.instanceOf(ContractRefusalError).with.property('reason', 'SessionBadEnd')
    }
  })

  it('are nothing to a grant, to a directory file, to another session', async () => {
    const session = await shift({ purposes: 0xfb })
    const key = asKey(doctor, session)
    const terms = { from: 0, until: 2 ** 33, purposes: 1, categories: 1 }
    const granteeId = personId(readerOf(doctor))
    const { pseudonym } = patient
    // The session of the patient's own account.
    const ofPatient = await beginShift(patient.chain, { purposes: 0xfb })
    const byPatientKey = asKey(patient.chain, ofPatient)
    expect(await codeOf(grant(byPatientKey, { pseudonym, granteeId, terms }))).to.equal('CONTRACT_REFUSAL')
    const now = Number((await doctor.client.getBlock()).timestamp)
    const message = { pseudonym, controller: readerOf(patient.chain), granteeId, recordId: randomHex(32) }
    const revocation = { ...message, nonce: 40n, signedAt: now, deadline: now + 900 }
    const signature = await signMessage(byPatientKey, 'Revoke', revocation)
    expect(await codeOf(submitConsent(doctor, { kind: 'Revoke', message: revocation, signature }))).to.equal(
      'CONTRACT_REFUSAL',
    )
    const networkId = fromHex(net.network.networkId, 32)
    const file = await signObject('directory', new Uint8Array([1]), networkId, session.key)
    expect(openObject('directory', file, networkId).signer).to.equal(session.key.address.toLowerCase())
    const ofHospital = asKey(hospital.chain, await beginShift(hospital.chain, { purposes: 0xfb }))
    const vouched = { account: readerOf(doctor), organization: hospital.id, roles: 1, until: now + 900 }
    expect(await codeOf(attest(ofHospital, { ...vouched, directoryHash: randomHex(32) }))).to.equal('CONTRACT_REFUSAL')
    const next = { ...createSession(key, { purposes: treating, until: session.until }), reader: readerOf(doctor) }
    const opening = {
      ...(await signOpening(doctor, next)),
      signature: await signMessage(key, 'OpenSession', { ...next, key: next.key.address }),
    }
    const refused = await dryRun(doctor, openingCall(net.network, opening)).catch((error: unknown) => error)
    expect(refused).to.be.instanceOf(ContractRefusalError).with.property('reason', 'SessionBadSignature')
  })

  it('are proof for ever of what they signed while they lived', async () => {
    const session = await shift({ seconds: 100 })
    const reader = readerOf(doctor)
    const message = ticket(reader)
    const signature = await signAsReader(bySession({ ...doctor, clock: () => 0 }, session), 'ReadTicket', message, {
      purpose: treat,
    })
    const signed = { kind: 'ReadTicket', message, signature, reader, purpose: treat } as const
    const { since = 0 } = (await sessionOf(doctor, { key: session.key.address })) ?? {}
    await net.increaseTime(1_000)
    const { latest: at } = await view({ ...doctor, maxHeadAge: Number.POSITIVE_INFINITY })
    const held = (time: number, change: object = {}) =>
      wasSignedByReader(doctor, { ...signed, ...change }, { time, at })
    expect(await held(since)).to.equal(true)
    expect(await held(since - 61)).to.equal(false)
    expect(await held(session.until + 60)).to.equal(false)
    expect(await held(since, { purpose: research })).to.equal(false)
    expect(await held(since, { reader: readerOf(other) })).to.equal(false)
  })

  it('end by their own key, whoever carries it', async () => {
    const session = await shift()
    const { message, signature } = await signEnding(doctor, session)
    expect(message).to.deep.equal({ key: session.key.address })
    await dryRun(other, endingCall(net.network, { message, signature }))
  })
})
