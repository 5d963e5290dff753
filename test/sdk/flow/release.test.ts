import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fromHex, type Hex, toBase64url, toHex } from '@sharewell/sdk/bytes'
import { grant, personId, signerOf, signMessage } from '@sharewell/sdk/chain'
import { type KeyNodes, keyNodesOf, putHeader } from '@sharewell/sdk/flow/key-nodes'
import { randomBytes } from '@sharewell/sdk/primitives'
import { partial, partialHash, QuorumError, sealAnswer, unwrapW1 } from '@sharewell/sdk/release'
import { expect } from 'chai'
import { privateKeyToAccount } from 'viem/accounts'
import { type ReleaseArgs, requestRelease } from '../../../sdk/src/flow/release.ts'
import {
  anchorRecord,
  attestDoctor,
  type Hospital,
  type Patient,
  registerPatientAt,
  startCommittee,
  type TestRecord,
} from '../../helpers/committee.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'
import { signRequest } from '../../helpers/requests.ts'

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )

describe('release by a committee', () => {
  let net: TestNetwork
  let committee: Awaited<ReturnType<typeof startCommittee>>
  let nodes: KeyNodes
  let patient: Patient
  let doctor: Awaited<ReturnType<typeof attestDoctor>>
  let record: TestRecord
  const servers: Server[] = []

  before(async () => {
    net = await startNetwork()
    committee = await startCommittee(net, { h: 5, k: 3 })
    const [hospital] = committee.hospitals as [Hospital]
    patient = await registerPatientAt(net, hospital)
    doctor = await attestDoctor(net, hospital)
    nodes = await keyNodesOf(doctor.chain)
    record = await anchorRecord(net, { hospital, patient, groupKey: committee.epoch.groupKey })
    await putHeader(nodes, { header: record.headerBytes })
    const terms = { from: 0, until: Math.floor(Date.now() / 1000) + 3_000, purposes: 1, categories: 0 }
    const granteeId = personId(doctor.account.address)
    await grant(patient.chain, { pseudonym: patient.pseudonym, granteeId, recordId: record.recordId, terms })
  })
  after(async () => {
    for (const server of servers) {
      server.closeAllConnections()
      server.close()
    }
    await committee.close()
    await net.close()
  })

  /** A request, asked of all nodes but with some of them at another address. */
  async function args(elsewhere: Readonly<Record<number, string>> = {}): Promise<ReleaseArgs> {
    const signed = await signRequest(net.network, { doctor, pseudonym: patient.pseudonym, record })
    const moved = nodes.nodes.map((node) => ({ ...node, endpoint: elsewhere[node.i] ?? node.endpoint }))
    return {
      ...signed,
      chain: doctor.chain,
      committee: { ...nodes, nodes: moved },
      headerHash: record.headerHash,
      ct: record.ct,
    }
  }

  /** A node that answers with what `body` gives, or never where it gives nothing. */
  async function fake(body: () => Promise<string> | undefined): Promise<string> {
    const server = createServer(async (_, response) => {
      const text = await body()
      if (text !== undefined) response.setHeader('content-type', 'application/json').end(text)
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    servers.push(server)
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  it('gives the reader the key of the record, from any three of five nodes', async () => {
    const { key, nodes: used, faults } = await requestRelease(await args())
    expect(await unwrapW1(record.header, key)).to.deep.equal(record.dek)
    expect(new Set(used).size).to.equal(3)
    expect(faults).to.deep.equal([])
  })

  it('does without two nodes that are down', async () => {
    const { key, nodes: used } = await requestRelease(await args({ 1: 'http://127.0.0.1:9', 2: 'http://127.0.0.1:9' }))
    expect(await unwrapW1(record.header, key)).to.deep.equal(record.dek)
    expect([...used].sort()).to.deep.equal([3, 4, 5])
  })

  it('does without two nodes that never answer', async () => {
    const hanging = await fake(() => undefined)
    const { key } = await requestRelease(await args({ 1: hanging, 2: hanging }), { hedge: 50 })
    expect(await unwrapW1(record.header, key)).to.deep.equal(record.dek)
  })

  it('says what each node answered when fewer than three do', async () => {
    const down = 'http://127.0.0.1:9'
    const error = await failure(requestRelease(await args({ 1: down, 2: down, 3: down })))
    expect(error).to.be.instanceOf(QuorumError)
    const { refusals } = error as QuorumError
    expect(refusals.map(({ i }) => i).sort()).to.deep.equal([1, 2, 3])
    expect(refusals.every(({ code }) => code === 'UNREACHABLE')).to.equal(true)
  })

  it('says which check refused when all nodes refuse', async () => {
    const wrong = await signRequest(
      net.network,
      { doctor, pseudonym: patient.pseudonym, record },
      { change: { purpose: 5 } },
    )
    const error = await failure(requestRelease({ ...(await args()), ...wrong }))
    expect((error as QuorumError).refusals.map(({ code }) => code)).to.deep.equal(Array(5).fill('WRONG_PURPOSE'))
  })

  it('names a node that signs a partial of another share, keeps its word as evidence, and goes on', async () => {
    const [liar] = committee.nodes
    const node = nodes.nodes[0]
    if (!liar || !node) throw new Error('no node')
    const asked = await args()
    const lie = await lieOf(asked, { i: 1, privateKey: liar.config.privateKey as Hex, X: toHex(node.verifyingShare) })
    const endpoint = await fake(async () => lie)
    const { key, faults } = await untilAsked(() =>
      requestRelease({
        ...asked,
        committee: {
          ...asked.committee,
          nodes: asked.committee.nodes.map((one) => (one.i === 1 ? { ...one, endpoint } : one)),
        },
      }),
    )
    expect(await unwrapW1(record.header, key)).to.deep.equal(record.dek)
    const fault = faults.find(({ i }) => i === 1)
    expect(fault).to.include({ code: 'INVALID_PARTIAL', operator: node.id })
    if (!fault?.evidence) throw new Error('no evidence')
    const signer = await signerOf(net.network, { kind: 'Partial', ...fault.evidence })
    expect(signer.toLowerCase()).to.equal(node.account.toLowerCase())
  })

  it('takes an unsigned partial for silence', async () => {
    const asked = await args()
    const other = toHex(randomBytes(32))
    const lie = await lieOf(asked, {
      i: 2,
      privateKey: other,
      X: toHex(nodes.nodes[1]?.verifyingShare ?? new Uint8Array()),
    })
    const endpoint = await fake(async () => lie)
    const { faults } = await untilAsked(() =>
      requestRelease({
        ...asked,
        committee: {
          ...asked.committee,
          nodes: asked.committee.nodes.map((one) => (one.i === 2 ? { ...one, endpoint } : one)),
        },
      }),
    )
    expect(faults.find(({ i }) => i === 2)).to.include({ code: 'UNSIGNED_PARTIAL' })
  })

  it('stops at once when told to', async () => {
    const signal = AbortSignal.abort(new Error('enough'))
    expect(await failure(requestRelease(await args(), { signal }))).to.have.property('message', 'enough')
  })

  /** Nodes are asked in random order and only k + 1 at once: repeats until one of them has been blamed. */
  async function untilAsked(run: () => ReturnType<typeof requestRelease>): ReturnType<typeof requestRelease> {
    for (;;) {
      const release = await run()
      if (release.faults.length > 0) return release
    }
  }

  async function lieOf(
    { requestHash, reader, ct, request }: ReleaseArgs,
    { i, privateKey, X }: { i: number; privateKey: Hex; X: Hex },
  ): Promise<string> {
    const share = new Uint8Array(32).fill(1, 0, 1)
    const statement = {
      networkId: fromHex(request.networkId, 32),
      requestHash: fromHex(requestHash, 32),
      ct,
      Yr: reader.Yr,
    }
    const made = partial({ keyEpoch: 1, i, share, groupKey: nodes.groupKey }, statement)
    const chain = await net.as(privateKeyToAccount(privateKey))
    const message = {
      requestHash,
      ctHash: request.ctHash,
      keyEpoch: 1,
      i,
      X_i: X,
      Yr: toHex(reader.Yr),
      partialHash: toHex(partialHash(made)),
    }
    const signature = fromHex(await signMessage(chain, 'Partial', message), 65)
    const to = { requestHash: statement.requestHash, hpkePublicKey: reader.hpkePublicKey }
    const { enc, ct: sealed } = await sealAnswer({ partial: made, signature }, to)
    return JSON.stringify({ keyEpoch: 1, i, enc: toBase64url(enc), ct: toBase64url(sealed) })
  }
})
