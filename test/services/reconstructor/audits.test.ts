import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { start } from '@sharewell/reconstructor/main'
import { fromHex, type Hex } from '@sharewell/sdk/bytes'
import {
  auditOf,
  auditRefusalOf,
  auditSeats,
  auditStandingOf,
  challengeNode,
  connect,
  encodeTicket,
  signMessage,
  testify,
} from '@sharewell/sdk/chain'
import { createHttpStore, NodeRefusedError, type StorageClient } from '@sharewell/sdk/place'
import { cidOf } from '@sharewell/sdk/share'
import { expect } from 'chai'
import { checkAudit } from '../../../services/storage-node/src/audit-right.ts'
import { ForbiddenError } from '../../../services/storage-node/src/problem.ts'
import { drawnAudit, drawnOf, type House, registerHouses, say, seatHouses, wordOf } from '../../helpers/audits.ts'
import { type Hospital, type Patient, registerHospitals, registerPatientAt } from '../../helpers/committee.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'
import type { SealedRecord } from '../../helpers/sealed-record.ts'
import { depositRecord, type RunningService, startStorageNetwork, writeTicket } from '../../helpers/storage-network.ts'
import { turnedClock } from '../../helpers/turned-clock.ts'
import { until } from '../../helpers/until.ts'

const day = 86_400
const refusalOf = async (work: Promise<unknown>) => await work.then(() => 'done', auditRefusalOf)

/** The node's own code and reason, or `success`. */
async function answerOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
    return 'success'
  } catch (error) {
    if (!(error instanceof NodeRefusedError)) return String((error as { code?: string }).code)
    return `${error.reason} ${/: ([A-Z_]+)\.?$/m.exec(error.message.split('\n')[0] ?? '')?.[1] ?? ''}`.trim()
  }
}

