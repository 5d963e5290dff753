import type { Bytes } from '@sharewell/sdk/bytes'
import {
  BlockNotFoundError,
  createGatherer,
  createMemoryStore,
  type RestoreTarget,
  restoreShares,
  type ShareStore,
  shareSource,
} from '@sharewell/sdk/place'
import { randomBytes } from '@sharewell/sdk/primitives'
import type { Policy } from '@sharewell/sdk/share'
import { expect } from 'chai'
import { codeOf } from '../../helpers/code-of.ts'
import { newAccount, newParties, paperNetwork } from '../../helpers/parties.ts'
import { sealedRecord } from '../../helpers/sealed-record.ts'

const network = paperNetwork()
type Store = ShareStore & { forget(cid: string): void }

/** A store that can lose a block. */
function losing(): Store {
  const store = createMemoryStore()
  const lost = new Set<string>()
  return {
    async put(cid, bytes) {
      await store.put(cid, bytes)
      lost.delete(cid)
    },
    get: async (cid) => (lost.has(cid) ? Promise.reject(new BlockNotFoundError({ cid })) : await store.get(cid)),
    has: async (cid) => !lost.has(cid) && (await store.has(cid)),
    forget: (cid) => void lost.add(cid),
  }
}

describe('restoring shares', () => {
  const parties = newParties(5)
  const make = async (policy: Policy, more: Partial<sealedRecord.Options> = {}) => {
    const operators = parties.slice(0, policy.n).map(({ operator }) => operator)
    const record = await sealedRecord({
      networkId: network.networkId,
      uploader: newAccount(),
      policy,
      operators,
      ...more,
    })
    const stores = operators.map(() => losing())
    for (const parts of record.parts) for (const [j, { cid, body }] of parts.entries()) await stores[j]?.put(cid, body)
    return { record, stores }
  }
  type Made = Awaited<ReturnType<typeof make>>

  const gathererOf = ({ record, stores }: Made, from: readonly number[]) =>
    createGatherer({
      manifest: record.manifest,
      manifestHash: record.manifestHash,
      sources: from.map((j) => shareSource(parties[j]?.operator ?? '0x', j, stores[j] as Store)),
      leaves: async (index) => record.shareLeaves[index] as Bytes,
      grace: 50,
      timeout: 500,
    })
  const restore = async (
    made: Made,
    targets: readonly (Partial<RestoreTarget> & { readonly index: number })[],
    more: Partial<restoreShares.Options> & { readonly from?: readonly number[] } = {},
  ) =>
    await restoreShares({
      gatherer: gathererOf(made, more.from ?? [0, 1, 2, 3, 4]),
      contentLeaves: made.record.contentLeaves,
      leaves: async (index) => made.record.shareLeaves[index] as Bytes,
      targets: targets.map((target) => ({
        operator: parties[target.index]?.operator ?? '0x',
        store: made.stores[target.index] as Store,
        ...target,
      })),
      ...more,
    })
  const holds = async ({ record }: Made, j: number, store: ShareStore): Promise<boolean> => {
    const have = await Promise.all(record.parts.map((parts) => store.has(parts[j]?.cid ?? '')))
    return have.every((one) => one)
  }

  it('makes every share again from every t of the others', async () => {
    const made = await make({ n: 5, t: 3, r: 0 }, { dataLength: 70_000 })
    let sets = 0
    for (let j = 0; j < 5; j++)
      for (let mask = 0; mask < 32; mask++) {
        const from = [0, 1, 2, 3, 4].filter((i) => i !== j && (mask >> i) & 1)
        if (from.length !== 3 || (mask >> j) & 1) continue
        const store = losing()
        const { blocks, rebuilt } = await restore(made, [{ index: j, store }], { from })
        expect([blocks, rebuilt]).to.deep.equal([made.record.parts.length, made.record.parts.length])
        expect(await holds(made, j, store), `share ${j} from ${from}`).to.equal(true)
        sets += 1
      }
    expect(sets).to.equal(20)
  })

  it('saves a record of which no share is whole, as long as every chunk is', async () => {
    const made = await make({ n: 5, t: 3, r: 0 }, { dataLength: 300_000 })
    for (const [j, store] of made.stores.entries()) store.forget(made.record.parts[j]?.[j]?.cid ?? '')
    const targets = made.stores.map((_, index) => ({ index }))
    expect(await restore(made, targets)).to.include({ blocks: 5, rebuilt: 5 })
    for (const [j, store] of made.stores.entries()) expect(await holds(made, j, store)).to.equal(true)
    expect(await restore(made, targets), 'a second time').to.include({ blocks: 0, bytes: 0, rebuilt: 0 })
  })

  it('goes on where it broke off', async () => {
    const made = await make({ n: 5, t: 3, r: 0 })
    const store = losing()
    let left = 2
    const breaking: ShareStore = {
      ...store,
      put: async (cid, bytes) => {
        if (left-- <= 0) throw new TypeError('connection lost')
        await store.put(cid, bytes)
      },
    }
    const broken = await restore(made, [{ index: 4, store: breaking }], { retries: 0, ahead: 1 })
    expect(broken.blocks).to.equal(2)
    expect([...broken.failed]).to.deep.equal([[parties[4]?.operator, 'the connection failed']])
    const { blocks } = await restore(made, [{ index: 4, store }])
    expect(blocks).to.equal(made.record.parts.length - 2)
    expect(await holds(made, 4, store)).to.equal(true)
  })

  it('leaves a node behind that takes nothing, and goes on with the others', async () => {
    const made = await make({ n: 5, t: 3, r: 0 })
    const full: ShareStore = { ...losing(), put: async () => Promise.reject(new TypeError('no room')) }
    const store = losing()
    const { blocks, failed } = await restore(
      made,
      [
        { index: 3, store: full },
        { index: 4, store },
      ],
      { retries: 0 },
    )
    expect(blocks).to.equal(made.record.parts.length)
    expect([...failed.keys()]).to.deep.equal([parties[3]?.operator])
    expect(await holds(made, 4, store)).to.equal(true)
  })

  it('takes what a leaving node still gives, and computes the rest', async () => {
    const made = await make({ n: 5, t: 3, r: 0 })
    const store = losing()
    const from = made.stores[1] as Store
    from.forget(made.record.parts[2]?.[1]?.cid ?? '')
    const { rebuilt } = await restore(made, [{ index: 1, store, from }])
    expect(rebuilt).to.equal(1)
    expect(await holds(made, 1, store)).to.equal(true)
  })

  it('believes no bytes of a leaving node that are not those of its share', async () => {
    const made = await make({ n: 5, t: 3, r: 0 })
    const store = losing()
    const lying = { get: async () => randomBytes(40) }
    expect(await restore(made, [{ index: 1, store, from: lying }])).to.include({ rebuilt: made.record.parts.length })
    expect(await holds(made, 1, store)).to.equal(true)
  })

  it('blames the depositor, and sends nothing, where a leaf list is not of the code word', async () => {
    const made = await make(
      { n: 5, t: 3, r: 0 },
      { tamper: (body, chunk, index) => (chunk === 1 && index === 4 ? randomBytes(body.length) : undefined) },
    )
    const store = losing()
    const code = await codeOf(restore(made, [{ index: 4, store }], { from: [0, 1, 2, 3], ahead: 1 }))
    expect(code).to.equal('INCONSISTENT_RECORD')
    // Under a manifest that follows another one the depositor did not make these lists.
    const renewed = { ...made.record, manifest: { ...made.record.manifest, prev: randomBytes(32) } }
    const later = restore({ ...made, record: renewed }, [{ index: 4, store }], { from: [0, 1, 2, 3], ahead: 1 })
    expect(await codeOf(later)).to.equal('INCONSISTENT_RENEWAL')
    expect(await store.has(made.record.parts[1]?.[4]?.cid ?? '')).to.equal(false)
  })

  it('refuses where shares hide something', async () => {
    const made = await make({ n: 5, t: 3, r: 1 }, { dataLength: 1_000 })
    expect(await codeOf(restore(made, [{ index: 0 }]))).to.equal('REPAIR_REFUSED')
  })

  it('says when fewer than t shares are left', async () => {
    const made = await make({ n: 5, t: 3, r: 0 }, { dataLength: 1_000 })
    const code = await codeOf(restore(made, [{ index: 0, store: losing() }], { from: [1, 2] }))
    expect(code).to.equal('TOO_FEW_SHARES')
  })

  it('holds the shares of as many chunks as it may, and no more', async () => {
    const made = await make({ n: 5, t: 3, r: 0 }, { dataLength: 1_000_000 })
    let [now, most] = [0, 0]
    const store = losing()
    const watched: ShareStore = {
      ...store,
      put: async (cid, bytes) => {
        most = Math.max(most, ++now)
        await new Promise(setImmediate)
        await store.put(cid, bytes)
        now -= 1
      },
    }
    await restore(made, [{ index: 3, store: watched }], { ahead: 2 })
    expect(made.record.parts.length).to.be.above(10)
    expect(most).to.be.at.most(2)
  })

  it('ends at once when it is told to, also while a node hangs', async () => {
    const made = await make({ n: 5, t: 3, r: 0 }, { dataLength: 1_000 })
    const stop = new AbortController()
    const hanging: ShareStore = { ...losing(), put: () => new Promise(() => undefined) }
    const running = restore(made, [{ index: 3, store: hanging }], { signal: stop.signal })
    setImmediate(() => stop.abort(new Error('enough')))
    expect(await running.catch((error: unknown) => error)).to.have.property('message', 'enough')
  })
})
