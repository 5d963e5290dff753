import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fromBase64url, fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import {
  type Chain,
  erase,
  grant,
  type Operator,
  personId,
  setOperatorEndpoint,
  setOrganizationActive,
  signMessage,
  ticketToJson,
} from '@sharewell/sdk/chain'
import { openCapsule, sealCapsule } from '@sharewell/sdk/envelope'
import { generateCommitteeKey, reshareCommittee } from '@sharewell/sdk/flow/committee'
import { keyNodesOf, listCapsules, putCapsule, putHeader, readHeader } from '@sharewell/sdk/flow/key-nodes'
import { randomBytes, sha256 } from '@sharewell/sdk/primitives'
import { encodeKeyHeader, type KeyHeader, QuorumError, unwrapW1 } from '@sharewell/sdk/release'
import { signObject } from '@sharewell/sdk/signed'
import { expect } from 'chai'
import type { LocalAccount } from 'viem'
import { requestRelease } from '../../../sdk/src/flow/release.ts'
import { openErasures } from '../../../services/key-node/src/erasures.ts'
import { openObjectStore } from '../../../services/key-node/src/files.ts'
import { fetchHeader, takeAll } from '../../../services/key-node/src/transfer/fetch.ts'
import { asJson } from '../../helpers/as-json.ts'
import {
  anchorRecord,
  asOperator,
  attestDoctor,
  type Hospital,
  newAccount,
  type Patient,
  registerHospitals,
  registerPatientAt,
  startKeyNodes,
  type TestKeyNode,
  type TestRecord,
} from '../../helpers/committee.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'
import { passOf } from '../../helpers/passes.ts'
import { signRequest } from '../../helpers/requests.ts'
import { silentLog } from '../../helpers/silent-log.ts'
import { until } from '../../helpers/until.ts'

const quick = { interval: 20 }

