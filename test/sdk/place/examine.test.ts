import { type Bytes, fromHex, type Hex } from '@sharewell/sdk/bytes'
import {
  BlockNotFoundError,
  CidMismatchError,
  createMemoryStore,
  examineShares,
  type Holder,
  healthOf,
  NodeRefusedError,
  type ShareFinding,
} from '@sharewell/sdk/place'
import { leafAt, type Placement } from '@sharewell/sdk/share'
import { expect } from 'chai'
import fc from 'fast-check'
import { newAccount, newParties, paperNetwork } from '../../helpers/parties.ts'
import { type SealedRecord, sealedRecord } from '../../helpers/sealed-record.ts'

const network = paperNetwork()
const parties = newParties(5)

describe('the health of a record', () => {
  let record: SealedRecord
  let placement: Placement
  before(async () => {
    const operators = parties.map(({ operator }) => operator)
    const policy = { n: 5, t: 3, r: 0 }
    record = await sealedRecord({ networkId: network.networkId, uploader: newAccount(), policy, operators })
    const { networkId, recordId } = record.manifest
    placement = {
      v: 1,
      networkId,
      recordId,
      version: 1,
      gen: 0,
      salt: new Uint8Array(32),
      manifestHash: fromHex(record.manifestHash),
      operators: operators.map((id) => fromHex(id)),
    }
  })

  /** Five honest holders, each as `change` makes it. */
  const holdersOf = async (change: { readonly [index: number]: (holder: Holder) => Holder | undefined }) => {
    const all = await Promise.all(
      parties.map(async ({ operator }, index) => {
        const store = createMemoryStore()
        for (const parts of record.parts) {
          const part = parts[index]
          if (part) await store.put(part.cid, part.body)
        }
        const holder: Holder = { operator, address: `http://node-${index}`, leaving: false, store }
        return change[index] ? change[index](holder) : holder
      }),
    )
    return all.filter((holder) => holder !== undefined)
  }
  const examined = async (
    change: Parameters<typeof holdersOf>[0],
    more: Partial<examineShares.Options> = {},
  ): Promise<ShareFinding[]> =>
    await examineShares({
      manifest: record.manifest,
      placement,
      holders: await holdersOf(change),
      leaves: async (index) => record.shareLeaves[index] as Bytes,
      timeout: 200,
      ...more,
    })
  const failing = (error: unknown) => (holder: Holder) => ({
    ...holder,
    store: { get: () => Promise.reject(error) },
  })

  it('names what is wrong with each share, and calls valid only what was shown', async () => {
    const findings = await examined({
      0: failing(new BlockNotFoundError({})),
      1: failing(new CidMismatchError({})),
      2: failing(new NodeRefusedError({ url: '', status: 403 })),
      3: () => undefined,
    })
    expect(findings.map(({ state }) => state)).to.deep.equal(['missing', 'wrong', 'silent', 'closed', 'valid'])
    expect(findings[4]).to.include({ asked: 4, of: 4 })
    expect(healthOf({ n: 5, t: 3 }, findings)).to.include({ level: 'lost', live: 1 })
  })

  it('does not wait for a node that hangs, and says that it is silent', async () => {
    const findings = await examined({
      2: (holder) => ({ ...holder, store: { get: () => new Promise(() => undefined) } }),
    })
    expect(findings[2]).to.include({ state: 'silent' })
    expect(healthOf({ n: 5, t: 3 }, findings).level).to.equal('weakened')
  })

  it('counts two operators at one address once', async () => {
    const twin = (holder: Holder) => ({ ...holder, address: 'http://node-0' })
    const findings = await examined({ 3: twin, 4: twin })
    expect(findings.map(({ state }) => state)).to.deep.equal(['valid', 'valid', 'valid', 'doubled', 'doubled'])
    expect(healthOf({ n: 5, t: 3 }, findings)).to.include({ level: 'endangered', live: 3 })
  })

  it('believes no share whose leaf list nobody gives', async () => {
    const leaves = async (index: number) => {
      if (index === 1) throw new BlockNotFoundError({})
      return record.shareLeaves[index] as Bytes
    }
    expect((await examined({}, { leaves }))[1]).to.include({ state: 'unproved', asked: 0 })
  })

  it('finds any lost chunk when all are asked for, and each of them by some draw', async () => {
    const lost = new Set<number>()
    for (let chunk = 0; chunk < 4; chunk++) {
      const cid = record.parts[chunk]?.[2]?.cid ?? ''
      const without = (holder: Holder) => ({
        ...holder,
        store: {
          get: (asked: string) =>
            asked === cid ? Promise.reject(new BlockNotFoundError({ cid })) : holder.store.get(asked),
        },
      })
      const all = await examined({ 2: without }, { samples: 4 })
      expect(all[2], `chunk ${chunk}`).to.include({ state: 'missing' })
      const random = (length: number) => new Uint8Array(length).fill(chunk, length - 1)
      const one = await examined({ 2: without }, { samples: 1, random })
      if (one[2]?.state === 'missing') lost.add(chunk)
    }
    expect([...lost]).to.deep.equal([0, 1, 2, 3])
  })

  it('asks one chunk after another for bytes that are those of the leaf', async () => {
    const asked: string[] = []
    await examined({
      1: (holder) => ({
        ...holder,
        store: {
          get: (cid) => {
            asked.push(cid)
            return holder.store.get(cid)
          },
        },
      }),
    })
    expect(asked).to.deep.equal(record.parts.map((parts) => parts[1]?.cid))
    expect(leafAt(record.shareLeaves[1] as Bytes, 4)).to.equal(undefined)
  })

  it('ends at once when it is told to', async () => {
    const stop = new AbortController()
    const running = examined(
      { 0: (holder) => ({ ...holder, store: { get: () => new Promise(() => undefined) } }) },
      { timeout: 60_000, signal: stop.signal },
    )
    stop.abort(new Error('enough'))
    const error = await running.then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(error).to.have.property('message', 'enough')
  })

  it('is healthy only while every share is there and stays, for every n and t', () => {
    const policies = fc
      .tuple(fc.integer({ min: 1, max: 300 }), fc.nat(299))
      .map(([n, below]) => ({ n, t: 1 + (below % n) }))
    fc.assert(
      fc.property(policies, fc.array(fc.nat(299)), fc.array(fc.nat(299)), ({ n, t }, gone, going) => {
        const findings = Array.from({ length: n }, (_, index) => ({
          operator: `0x${index.toString(16)}` as Hex,
          state: gone.includes(index) ? ('missing' as const) : ('valid' as const),
          leaving: going.includes(index),
        }))
        const { level, live, staying, spare } = healthOf({ n, t }, findings)
        const bad = findings.some(({ state, leaving }) => state !== 'valid' || leaving)
        expect(level === 'healthy').to.equal(!bad)
        expect(level === 'lost').to.equal(live < t)
        expect(staying).to.be.at.most(live)
        // One more loss never turns a record that was not endangered into a lost one.
        if (level === 'weakened') expect(staying - 1 >= t).to.equal(true)
        expect(spare).to.be.at.least(1)
      }),
    )
  })

  it('counts an operator once, however often it is named', () => {
    const same = { operator: '0x01' as const, state: 'valid' as const, leaving: false }
    expect(healthOf({ n: 3, t: 2 }, [same, same, same])).to.include({ live: 1, level: 'lost' })
  })
})
