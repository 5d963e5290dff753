import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { consentKey, endSession, erase, grant, personId, revoke } from '@sharewell/sdk/chain'
import { keyNodesOf, putHeader } from '@sharewell/sdk/flow/key-nodes'
import { expect } from 'chai'
import { asJson } from '../../helpers/as-json.ts'
import {
  anchorRecord,
  attestDoctor,
  type Hospital,
  type Patient,
  registerHospitals,
  registerPatientAt,
  startCommittee,
  startKeyNodes,
  type TestKeyNode,
  type TestRecord,
} from '../../helpers/committee.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'
import { signRequest } from '../../helpers/requests.ts'
import { beginShift, bySession } from '../../helpers/shifts.ts'

const inAnHour = () => Math.floor(Date.now() / 1000) + 3_000

describe('a key node and its view of the chain', () => {
  let net: TestNetwork
  let committee: Awaited<ReturnType<typeof startCommittee>>
  let hospital: Hospital
  let node: TestKeyNode
  let patient: Patient
  let doctor: Awaited<ReturnType<typeof attestDoctor>>
  let proxy: Proxy
  const depth = 3

  before(async () => {
    // A block is final three blocks later; nobody mines between the transactions of this file but the file itself.
    net = await startNetwork({ finality: { mode: 'depth', depth } })
    committee = await startCommittee(net, { h: 2, k: 2 })
    ;[hospital] = committee.hospitals as [Hospital]
    ;[node] = committee.nodes as [TestKeyNode]
    patient = await registerPatientAt(net, hospital)
    doctor = await attestDoctor(net, hospital)
    proxy = await startProxy(net.network.rpcUrls[0] ?? '')
    await net.mine(depth)
  })
  after(async () => {
    proxy.close()
    await committee.close()
    await net.close()
  })

  async function newRecord(category = 3): Promise<TestRecord> {
    const made = await anchorRecord(net, { hospital, patient, groupKey: committee.epoch.groupKey, category })
    await putHeader(await keyNodesOf(doctor.chain), { header: made.headerBytes })
    return made
  }
  const granteeId = () => personId(doctor.account.address)
  async function permit({ recordId }: Pick<TestRecord, 'recordId'>): Promise<void> {
    const terms = { from: 0, until: inAnHour(), purposes: 1, categories: 0 }
    await grant(patient.chain, { pseudonym: patient.pseudonym, granteeId: granteeId(), recordId, terms })
  }
  const request = (record: TestRecord, change = {}) =>
    signRequest(net.network, { doctor, pseudonym: patient.pseudonym, record }, { change })
  async function answer(body: unknown, url = node.url): Promise<string> {
    const response = await fetch(`${url}/v1/release`, { method: 'POST', headers: asJson, body: JSON.stringify(body) })
    return response.ok ? 'RELEASED' : ((await response.json()) as { code: string }).code
  }

  it('waits until anchor, grant and log are final', async () => {
    await net.pause()
    const record = await newRecord()
    await net.mine(depth)
    await permit(record)
    const { body } = await request(record)
    expect(await answer(body)).to.equal('NOT_LOGGED')
    await net.mine(depth)
    expect(await answer(body)).to.equal('RELEASED')
  })

  it('does not release for a record that is not final yet', async () => {
    const record = await newRecord()
    const { body, requestHash } = await request(record)
    expect(requestHash).to.have.length(66)
    await net.mine(depth - 2)
    expect(await answer(body)).to.equal('NOT_LOGGED')
  })

  it('obeys a revocation from the latest block on, long before it is final', async () => {
    const record = await newRecord()
    await permit(record)
    const { body } = await request(record)
    await net.mine(depth)
    expect(await answer(body)).to.equal('RELEASED')
    await revoke(patient.chain, { pseudonym: patient.pseudonym, granteeId: granteeId(), recordId: record.recordId })
    expect(await answer(body)).to.equal('REVOKED')
  })

  it('takes a session key once its session is final, and no longer from the block on that ends it', async () => {
    const record = await newRecord()
    await permit(record)
    await net.mine(depth)
    const session = await beginShift(doctor.chain)
    const { body } = await signRequest(
      net.network,
      { doctor, pseudonym: patient.pseudonym, record },
      { signer: bySession(doctor.chain, session) },
    )
    await net.mine(depth - 2)
    expect(await answer(body), 'the session is not final, nor is the log').to.equal('SESSION_DEAD')
    await net.mine(2)
    expect(await answer(body)).to.equal('RELEASED')
    await endSession(doctor.chain, { key: session.key.address })
    expect(await answer(body), 'ended after the final block, and answered before').to.equal('SESSION_DEAD')
  })

  it('releases nothing of an erased record', async () => {
    const record = await newRecord()
    await permit(record)
    const { body } = await request(record)
    await erase(patient.chain, { recordId: record.recordId })
    await net.mine(depth)
    expect(await answer(body)).to.equal('ERASED')
  })

  it('tells a consent for other categories from none', async () => {
    const record = await newRecord(7)
    const terms = { from: 0, until: inAnHour(), purposes: 1, categories: 1 << 4 }
    await grant(patient.chain, { pseudonym: patient.pseudonym, granteeId: granteeId(), terms })
    const { body } = await request(record, { consentKey: consentKey(patient.pseudonym, granteeId()) })
    await net.mine(depth)
    expect(await answer(body)).to.equal('OTHER_CATEGORIES')
  })

  it('has nothing to answer with outside the committee', async () => {
    const record = await newRecord()
    await permit(record)
    const { body } = await request(record)
    await net.mine(depth)
    const outside = await startKeyNodes(net, await registerHospitals(net, 1))
    await net.mine(depth)
    expect(await answer(body, outside.nodes[0]?.url)).to.equal('NO_SHARE')
    await outside.close()
  })

  it('refuses when its two chain clients see different blocks, and when one is silent', async () => {
    const record = await newRecord()
    await permit(record)
    const { body } = await request(record)
    await net.mine(depth)
    const rpcUrls = [...net.network.rpcUrls, proxy.url]
    await node.restart({ network: { ...net.network, rpcUrls } })
    expect(await answer(body)).to.equal('RELEASED')
    proxy.forge = true
    expect(await answer(body)).to.equal('CHAIN_SPLIT')
    proxy.close()
    expect(await answer(body)).to.equal('CHAIN_UNAVAILABLE')
    await node.restart()
  })
})

type Proxy = { readonly url: string; forge: boolean; close(): void }

/** A chain client that can show other blocks than the real one. */
async function startProxy(target: string): Promise<Proxy> {
  const server: Server = createServer(async (incoming, response) => {
    const parts: Buffer[] = []
    for await (const part of incoming) parts.push(part as Buffer)
    const body = Buffer.concat(parts)
    const answer = await (await fetch(target, { method: 'POST', body })).json()
    if (proxy.forge && answer.result?.hash && answer.result.number !== '0x0')
      answer.result.hash = `0x${'00'.repeat(32)}`
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const proxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    forge: false,
    close() {
      server.closeAllConnections()
      server.close()
    },
  }
  return proxy
}