describe('what members take from each other', function () {
  this.timeout(240_000)
  let net: TestNetwork
  let started: Awaited<ReturnType<typeof startKeyNodes>>
  let chain: Chain
  let doctor: Awaited<ReturnType<typeof attestDoctor>>
  let patient: Patient
  let hospitals: Hospital[]
  let record: TestRecord

  before(async () => {
    net = await startNetwork()
    hospitals = await registerHospitals(net, 6)
    started = await startKeyNodes(net, hospitals, { ceremonyInterval: 500 })
    chain = await net.as(net.admin)
    patient = await registerPatientAt(net, hospitals[0] as Hospital)
    doctor = await attestDoctor(net, hospitals[5] as Hospital)
    const made = await generateCommitteeKey({ chain, nodes: started.operators.slice(0, 3), k: 2 }, quick)
    record = await deposited(made.groupKey)
  })
  after(async () => {
    await started.close()
    await net.close()
  })

  const ids = (...numbers: number[]): Hex[] => numbers.map((number) => (started.operators[number - 1] as Operator).id)
  const node = (number: number) => started.nodes[number - 1] as TestKeyNode
  const statusOf = async (number: number) =>
    (await (await fetch(`${node(number).url}/v1/status`)).json()) as { headersOf: number | null; keyEpoch: number }
  const headersOf = async (number: number) =>
    await readdir(path.join(node(number).config.folder, 'headers')).catch(() => [] as string[])

  /** A record that the doctor may read, its header put to the nodes that serve. */
  async function deposited(groupKey: Hex): Promise<TestRecord> {
    const made = await anchorRecord(net, { hospital: hospitals[0] as Hospital, patient, groupKey })
    await putHeader(await keyNodesOf(chain), { header: made.headerBytes })
    const terms = { from: 0, until: chain.clock() + 3_000, purposes: 1, categories: 0 }
    const granteeId = personId(doctor.account.address)
    await grant(patient.chain, { pseudonym: patient.pseudonym, granteeId, recordId: made.recordId, terms })
    return made
  }

  /** Opens a record as a reader does, who asks again where nodes took too long. */
  async function opened(one: TestRecord): Promise<readonly number[]> {
    for (let tries = 1; ; tries++) {
      const nodes = await openedOnce(one).catch((error: unknown) => {
        if (tries === 5 || !(error instanceof QuorumError)) throw error
        return undefined
      })
      if (nodes) return nodes
    }
  }

  async function openedOnce(one: TestRecord): Promise<readonly number[]> {
    const committee = await keyNodesOf(doctor.chain)
    const signed = await signRequest(net.network, { doctor, pseudonym: patient.pseudonym, record: one })
    const { key, nodes } = await requestRelease({ ...signed, chain, committee, headerHash: one.headerHash, ct: one.ct })
    expect(await unwrapW1(one.header, key)).to.deep.equal(one.dek)
    return nodes
  }

  async function ask(number: number, step: string, { by, node: meant, ...body }: Asked): Promise<Answer> {
    const asker = await asOperator(net, by)
    const message = {
      operator: ids(started.nodes.indexOf(by) + 1)[0] as Hex,
      node: meant,
      notAfter: chain.clock() + 60,
    }
    const signature = await signMessage(asker, 'OperatorTicket', message)
    const ticket = ticketToJson({ kind: 'OperatorTicket', message, signature })
    const init = { method: 'POST', headers: asJson, body: JSON.stringify({ ...body, ticket }) }
    const response = await fetch(`${node(number).url}/v1/transfer/${step}`, init)
    return { ok: response.ok, ...(response.ok && step === 'get' ? {} : ((await response.json()) as object)) }
  }
  type Asked = { by: TestKeyNode; node: Hex; after?: string; name?: string }
  type Answer = { ok: boolean; names?: string[]; code?: string }

  it('is seen by members of the committee that serves, each asking with a ticket for this node', async () => {
    const [first, second] = ids(1, 2) as [Hex, Hex]
    const name = `headers/${record.headerHash}`
    const listed = await ask(1, 'list', { by: node(2), node: first, after: '' })
    expect(listed).to.deep.equal({ ok: true, names: [name] })
    expect(await ask(1, 'list', { by: node(2), node: first, after: name })).to.deep.equal({ ok: true, names: [] })
    expect(await ask(1, 'get', { by: node(2), node: first, name })).to.deep.equal({ ok: true })
    const stranger = await ask(1, 'list', { by: node(4), node: first, after: '' })
    expect([stranger.ok, stranger.code]).to.deep.equal([false, 'NOT_A_MEMBER'])
    const elsewhere = await ask(1, 'get', { by: node(2), node: second, name })
    expect([elsewhere.ok, elsewhere.code]).to.deep.equal([false, 'NOT_A_MEMBER'])
    const unknown = await ask(1, 'get', { by: node(2), node: first, name: `headers/${toHex(randomBytes(32))}` })
    expect([unknown.ok, unknown.code]).to.deep.equal([false, 'UNKNOWN_HEADER'])
    const outside = await ask(1, 'get', { by: node(2), node: first, name: 'keys/hpke.key' })
    expect([outside.ok, outside.code]).to.deep.equal([false, 'BAD_REQUEST'])
  })

  it('keeps every old record readable after the set changed wholly, and capsules where the patient looks', async () => {
    const networkId = fromHex(net.network.networkId, 32)
    const content = { networkId, pseudonym: fromHex(patient.pseudonym, 32), purpose: 'note' as const }
    const note = { ...content, publicKey: patient.selfPublicKey, plaintext: randomBytes(40) }
    const capsule = await sealCapsule(note, (hospitals[0] as Hospital).account)
    await putCapsule(await keyNodesOf(chain), { capsule })
    const before = await keyNodesOf(chain)
    const epoch = await reshareCommittee({ chain, k: 2, members: ids(4, 5, 6) }, quick)
    expect(epoch.members.filter((id) => before.nodes.some((one) => one.id === id))).to.deep.equal([])
    expect(await opened(record)).to.have.length(2)
    // A header that a reader asked for comes before the rest.
    for (const number of [4, 5, 6]) await until(async () => (await statusOf(number)).headersOf === epoch.epoch)
    for (const number of [1, 2, 3]) await node(number).stop()
    expect(await opened(record)).to.have.length(2)
    const nodes = await keyNodesOf(chain)
    const pass = await passOf(doctor.chain, { pseudonym: patient.pseudonym })
    expect(await readHeader(nodes, { hash: record.headerHash, pass })).to.deep.equal(record.headerBytes)
    const own = await passOf(patient.chain, { pseudonym: patient.pseudonym })
    const capsules = await listCapsules(nodes, { pass: own, networkId: net.network.networkId })
    const plaintext = await openCapsule(capsules[0] as never, patient.selfSeed)
    expect(plaintext).to.deep.equal(note.plaintext)
    for (const number of [1, 2, 3]) await node(number).restart()
  })

  it('comes back to a node that lost its disk', async () => {
    const lost = node(6)
    await lost.stop()
    await rm(lost.config.folder, { recursive: true })
    await lost.restart()
    const account = await asOperator(net, lost)
    const status = (await (await fetch(`${lost.url}/v1/status`)).json()) as { hpkePublicKey: string }
    const hpkeKeyHash = toHex(sha256(fromBase64url(status.hpkePublicKey)))
    await setOperatorEndpoint(account, { operator: ids(6)[0] as Hex, endpoint: lost.url, hpkeKeyHash })
    await reshareCommittee({ chain }, quick)
    await node(4).stop()
    expect(await opened(record)).to.have.length(2)
    await node(4).restart()
    await until(async () => (await headersOf(6)).includes(record.headerHash))
  })

  it('is found for a reader, and taken, where its depositor is no provider any more too', async () => {
    const { groupKey } = await keyNodesOf(chain)
    const old = await deposited(toHex(groupKey))
    const home = hospitals[0] as Hospital
    await setOrganizationActive(chain, { organization: home.id, active: false })
    for (const number of [4, 5]) await rm(path.join(node(number).config.folder, 'headers', old.headerHash))
    const used = await opened(old)
    expect(used).to.have.length(2)
    const { parts, folder } = await partsOfFive()
    await takeAll(parts)
    expect(await parts.objects.list('headers'), 'taken without a reader').to.include.members([
      old.headerHash,
      record.headerHash,
    ])
    expect(await parts.objects.list(`capsules/${patient.pseudonym}`)).to.have.length(1)
    parts.erasures.close()
    await rm(folder, { recursive: true })
    await setOrganizationActive(chain, { organization: home.id, active: true })
  })

  it('takes nothing that another node made up, or that is over', async () => {
    const home = hospitals[0] as Hospital
    const { groupKey } = await keyNodesOf(chain)
    const [good, erased, fresh] = await Promise.all(
      [1, 2, 3].map(() => anchorRecord(net, { hospital: home, patient, groupKey: toHex(groupKey) })),
    )
    if (!good || !erased || !fresh) throw new Error('no records')
    await erase(patient.chain, { recordId: erased.recordId })
    const networkId = fromHex(net.network.networkId, 32)
    const sign = (header: KeyHeader, account: LocalAccount) =>
      signObject('key header', encodeKeyHeader(header), networkId, account)
    const bad = [
      await sign(good.header, newAccount()),
      await sign({ ...good.header, version: 2 }, home.account),
      await sign({ ...good.header, recordId: randomBytes(32) }, home.account),
      erased.headerBytes,
      randomBytes(200),
    ]
    const liar = path.join(node(4).config.folder, 'headers')
    for (const bytes of [...bad, good.headerBytes]) await writeFile(path.join(liar, toHex(sha256(bytes))), bytes)
    // Its name is not its hash.
    await writeFile(path.join(liar, fresh.headerHash), randomBytes(200))
    await node(5).restart()
    await until(async () => (await headersOf(5)).includes(good.headerHash))
    await until(async () => (await statusOf(5)).headersOf === (await statusOf(5)).keyEpoch)
    const kept = await headersOf(5)
    expect(kept.filter((hash) => [...bad.map((bytes) => toHex(sha256(bytes))), fresh.headerHash].includes(hash as Hex)))
      .to.be.empty
  })

  /** What node 5 takes with, and a disk of its own. */
  async function partsOfFive() {
    const folder = await mkdtemp(path.join(tmpdir(), 'transfer-'))
    const objects = openObjectStore(folder)
    const erasures = openErasures(folder, { objects, networkId: net.network.networkId })
    const account = await asOperator(net, node(5))
    const operator = async () => ids(5)[0] as Hex
    return { parts: { chain: account, objects, erasures, operator, log: silentLog }, folder }
  }

  it('ends with a node that names more and more', async () => {
    let named = 0
    const endless: RequestListener = (_, outgoing) => {
      const names = [`headers/0x${(named++).toString(16).padStart(64, '0')}`]
      outgoing.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ names }))
    }
    const server = createServer(endless)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const liar = await asOperator(net, node(4))
    const { hpkeKeyHash } = started.operators[3] as Operator
    const say = (endpoint: string) => setOperatorEndpoint(liar, { operator: ids(4)[0] as Hex, endpoint, hpkeKeyHash })
    await say(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
    const { parts, folder } = await partsOfFive()
    const taken = await takeAll(parts, { patience: 1_000 })
    expect(taken.unreachable).to.be.above(0)
    expect(named).to.be.above(0)
    await say(node(4).url)
    server.close()
    server.closeAllConnections()
    parts.erasures.close()
    await rm(folder, { recursive: true })
  })

  it('keeps no header that is erased while it arrives', async () => {
    const { parts, folder } = await partsOfFive()
    const { recordId } = record
    const put = async (kept: string, bytes: Uint8Array<ArrayBuffer>) => {
      await parts.erasures.erase({ recordId, version: 1 }, 1_000)
      return await parts.objects.put(kept, bytes)
    }
    expect(await fetchHeader({ ...parts, objects: { ...parts.objects, put } }, record.headerHash)).to.equal(undefined)
    expect(await parts.objects.list('headers')).to.deep.equal([])
    parts.erasures.close()
    await rm(folder, { recursive: true })
  })
})
