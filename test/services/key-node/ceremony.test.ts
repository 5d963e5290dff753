import { randomUUID } from 'node:crypto'
import { readdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fromBase64url, type Hex, toHex } from '@sharewell/sdk/bytes'
import {
  activeEpoch,
  type Chain,
  ceremonyOf,
  ceremonyProgress,
  complaintsOf,
  grant,
  latestCeremony,
  type Operator,
  openCeremony,
  operators,
  personId,
  releasesOf,
  setOperatorEndpoint,
} from '@sharewell/sdk/chain'
import {
  CommitteeError,
  generateCommitteeKey,
  planResharing,
  reshareCommittee,
  runCeremony,
} from '@sharewell/sdk/flow/committee'
import { keyNodesOf, putHeader } from '@sharewell/sdk/flow/key-nodes'
import { sha256 } from '@sharewell/sdk/primitives'
import { unwrapW1 } from '@sharewell/sdk/release'
import { expect } from 'chai'
import { requestRelease } from '../../../sdk/src/flow/release.ts'
import { asJson } from '../../helpers/as-json.ts'
import {
  anchorRecord,
  asOperator,
  attestDoctor,
  type Hospital,
  type Patient,
  registerHospitals,
  registerPatientAt,
  startKeyNodes,
  type TestKeyNode,
  type TestRecord,
} from '../../helpers/committee.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'
import { signRequest } from '../../helpers/requests.ts'
import { turnedClock } from '../../helpers/turned-clock.ts'
import { until } from '../../helpers/until.ts'

const quick = { interval: 20 }
const window = 600

type Status = { holdsShare: boolean; released: number; keyEpoch: number; k: number; h: number; hpkePublicKey: string }
const statusOf = async ({ url }: TestKeyNode) => (await (await fetch(`${url}/v1/status`)).json()) as Status

