import { readdir } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { fromBase64url, type Hex, toHex } from '@sharewell/sdk/bytes'
import {
  activeEpoch,
  type Ceremony,
  type Chain,
  ceremonyOf,
  ceremonyProgress,
  type Epoch,
  grant,
  latestCeremony,
  type Operator,
  personId,
  setOperatorEndpoint,
} from '@sharewell/sdk/chain'
import { CommitteeError, refreshCommittee, shareStatus } from '@sharewell/sdk/flow/committee'
import { keyNodesOf, putHeader } from '@sharewell/sdk/flow/key-nodes'
import { sha256 } from '@sharewell/sdk/primitives'
import { unwrapW1 } from '@sharewell/sdk/release'
import { expect } from 'chai'
import { requestRelease } from '../../../sdk/src/flow/release.ts'
import {
  anchorRecord,
  asOperator,
  attestDoctor,
  type Hospital,
  type Patient,
  registerPatientAt,
  startCommittee,
  type TestKeyNode,
  type TestRecord,
} from '../../helpers/committee.ts'
import { hearLog } from '../../helpers/heard-log.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'
import { signRequest } from '../../helpers/requests.ts'
import { turnedClock } from '../../helpers/turned-clock.ts'
import { until } from '../../helpers/until.ts'

const [hour, day] = [3_600, 86_400]
const month = 30 * day

type Refresh = { readonly since: number; readonly due: number; readonly waitsFor: readonly Hex[] }

