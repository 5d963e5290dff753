import { consentKey, grant, personId, revoke } from '@sharewell/sdk/chain'
import { keyNodesOf, putHeader } from '@sharewell/sdk/flow/key-nodes'
import { expect } from 'chai'
import { encodeFunctionResult, type Hex, toFunctionSelector } from 'viem'
import { consentRegistryAbi } from '../../../sdk/src/chain/abi.ts'
import { asJson } from '../../helpers/as-json.ts'
import {
  anchorRecord,
  attestDoctor,
  type Hospital,
  type Patient,
  registerPatientAt,
  startCommittee,
  type TestKeyNode,
  type TestRecord,
} from '../../helpers/committee.ts'
import { type FailingChain, type Interceptor, startFailingChain } from '../../helpers/failing-chain.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'
import { signRequest } from '../../helpers/requests.ts'

/** What a chain client does that shows its node another chain than there is. */
describe('a key node whose chain client shows', () => {
  let net: TestNetwork
  let committee: Awaited<ReturnType<typeof startCommittee>>
  let hospital: Hospital
  let node: TestKeyNode
  let patient: Patient
  let doctor: Awaited<ReturnType<typeof attestDoctor>>
  let forger: FailingChain
  let honest: string

  before(async () => {
    // The chain's own `finalized` is its head: the client in between holds it back.
    net = await startNetwork({ finality: { mode: 'tag' } })
    committee = await startCommittee(net, { h: 2, k: 2 })
    ;[hospital] = committee.hospitals as [Hospital]
    ;[node] = committee.nodes as [TestKeyNode]
    patient = await registerPatientAt(net, hospital)
    doctor = await attestDoctor(net, hospital)
    honest = net.network.rpcUrls[0] ?? ''
    forger = await startFailingChain(honest)
    await net.pause()
    await net.mine()
  })
  after(async () => {
    await committee.close()
    await forger.close()
    await net.close()
  })
  afterEach(() => {
    forger.intercept = undefined
  })

  const granteeId = () => personId(doctor.account.address)
  async function newRecord({ permitted = true } = {}): Promise<TestRecord> {
    const made = await anchorRecord(net, { hospital, patient, groupKey: committee.epoch.groupKey })
    await putHeader(await keyNodesOf(doctor.chain), { header: made.headerBytes })
    const { pseudonym } = patient
    const terms = { from: 0, until: Math.floor(Date.now() / 1000) + 3_000, purposes: 1, categories: 0 }
    if (permitted) await grant(patient.chain, { pseudonym, granteeId: granteeId(), recordId: made.recordId, terms })
    return made
  }
  const request = async (record: TestRecord) =>
    (await signRequest(net.network, { doctor, pseudonym: patient.pseudonym, record })).body
  const stopSharing = ({ recordId }: TestRecord) =>
    revoke(patient.chain, { pseudonym: patient.pseudonym, granteeId: granteeId(), recordId })
  const clients = (...rpcUrls: string[]) => node.restart({ network: { ...net.network, rpcUrls } })

  async function answer(body: unknown): Promise<string> {
    const init = { method: 'POST', headers: asJson, body: JSON.stringify(body) }
    const response = await fetch(`${node.url}/v1/release`, init)
    return response.ok ? 'RELEASED' : ((await response.json()) as { code: string }).code
  }

  /** Answers every question for `tag` with the block that it names now. */
  async function heldBack(tag: 'latest' | 'finalized'): Promise<Interceptor> {
    const ask = { jsonrpc: '2.0', id: 1, method: 'eth_getBlockByNumber', params: [tag, false] }
    const asked = await fetch(honest, { method: 'POST', headers: asJson, body: JSON.stringify(ask) })
    const { result } = (await asked.json()) as { result: unknown }
    return ({ id, method, params }) =>
      method === 'eth_getBlockByNumber' && params?.[0] === tag ? { jsonrpc: '2.0', id, result } : undefined
  }

  /** Says of every question to `decide` that the slot `key` permits. */
  const permits =
    (key: Hex): Interceptor =>
    ({ id, method, params }) => {
      const { data = '0x' } = (params?.[0] ?? {}) as { data?: Hex }
      if (method !== 'eth_call' || !data.startsWith(selectorOfDecide)) return undefined
      const result = encodeFunctionResult({ abi: consentRegistryAbi, functionName: 'decide', result: [0, key] })
      return { jsonrpc: '2.0', id, result }
    }

  it('which block is final obeys a revocation from the latest one on, and takes nothing that is not final', async () => {
    const record = await newRecord()
    const early = await request(record)
    await clients(forger.url)
    forger.intercept = await heldBack('finalized')
    const late = await request(record)
    expect(await answer(early)).to.equal('RELEASED')
    expect(await answer(late), 'its log is later than the final block').to.equal('NOT_LOGGED')
    await stopSharing(record)
    expect(await answer(early), 'revoked between the final and the latest block').to.equal('REVOKED')
  })

  it('an old head, so that a revocation stays hidden, is not believed beside an honest one', async () => {
    const record = await newRecord()
    const body = await request(record)
    forger.intercept = await heldBack('latest')
    const finalToo = await heldBack('finalized')
    const latest = forger.intercept
    forger.intercept = (call) => latest(call) ?? finalToo(call)
    await stopSharing(record)
    for (const both of [
      [forger.url, honest],
      [honest, forger.url],
    ]) {
      await clients(...both)
      expect(await answer(body)).to.equal('REVOKED')
    }
    await clients(forger.url)
    expect(await answer(body), 'alone it is believed: such a node is one of the k').to.equal('RELEASED')
  })

  it('a consent that nobody gave is not believed beside an honest one', async () => {
    const record = await newRecord({ permitted: false })
    const body = await request(record)
    forger.intercept = permits(consentKey(patient.pseudonym, granteeId(), record.recordId))
    for (const both of [
      [forger.url, honest],
      [honest, forger.url],
    ]) {
      await clients(...both)
      expect(await answer(body)).to.equal('NO_CONSENT')
    }
    await clients(forger.url)
    expect(await answer(body), 'alone it is believed: such a node is one of the k').to.equal('RELEASED')
  })
})

const selectorOfDecide = toFunctionSelector(
  consentRegistryAbi.find((item) => item.type === 'function' && item.name === 'decide') as never,
)
