import { type Bytes, equal, fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import {
  type AnchoredRecord,
  type Operator,
  operators,
  recordOf,
  relocate,
  setOperatorActive,
} from '@sharewell/sdk/chain'
import { repairRecord, type ShareHealth } from '@sharewell/sdk/flow/health'
import { createHttpStore } from '@sharewell/sdk/place'
import { sha256 } from '@sharewell/sdk/primitives'
import { cidOf, decodeChunk, type Placement, type RenewTerms } from '@sharewell/sdk/share'
import { expect } from 'chai'
import { careRound } from '../../../services/reconstructor/src/care/round.ts'
import { codeOf } from '../../helpers/code-of.ts'
import { type Hospital, type Patient, registerHospitals, registerPatientAt } from '../../helpers/committee.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'
import {
  askOf,
  changed,
  draftOf,
  keysOf,
  placementOf,
  readerOf,
  refusal,
  refusing,
  step,
  termsOf,
} from '../../helpers/repairing.ts'
import type { SealedRecord } from '../../helpers/sealed-record.ts'
import { depositRecord, type RunningService, startStorageNetwork, writeTicket } from '../../helpers/storage-network.ts'

const policy = { n: 4, t: 2, r: 1 }

describe('a share that hides something, and moves', function () {
  this.timeout(240_000)
  let net: TestNetwork
  let hospital: Hospital
  let stranger: Hospital
  let patient: Patient
  let storage: Awaited<ReturnType<typeof startStorageNetwork>>
  let reader: Awaited<ReturnType<typeof readerOf>>
  before(async () => {
    net = await startNetwork()
    ;[hospital, stranger] = (await registerHospitals(net, 2)) as [Hospital, Hospital]
    patient = await registerPatientAt(net, hospital)
    storage = await startStorageNetwork(net, hospital, { nodes: 7, workers: 1, keys: true })
    reader = await readerOf(net, storage)
  })
  after(async () => {
    await storage?.close()
    await net?.close()
  })

  const nodeAt = (j: number): RunningService => storage.nodes[j] as RunningService
  const isSpare = (operator: Hex) => storage.nodes.slice(4).some((node) => node.operator === operator)
  const deposited = () =>
    depositRecord(net, { hospital, patient, nodes: storage.nodes.slice(0, 4), policy, dataLength: 1_000 })
  const anchored = async ({ recordId }: SealedRecord): Promise<AnchoredRecord> =>
    (await recordOf(hospital.chain, { recordId })) as AnchoredRecord
  const standing = async (record: SealedRecord) => await placementOf(await anchored(record), reader, hospital)
  const gone = (...shares: number[]) => ({ isGone: ({ index }: ShareHealth) => shares.includes(index) })
  const repair = (record: SealedRecord, more = {}) =>
    repairRecord(hospital.chain, record, { read: reader, samples: 9, stepTimeout: 20_000, ...more })
  const lose = async ({ parts }: SealedRecord, j: number) =>
    await nodeAt(j).lose(parts.map((part) => part[j]?.cid ?? ''))

  /** Whether these two shares, from the operators that the chain names, make the record. */
  const opens = async (record: SealedRecord, shares: readonly [number, number]): Promise<boolean> => {
    const placement = await standing(record)
    const known = await operators(hospital.chain, { kind: 'storage' })
    const rows = shares.map(async (index) => {
      const info = known.find(({ id }) => id === toHex(placement.operators[index] as Bytes)) as Operator
      return { index, body: await reader(info).get(record.parts[0]?.[index]?.cid ?? '') }
    })
    const chunk = record.sealed[0] as Bytes
    return equal(decodeChunk(policy, await Promise.all(rows), chunk.length), chunk)
  }

  it('is made at a new keeper, and goes to the same one when the first attempt breaks off', async () => {
    const record = await deposited()
    await lose(record, 1)
    const stop = new AbortController()
    const broken = repair(record, { ...gone(1), signal: stop.signal, onChunk: () => stop.abort() })
    const outcome = await broken.then(
      () => 'done',
      () => 'broken off',
    )
    expect(outcome).to.equal('broken off')
    expect((await anchored(record)).placementHash, 'nothing is lost').to.equal(record.placementHash)

    const done = await repair(record, gone(1))
    expect(done).to.deep.include({ refilled: [], failed: new Map(), blocks: 0 })
    expect(done.moved).to.have.length(1)
    const [{ index, from, to }] = done.moved as [(typeof done.moved)[0]]
    expect({ index, from }).to.deep.equal({ index: 1, from: nodeAt(1).operator })
    expect(isSpare(to)).to.equal(true)
    const placement = await standing(record)
    expect(placement).to.include({ gen: 1 })
    expect(placement.operators.map((id) => toHex(id))).to.deep.equal(
      record.manifest.T.map((_, j) => (j === 1 ? to : nodeAt(j).operator)),
    )
    expect((await anchored(record)).placementHash).to.equal(done.placementHash)
    expect(await opens(record, [1, 3])).to.equal(true)
  })

  it('is handed over by a keeper that goes, where nobody else could help', async () => {
    const record = await deposited()
    await nodeAt(0).restart({ leaving: true })
    await Promise.all([nodeAt(2).close(), nodeAt(3).close()])
    try {
      const done = await repair(record)
      expect(done).to.deep.include({ failed: new Map(), unhelpful: [], blocks: 2 })
      expect(done.moved.map(({ index, from }) => ({ index, from }))).to.deep.equal([
        { index: 0, from: nodeAt(0).operator },
      ])
      expect(await opens(record, [0, 1])).to.equal(true)
    } finally {
      await Promise.all([0, 2, 3].map((j) => nodeAt(j).restart()))
    }
  })

  it('moves after another one, by a caretaker, and past a new keeper that does not take it', async () => {
    const record = await deposited()
    const admin = await net.as(net.admin)
    await setOperatorActive(admin, { operator: nodeAt(3).operator, active: false })
    await nodeAt(2).close()
    await nodeAt(5).restart({}, refusing)
    const log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined }
    try {
      const parts = { chain: hospital.chain, depositor: hospital.chain, read: reader, log }
      const since = new Map([[nodeAt(2).operator, 0]])
      await careRound(parts, { organization: hospital.id, silentSince: since, refills: new Map(), silence: 0 })
      const placement = await standing(record)
      expect(placement.gen).to.equal(2)
      const homes = [2, 3].map((j) => toHex(placement.operators[j] as Bytes))
      expect(homes.every(isSpare)).to.equal(true)
      expect(homes).not.to.include(nodeAt(5).operator)
      expect(await opens(record, [2, 3])).to.equal(true)
    } finally {
      await setOperatorActive(admin, { operator: nodeAt(3).operator, active: true })
      await Promise.all([2, 5].map((j) => nodeAt(j).restart()))
    }
  })

  describe('is refused', () => {
    let record: SealedRecord
    let keys: Bytes[]
    let ticket: string
    let placement: Placement
    const networkId = () => fromHex(net.network.networkId, 32)
    const idAt = (j: number) => fromHex(nodeAt(j).operator, 16)
    beforeEach(async () => {
      record = await deposited()
      placement = await standing(record)
      keys = await keysOf(hospital, storage)
      ticket = await writeTicket(hospital, storage.nodes, { recordId: record.recordId })
    })

    type Tried = {
      readonly share?: number
      readonly to?: number
      readonly draft?: Bytes | undefined
      readonly terms?: Partial<RenewTerms>
      readonly at?: number
    }
    /** Orders pieces of share 3 for node 4 from a helper, with whatever an attacker changes. */
    const pieces = async ({ share = 3, to = 4, at = 0, ...more }: Tried = {}) => {
      const draft = 'draft' in more ? more.draft : await drafted({ [share]: to })
      const contributors = [0, 1, 2, 3].filter((j) => j !== share).slice(0, 2)
      const named = draft ? { draft: sha256(draft) } : {}
      const asked = { networkId: networkId(), share, contributors, receivers: [idAt(to)], ...named, ...more.terms }
      const terms = termsOf(await anchored(record), asked)
      const all = terms.contributors.map((j) => keys[j] as Bytes)
      return await refusal(step(nodeAt(at).url, 'pieces', askOf(terms, { draft, keys: all }), ticket))
    }
    const drafted = async (to: Readonly<Record<number, number>>, more: Partial<Placement> = {}, by = hospital) => {
      const ids = Object.fromEntries(Object.entries(to).map(([j, at]) => [j, idAt(at)]))
      return await draftOf(placement, { operators: changed(placement, ids), ...more }, by.account)
    }

    it('without a draft, under another one, and by whoever may not relocate the record', async () => {
      expect(await pieces({ draft: undefined }), 'the chain names another').to.equal('RENEW')
      expect(await pieces({ draft: await drafted({ 3: 4 }, {}, stranger) })).to.equal('RENEW')
      expect(await pieces({ terms: { draft: sha256(idAt(1)) } }), 'another hash').to.equal('RENEW')
      expect(await pieces({ draft: await drafted({ 3: 5 }) }), 'for another').to.equal('RENEW')
      expect(await pieces({ draft: await drafted({ 3: 4 }, { gen: 2 }) })).to.equal('RENEW')
      expect(await pieces({ draft: await drafted({ 2: 5, 3: 4 }) }), 'two at once').to.equal('RENEW')
      expect(await pieces({ draft: new Uint8Array(3) })).to.equal('CBOR')
      const unknown = networkId().slice(0, 16)
      const nobody = await draftOf(placement, { operators: changed(placement, { 3: unknown }) }, hospital.account)
      expect(await pieces({ draft: nobody, terms: { receivers: [unknown] } })).to.equal('RENEW')
      expect(await pieces({ at: 2 }), 'of who has no part in it').to.equal('RENEW')
      expect(await pieces({ at: 6 }), 'of who has nothing of the record').to.equal('BLOCKS_UNAVAILABLE')
      expect(await pieces()).to.equal(undefined)
    })

    it('to scatter one over more than three operators, or to give another one away from the same placement', async () => {
      for (const to of [4, 5, 4]) expect(await pieces({ to })).to.equal(undefined)
      expect(await pieces({ share: 2, to: 6 }), 'another share').to.equal('RENEW')
      expect(await pieces({ share: 2, to: 6, at: 1 }), 'of a helper who moved none').to.equal(undefined)
    })

    it('to give one operator two, even if the chain names it', async () => {
      expect(await pieces({ share: 3, to: 4 })).to.equal(undefined)
      const named = await drafted({ 2: 4 })
      const { recordId } = record
      for (const { url } of storage.nodes.slice(0, 4))
        await createHttpStore({ url, authorize: async () => ticket }).put(cidOf(sha256(named)), named)
      await relocate(hospital.chain, { recordId, version: 1, placementHash: toHex(sha256(named)) })
      placement = await standing(record)
      expect(equal(placement.operators[2] as Bytes, idAt(4))).to.equal(true)
      expect(await pieces({ share: 2, to: 4, draft: undefined }), 'by the helper of the first').to.equal('RENEW')
      expect(await pieces({ share: 3, to: 5 }), 'another operator').to.equal(undefined)
    })

    it('by a keeper that does not go, to hand its own over', async () => {
      const draft = await drafted({ 3: 4 })
      const asked = { networkId: networkId(), contributors: [3], share: 3, receivers: [idAt(4)], draft: sha256(draft) }
      const terms = termsOf(await anchored(record), asked)
      const ask = askOf(terms, { draft, keys: [keys[4] as Bytes], parts: [[]] })
      expect(await refusal(step(nodeAt(3).url, 'sums', ask, ticket))).to.equal('RENEW')
      await nodeAt(3).restart({ leaving: true })
      try {
        expect(await refusal(step(nodeAt(3).url, 'sums', ask, ticket))).to.equal(undefined)
        const open = askOf(terms, { draft, keys: [keys[0] as Bytes], parts: [[]] })
        expect(await refusal(step(nodeAt(3).url, 'sums', open, ticket)), 'to another key').to.equal('RENEW')
      } finally {
        await nodeAt(3).restart()
      }
    })

    it('where the record moved meanwhile', async () => {
      await lose(record, 1)
      const { recordId } = record
      let moved: Promise<unknown> | undefined
      const onChunk = () => {
        moved ??= relocate(hospital.chain, { recordId, version: 1, placementHash: record.manifestHash })
      }
      const wait = async () => {
        await moved
      }
      expect(await codeOf(repair(record, { ...gone(1), onChunk }).finally(wait))).to.equal('REPAIR_CONFLICT')
    })
  })
})
