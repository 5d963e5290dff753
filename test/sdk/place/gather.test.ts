import { type Bytes, type Hex, toHex } from '@sharewell/sdk/bytes'
import {
  convicts,
  createGatherer,
  createLatencies,
  createMemoryStore,
  InconsistentRenewalError,
  rebuildChunk,
  rebuildChunks,
  type ShareSource,
  type SourceFault,
  shareSource,
} from '@sharewell/sdk/place'
import { randomBytes } from '@sharewell/sdk/primitives'
import { TooFewSharesError } from '@sharewell/sdk/share'
import { expect } from 'chai'
import { flipped } from '../../compliance/share-store.ts'
import { codeOf } from '../../helpers/code-of.ts'
import { newAccount, newParties, paperNetwork, signerFor, verifierFor } from '../../helpers/parties.ts'
import { type SealedRecord, sealedRecord } from '../../helpers/sealed-record.ts'

const network = paperNetwork()
const policy = { n: 5, t: 3, r: 1 }
const parties = newParties(5)
const verify = verifierFor(network, 'ShareResponse', parties)
const unused = async () => false

describe('gather', () => {
  let record: SealedRecord
  before(async () => {
    const operators = parties.map(({ operator }) => operator)
    record = await sealedRecord({ networkId: network.networkId, uploader: newAccount(), policy, operators })
  })

  /** Five sources over stores in memory, each as `change` makes it. */
  const sourcesOf = async (change: { readonly [index: number]: (source: ShareSource) => ShareSource }) =>
    await Promise.all(
      parties.map(async ({ operator }, index) => {
        const store = createMemoryStore()
        for (const parts of record.parts) {
          const part = parts[index]
          if (part) await store.put(part.cid, part.body)
        }
        const source = shareSource(operator, index, store)
        return change[index]?.(source) ?? source
      }),
    )
  const gathererOf = async (change: Parameters<typeof sourcesOf>[0], { timeout = 1_000, hedge = 1 } = {}) =>
    createGatherer({
      hedge,
      grace: 100,
      manifest: record.manifest,
      manifestHash: record.manifestHash,
      sources: await sourcesOf(change),
      leaves: async (index) => record.shareLeaves[index] as Bytes,
      verify,
      timeout,
    })
  const rebuilt = async (change: Parameters<typeof sourcesOf>[0]) => {
    // Without a hedge it is sure which sources are used.
    const gatherer = await gathererOf(change, { hedge: 0 })
    const chunks: Bytes[] = []
    const options = { first: 0, count: record.sealed.length, contentLeaves: record.contentLeaves }
    for await (const { sealed } of rebuildChunks(gatherer, options)) chunks.push(sealed)
    expect(chunks).to.deep.equal(record.sealed)
    return gatherer.faults
  }
  const told = (faults: readonly SourceFault[]) => [...new Set(faults.map(({ index, reason }) => `${index} ${reason}`))]

  const dead = (source: ShareSource): ShareSource => ({
    ...source,
    fetch: async () => {
      throw new TypeError('connect ECONNREFUSED')
    },
  })
  const hanging = (source: ShareSource): ShareSource => ({ ...source, fetch: () => new Promise(() => undefined) })
  const flipping = (source: ShareSource): ShareSource => ({
    ...source,
    fetch: async (ask, options) => ({ body: flipped((await source.fetch(ask, options)).body, 7) }),
  })
  /** Sends other bytes and signs them, as the node `signs`. */
  const lying =
    (party: (typeof parties)[number], alter: (nonce: Hex) => Hex = (nonce) => nonce) =>
    (source: ShareSource) =>
      ({
        ...source,
        fetch: async (ask, options) => {
          const body = flipped((await source.fetch(ask, options)).body)
          const nonce = toHex(randomBytes(32))
          const message = {
            manifestHash: ask.manifestHash,
            shareRoot: toHex(record.manifest.T[ask.index] as Bytes),
            j: ask.index,
            i: ask.chunk,
            digest: toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', body))),
            length: body.length,
            nonce: alter(nonce),
            time: 1,
          }
          return {
            body,
            nonce,
            response: { message, signature: await signerFor(network, 'ShareResponse', party.account)(message) },
          }
        },
      }) satisfies ShareSource

  it('rebuilds every chunk when all nodes answer, and blames nobody', async () => {
    expect(await rebuilt({})).to.deep.equal([])
  })

  it('rebuilds with n - t nodes dead, and names them', async () => {
    expect(told(await rebuilt({ 0: dead, 2: dead }))).to.have.members(['0 unreachable', '2 unreachable'])
  })

  it('fails with n - t + 1 nodes dead, and lists each node with its reason', async () => {
    const gatherer = await gathererOf({ 0: dead, 1: hanging, 4: flipping })
    const error = await gatherer.gather(0).catch((thrown: unknown) => thrown)
    expect(error).to.be.instanceOf(TooFewSharesError)
    const { message, failures } = error as TooFewSharesError
    expect(failures.map(({ index, reason }) => [index, reason.split(',')[0]])).to.have.deep.members([
      [0, 'unreachable'],
      [1, 'timeout'],
      [4, 'unsigned'],
    ])
    for (const index of [0, 1, 4]) expect(message).to.include(parties[index]?.operator)
  })

  it('does not wait for a hanging node while others answer', async () => {
    const gatherer = await gathererOf({ 0: hanging }, { timeout: 10_000 })
    expect(await gatherer.gather(0)).to.have.length(policy.t)
  })

  it('records a hanging node that others outran, and asks it last from then on', async () => {
    const gatherer = await gathererOf({ 0: hanging, 1: hanging })
    await gatherer.gather(0)
    await gatherer.settled()
    expect(told(gatherer.faults)).to.have.members(['0 timeout', '1 timeout'])
    await gatherer.gather(1)
    await gatherer.settled()
    expect(gatherer.faults).to.have.length(2)
  })

  it('finds a flipped byte before decoding, and accuses nobody of unsigned bytes', async () => {
    const faults = await rebuilt({ 1: flipping })
    expect(told(faults)).to.deep.equal(['1 unsigned'])
    expect(faults.every(({ proof }) => proof === undefined)).to.equal(true)
  })

  it('finds the share of another record', async () => {
    const operators = parties.map(({ operator }) => operator)
    const other = await sealedRecord({ networkId: network.networkId, uploader: newAccount(), policy, operators })
    const swapped = (source: ShareSource): ShareSource => ({
      ...source,
      fetch: async ({ chunk }) => ({ body: other.parts[chunk]?.[0]?.body as Bytes }),
    })
    expect(told(await rebuilt({ 0: swapped }))).to.deep.equal(['0 unsigned'])
  })

  it('convicts a node of a signed lie, for anybody who checks', async () => {
    const [liar, honest] = parties
    const faults = await rebuilt({ 0: lying(liar as (typeof parties)[number]) })
    expect(told(faults)).to.deep.equal(['0 lie'])
    const proof = faults[0]?.proof
    if (!proof || !liar || !honest) throw new Error('no proof')
    const check = {
      manifest: record.manifest,
      manifestHash: record.manifestHash,
      verifyShare: verify,
      verifyFrame: unused,
    }
    expect(await convicts(proof, { ...check, operator: liar.operator })).to.equal(true)
    expect(await convicts(proof, { ...check, operator: honest.operator })).to.equal(false)
    const { message } = proof.response
    const altered = { ...proof, response: { ...proof.response, message: { ...message, digest: message.nonce } } }
    expect(await convicts(altered, { ...check, operator: liar.operator })).to.equal(false)
    // Leaf and digest are equal where a node told the truth: that is no proof.
    const truth = { ...proof, leaf: message.digest }
    expect(await convicts(truth, { ...check, operator: liar.operator })).to.equal(false)
    expect(await convicts({ ...proof, leaf: message.nonce }, { ...check, operator: liar.operator })).to.equal(false)
  })

  it('takes a wrong signature, or one over another nonce, for silence', async () => {
    const [, other] = parties
    if (!other) throw new Error('no party')
    expect(told(await rebuilt({ 0: lying(other) }))).to.deep.equal(['0 unsigned'])
    const [own] = parties
    if (!own) throw new Error('no party')
    const stale = lying(own, () => toHex(randomBytes(32)))
    expect(told(await rebuilt({ 0: stale }))).to.deep.equal(['0 unsigned'])
  })

  it('does not blame a node whose leaf list nobody has', async () => {
    const gatherer = createGatherer({
      manifest: record.manifest,
      manifestHash: record.manifestHash,
      sources: await sourcesOf({}),
      leaves: async (index) => {
        if (index === 0) throw new TooFewSharesError({})
        return record.shareLeaves[index] as Bytes
      },
    })
    await gatherer.gather(0)
    expect(told(gatherer.faults)).to.deep.equal(['0 no leaf list'])
  })

  describe('by latency', () => {
    /** Sources that answer when the test says so; `asked` says which were asked, in order. */
    const tellable = async () => {
      const asked: number[] = []
      const stopped: number[] = []
      const answer = parties.map(() => Promise.withResolvers<void>())
      const change = Object.fromEntries(
        parties.map((_, index) => [
          index,
          (source: ShareSource): ShareSource => ({
            ...source,
            fetch: async (ask, options) => {
              asked.push(index)
              options.signal?.addEventListener('abort', () => stopped.push(index))
              await answer[index]?.promise
              return await source.fetch(ask, options)
            },
          }),
        ]),
      )
      return { sources: await sourcesOf(change), asked, stopped, tell: (index: number) => answer[index]?.resolve() }
    }
    const latenciesOf = (all: readonly number[]) => {
      const latencies = createLatencies()
      for (const [index, ms] of all.entries()) latencies.answered(parties[index]?.operator ?? '0x', ms)
      return latencies
    }
    const never = { now: () => 0, wait: () => new Promise<void>(() => undefined) }
    const gathererWith = (sources: readonly ShareSource[], more: Partial<createGatherer.Options>) =>
      createGatherer({
        manifest: record.manifest,
        manifestHash: record.manifestHash,
        sources,
        leaves: async (index) => record.shareLeaves[index] as Bytes,
        timeout: 60_000,
        timer: never,
        ...more,
      })
    const pastTurns = async (signal: AbortSignal) => {
      await quiet()
      signal.throwIfAborted()
    }
    /** Until everything that can happen has happened. */
    const quiet = async () => {
      for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve))
    }

    it('asks the t + 1 that were quickest, takes the first t, and cancels the rest without blame', async () => {
      const { sources, asked, stopped, tell } = await tellable()
      const gatherer = gathererWith(sources, { latencies: latenciesOf([900, 20, 400, 20, 20]) })
      const gathering = gatherer.gather(0)
      await quiet()
      expect(asked).to.have.members([1, 3, 4, 2])
      for (const index of [2, 4, 1]) tell(index)
      expect((await gathering).map(({ index }) => index)).to.have.members([1, 2, 4])
      await gatherer.settled()
      expect(stopped).to.include(3)
      expect(gatherer.faults).to.deep.equal([])
    })

    it('names in each chunk the shares that it was made of, not those that were asked', async () => {
      const { sources, tell } = await tellable()
      const gatherer = gathererWith(sources, { latencies: latenciesOf([20, 20, 20, 20, 20]) })
      for (const index of [1, 2, 3]) tell(index)
      const options = { first: 0, count: record.sealed.length, contentLeaves: record.contentLeaves }
      for await (const { sealed, used, i } of rebuildChunks(gatherer, options)) {
        expect(sealed).to.deep.equal(record.sealed[i])
        expect(used).to.deep.equal([1, 2, 3])
      }
    })

    it('asks one more when an answer takes longer than answers take, and another one', async () => {
      const { sources, asked, tell } = await tellable()
      const waits: { ms: number; over: () => void }[] = []
      const timer = {
        now: () => 0,
        wait: (ms: number) => new Promise<void>((resolve) => waits.push({ ms, over: resolve })),
      }
      const gatherer = gathererWith(sources, { hedge: 0, timer, latencies: latenciesOf([100, 100, 100, 900, 900]) })
      const gathering = gatherer.gather(0)
      await quiet()
      expect(asked).to.deep.equal([0, 1, 2])
      expect(waits.map(({ ms }) => ms)).to.deep.equal([300])
      waits[0]?.over()
      await quiet()
      expect(asked).to.deep.equal([0, 1, 2, 3])
      waits[1]?.over()
      await quiet()
      expect(asked).to.deep.equal([0, 1, 2, 3, 4])
      for (const index of [2, 3, 4]) tell(index)
      expect((await gathering).map(({ index }) => index)).to.have.members([2, 3, 4])
      await gatherer.settled()
      expect(gatherer.faults).to.deep.equal([])
    })

    it('does not blame a slow one that was asked in the place of one that failed', async () => {
      const { sources, asked, stopped, tell } = await tellable()
      const [first, ...others] = sources as [ShareSource, ...ShareSource[]]
      const gatherer = gathererWith([dead(first), ...others], {
        timer: { now: () => 0, wait: async (_, signal) => void (await pastTurns(signal)) },
        latencies: latenciesOf([20, 20, 20, 20]),
      })
      const gathering = gatherer.gather(0)
      await quiet()
      expect(asked).to.include(4)
      for (const index of [1, 2, 3]) tell(index)
      await gathering
      // It never answered, and nothing is to be held against it: it is cancelled as the others are.
      await gatherer.settled()
      expect(stopped).to.include(4)
      expect(told(gatherer.faults)).to.deep.equal(['0 unreachable'])
    })

    it('counts its own pauses as one step of the grace, and not as a node that hangs', async () => {
      const { sources, tell } = await tellable()
      const waits: { ms: number; over: () => void }[] = []
      const timer = {
        now: () => 0,
        wait: (ms: number) => new Promise<void>((resolve) => waits.push({ ms, over: resolve })),
      }
      const gatherer = gathererWith(sources, { timer, grace: 1_000 })
      const gathering = gatherer.gather(0)
      await quiet()
      for (const index of [0, 1, 2]) tell(index)
      await gathering
      await quiet()
      const grace = () => waits.filter(({ ms }) => ms === 100)
      expect(grace()).to.have.length(1)
      // However long this process was away, what came meanwhile is heard before the next step is over.
      grace()[0]?.over()
      tell(3)
      await gatherer.settled()
      expect(gatherer.faults).to.deep.equal([])
    })

    it('counts a node as hanging once all of the grace is over', async () => {
      const { sources, tell } = await tellable()
      let waited = 0
      const timer = {
        now: () => 0,
        wait: async (ms: number, signal: AbortSignal) => {
          if (ms !== 100) return await never.wait()
          waited += ms
          await pastTurns(signal)
        },
      }
      const gatherer = gathererWith(sources, { timer, grace: 1_000 })
      for (const index of [0, 1, 2]) tell(index)
      await gatherer.gather(0)
      await gatherer.settled()
      expect(told(gatherer.faults)).to.deep.equal(['3 timeout'])
      expect(waited).to.equal(1_000)
    })

    it('asks last who failed, however quick it was', async () => {
      const latencies = latenciesOf([1, 100, 100, 100, 100])
      const { sources, asked, tell } = await tellable()
      const [first, ...others] = sources as [ShareSource, ...ShareSource[]]
      const gatherer = gathererWith([dead(first), ...others], { latencies, hedge: 0 })
      for (const index of [1, 2, 3, 4]) tell(index)
      await gatherer.gather(0)
      expect(told(gatherer.faults)).to.deep.equal(['0 unreachable'])
      await gatherer.gather(1)
      expect(asked).to.have.length(6)
      expect(gatherer.faults).to.have.length(1)
    })
  })

  describe('what is known of latencies', () => {
    const [a, b, c, d] = parties.map(({ operator }) => operator) as [Hex, Hex, Hex, Hex]

    it('ranks by doublings, and whom it does not know in the middle', () => {
      const latencies = createLatencies()
      expect([latencies.rank(a), latencies.knows(a)]).to.deep.equal([0, false])
      latencies.answered(a, 2)
      latencies.answered(b, 100)
      latencies.answered(c, 1_000)
      expect(latencies.rank(d)).to.equal(latencies.rank(b))
      expect(latencies.rank(a)).to.be.below(latencies.rank(b))
      expect(latencies.rank(b)).to.be.below(latencies.rank(c))
      latencies.answered(d, 110)
      expect(latencies.rank(d)).to.equal(latencies.rank(b))
    })

    it('forgets: one slow answer does not sink a source, many do', () => {
      const latencies = createLatencies()
      latencies.answered(a, 8)
      const before = latencies.rank(a)
      latencies.answered(a, 30)
      expect(latencies.rank(a)).to.equal(before)
      for (let i = 0; i < 50; i++) latencies.answered(a, 1_000)
      expect(latencies.rank(a)).to.be.above(before + 4)
    })

    it('says within which time answers come, once each of them has answered', () => {
      const latencies = createLatencies()
      latencies.answered(a, 10)
      expect(latencies.within([])).to.equal(undefined)
      expect(latencies.within([a, b])).to.equal(undefined)
      expect(latencies.within([a])).to.equal(30)
    })

    it('holds against who was outrun only what is longer than its answers', () => {
      const latencies = createLatencies()
      latencies.outrun(a, 500)
      expect(latencies.knows(a)).to.equal(false)
      latencies.answered(a, 100)
      latencies.outrun(a, 5)
      expect(latencies.within([a])).to.equal(300)
      latencies.outrun(a, 4_000)
      expect(latencies.within([a])).to.be.above(300)
    })
  })

  it('stops when it is told to, and says why', async () => {
    const gatherer = await gathererOf({ 0: hanging, 1: hanging, 2: hanging, 3: hanging }, { timeout: 60_000 })
    const controller = new AbortController()
    const reason = new Error('enough')
    const gathering = gatherer.gather(0, { signal: controller.signal }).catch((error: unknown) => error)
    controller.abort(reason)
    expect(await gathering).to.equal(reason)
  })

  it('says that the depositor split wrongly when valid shares give another chunk', async () => {
    const operators = parties.map(({ operator }) => operator)
    const tamper = (body: Bytes, chunk: number, index: number) =>
      chunk === 1 && index === 2 ? flipped(body) : undefined
    const bad = await sealedRecord({ networkId: network.networkId, uploader: newAccount(), policy, operators, tamper })
    const parts = [0, 1, 2].map((index) => ({ index, body: bad.parts[1]?.[index]?.body as Bytes }))
    expect(await codeOf(rebuildChunk(bad.manifest, 1, parts, bad.contentLeaves))).to.equal('INCONSISTENT_RECORD')
    // Since then others made the shares: nobody is convicted, and the depositor least of all.
    const renewed = { ...bad.manifest, prev: randomBytes(32) }
    const error = await rebuildChunk(renewed, 1, parts, bad.contentLeaves).catch((thrown: unknown) => thrown)
    expect(error).to.be.instanceOf(InconsistentRenewalError)
    expect(error).to.not.have.property('proof')
    expect((error as Error).message).to.not.match(/deposit/i)
  })
})
