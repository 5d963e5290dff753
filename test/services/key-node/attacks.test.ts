import { fromHex, type Hex } from '@sharewell/sdk/bytes'
import { grant, type Network, personId, typedData } from '@sharewell/sdk/chain'
import { type KeyNodes, keyNodesOf, putHeader } from '@sharewell/sdk/flow/key-nodes'
import { decodePoint, encodePoint, interpolatePoints } from '@sharewell/sdk/group'
import { combine, finish, type Partial, partial, QuorumError, unwrapW1, verifyPartial } from '@sharewell/sdk/release'
import { expect } from 'chai'
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
import { randomHex } from '../../helpers/ids.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'
import { type SignedRequest, signRequest } from '../../helpers/requests.ts'
import { stolenShare } from '../../helpers/stolen-shares.ts'

type Doctor = Awaited<ReturnType<typeof attestDoctor>>

/** Attacks on a committee of 3 of 5 that one node's refusals alone do not show. */
describe('a committee under attack', () => {
  let net: TestNetwork
  let committee: Awaited<ReturnType<typeof startCommittee>>
  let nodes: KeyNodes
  let hospital: Hospital
  let patient: Patient
  let doctor: Doctor
  let record: TestRecord

  before(async () => {
    net = await startNetwork()
    committee = await startCommittee(net, { h: 5, k: 3 })
    ;[hospital] = committee.hospitals as [Hospital]
    patient = await registerPatientAt(net, hospital)
    doctor = await attestDoctor(net, hospital)
    nodes = await keyNodesOf(doctor.chain)
    record = await anchorRecord(net, { hospital, patient, groupKey: committee.epoch.groupKey })
    await putHeader(nodes, { header: record.headerBytes })
    await permit(doctor)
  })
  after(async () => {
    await committee.close()
    await net.close()
  })

  async function permit({ account }: Doctor): Promise<void> {
    const { pseudonym } = patient
    const terms = { from: 0, until: Math.floor(Date.now() / 1000) + 3_000, purposes: 1, categories: 0 }
    const granteeId = personId(account.address)
    await grant(patient.chain, { pseudonym, granteeId, recordId: record.recordId, terms })
  }
  const request = (of: Doctor = doctor): Promise<SignedRequest> =>
    signRequest(net.network, { doctor: of, pseudonym: patient.pseudonym, record })
  async function ask(body: unknown, { url }: TestKeyNode = committee.nodes[0] as TestKeyNode): Promise<string> {
    const init = { method: 'POST', headers: asJson, body: JSON.stringify(body) }
    const response = await fetch(`${url}/v1/release`, init)
    return response.ok ? 'RELEASED' : ((await response.json()) as { code: string }).code
  }
  const refusedAt = async ({ url }: TestKeyNode, code: string): Promise<number> => {
    const metrics = await (await fetch(`${url}/metrics`)).text()
    return Number(new RegExp(`release_refusals_total\\{code="${code}"\\} (\\d+)`).exec(metrics)?.[1] ?? 0)
  }

  describe('by members that serve without consent', () => {
    /** Partials of the first `count` nodes, made with their real shares for whoever asks, and all that belongs to them. */
    async function servedBy(count: number, { requestHash, reader }: SignedRequest) {
      const statement = {
        networkId: fromHex(net.network.networkId, 32),
        requestHash: fromHex(requestHash, 32),
        ct: record.ct,
        Yr: reader.Yr,
      }
      const rogues = committee.nodes.slice(0, count)
      const shares = await Promise.all(rogues.map(({ config }) => stolenShare(config, committee.epoch)))
      return { statement, partials: shares.map((share) => partial(share, statement)) }
    }
    const verifyingShares = () => nodes.nodes.map(({ verifyingShare }) => verifyingShare)
    const terms = () => ({ keyEpoch: nodes.keyEpoch, k: nodes.k, verifyingShares: verifyingShares() })
    /** What whoever ignores the threshold makes of some partials. */
    const madeOf = (partials: readonly Partial[], name: 'A' | 'B') =>
      encodePoint(interpolatePoints(partials.map((one) => ({ index: one.i, point: decodePoint(one[name]) }))))
    const opened = (partials: readonly Partial[], { reader }: SignedRequest) =>
      unwrapW1(
        record.header,
        finish(reader.y, record.ct, { A: madeOf(partials, 'A'), B: madeOf(partials, 'B') }),
      ).catch((error: { code: string }) => error.code)

    it('k - 1 of them give a reader nothing: the others refuse, and two true partials are no key', async () => {
      const stranger = await attestDoctor(net, hospital)
      const asked = await request(stranger)
      const { statement, partials } = await servedBy(2, asked)
      expect(partials.map((one) => verifyPartial(verifyingShares()[one.i - 1] as never, statement, one))).to.deep.equal(
        [true, true],
      )
      const honest = committee.nodes.slice(2)
      const before = await Promise.all(honest.map((node) => refusedAt(node, 'NO_CONSENT')))
      const answers = await Promise.all(honest.map((node) => ask(asked.body, node)))
      expect(answers).to.deep.equal(['NO_CONSENT', 'NO_CONSENT', 'NO_CONSENT'])
      const after = await Promise.all(honest.map((node) => refusedAt(node, 'NO_CONSENT')))
      expect(after).to.deep.equal(before.map((count) => count + 1))
      const refusals = answers.map((code, at) => ({ i: at + 3, code }))
      const error = (() => {
        try {
          return combine(partials, terms(), statement, { refusals })
        } catch (thrown) {
          return thrown
        }
      })()
      expect(error).to.be.instanceOf(QuorumError)
      expect((error as QuorumError).refusals).to.deep.equal(refusals)
      expect(await opened(partials, asked)).to.equal('WRAP')
    })

    it('k of them give everything: that bound, and no other, holds', async () => {
      const asked = await request(await attestDoctor(net, hospital))
      const { statement, partials } = await servedBy(3, asked)
      expect(await opened(partials, asked)).to.deep.equal(record.dek)
      const combined = combine(partials, terms(), statement)
      expect(await unwrapW1(record.header, finish(asked.reader.y, record.ct, combined))).to.deep.equal(record.dek)
    })

    it('what they gave one reader opens nothing for another', async () => {
      const asked = await request(await attestDoctor(net, hospital))
      const { partials } = await servedBy(3, asked)
      expect(await opened(partials, await request())).to.equal('WRAP')
    })
  })

  describe('by a request signed for', () => {
    const elsewhere: readonly [string, (network: Network) => Network][] = [
      ['another chain', (network) => ({ ...network, chainId: network.chainId + 1 })],
      [
        'another contract',
        (network) => ({ ...network, contracts: { ...network.contracts, accessLog: randomHex(20) } }),
      ],
      [
        'another contract of this network',
        (network) => ({ ...network, contracts: { ...network.contracts, accessLog: network.contracts.keyCommittee } }),
      ],
    ]
    for (const [name, moved] of elsewhere)
      it(`${name}: every node refuses it`, async () => {
        const { request: message, body } = await request()
        const signature: Hex = await doctor.account.signTypedData(
          typedData(moved(net.network), 'KeyRequest', message) as Parameters<typeof doctor.account.signTypedData>[0],
        )
        const answers = await Promise.all(committee.nodes.map((node) => ask({ ...body, signature }, node)))
        expect(answers).to.deep.equal(Array(5).fill('BAD_SIGNATURE'))
      })
  })

  describe('by one reader who floods', () => {
    const node = () => committee.nodes[0] as TestKeyNode
    after(() => node().restart())

    it('uses up an own budget, and no other: another reader is answered meanwhile', async () => {
      await node().restart({ budgets: { minute: 3, day: 500, patient: 500 } })
      const other = await attestDoctor(net, hospital)
      await permit(other)
      const bodies = await Promise.all(Array.from({ length: 12 }, () => request()))
      const quiet = await request(other)
      const flood = Promise.all(bodies.map(({ body }) => ask(body)))
      expect(await ask(quiet.body)).to.equal('RELEASED')
      const answers = await flood
      expect(answers.filter((code) => code === 'RELEASED')).to.have.length(3)
      expect(answers.filter((code) => code === 'BUDGET_MINUTE')).to.have.length(9)
      expect(await ask((await request(other)).body), 'and afterwards').to.equal('RELEASED')
    })

    it('with requests that are none: the next reader is answered as ever', async () => {
      const other = await attestDoctor(net, hospital)
      await permit(other)
      const quiet = await request(other)
      const { body } = await request()
      const altered = { ...body, request: { ...body.request, purpose: 5 } }
      const flood = Promise.all(Array.from({ length: 100 }, (_, at) => ask(at % 2 === 0 ? altered : {})))
      expect(await ask(quiet.body)).to.equal('RELEASED')
      expect(new Set(await flood)).to.deep.equal(new Set(['BAD_SIGNATURE', 'BAD_REQUEST']))
    })
  })
})
