import {
  type Chain,
  createSession,
  endSession,
  type Message,
  messageToJson,
  type ReaderSession,
  readerOf,
  relayEnding,
  relayOpening,
  relayRequest,
  releaseRequestsOf,
  sessionOf,
  signAsReader,
  signEnding,
  signOpening,
} from '@sharewell/sdk/chain'
import { expect } from 'chai'
import type { Hex } from 'viem'
import { codeOf } from '../../helpers/code-of.ts'
import { attestDoctor, type Hospital, newAccount, registerHospitals } from '../../helpers/committee.ts'
import { randomHex } from '../../helpers/ids.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'
import { post, startRelayer, type TestRelayer } from '../../helpers/relayer.ts'
import { beginShift, bySession, treating } from '../../helpers/shifts.ts'

const treat = 0

describe('a relayer and the shifts of readers', () => {
  let net: TestNetwork
  let hospital: Hospital
  let relayer: TestRelayer
  let doctor: Chain
  let session: ReaderSession

  before(async () => {
    net = await startNetwork()
    ;[hospital] = (await registerHospitals(net, 1)) as [Hospital]
    relayer = await startRelayer(net, { limits: { readerMinute: 20 } })
    doctor = await newDoctor()
    session = await beginShift(doctor)
  })
  after(async () => {
    await relayer.stop()
    await net.close()
  })

  async function newDoctor(): Promise<Chain> {
    const { chain } = await attestDoctor(net, hospital)
    return { ...chain, network: { ...chain.network, relayerUrls: [relayer.url] } }
  }
  const fresh = (chain: Chain) => createSession(chain, { purposes: treating, until: chain.clock() + 3_600 })

  type Asking = Partial<Message<'LogRequest'>>
  async function ask(by: Chain, change: Asking = {}, altered: Asking = {}) {
    const asked = { reader: readerOf(doctor), requestHash: randomHex(32), notAfter: doctor.clock() + 100, ...change }
    const signature = await signAsReader(by, 'LogRequest', asked, { purpose: treat })
    const message = { ...asked, ...altered }
    const { status, body } = await post(relayer.url, '/v1/requests', { message: messageToJson(message), signature })
    return { requestHash: message.requestHash, body, said: status === 200 ? 'logged' : body.code }
  }
  const timesLogged = async (requestHash: Hex) => (await releaseRequestsOf(doctor, { requestHash })).length

  it('begins and ends them, by signatures alone: the doctor sends nothing', async () => {
    const reader = await newDoctor()
    const shift = fresh(reader)
    await relayOpening(reader, await signOpening(reader, shift))
    expect(await sessionOf(reader, { key: shift.key.address })).to.include({ until: shift.until })
    const opened = await relayOpening(reader, await signOpening(reader, shift))
    expect(opened.transactionHash, 'asked again').to.match(/^0x/)
    const by = bySession(reader, shift)
    await relayEnding(by, await signEnding(by, shift))
    const { until = 0 } = (await sessionOf(reader, { key: shift.key.address })) ?? {}
    expect(until).to.be.lessThan(shift.until)
    expect(await reader.client.getTransactionCount({ address: readerOf(reader) })).to.equal(0)
  })

  it('begins them for readers whom somebody attests', async () => {
    const account = newAccount()
    const stranger = await net.as(account)
    const { message, ...signatures } = await signOpening(stranger, fresh(stranger))
    const body = { kind: 'OpenSession', message: messageToJson(message), ...signatures }
    expect((await post(relayer.url, '/v1/sessions', body)).body.code).to.equal('NOT_ATTESTED')
  })

  it('ends no key that has no session: those of the others would have to wait', async () => {
    const { message, signature } = await signEnding(doctor, fresh(doctor))
    const { body } = await post(relayer.url, '/v1/sessions', { kind: 'EndSession', message, signature })
    expect(body.code).to.equal('NO_SESSION')
  })

  it('refuses an opening or an end that another signed', async () => {
    const other = await newDoctor()
    const opening = await signOpening(doctor, fresh(doctor))
    const { signature } = await signOpening(other, fresh(other))
    const forged = { kind: 'OpenSession', ...opening, message: messageToJson(opening.message), signature }
    expect((await post(relayer.url, '/v1/sessions', forged)).body.code).to.equal('CONTRACT_REFUSAL')
    const end = { kind: 'EndSession', message: { key: session.key.address }, signature }
    expect((await post(relayer.url, '/v1/sessions', end)).body.code).to.equal('CONTRACT_REFUSAL')
  })

  it('logs what a session key or an attested reader asks for, once', async () => {
    for (const by of [bySession(doctor, session), doctor]) {
      const { requestHash, said } = await ask(by)
      expect(said).to.equal('logged')
      expect((await ask(by, { requestHash })).said).to.equal('logged')
      expect(await timesLogged(requestHash)).to.equal(1)
    }
  })

  it('has the SDK believe the chain, not the relayer', async () => {
    const requestHash = randomHex(32)
    const { transactionHash } = await relayRequest(bySession(doctor, session), { requestHash, purpose: treat })
    const [logged] = await releaseRequestsOf(doctor, { requestHash })
    expect(logged?.transaction).to.equal(transactionHash)
    const nobody = { ...bySession(doctor, session), network: { ...doctor.network, relayerUrls: [] } }
    expect(await codeOf(relayRequest(nobody, { requestHash: randomHex(32), purpose: treat }))).to.equal('RELAYER')
  })

  it('logs nothing for a stranger, another reader, an altered hash, or a session that ended', async () => {
    const other = await newDoctor()
    const by = bySession(doctor, session)
    const ended = await beginShift(doctor)
    await endSession(doctor, { key: ended.key.address })
    const attempts = {
      'another reader': await ask(other),
      'the session of another': await ask(by, {}, { reader: readerOf(other) }),
      'an altered hash': await ask(by, {}, { requestHash: randomHex(32) }),
      'a session that ended': await ask({ ...bySession(doctor, ended), clock: () => 0 }),
    }
    for (const [name, { said, requestHash }] of Object.entries(attempts)) {
      expect(said, name).to.equal('NOT_THE_READER')
      expect(await timesLogged(requestHash), name).to.equal(0)
    }
    const account = newAccount()
    const stranger = await net.as(account)
    expect((await ask(stranger, { reader: account.address })).said).to.equal('NOT_ATTESTED')
    // Anyone opens sessions of accounts of their own: that makes nobody a reader.
    const own = await beginShift(stranger)
    expect((await ask(bySession(stranger, own), { reader: account.address })).said).to.equal('NOT_ATTESTED')
  })

  it('ends so many sessions of one reader in a minute, by whichever keys: those of others still end', async () => {
    const account = newAccount()
    const stranger = await net.as(account)
    const end = async (by: Chain) => {
      const { message, signature } = await signEnding(by, await beginShift(by))
      const { status, body } = await post(relayer.url, '/v1/sessions', { kind: 'EndSession', message, signature })
      return status === 200 ? 'ended' : body.code
    }
    const answers: (string | undefined)[] = []
    for (let asked = 0; asked < 21; asked++) answers.push(await end(stranger))
    expect(answers.filter((said) => said === 'ended')).to.have.length(20)
    expect(answers.at(-1)).to.equal('BUDGET_READER')
    expect(await end(doctor)).to.equal('ended')
  })

  it('logs nothing that is over, or runs far ahead', async () => {
    const by = bySession(doctor, session)
    expect((await ask(by, { notAfter: doctor.clock() - 10 })).said).to.equal('REQUEST_OVER')
    expect((await ask(by, { notAfter: doctor.clock() + 1_000 })).said).to.equal('REQUEST_TOO_LONG')
  })

  it('serves the others while one reader floods it', async () => {
    const [flooding, other] = [await newDoctor(), await newDoctor()]
    const flood = async () => (await ask(flooding, { reader: readerOf(flooding) })).said
    const answers: (string | undefined)[] = []
    for (let asked = 0; asked < 22; asked++) answers.push(await flood())
    expect(answers.filter((said) => said === 'logged')).to.have.length(20)
    expect(answers.at(-1)).to.equal('BUDGET_READER')
    expect((await ask(other, { reader: readerOf(other) })).said).to.equal('logged')
  })
})