describe('ceremonies of key nodes', function () {
  this.timeout(400_000)
  let net: TestNetwork
  let started: Awaited<ReturnType<typeof startKeyNodes>>
  let chain: Chain
  let doctor: Awaited<ReturnType<typeof attestDoctor>>
  let patient: Patient
  let record: TestRecord
  let groupKey: Hex
  const time = turnedClock()
  const { clock } = time
  const wait = async (seconds: number) => await time.pass(net, seconds)

  before(async () => {
    net = await startNetwork()
    const hospitals = await registerHospitals(net, 7)
    started = await startKeyNodes(net, hospitals, { clock, ceremonyInterval: 600_000 })
    chain = await net.as(net.admin)
    patient = await registerPatientAt(net, hospitals[0] as Hospital)
    doctor = await attestDoctor(net, hospitals[0] as Hospital, () => clock() + 80_000)
    const made = await generateCommitteeKey({ chain, nodes: started.operators.slice(0, 5), k: 3, window }, quick)
    groupKey = made.groupKey
    record = await anchorRecord(net, { hospital: hospitals[0] as Hospital, patient, groupKey })
    const terms = { from: 0, until: Math.floor(Date.now() / 1000) + 80_000, purposes: 1, categories: 0 }
    const granteeId = personId(doctor.account.address)
    await grant(patient.chain, { pseudonym: patient.pseudonym, granteeId, recordId: record.recordId, terms })
  })
  after(async () => {
    await started.close()
    await net.close()
  })

  const ids = (...numbers: number[]): Hex[] => numbers.map((number) => (started.operators[number - 1] as Operator).id)
  const nodes = (...numbers: number[]) => numbers.map((number) => started.nodes[number - 1] as TestKeyNode)
  const filesOf = async ({ config }: TestKeyNode) => await readdir(path.join(config.folder, 'keys'))

  /** What a doctor gets of the record that was deposited before everything else. */
  async function opened() {
    const committee = await keyNodesOf(doctor.chain)
    await putHeader(committee, { header: record.headerBytes })
    const asker = { doctor, pseudonym: patient.pseudonym, record }
    const signed = await signRequest(net.network, asker, { now: clock() })
    const asked = { chain: doctor.chain, committee, headerHash: record.headerHash, ct: record.ct }
    const { key, nodes: used } = await requestRelease({ ...signed, ...asked })
    expect(await unwrapW1(record.header, key)).to.deep.equal(record.dek)
    return used
  }

  /** Has these nodes act until none of them finds anything to do. */
  async function actAll(ceremony: number, ...numbers: number[]): Promise<string[]> {
    const all: string[] = []
    for (;;) {
      const acts = await Promise.all(nodes(...numbers).map((node) => post(node, 'act', { ceremony })))
      const did = acts.flatMap((answer) => (answer.did ?? []) as string[])
      if (did.length === 0) return all
      all.push(...did)
    }
  }

  async function post({ url }: TestKeyNode, step: string, body: unknown): Promise<Record<string, unknown>> {
    const init = { method: 'POST', headers: asJson, body: JSON.stringify(body) }
    return (await (await fetch(`${url}/v1/ceremony/${step}`, init)).json()) as Record<string, unknown>
  }

  it('names a node that does not answer before anything begins', async () => {
    const [first, second] = started.operators as [Operator, Operator]
    const asked = { chain, nodes: [first, { ...second, endpoint: 'http://127.0.0.1:9' }], k: 2 }
    const error = await generateCommitteeKey(asked).catch((cause: unknown) => cause)
    expect(error).to.be.instanceOf(CommitteeError)
    expect((error as Error).message).to.include(second.id)
  })

  it('made five nodes one key of which any three release', async () => {
    expect(await statusOf(started.nodes[0] as TestKeyNode)).to.include({ keyEpoch: 1, k: 3, h: 5, holdsShare: true })
    expect((await statusOf(started.nodes[6] as TestKeyNode)).holdsShare).to.equal(false)
    expect(await opened()).to.have.length(3)
  })

  it('shares the key anew among seven: every record stays readable, every old share is gone', async () => {
    const before = await filesOf(started.nodes[0] as TestKeyNode)
    const epoch = await reshareCommittee({ chain, k: 4, members: ids(1, 2, 3, 4, 5, 6, 7), window }, quick)
    expect(epoch).to.include({ epoch: 2, k: 4, groupKey })
    const after = await filesOf(started.nodes[0] as TestKeyNode)
    expect(after).to.have.length(2)
    expect(before.filter((name) => name.startsWith('w1-') && after.includes(name))).to.deep.equal([])
    expect(await opened()).to.have.length(4)
  })

  it('refreshes: the same seven, other shares', async () => {
    const before = await activeEpoch(chain)
    const epoch = await reshareCommittee({ chain, window }, quick)
    expect(epoch.members).to.deep.equal(before?.members)
    expect(epoch.verifyingShares.filter((share) => before?.verifyingShares.includes(share))).to.deep.equal([])
    expect(await opened()).to.have.length(4)
  })

  it('lets nodes leave: their shares are gone, the rest release, and what they released is still told', async () => {
    const [leaver] = nodes(1) as [TestKeyNode]
    const told = async () => (await releasesOf(chain, {})).filter(({ operator }) => operator === ids(1)[0]).length
    const answered = async () => (await statusOf(leaver)).released
    await until(async () => (await told()) === (await answered()))
    const before = await told()
    await leaver.restart({ releasedInterval: 600_000 })
    // A reader does not ask all of them.
    while ((await answered()) === before) await opened()
    const epoch = await reshareCommittee({ chain, k: 3, members: ids(2, 3, 4, 7), window }, quick)
    expect(epoch).to.include({ epoch: 4, k: 3, groupKey })
    for (const node of nodes(1, 5, 6)) expect(await filesOf(node)).to.deep.equal(['hpke.key'])
    expect(await opened()).to.have.length(3)
    expect(await told()).to.equal(before)
    await leaver.restart()
    await until(async () => (await told()) === before + 1)
  })

  it('brings a node back that lost its disk', async () => {
    const [node] = nodes(7) as [TestKeyNode]
    await node.stop()
    await rm(node.config.folder, { recursive: true })
    await node.restart()
    expect((await statusOf(node)).holdsShare).to.equal(false)
    const plan = await planResharing({ chain, window })
    expect(plan.dealers).to.deep.equal(ids(2, 3, 4))
    const operator = await asOperator(net, node)
    const hpkeKeyHash = toHex(sha256(fromBase64url((await statusOf(node)).hpkePublicKey)))
    await setOperatorEndpoint(operator, { operator: ids(7)[0] as Hex, endpoint: node.url, hpkeKeyHash })
    const epoch = await reshareCommittee({ chain, window }, quick)
    expect(epoch.members).to.deep.equal(ids(2, 3, 4, 7))
    expect((await statusOf(node)).holdsShare).to.equal(true)
    await started.nodes[1]?.stop()
    expect(await opened()).to.have.length(3)
    await started.nodes[1]?.restart()
  })

  it('goes on where it was after every node restarts between any two steps', async () => {
    const plan = await planResharing({ chain, window })
    await openCeremony(chain, plan)
    const ceremony = await latestCeremony(chain)
    const four = nodes(2, 3, 4, 7)
    const restartAll = () => Promise.all(four.map((node) => node.restart()))
    for (const did of ['committed', 'revealed']) {
      for (const node of four) expect((await post(node, 'act', { ceremony })).did, did).to.deep.equal([did])
      await restartAll()
    }
    const publicKeys = await Promise.all(four.map(async (node) => (await statusOf(node)).hpkePublicKey))
    const deal = async () => await Promise.all(four.map((node) => post(node, 'shares', { ceremony, publicKeys })))
    const dealt = await deal()
    await restartAll()
    expect(await deal()).to.deep.equal(dealt)
    const shares = dealt.flatMap((answer) => answer.shares as { from: number; to: number }[])
    for (const [at, node] of four.entries()) {
      const mine = shares.filter(({ to }) => to === at + 1)
      await post(node, 'take', { ceremony, shares: mine.slice(0, 1) })
      await node.restart()
      expect(await post(node, 'take', { ceremony, shares: mine.slice(1) })).to.deep.equal({ missing: [] })
    }
    await restartAll()
    const [first, ...rest] = four as [TestKeyNode, ...TestKeyNode[]]
    await post(first, 'act', { ceremony })
    await first.restart()
    for (const node of rest) await post(node, 'act', { ceremony })
    expect((await activeEpoch(chain))?.epoch).to.equal(plan.members.length + 2)
    await actAll(ceremony, 2, 3, 4, 7)
    expect(await opened()).to.have.length(3)
  })

  it('needs nobody who carries shares: what does not come is asked for on chain, and comes sealed', async () => {
    await openCeremony(chain, await planResharing({ chain, window }))
    const ceremony = await latestCeremony(chain)
    expect(await actAll(ceremony, 2, 3, 4, 7)).to.have.length(8)
    await wait(2 * window + 1)
    const did = await actAll(ceremony, 2, 3, 4, 7)
    expect(did.filter((act) => act === 'complained')).to.have.length(12)
    expect(did.filter((act) => act === 'accepted')).to.have.length(4)
    const levels = (await complaintsOf(chain, { ceremony })).map(({ level }) => level)
    expect(new Set(levels)).to.deep.equal(new Set([2]))
    expect((await ceremonyOf(chain, { ceremony }))?.state).to.equal('done')
    expect((await activeEpoch(chain))?.groupKey).to.equal(groupKey)
  })

  it('begins again without a node that is down, and the epoch before serves meanwhile', async () => {
    const [down] = nodes(4) as [TestKeyNode]
    const plan = await planResharing({ chain, window })
    await down.stop()
    await openCeremony(chain, plan)
    const first = await latestCeremony(chain)
    const begun: number[] = []
    const running = runCeremony(
      { chain, ceremony: first },
      { ...quick, onBegin: ({ ceremony, dealers, members }) => begun.push(ceremony, dealers.length, members.length) },
    )
    expect(await opened()).to.have.length(3)
    await actAll(first, 2, 3, 7)
    await wait(window + 1)
    await until(async () => (await latestCeremony(chain)) > first)
    await actAll(first + 1, 2, 3, 7)
    const accepted = async () => (await ceremonyProgress(chain, { ceremony: first + 1 })).accepted
    await until(async () => (await accepted()).filter((one) => one !== undefined).length === 3)
    expect(await complaintsOf(chain, { ceremony: first + 1 })).to.deep.equal([])
    await wait(7 * window + 1)
    const epoch = await running
    expect(begun).to.deep.equal([first, 4, 4, first + 1, 3, 4, first + 2, 3, 3])
    expect(epoch.members).to.deep.equal(ids(2, 3, 7))
    expect(epoch.groupKey).to.equal(groupKey)
    // What a kill left half written is gone too.
    await writeFile(
      path.join(down.config.folder, 'keys', `ceremony-${first}-dealing.key.${randomUUID()}.tmp`),
      'half of it',
    )
    await down.restart()
    const { did } = await post(down, 'act', { ceremony: first + 2 })
    expect(did).to.deep.equal([])
    expect(await filesOf(down)).to.deep.equal(['hpke.key'])
    expect(await operators(chain, { kind: 'key' })).to.have.length(7)
  })
})
