import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Hex } from '@sharewell/sdk/bytes'
import { type Chain, type Operator, recordOf } from '@sharewell/sdk/chain'
import { operatorAuthorization, refreshRecord } from '@sharewell/sdk/flow/health'
import { createHttpStore } from '@sharewell/sdk/place'
import { expect } from 'chai'
import { pauseAfter, startCaretaker } from '../../../services/reconstructor/src/care/caretaker.ts'
import { dueOf, type RefreshDuty, renewRound, type Seen } from '../../../services/reconstructor/src/care/refresh.ts'
import { careRound, type RoundOptions } from '../../../services/reconstructor/src/care/round.ts'
import { openCareState } from '../../../services/reconstructor/src/care/state.ts'
import { type Hospital, type Patient, registerHospitals, registerPatientAt } from '../../helpers/committee.ts'
import { randomHex } from '../../helpers/ids.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'
import type { SealedRecord } from '../../helpers/sealed-record.ts'
import { depositRecord, type RunningService, startStorageNetwork } from '../../helpers/storage-network.ts'

type Said = { readonly code?: string; readonly endangered?: number }

describe('a caretaker of an organization’s records', function () {
  this.timeout(60_000)
  let net: TestNetwork
  let hospital: Hospital
  let patient: Patient
  let storage: Awaited<ReturnType<typeof startStorageNetwork>>
  let folder: string
  let worker: RunningService
  let read: (operator: Operator) => ReturnType<typeof createHttpStore>
  let said: Said[]
  const warn = (words: Said) => void said.push(words)
  const log = { debug: () => undefined, info: () => undefined, warn, error: () => undefined }

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'sharewell-care-'))
    net = await startNetwork()
    ;[hospital] = (await registerHospitals(net, 1)) as [Hospital]
    patient = await registerPatientAt(net, hospital)
    storage = await startStorageNetwork(net, hospital, { nodes: 5, workers: 1 })
    worker = storage.workers[0] as RunningService
    const authorize = operatorAuthorization(await net.as(worker.account), worker.operator)
    read = ({ id, endpoint }) => createHttpStore({ url: endpoint, authorize: () => authorize(id), timeout: 2_000 })
  })
  beforeEach(() => {
    said = []
  })
  after(async () => {
    await storage?.close()
    await net?.close()
    await rm(folder, { recursive: true, force: true })
  })

  const nodeAt = (j: number): RunningService => storage.nodes[j] as RunningService
  const deposited = async (r = 0): Promise<SealedRecord> =>
    await depositRecord(net, {
      hospital,
      patient,
      nodes: storage.nodes.slice(0, 4),
      policy: { n: 4, t: 2, r },
      dataLength: 1_000,
    })
  const lose = async ({ parts }: SealedRecord, j: number) =>
    await nodeAt(j).lose(parts.map((part) => part[j]?.cid ?? ''))
  const round = async (more: Partial<RoundOptions> & { readonly depositor?: Chain; readonly by?: Chain } = {}) => {
    const { depositor, by = hospital.chain, ...options } = more
    const silentSince = new Map<Hex, number>()
    return await careRound(
      { chain: by, depositor, read, log },
      { organization: hospital.id, silentSince, refills: new Map(), silence: 100, ...options },
    )
  }

  it('repairs what is endangered, goes on past what it cannot repair, and counts both', async () => {
    const [good, bad, hidden] = [await deposited(), await deposited(), await deposited(1)]
    expect((await round()).records).to.deep.equal({ healthy: 3, weakened: 0, endangered: 0, lost: 0, unknown: 0 })
    await lose(good, 1)
    await Promise.all([lose(bad, 1), lose(bad, 2)])
    await lose(hidden, 3)

    const watched = await round()
    expect(watched.records).to.deep.equal({ healthy: 0, weakened: 2, endangered: 1, lost: 0, unknown: 0 })
    expect(watched.affected[0], 'the worst one first').to.include({ recordId: bad.recordId, live: 2 })
    expect(watched.shares).to.include({ valid: 8, missing: 4 })
    expect(watched, 'without a key to deposit with it only watches').to.include({ repaired: 0, failed: 0 })
    expect(said).to.deep.equal([{ code: 'RECORDS_ENDANGERED', endangered: 1, lost: 0, unknown: 0 }])

    const repaired = await round({ depositor: hospital.chain })
    expect(repaired).to.include({ repaired: 2, failed: 1 })
    expect(repaired.records).to.deep.equal({ healthy: 2, weakened: 1, endangered: 0, lost: 0, unknown: 0 })
    expect(repaired.affected.map(({ recordId }) => recordId)).to.deep.equal([hidden.recordId])
    expect(said.at(-1)).to.deep.equal({ code: 'REPAIR_REFUSED' })
  })

  it('gives a silent node its time, counted over rounds, then makes its shares anew elsewhere', async () => {
    const record = await deposited()
    const silentSince = new Map<Hex, number>()
    let now = hospital.chain.clock()
    const by = { ...hospital.chain, clock: () => now }
    const depositor = { ...hospital.chain, clock: () => now }
    await nodeAt(0).close()
    try {
      const first = await round({ by, depositor, silentSince })
      expect(first.repaired).to.equal(0)
      expect([...silentSince]).to.deep.equal([[nodeAt(0).operator, now]])
      now += 99
      expect((await round({ by, depositor, silentSince })).repaired).to.equal(0)
      expect(silentSince.get(nodeAt(0).operator)).to.equal(now - 99)
      now += 1
      expect((await round({ by, depositor, silentSince })).repaired).to.be.above(0)
      const moved = await recordOf(hospital.chain, record)
      expect(moved?.placementHash).to.not.equal(record.placementHash)
    } finally {
      await nodeAt(0).restart()
    }
    await round({ by, silentSince })
    expect(silentSince.size, 'it answers again').to.equal(0)
  })

  it('gives a share back three times to who acknowledges and keeps nothing, and then to somebody else', async () => {
    const record = await deposited()
    const refills = new Map<string, number>()
    for (const times of [1, 2, 3]) {
      await lose(record, 1)
      await round({ depositor: hospital.chain, refills })
      expect([...refills]).to.deep.equal([[`${record.recordId} ${nodeAt(1).operator}`, times]])
    }
    expect((await recordOf(hospital.chain, record))?.placementHash).to.equal(record.placementHash)
    await lose(record, 1)
    await round({ depositor: hospital.chain, refills })
    expect((await recordOf(hospital.chain, record))?.placementHash).to.not.equal(record.placementHash)
  })

  it('calls nothing healthy that it could not examine', async () => {
    const broken = () => {
      throw new TypeError('no client')
    }
    const silentSince = new Map<Hex, number>()
    const options = { organization: hospital.id, silentSince, refills: new Map(), silence: 100 }
    const found = await careRound({ chain: hospital.chain, read: broken, log }, options)
    expect(found.records.unknown).to.be.above(0)
    expect(found.records).to.include({ healthy: 0 })
    expect(said.some(({ code }) => code === 'RECORDS_ENDANGERED')).to.equal(true)
  })

  it('keeps since when nodes are silent, and what is affected, for its owner alone', async () => {
    const state = openCareState(folder)
    expect(await state.read()).to.deep.equal({ silentSince: new Map(), renewed: new Map() })
    const silentSince = new Map<Hex, number>([[randomHex(16), 1_800_000_000]])
    const renewed = new Map([[randomHex(32), { renewals: 2, at: 1_800_000_000, unretired: [randomHex(16)] }]])
    await state.write({ organization: hospital.id, checkedAt: 1, records: [], silentSince, renewed })
    expect(await openCareState(folder).read()).to.deep.equal({ silentSince, renewed })
    const file = path.join(folder, 'health.json')
    expect((await stat(file)).mode & 0o777).to.equal(0o600)
    await writeFile(file, '{"silentSince": {"__proto__": 1, "x": "y"')
    expect(await state.read(), 'a broken file only delays').to.deep.equal({
      silentSince: new Map(),
      renewed: new Map(),
    })
  })

  describe('and refreshes their shares', () => {
    let now: number
    let duty: RefreshDuty
    let kept: number
    before(() => {
      now = hospital.chain.clock()
      duty = { every: 10, renewed: new Map(), failedAt: new Map() }
    })
    beforeEach(() => {
      kept = 0
    })

    const placementOf = async ({ recordId }: SealedRecord) =>
      (await recordOf(hospital.chain, { recordId }))?.placementHash
    const keep = async () => {
      kept += 1
    }
    /** A round in which only `records` are looked at. */
    const renewed = async (
      records: readonly SealedRecord[],
      { depositor = hospital.chain, isWatching = false, lasts = 50 } = {},
    ) => {
      const { seen: all } = await round()
      const seen = all.filter(({ recordId }) => records.some((one) => one.recordId === recordId))
      const chain = { ...hospital.chain, clock: () => now }
      const parts = { chain, depositor: isWatching ? undefined : depositor, read, log }
      return await renewRound(parts, { seen, due: dueOf(seen, duty, now), duty }, { lasts, keep })
    }

    it('where they are due, hide something, and all are there', async () => {
      const [record, weak, open] = [await deposited(1), await deposited(1), await deposited()]
      await lose(weak, 1)
      expect(await renewed([record, weak, open])).to.deep.equal({ done: 0, failed: 0, due: 0, oldShares: 0 })
      now += 11
      const watched = await renewed([record, weak, open], { isWatching: true })
      expect(watched, 'without a key to deposit with it only watches').to.deep.include({ done: 0, failed: 0, due: 2 })
      expect(await renewed([record], { lasts: 0 }), 'no time is left').to.deep.include({ done: 0, failed: 0, due: 1 })

      kept = 0
      const done = await renewed([record, weak, open])
      expect(done).to.deep.equal({ done: 1, failed: 0, due: 1, oldShares: 0 })
      expect(kept, 'what was done is kept at once').to.equal(2)
      expect(await placementOf(record)).to.not.equal(record.placementHash)
      expect(await placementOf(weak), 'it is not healthy').to.equal(weak.placementHash)
      expect(await placementOf(open), 'with r = 0 there is nothing to hide').to.equal(open.placementHash)
      expect(duty.renewed.get(record.recordId)).to.deep.equal({ renewals: 1, at: now, unretired: [] })
      expect(await renewed([record])).to.deep.include({ done: 0, due: 0 })
    })

    it('and again after a day where that failed', async () => {
      const record = await deposited(1)
      now += 11
      const stranger = { ...hospital.chain, network: { ...hospital.chain.network, networkId: randomHex(32) } }
      expect(await renewed([record], { depositor: stranger })).to.deep.include({ done: 0, failed: 1, due: 1 })
      expect(said.at(-1)?.code).to.equal('SIGNED_OBJECT')
      expect(await placementOf(record), 'the old shares stand').to.equal(record.placementHash)
      expect(await renewed([record])).to.deep.include({ done: 0, failed: 0, due: 1 })
      duty.failedAt.set(record.recordId, now - 86_399)
      expect(await renewed([record])).to.deep.include({ done: 0, failed: 0 })
      duty.failedAt.set(record.recordId, now - 86_400)
      expect(await renewed([record])).to.deep.include({ done: 1, failed: 0 })
      expect(duty.failedAt.has(record.recordId)).to.equal(false)
    })

    it('and asks keepers again that were away, also those of a renewal by others', async () => {
      const record = await deposited(1)
      const { recordId } = record
      await refreshRecord(hospital.chain, { recordId }, { read })
      await nodeAt(2).close()
      try {
        now += 11
        const left = await renewed([record])
        expect(left, 'what others renewed counts from now').to.deep.equal({ done: 0, failed: 0, due: 0, oldShares: 1 })
        expect(said.at(-1)).to.deep.equal({ code: 'OLD_SHARES', oldShares: 1 })
        const unretired = [nodeAt(2).operator]
        expect(duty.renewed.get(recordId)).to.deep.equal({ renewals: 1, at: now, unretired })
      } finally {
        await nodeAt(2).restart()
      }
      expect(await renewed([record])).to.deep.include({ oldShares: 0 })
    })

    it('counts what it did, tells it, and remembers it when it starts again', async () => {
      const { recordId, placementHash } = await deposited(1)
      const chain = { ...hospital.chain, clock: () => hospital.chain.clock() + 40 }
      const own = await mkdtemp(path.join(folder, 'renewing-'))
      const options = { operator: worker.operator, folder: own, interval: 3_600, silence: 86_400, refresh: 30 }
      const start = () => startCaretaker({ chain, depositor: hospital.chain, read, log }, options)
      const first = start()
      const done = await until(async () => (first.done().refreshes.done > 0 ? first.done().refreshes : undefined))
      const left = first.report()
      await first.close()
      expect(done.failed).to.equal(0)
      const moved = (await recordOf(hospital.chain, { recordId }))?.placementHash
      expect(moved).to.not.equal(placementHash)
      const kept: { renewed: unknown } = JSON.parse(await readFile(path.join(own, 'health.json'), 'utf8'))
      expect(kept.renewed).to.have.nested.property(`${recordId}.renewals`, 1)
      const again = start()
      const report = await until(async () => again.report())
      await again.close()
      expect(report, 'no record is due twice').to.include({ refresh: 30, due: left?.due })
      expect((await recordOf(hospital.chain, { recordId }))?.placementHash).to.equal(moved)
    })
  })

  it('counts from the deposit, or from when a renewal by others was first seen, the oldest first', () => {
    const keepers = [{ index: 0, operator: randomHex(16), state: 'valid', leaving: false, asked: 1, of: 1 } as const]
    const seen = (depositedAt: number, renewals: number, r = 1) => {
      const recordId = randomHex(32)
      const found = { n: 4, t: 2, r, renewals, organizations: 1, shares: keepers, level: 'healthy', spare: 1 } as const
      return { recordId, version: 1, depositedAt, health: { recordId, ...found, live: 4, staying: 4 } }
    }
    const [fresh, older, oldest, open, renewed, unknown] = [
      seen(950, 0),
      seen(800, 0),
      seen(700, 0),
      seen(100, 0, 0),
      seen(100, 3),
      { recordId: randomHex(32), version: 1, depositedAt: 100, health: undefined },
    ]
    const all: Seen[] = [fresh, older, oldest, open, renewed, unknown]
    const duty: RefreshDuty = { every: 100, renewed: new Map(), failedAt: new Map() }
    const gone = randomHex(32)
    duty.renewed.set(gone, { renewals: 1, at: 5, unretired: [] })
    expect(dueOf(all, duty, 1_000)).to.deep.equal([oldest, older])
    const unretired = keepers.map(({ operator }) => operator)
    expect([...duty.renewed]).to.deep.equal([[renewed.recordId, { renewals: 3, at: 1_000, unretired }]])
    expect(dueOf(all, duty, 1_050)).to.deep.equal([oldest, older, fresh])
    expect(dueOf(all, duty, 1_100)).to.deep.equal([oldest, older, fresh, renewed])
    // Another renewal, by somebody else: counted anew.
    const again = { ...renewed, health: { ...renewed.health, renewals: 4 } }
    expect(dueOf([again], duty, 1_100)).to.deep.equal([])
    // A version deposited since has new shares.
    expect(dueOf([{ ...again, depositedAt: 1_150 }], duty, 1_249)).to.deep.equal([])
    expect(dueOf([{ ...again, depositedAt: 1_150 }], duty, 1_250)).to.have.length(1)
  })

  it('looks again soon after a round that saw anything but health', () => {
    const none = { healthy: 9, weakened: 0, endangered: 0, lost: 0, unknown: 0 }
    expect(pauseAfter({ records: none }, 3_600)).to.equal(3_600)
    for (const level of ['weakened', 'endangered', 'lost', 'unknown'] as const)
      expect(pauseAfter({ records: { ...none, [level]: 1 } }, 3_600), level).to.equal(60)
    expect(pauseAfter(undefined, 3_600)).to.equal(60)
    expect(pauseAfter(undefined, 10)).to.equal(10)
  })

  it('says the counts to anybody, and which records they are to nobody', async () => {
    const record = await deposited()
    await lose(record, 2)
    await worker.restart({ care: { interval: 3_600, organization: hospital.id, samples: 9, refresh: 86_400 } })
    const text = async (route: string) => await (await fetch(`${worker.url}${route}`)).text()
    const health = await until(async () => {
      const status: { health?: Record<string, unknown> } = JSON.parse(await text('/v1/status'))
      return status.health
    })
    expect(health).to.include({ organization: hospital.id, interval: 3_600, unknown: 0, lost: 0 })
    expect(Number(health.weakened)).to.be.above(0)
    expect(health.refresh).to.deep.equal({ every: 86_400, due: 0 })
    expect(JSON.stringify(health)).to.not.include(record.recordId)
    const metrics = await text('/metrics')
    expect(metrics).to.match(/sharewell_health_records\{level="weakened"\} [1-9]/)
    expect(metrics).to.match(/sharewell_health_shares\{state="missing"\} [1-9]/)
    expect(metrics).to.match(/sharewell_health_checked_seconds 1\d{9}/)
    expect(metrics).to.match(/sharewell_repairs_total\{outcome="failed"\} 0/)
    expect(metrics).to.match(/sharewell_refreshes_total\{outcome="failed"\} 0/)
    expect(metrics).to.match(/sharewell_refreshes_due 0/)
    expect(metrics).to.match(/sharewell_old_shares 0/)
  })

  it('looks at once after its start, says why it cannot, and stops when it is told to', async () => {
    const nobody = startCaretaker(
      { chain: hospital.chain, read, log },
      { operator: randomHex(16), folder, interval: 3_600, silence: 1 },
    )
    await until(async () => said.find(({ code }) => code === 'NO_ORGANIZATION'))
    expect(nobody.report()).to.equal(undefined)
    await nobody.close()
    const theirs = startCaretaker(
      { chain: hospital.chain, depositor: hospital.chain, read, log },
      { operator: worker.operator, folder, interval: 3_600, silence: 86_400 },
    )
    const report = await until(async () => theirs.report())
    await theirs.close()
    expect(report).to.include({ organization: hospital.id })
    const kept: { records: unknown[] } = JSON.parse(await readFile(path.join(folder, 'health.json'), 'utf8'))
    expect(kept).to.include({ organization: hospital.id, checkedAt: report.checkedAt })
  })
})

/** Asks until there is an answer, some hundred times at most. */
async function until<T>(ask: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 400; tries++) {
    const found = await ask()
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error('nothing came')
}
