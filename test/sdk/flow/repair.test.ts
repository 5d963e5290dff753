import { type Bytes, type Hex, toHex } from '@sharewell/sdk/bytes'
import {
  type AnchoredRecord,
  type Chain,
  encodeTicket,
  type Operator,
  operators,
  recordOf,
  relocate,
  setOperatorActive,
} from '@sharewell/sdk/chain'
import { operatorAuthorization, recordHealth, repairRecord } from '@sharewell/sdk/flow/health'
import { readPass } from '@sharewell/sdk/flow/key-nodes'
import {
  createGatherer,
  createHttpStore,
  createLeafLoader,
  loadContentLeaves,
  loadRecord,
  rebuildChunks,
  shareSource,
} from '@sharewell/sdk/place'
import { randomBytes } from '@sharewell/sdk/primitives'
import { expect } from 'chai'
import { codeOf } from '../../helpers/code-of.ts'
import { type Hospital, type Patient, registerHospitals, registerPatientAt } from '../../helpers/committee.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'
import type { SealedRecord } from '../../helpers/sealed-record.ts'
import { depositRecord, type RunningService, startStorageNetwork } from '../../helpers/storage-network.ts'

describe('the health of a record on a network', function () {
  this.timeout(60_000)
  let net: TestNetwork
  let hospital: Hospital
  let other: Hospital
  let patient: Patient
  let storage: Awaited<ReturnType<typeof startStorageNetwork>>
  let worker: RunningService
  let reader: (operator: Operator) => ReturnType<typeof createHttpStore>

  before(async () => {
    net = await startNetwork()
    ;[hospital, other] = (await registerHospitals(net, 2)) as [Hospital, Hospital]
    patient = await registerPatientAt(net, hospital)
    storage = await startStorageNetwork(net, hospital, { nodes: 7, workers: 1 })
    worker = storage.workers[0] as RunningService
    const authorize = operatorAuthorization(await net.as(worker.account), worker.operator)
    reader = ({ id, endpoint }) => createHttpStore({ url: endpoint, authorize: () => authorize(id), timeout: 2_000 })
  })
  after(async () => {
    await storage?.close()
    await net?.close()
  })

  const policy = { n: 5, t: 3, r: 0 }
  const nodeAt = (j: number): RunningService => storage.nodes[j] as RunningService
  const deposited = async (more: { policy?: typeof policy } = {}): Promise<SealedRecord> =>
    await depositRecord(net, { hospital, patient, nodes: storage.nodes.slice(0, 5), policy, ...more })
  const anchored = async ({ recordId }: SealedRecord): Promise<AnchoredRecord> =>
    (await recordOf(hospital.chain, { recordId })) as AnchoredRecord
  const health = async (record: SealedRecord) =>
    await recordHealth(hospital.chain, await anchored(record), { read: reader, samples: 9 })
  const repair = (record: SealedRecord, chain: Chain = hospital.chain, more = {}) =>
    repairRecord(chain, record, { read: reader, samples: 9, ...more })
  /** Throws away what a node keeps of the record's share, behind its back. */
  const lose = async (record: SealedRecord, j: number, chunks: readonly number[] = [0, 1, 2]) => {
    await nodeAt(j).lose(chunks.map((i) => record.parts[i]?.[j]?.cid ?? ''))
  }

  /** The record's sealed chunks from these nodes alone, as the chain says where its shares lie. */
  const readBack = async (record: SealedRecord, from: readonly Hex[]): Promise<Bytes[]> => {
    const known = await operators(hospital.chain, { kind: 'storage' })
    const nodes = known.filter(({ id }) => from.includes(id)).map((one) => ({ operator: one.id, store: reader(one) }))
    const { networkId } = net.network
    const { manifest, placement, manifestHash } = await loadRecord({ ...(await anchored(record)), networkId, nodes })
    const sources = placement.operators.flatMap((id, index) => {
      const node = nodes.find(({ operator }) => operator === toHex(id))
      return node ? [shareSource(node.operator, index, node.store)] : []
    })
    const gatherer = createGatherer({ manifest, manifestHash, sources, leaves: createLeafLoader(manifest, nodes) })
    const contentLeaves = await loadContentLeaves(manifest, nodes)
    const chunks: Bytes[] = []
    const all = { first: 0, count: record.sealed.length, contentLeaves }
    for await (const { sealed } of rebuildChunks(gatherer, all)) chunks.push(sealed)
    return chunks
  }

  it('finds a disk that lost a share though its node is up, and fills it again without the patient', async () => {
    const record = await deposited()
    expect(await health(record)).to.include({ level: 'healthy', live: 5, staying: 5 })
    await lose(record, 1)
    const before = await health(record)
    expect(before).to.include({ level: 'weakened', live: 4 })
    expect(before.shares[1]).to.include({ state: 'missing', operator: nodeAt(1).operator })
    const done = await repair(record)
    expect(done).to.deep.include({ refilled: [1], moved: [], blocks: 3, placementHash: record.placementHash })
    expect(await health(record)).to.include({ level: 'healthy' })
    expect(await repair(record), 'nothing is left to do').to.deep.include({ refilled: [], moved: [], blocks: 0 })
  })

  it('saves a record of which no node has a whole share', async () => {
    const record = await deposited()
    for (const j of [0, 1, 2]) await lose(record, j, [j])
    expect(await health(record)).to.include({ level: 'lost', live: 2 })
    expect((await repair(record)).refilled).to.deep.equal([0, 1, 2])
    expect(await health(record)).to.include({ level: 'healthy' })
  })

  it('finds a disk on which everything rotted, and gives it its share, the manifest and all lists again', async () => {
    const record = await deposited()
    await nodeAt(3).rot()
    const before = await health(record)
    expect(before.shares[3], 'a file of that name is no share').to.include({ state: 'missing' })
    expect(await repair(record)).to.deep.include({ refilled: [3], failed: new Map() })
    expect(await health(record)).to.include({ level: 'healthy' })
    expect(
      await readBack(
        record,
        [2, 3, 4].map((j) => nodeAt(j).operator),
      ),
    ).to.deep.equal(record.sealed)
  })

  it('moves shares off nodes that leave or are switched off, to new operators, in a new placement', async () => {
    const admin = await net.as(net.admin)
    const record = await deposited()
    await nodeAt(0).restart({ leaving: true })
    await setOperatorActive(admin, { operator: nodeAt(3).operator, active: false })
    try {
      const { leaving, room } = await createHttpStore({ url: nodeAt(0).url, authorize: async () => '' }).status()
      expect({ leaving, room }, 'depositors choose others').to.deep.equal({ leaving: true, room: false })
      const before = await health(record)
      expect(before).to.include({ level: 'endangered', live: 4, staying: 3 })
      const { moved, placementHash, rebuilt } = await repair(record)
      expect(moved.map(({ index }) => index)).to.have.members([0, 3])
      const homes = moved.map(({ to }) => to)
      expect(homes).to.have.members([nodeAt(5).operator, nodeAt(6).operator])
      expect((await anchored(record)).placementHash).to.equal(placementHash)
      expect(placementHash).to.not.equal(record.placementHash)
      expect(rebuilt).to.be.above(0)
      const after = await health(record)
      expect(after).to.include({ level: 'healthy', staying: 5 })
      expect(after.shares.map(({ operator }) => operator)).to.include.members(homes)
      expect(await repair(record)).to.deep.include({ moved: [], placementHash })
      // The two new nodes and any one of the old are enough, whatever happens to the rest.
      expect(await readBack(record, [...homes, nodeAt(4).operator])).to.deep.equal(record.sealed)
    } finally {
      await nodeAt(0).restart()
      await setOperatorActive(admin, { operator: nodeAt(3).operator, active: true })
    }
  })

  it('takes a silent node for gone only where whoever repairs says so', async () => {
    const record = await deposited()
    await nodeAt(2).close()
    try {
      expect(await health(record)).to.include({ level: 'weakened', live: 4 })
      expect(await repair(record)).to.deep.include({ refilled: [], moved: [] })
      const { moved } = await repair(record, hospital.chain, { isGone: () => true })
      expect(moved).to.have.length(1)
      expect(moved[0]).to.include({ index: 2, from: nodeAt(2).operator })
      expect(await health(record)).to.include({ level: 'healthy' })
    } finally {
      await nodeAt(2).restart()
    }
  })

  it('lets the patient repair an own record, with a reader’s ticket', async () => {
    const record = await deposited()
    await lose(record, 4)
    const pass = await readPass(patient.chain, { pseudonym: patient.pseudonym, purpose: 6 })
    const read = ({ id, endpoint }: Operator) =>
      createHttpStore({ url: endpoint, authorize: async () => encodeTicket(await pass.ticketFor(id)) })
    expect(await repair(record, patient.chain, { read })).to.deep.include({ refilled: [4] })
  })

  it('does not call a record lost whose nodes refuse who examines it', async () => {
    const record = await deposited()
    const pass = await readPass(other.chain, { pseudonym: patient.pseudonym, purpose: 0 })
    const read = ({ id, endpoint }: Operator) =>
      createHttpStore({ url: endpoint, authorize: async () => encodeTicket(await pass.ticketFor(id)) })
    const examined = recordHealth(hospital.chain, await anchored(record), { read })
    expect(await codeOf(examined)).to.equal('BLOCKS_UNAVAILABLE')
  })

  it('refuses whom the contract refuses: nothing is written, nothing moves', async () => {
    const record = await deposited()
    await lose(record, 1)
    expect(await codeOf(repair(record, other.chain))).to.equal('NOT_PLACED')
    expect(await health(record)).to.include({ level: 'weakened' })
    expect((await anchored(record)).placementHash).to.equal(record.placementHash)
  })

  it('does not relocate over somebody else’s relocation', async () => {
    const record = await deposited()
    await nodeAt(2).restart({ leaving: true })
    try {
      const meanwhile = toHex(randomBytes(32))
      const { recordId } = record
      let moved: Promise<unknown> | undefined
      const onChunk = () => {
        moved ??= relocate(hospital.chain, { recordId, version: 1, placementHash: meanwhile })
        moved.catch(() => undefined)
      }
      expect(await codeOf(repair(record, hospital.chain, { onChunk }))).to.equal('REPAIR_CONFLICT')
      await moved
      expect((await anchored(record)).placementHash).to.equal(meanwhile)
      // A depositor can name a placement where nothing lies: then the record is lost until a true one is named.
      expect(await health(record)).to.deep.include({ level: 'lost', live: 0, shares: [] })
    } finally {
      await nodeAt(2).restart()
    }
  })

  it('refuses to decode what hides something from t - 1 nodes, and says when no operator is left', async () => {
    const hidden = await deposited({ policy: { n: 5, t: 3, r: 1 } })
    await lose(hidden, 1)
    expect(await codeOf(repair(hidden))).to.equal('REPAIR_REFUSED')
    const record = await deposited()
    await Promise.all([5, 6].map((j) => nodeAt(j).close()))
    await nodeAt(2).restart({ leaving: true })
    try {
      expect(await codeOf(repair(record))).to.equal('NOT_ENOUGH_OPERATORS')
    } finally {
      await Promise.all([2, 5, 6].map((j) => nodeAt(j).restart()))
    }
  })

  it('is told of a record that is not there', async () => {
    const recordId: Hex = toHex(randomBytes(32))
    expect(await codeOf(repairRecord(hospital.chain, { recordId }, { read: reader }))).to.equal('REPAIR_CONFLICT')
  })
})
