import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  type Chain,
  ContractRefusalError,
  cancelNonce,
  controllerOf,
  isNonceUsed,
  pseudonymOf,
  RelayerError,
  relay,
  relayRegistration,
  revokeAll,
  signConsent,
  signMessage,
  submitConsent,
} from '@sharewell/sdk/chain'
import { expect } from 'chai'
import {
  type Hospital,
  newAccount,
  type Patient,
  registerHospitals,
  registerPatientAt,
} from '../../helpers/committee.ts'
import { randomHex } from '../../helpers/ids.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'
import { anHour, anybody, startRelayer, type TestRelayer } from '../../helpers/relayer.ts'

describe('a patient’s device', () => {
  let net: TestNetwork
  let hospital: Hospital
  let patient: Patient
  let relayer: TestRelayer
  const servers: Server[] = []

  before(async () => {
    net = await startNetwork()
    ;[hospital] = (await registerHospitals(net, 1)) as [Hospital]
    patient = await registerPatientAt(net, hospital)
    relayer = await startRelayer(net)
  })
  after(async () => {
    for (const server of servers) server.closeAllConnections()
    await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
    await relayer.stop()
    await net.close()
  })

  /** A relayer that is none. */
  const serve = async (listener: RequestListener): Promise<string> => {
    const server = createServer(listener)
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }
  const answering = (status: number, body: unknown, headers: Record<string, string> = {}) =>
    serve((_, response) => response.writeHead(status, headers).end(JSON.stringify(body)))
  const over = (...relayerUrls: string[]): Chain => ({ ...patient.chain, network: { ...net.network, relayerUrls } })
  const signGrant = () =>
    signConsent(patient.chain, { kind: 'Grant', pseudonym: patient.pseudonym, granteeId: anybody(), terms: anHour() })
  const failure = async (promise: Promise<unknown>): Promise<RelayerError> => {
    const error = await promise.catch((thrown: unknown) => thrown)
    expect(error).to.be.instanceOf(RelayerError)
    return error as RelayerError
  }

  it('has its consent carried, and knows the transaction', async () => {
    const signed = await signGrant()
    const carried = await relay(over(relayer.url), signed)
    const { from } = await patient.chain.client.getTransaction({ hash: carried.transactionHash })
    expect(from).not.to.equal(patient.account.address)
    expect(await relay(over(relayer.url), signed), 'carried already').to.deep.equal(carried)
  })

  it('asks the next relayer where one is down, refuses, stumbles or lies; whichever it begins with', async () => {
    const bad = [
      'http://127.0.0.1:9',
      await answering(429, { code: 'BUDGET_TOTAL', detail: 'Too much.' }, { 'retry-after': '7' }),
      await serve((_, response) => response.destroy()),
      await answering(200, { transactionHash: randomHex(32), blockNumber: 1 }),
      await serve((_, response) => void response.writeHead(302, { location: relayer.url }).end()),
      await serve((_, response) => void response.writeHead(500).end('x'.repeat(100_000))),
    ]
    for (let round = 0; round < 4; round++) {
      const signed = await signGrant()
      await relay(over(...bad, relayer.url), signed, { patience: 1 })
      expect(await isNonceUsed(patient.chain, signed.message)).to.equal(true)
    }
    const { refusals } = await failure(relay(over(...bad), await signGrant(), { patience: 1 }))
    expect(refusals.map(({ url, code }) => `${bad.indexOf(url)} ${code}`)).to.have.members([
      '0 UNREACHABLE',
      '1 BUDGET_TOTAL',
      '2 UNREACHABLE',
      '3 NOT_SEEN',
      '4 UNREACHABLE',
      '5 UNREADABLE',
    ])
  })

  it('is told when it may ask again, and that it can send the transaction itself', async () => {
    const busy = await answering(429, { code: 'BUDGET_PATIENT', detail: 'Too much.' }, { 'retry-after': '7' })
    const signed = await signGrant()
    const error = await failure(relay(over(busy), signed))
    expect(error.refusals).to.deep.equal([{ url: busy, code: 'BUDGET_PATIENT', says: 'Too much.', retryAfter: 7 }])
    expect(error.hints).to.deep.equal(['Try again in 7 s.', 'Send it yourself, as a transaction of your own account.'])
    await submitConsent(patient.chain, signed)
    expect((await failure(relay(over(), await signGrant()))).message).to.contain('this network names none')
  })

  it('believes no relayer: one that says that it carried a revocation, and did not, is found out', async () => {
    const earlier = await relay(over(relayer.url), await signGrant())
    const liar = await answering(200, { transactionHash: earlier.transactionHash, blockNumber: 1 })
    const signed = await signConsent(patient.chain, {
      kind: 'RevokeAll',
      pseudonym: patient.pseudonym,
      granteeId: anybody(),
    })
    const { refusals } = await failure(relay(over(liar), signed, { patience: 1 }))
    expect(refusals[0]).to.include({ code: 'NOT_SEEN' })
  })

  it('knows that it was carried although the relayer says otherwise', async () => {
    const forward: RequestListener = async (incoming, response) => {
      const parts: Buffer[] = []
      for await (const part of incoming) parts.push(part as Buffer)
      const headers = { 'content-type': 'application/json' }
      await fetch(`${relayer.url}${incoming.url}`, { method: 'POST', headers, body: Buffer.concat(parts) })
      response.writeHead(503).end(JSON.stringify({ code: 'CHAIN_UNAVAILABLE', detail: 'It is down.' }))
    }
    const signed = await signGrant()
    const { transactionHash } = await relay(over(await serve(forward)), signed)
    expect((await patient.chain.client.getTransactionReceipt({ hash: transactionHash })).status).to.equal('success')
  })

  it('asks nobody where the contract would refuse', async () => {
    let asked = 0
    const url = await serve((_, response) => {
      asked += 1
      response.writeHead(500).end()
    })
    const { chain, pseudonym } = patient
    const granteeId = anybody()
    const old = await signConsent(chain, { kind: 'Grant', pseudonym, granteeId, terms: anHour() })
    await revokeAll(chain, { pseudonym, granteeId })
    const cancelled = await signGrant()
    await cancelNonce(chain, cancelled.message)
    for (const [signed, reason] of [
      [old, 'ConsentOlder'],
      [cancelled, 'ConsentNonceUsed'],
    ] as const) {
      const error = await relay(over(url), signed).catch((thrown: unknown) => thrown)
      expect(error).to.be.instanceOf(ContractRefusalError).and.to.have.property('reason', reason)
    }
    expect(asked).to.equal(0)
  })

  it('waits for a silent relayer no longer than it likes, and stops when it is told to', async () => {
    const asked = Promise.withResolvers<void>()
    const silent = await serve(() => asked.resolve())
    const { refusals } = await failure(relay(over(silent), await signGrant(), { timeout: 50 }))
    expect(refusals[0]).to.include({ code: 'SILENT' })
    const stop = new AbortController()
    const waiting = relay(over(silent), await signGrant(), { signal: stop.signal }).catch((thrown: unknown) => thrown)
    await asked.promise
    stop.abort(new Error('enough'))
    expect(await waiting).to.have.property('message', 'enough')
  })

  it('has itself registered', async () => {
    const account = newAccount()
    const chain = await net.as(account)
    const [rho, selfKeyHash] = [randomHex(32), randomHex(32)]
    const pseudonym = pseudonymOf(net.network.networkId, account.address, rho)
    const signature = await signMessage(chain, 'Register', { pseudonym, provider: hospital.id, selfKeyHash })
    const registration = { controller: account.address, rho, provider: hospital.id, selfKeyHash, signature }
    const carried = await relayRegistration(over('http://127.0.0.1:9', relayer.url), registration)
    expect(await controllerOf(chain, { pseudonym })).to.equal(account.address)
    expect(await relayRegistration(over(), registration)).to.deep.equal(carried)
    const other = relayRegistration(over(relayer.url), { ...registration, selfKeyHash: randomHex(32) })
    expect(await other.catch((error: unknown) => error)).to.have.property('reason', 'PatientAlreadyRegistered')
  })
})