/** Five houses: the node's, who asks, and three that judge. */
describe('audits, from the question to the fault', () => {
  const time = turnedClock()
  let net: TestNetwork
  let asks: Hospital
  let storage: Awaited<ReturnType<typeof startStorageNetwork>>
  let record: SealedRecord
  let node: RunningService
  let promised: challengeNode.Args
  let houses: House[]
  let another: House
  let root: string
  before(async () => {
    net = await startNetwork()
    const [depositor, keeper] = (await registerHospitals(net, 2)) as [Hospital, Hospital]
    asks = depositor
    const patient: Patient = await registerPatientAt(net, asks)
    storage = await startStorageNetwork(net, keeper, { nodes: 3, clock: time.clock })
    node = storage.nodes[0] as RunningService
    record = await depositRecord(net, { hospital: asks, patient, nodes: storage.nodes })
    promised = await acknowledged()
    houses = await seatHouses(net, 3)
    root = await mkdtemp(path.join(tmpdir(), 'audits-'))
  })
  after(async () => {
    await Promise.all([...auditors.values()].map((one) => one.close()))
    await storage.close()
    await net.close()
    await rm(root, { recursive: true, force: true })
  })

  /** What the node said when the record was placed: the share is its own. */
  const acknowledged = async (): Promise<challengeNode.Args> => {
    const ticket = await writeTicket(asks, storage.nodes, { recordId: record.recordId })
    const store = createHttpStore({ url: node.url, authorize: async () => ticket })
    const [manifest, placement] = [record.manifestHash, record.placementHash].map((hash) => cidOf(fromHex(hash, 32)))
    const word = await store.acknowledge({ manifest: manifest ?? '', placement: placement ?? '', index: 0 })
    const described = `0x${Buffer.from(record.blocks.manifest).toString('hex')}` as const
    return { operator: node.operator, acknowledgement: word.message, signature: word.signature, manifest: described }
  }

  const auditors = new Map<Hex, Awaited<ReturnType<typeof start>>>()
  const folderOf = ({ operator }: House) => path.join(root, operator)
  const run = async (house: House) => {
    const { operator, account } = house
    const config = { operator, privateKey: account.key, network: net.network, folder: folderOf(house) }
    const audit = { interval: 50 }
    auditors.set(operator, await start({ ...config, audit, logLevel: 'silent' }, { clock: time.clock }))
  }
  const stop = async ({ operator }: House) => {
    await auditors.get(operator)?.close()
    auditors.delete(operator)
  }
  const noteOf = async (house: House, audit: Hex) => {
    const text = await readFile(path.join(folderOf(house), 'audits', `${audit.slice(2)}.json`), 'utf8').catch(
      () => '{}',
    )
    return JSON.parse(text) as {
      readonly looks?: { readonly count: number; readonly reason: string }
      readonly response?: { readonly message: { readonly nonce: Hex } }
      readonly word?: { readonly shown: boolean }
    }
  }
  const outcomeOf = async (audit: Hex) => (await auditOf(asks.chain, { audit }))?.outcome
  const ended = (audit: Hex) =>
    until(async () => {
      const outcome = await outcomeOf(audit)
      return outcome !== 'open' && outcome
    })
  const standing = async () => {
    const { shown, missed, faults } = await auditStandingOf(asks.chain, node)
    return { shown, missed, faults }
  }
  /** Asks the node; whoever does its duty draws. */
  const asked = async () => {
    const { audit } = await challengeNode(asks.chain, promised)
    await net.mine(3)
    await until(async () => (await auditOf(asks.chain, { audit }))?.drawn)
    return await drawnOf(asks.chain, audit)
  }
  /** Until each of them has asked the node in vain so often. */
  const lookedBy = async (some: readonly House[], audit: Hex, count: number) => {
    for (const house of some) await until(async () => ((await noteOf(house, audit)).looks?.count ?? 0) >= count)
  }
  /** A day in which the node shows nothing to these, up to the deadline. */
  const silentDay = async (some: readonly House[], { audit, deadline }: { audit: Hex; deadline: number }) => {
    await lookedBy(some, audit, 1)
    await time.pass(net, 3_600)
    await lookedBy(some, audit, 2)
    await time.pass(net, deadline - time.clock() - 1_200)
    await lookedBy(some, audit, 3)
    await time.pass(net, deadline - time.clock())
  }

  const client = async (audit: Hex, by: Pick<House, 'chain'>, at = node): Promise<StorageClient> => {
    const message = { audit, notAfter: time.clock() + 600 }
    const signature = await signMessage(by.chain, 'AuditTicket', message)
    const header = encodeTicket({ kind: 'AuditTicket', message, signature })
    return createHttpStore({ url: at.url, authorize: async () => header })
  }
  const cidAt = (chunk: number, index: number) => record.parts[chunk]?.[index]?.cid ?? ''

  it('open the drawn chunk of the share to its auditors, and nothing to anybody else', async () => {
    const { audit: waiting } = await challengeNode(asks.chain, promised)
    const [first] = houses as [House]
    const early = await client(waiting, first)
    expect(await answerOf(early.get(cidAt(0, 0)))).to.equal('FORBIDDEN NO_OPEN_AUDIT')
    // Nobody draws it any more.
    await net.mine(260)
    await time.pass(net, day)
    const drawn = await drawnAudit(net, asks.chain, promised)
    const { audit, i } = drawn
    const [manifestHash, index] = [record.manifestHash, 0]
    const mine = await client(audit, first)
    const answer = await mine.getShare({ cid: cidAt(i, 0), manifestHash, index, chunk: i, nonce: audit })
    expect(answer.response?.message).to.include({ nonce: audit, j: 0, i })
    expect(await answerOf(mine.get(cidOf(fromHex(manifestHash, 32))))).to.equal('success')
    for (const other of record.parts.keys())
      if (other !== i) expect(await answerOf(mine.get(cidAt(other, 0)))).to.equal('BLOCK_NOT_FOUND')
    expect(await answerOf(mine.get(cidOf(fromHex(record.placementHash, 32))))).to.equal('BLOCK_NOT_FOUND')
    const [outsider] = (await registerHouses(net, 1)) as [House]
    for (const nobody of [outsider, { chain: asks.chain }, { chain: await net.as(node.account) }]) {
      const theirs = await client(audit, nobody)
      expect(await answerOf(theirs.get(cidAt(i, 0)))).to.equal('FORBIDDEN NOT_AN_AUDITOR')
    }
    const elsewhere = await client(audit, first, storage.nodes[1])
    expect(await answerOf(elsewhere.get(cidAt(i, 1)))).to.equal('FORBIDDEN OTHER_NODE')
    await time.pass(net, day)
    expect(await answerOf((await client(audit, first)).get(cidAt(i, 0)))).to.equal('FORBIDDEN AUDIT_OVER')
    expect(await standing()).to.deep.equal({ shown: 0, missed: 0, faults: 0 })
  })

  it('end shown where the node is honest; the answer is kept, and a lie after that is refused', async () => {
    for (const house of houses) await run(house)
    const drawn = await asked()
    expect(await ended(drawn.audit)).to.equal('shown')
    expect(await standing()).to.deep.equal({ shown: 1, missed: 0, faults: 0 })
    const notes = await Promise.all(houses.map((house) => noteOf(house, drawn.audit)))
    const words = notes.filter(({ word }) => word?.shown)
    expect(words.length).to.be.greaterThan(1)
    for (const { response } of words) expect(response?.message.nonce).to.equal(drawn.audit)
    await time.pass(net, day)
    const lie = await wordOf(houses, drawn, { k: 2, shown: false })
    expect(await refusalOf(testify(asks.chain, lie))).to.equal('AuditsNotNow')
  })

  it('count a miss of a node that is down, also where an auditor was restarted', async () => {
    await node.close()
    const drawn = await asked()
    const [first] = houses as [House]
    await lookedBy([first], drawn.audit, 1)
    await stop(first)
    await run(first)
    await silentDay(houses, drawn)
    expect(await ended(drawn.audit)).to.equal('silent')
    expect(await standing()).to.deep.equal({ shown: 1, missed: 1, faults: 0 })
    expect((await noteOf(first, drawn.audit)).looks?.reason).to.match(/NODE_UNREACHABLE|BLOCKS_UNAVAILABLE/)
  })

  it('are not changed by one auditor that lies, nor by one that is away', async () => {
    const drawn = await asked()
    const liar = houses.find(({ operator }) => operator === drawn.auditors[1]) as House
    const others = houses.filter((house) => house !== liar)
    await stop(liar)
    const lie = await wordOf(houses, drawn, { k: 1, shown: true })
    await testify(asks.chain, lie)
    expect(await refusalOf(testify(asks.chain, lie))).to.equal('AuditsSpokenTwice')
    await silentDay(others, drawn)
    expect(await ended(drawn.audit)).to.equal('silent')
    expect(await standing()).to.deep.equal({ shown: 1, missed: 2, faults: 0 })

    // Away for two of three: one word of silence is none, and who comes back late has seen nothing.
    const [here, away, late] = houses as [House, House, House]
    await Promise.all([stop(away), stop(late)])
    if (!auditors.has(here.operator)) await run(here)
    const open = await asked()
    expect(await refusalOf(testify(asks.chain, { ...lie, audit: open.audit }))).to.equal('AuditsNotSigned')
    await silentDay([here], open)
    await run(late)
    await until(async () => (await auditOf(asks.chain, open))?.words.silent === 1)
    await time.pass(net, day)
    expect(await outcomeOf(open.audit)).to.equal('open')
    expect((await noteOf(late, open.audit)).word).to.equal(undefined)
    expect(await standing()).to.deep.equal({ shown: 1, missed: 2, faults: 0 })
    await run(away)
  })

  it('make a fault of the third miss within 30 days', async () => {
    const drawn = await asked()
    await silentDay(houses, drawn)
    expect(await ended(drawn.audit)).to.equal('silent')
    expect(await standing()).to.deep.equal({ shown: 1, missed: 3, faults: 1 })
    expect((await readdir(path.join(folderOf(houses[0] as House), 'audits'))).length).to.be.greaterThan(2)
  })

  it('end shown again once the node is back', async () => {
    await node.restart()
    const drawn = await asked()
    expect(await ended(drawn.audit)).to.equal('shown')
    expect(await standing()).to.deep.equal({ shown: 2, missed: 3, faults: 1 })
    const worker = auditors.get((houses[0] as House).operator)
    const status = (await (await fetch(`${worker?.url}/v1/status`)).json()) as { audits: { enrolled: boolean } }
    expect(status.audits.enrolled).to.equal(true)
    expect(await (await fetch(`${worker?.url}/metrics`)).text()).to.include('sharewell_audit_seat 1')
    ;[another] = (await registerHouses(net, 1)) as [House]
    await run(another)
    await until(async () => (await auditSeats(asks.chain)).some(({ operator }) => operator === another.operator))
  })

  it('give a right only where the draw is final, and no longer than until the end is seen', async () => {
    const every = [...houses, another]
    await Promise.all(every.map(stop))
    await time.pass(net, day)
    await net.pause()
    const network = { ...net.network, finality: { mode: 'depth', depth: 12 } as const }
    const chain = await connect(network, { clock: time.clock })
    const drawn = await drawnAudit(net, asks.chain, promised)
    const [auditor] = every.filter(({ operator }) => operator === drawn.auditors[0]) as [House]
    const message = { audit: drawn.audit, notAfter: time.clock() + 850 }
    const signature = await signMessage(auditor.chain, 'AuditTicket', message)
    const rightOf = async () => {
      const { operator } = node
      const right = checkAudit(chain, { kind: 'AuditTicket', message, signature }, operator)
      return await right.catch((error: unknown) => (error instanceof ForbiddenError ? error.reason : error))
    }
    expect(await rightOf()).to.equal('NO_OPEN_AUDIT')
    // One by one: of blocks that are mined together the chain of the tests keeps no state.
    for (let at = 0; at < 12; at++) await net.mine()
    const scope = { manifestHash: record.manifestHash, index: 0, chunk: drawn.i }
    expect(await rightOf()).to.deep.equal(scope)
    await say(asks.chain, every, drawn, true)
    expect(await rightOf()).to.equal('NO_OPEN_AUDIT')
  })
})