describe('shares that key nodes renew on schedule', function () {
  this.timeout(400_000)
  let net: TestNetwork
  let started: Awaited<ReturnType<typeof startCommittee>>
  let chain: Chain
  let patient: Patient
  let record: TestRecord
  const log = hearLog()
  const time = turnedClock()
  const { clock } = time
  const wait = async (seconds: number) => await time.pass(net, seconds)

  before(async () => {
    net = await startNetwork()
    started = await startCommittee(net, { h: 3, k: 2, clock, log, ceremonyInterval: 300, refreshInterval: month })
    chain = await net.as(net.admin)
    patient = await registerPatientAt(net, hospital())
    record = await anchorRecord(net, { hospital: hospital(), patient, groupKey: started.epoch.groupKey })
    await putHeader(await keyNodesOf(chain), { header: record.headerBytes })
  })
  after(async () => {
    await started.close()
    await net.close()
  })

  const hospital = () => started.hospitals[0] as Hospital
  const node = (seat: number) => started.nodes[seat] as TestKeyNode
  const operatorAt = (seat: number) => started.operators[seat] as Operator
  const statusOf = async (seat: number) =>
    (await (await fetch(`${node(seat).url}/v1/status`)).json()) as { hpkePublicKey: string; refresh: Refresh | null }
  /** What it keeps of shares and ceremonies. */
  const filesOf = async (seat: number) => {
    const names = await readdir(path.join(node(seat).config.folder, 'keys'))
    return names.filter((name) => /^(?:w1|ceremony)-/.test(name)).toSorted()
  }
  const serving = async () => (await activeEpoch(chain)) as Epoch
  const newest = async () => (await ceremonyOf(chain, { ceremony: await latestCeremony(chain) })) as Ceremony

  const epochAfter = async (epoch: number) => ((await serving()).epoch > epoch ? await serving() : undefined)
  /** What the node in this seat, counted from 0, says of the shares, once it says so. */
  const refreshAt = async (seat: number, holds: (state: Refresh) => boolean) =>
    await until(async () => {
      const { refresh } = await statusOf(seat)
      return refresh !== null && holds(refresh) && refresh
    })
  const metric = async (seat: number, name: string) => {
    const text = await (await fetch(`${node(seat).url}/metrics`)).text()
    return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1])
  }

  /** Opens the record that was deposited before everything else, as a doctor whom the patient lets read now. */
  async function expectReadable(): Promise<void> {
    const doctor = await attestDoctor(net, hospital(), clock)
    const terms = { from: 0, until: clock() + hour, purposes: 1, categories: 0 }
    const granteeId = personId(doctor.account.address)
    await grant(patient.chain, { pseudonym: patient.pseudonym, granteeId, recordId: record.recordId, terms })
    const committee = await keyNodesOf(doctor.chain)
    const signed = await signRequest(net.network, { doctor, pseudonym: patient.pseudonym, record }, { now: clock() })
    const asked = { chain: doctor.chain, committee, headerHash: record.headerHash, ct: record.ct }
    const { key } = await requestRelease({ ...signed, ...asked })
    expect(await unwrapW1(record.header, key)).to.deep.equal(record.dek)
  }

  /** Turns the clock to where the node in the first seat opens the next refresh; when that is. */
  async function waitUntilDue(): Promise<number> {
    const { startedAt } = await newest()
    const { due } = await refreshAt(0, (state) => state.due > startedAt && state.due > clock())
    await wait(due - clock() + 1)
    return due
  }

  it('is done once a month by the first seat: the same set and key, other shares, every record readable', async () => {
    const before = await serving()
    const first = await refreshAt(0, () => true)
    expect(first.due).to.equal(first.since + month)
    expect(await refreshAt(1, () => true)).to.deep.equal({ ...first, due: first.due + hour })
    expect(await metric(2, 'committee_refresh_due_seconds')).to.equal(first.due + 2 * hour)
    expect(await metric(2, 'committee_shares_since_seconds')).to.equal(first.since)
    const kept = await filesOf(0)
    await waitUntilDue()
    const after = await until(() => epochAfter(before.epoch))
    expect(await newest()).to.include({ byMember: true, state: 'done' })
    expect([after.groupKey, after.k, after.members]).to.deep.equal([before.groupKey, before.k, before.members])
    expect(after.verifyingShares.filter((share) => before.verifyingShares.includes(share))).to.deep.equal([])
    await expectReadable()
    // The old share is gone, the new one is kept.
    await until(async () => (await filesOf(0)).length === 1)
    expect(kept).to.not.include.members(await filesOf(0))
  })

  it('waits for a node that is down, says so, and warns when the shares are old', async () => {
    const before = await serving()
    await node(2).stop()
    await waitUntilDue()
    await refreshAt(0, ({ waitsFor }) => waitsFor[0] === operatorAt(2).id && waitsFor.length === 1)
    expect(await metric(0, 'committee_refresh_waits')).to.equal(1)
    expect(await shareStatus(operatorAt(0))).to.deep.include({ holds: true, waitsFor: [operatorAt(2).id] })
    expect(await shareStatus(operatorAt(2))).to.equal(undefined)
    expect(log.lines.filter(({ message }) => message === 'shares are old')).to.deep.equal([])
    await wait(month)
    const { fields } = await log.next(({ level, message }) => level === 'warn' && message === 'shares are old')
    expect(fields).to.deep.include({ epoch: before.epoch, days: 60 })
    expect((await serving()).epoch).to.equal(before.epoch)
    const asMember = await asOperator(net, node(0))
    const error = await refreshCommittee({ chain: asMember }).catch((cause: unknown) => cause)
    expect((error as CommitteeError).message).to.include(operatorAt(2).id)
    expect(error).to.be.instanceOf(CommitteeError)
    await node(2).restart()
    await wait(hour)
    const after = await until(() => epochAfter(before.epoch))
    expect(after.members).to.deep.equal(before.members)
    await expectReadable()
  })

  it('costs a member nothing that goes silent in the middle: it fails, and the next one is made a day later', async () => {
    const before = await serving()
    const gate = await openGate(node(2))
    const clean = async (seat: number) => (await filesOf(seat)).every((name) => !name.startsWith('ceremony-'))
    for (const seat of [0, 1, 2]) await until(async () => await clean(seat))
    try {
      await node(2).restart({ ceremonyInterval: 600_000 })
      const { hpkePublicKey } = await statusOf(2)
      const own = await asOperator(net, node(2))
      const hpkeKeyHash = toHex(sha256(fromBase64url(hpkePublicKey)))
      await setOperatorEndpoint(own, { operator: operatorAt(2).id, endpoint: gate.url, hpkeKeyHash })
      const kept = await Promise.all([filesOf(0), filesOf(1), filesOf(2)])
      await waitUntilDue()
      // It dealt, and then nothing is heard of it: the other two hold new shares, and accepted them.
      const failing = await until(async () => ((await newest()).state === 'open' ? await newest() : undefined))
      const accepted = async () => (await ceremonyProgress(chain, failing)).accepted
      await until(async () => (await accepted()).filter((one) => one !== undefined).length === 2)
      expect((await filesOf(0)).length).to.be.greaterThan(kept[0].length)
      await expectReadable()

      await wait(7 * hour + 1)
      await until(async () => (await newest()).state === 'failed')
      expect(await newest()).to.include({ ceremony: failing.ceremony, byMember: true })
      expect(await serving()).to.deep.equal(before)
      const { fields } = await log.next(({ message }) => message === 'a refresh failed')
      expect(fields).to.deep.equal({
        ceremony: failing.ceremony,
        struck: [{ operator: operatorAt(2).id, silent: true }],
      })
      for (const seat of [0, 1]) await until(async () => String(await filesOf(seat)) === String(kept[seat]))
      await expectReadable()

      gate.silent = false
      await node(2).restart()
      await until(async () => String(await filesOf(2)) === String(kept[2]))
      const next = await refreshAt(0, ({ due }) => due >= failing.startedAt + day)
      expect(next.due).to.equal(failing.startedAt + day)
      await waitUntilDue()
      const after = await until(() => epochAfter(before.epoch))
      expect([after.members, after.groupKey]).to.deep.equal([before.members, before.groupKey])
      await expectReadable()
    } finally {
      await gate.close()
    }
  })
})

/** A way to a node that lets everything through until the node showed its package, and then only what it deals and says. */
async function openGate(node: TestKeyNode) {
  const gate = { url: '', silent: true, close: async () => undefined as unknown }
  let shown = false
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const body = chunks.length > 0 ? Buffer.concat(chunks) : null
    const held = request.url === '/v1/ceremony/take' || (request.url === '/v1/ceremony/act' && shown)
    if (gate.silent && held) {
      response.destroy()
      return
    }
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`${node.url}${request.url}`, { method: request.method ?? 'GET', headers, body })
    const text = await answer.text()
    shown ||= text.includes('"revealed"')
    response.writeHead(answer.status, headers).end(text)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  gate.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  gate.close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return gate
}
