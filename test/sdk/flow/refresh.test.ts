import { type Bytes, concat, fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import { type Chain, type Operator, operators, recordOf, relocate } from '@sharewell/sdk/chain'
import { type RefreshOptions, refreshRecord } from '@sharewell/sdk/flow'
import { operatorAuthorization, recordHealth } from '@sharewell/sdk/flow/health'
import { createHttpStore, createLeafLoader, loadRecord, putBlock } from '@sharewell/sdk/place'
import { randomBytes, sha256 } from '@sharewell/sdk/primitives'
import {
  beaconOf,
  chunkCount,
  chunkLength,
  cidOf,
  decodeChunk,
  encodePlacement,
  encodeRenewAsk,
  encodeTerms,
  leafAt,
  PartError,
  type RenewAnswer,
  type RenewAsk,
  type RenewTerms,
  readKey,
  readRenewAnswer,
  sealPart,
  sessionOf,
  shareChunkLength,
  signSaid,
} from '@sharewell/sdk/share'
import { signObject } from '@sharewell/sdk/signed'
import { expect } from 'chai'
import { codeOf } from '../../helpers/code-of.ts'
import { type Hospital, type Patient, registerHospitals, registerPatientAt } from '../../helpers/committee.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'
import { falseDealer, filesBelow, silentIn, twisting } from '../../helpers/renew-liars.ts'
import { upTo } from '../../helpers/renewals.ts'
import type { SealedRecord } from '../../helpers/sealed-record.ts'
import { depositRecord, type RunningService, startStorageNetwork, writeTicket } from '../../helpers/storage-network.ts'

const policy = { n: 5, t: 3, r: 1 }

describe('a refresh of all shares, by nodes', function () {
  this.timeout(600_000)
  let net: TestNetwork
  let hospital: Hospital
  let stranger: Hospital
  let patient: Patient
  let storage: Awaited<ReturnType<typeof startStorageNetwork>>
  let authorize: (node: Hex) => Promise<string>
  let reader: (operator: Operator) => ReturnType<typeof createHttpStore>
  before(async () => {
    net = await startNetwork()
    ;[hospital, stranger] = (await registerHospitals(net, 2)) as [Hospital, Hospital]
    patient = await registerPatientAt(net, hospital)
    storage = await startStorageNetwork(net, hospital, { nodes: 5, workers: 1 })
    const worker = storage.workers[0] as RunningService
    authorize = operatorAuthorization(await net.as(worker.account), worker.operator)
    reader = ({ id, endpoint }) => createHttpStore({ url: endpoint, authorize: () => authorize(id) })
  })
  after(async () => {
    await storage?.close()
    await net?.close()
  })

  const nodeAt = (j: number): RunningService => storage.nodes[j] as RunningService
  const deposited = () => depositRecord(net, { hospital, patient, nodes: storage.nodes, policy, dataLength: 70_000 })
  const refresh = (record: { recordId: Hex }, more: Partial<RefreshOptions> = {}, chain: Chain = hospital.chain) =>
    refreshRecord(chain, record, { read: reader, ...more })

  /** The record as it stands, and `[j][i]` what its nodes keep. */
  const standing = async ({ recordId }: { recordId: Hex }) => {
    const all = await operators(hospital.chain, { kind: 'storage' })
    const nodes = storage.nodes.map(({ operator }) => {
      return { operator, store: reader(all.find(({ id }) => id === operator) as Operator) }
    })
    const anchored = await recordOf(hospital.chain, { recordId })
    if (!anchored) throw new Error('no record')
    const loaded = await loadRecord({ ...anchored, networkId: net.network.networkId, nodes })
    const leaves = createLeafLoader(loaded.manifest, nodes)
    const shares = nodes.map(async ({ store }, j) => {
      const list = await leaves(j)
      const chunks = upTo(chunkCount(loaded.manifest))
      return await Promise.all(chunks.map((i) => store.get(cidOf(leafAt(list, i) as Bytes))))
    })
    return { anchored, loaded, shares: await Promise.all(shares) }
  }
  const oldShares = (record: SealedRecord) => upTo(5).map((j) => record.parts.map((row) => row[j]?.body as Bytes))
  /** Whether these share-chunks of chunk 0 give the sealed one. */
  const opens = (record: SealedRecord, parts: { index: number; body: Bytes }[]): boolean => {
    try {
      const chunk = decodeChunk(policy, parts, chunkLength(record.manifest, 0))
      return toHex(chunk) === toHex(record.sealed[0] as Bytes)
    } catch (error) {
      if (error instanceof PartError) return false
      throw error
    }
  }
  const nameOf = (body: Bytes) => cidOf(sha256(body))
  const renewFiles = async () =>
    (await Promise.all(storage.nodes.map(({ folder }) => filesBelow(folder, 'renew')))).flat()

  it('changes every share and no data; old and new do not go together, and the old ones are gone', async () => {
    const record = await deposited()
    const steps = new Set<string>()
    const done = await refresh(record, { onProgress: ({ step }) => steps.add(step) })
    expect(done).to.deep.include({ recordId: record.recordId, unhelpful: [], mended: [], notRetired: [] })
    expect(done.contributors).to.deep.equal([nodeAt(0).operator, nodeAt(1).operator])
    expect([...steps]).to.deep.equal(['deal', 'check', 'take', 'activate'])
    const { loaded, shares, anchored } = await standing(record)
    expect(anchored.placementHash).to.equal(done.placementHash)
    expect(loaded.manifest.prev).to.deep.equal(fromHex(record.manifestHash, 32))
    const part = (all: Bytes[][], index: number) => ({ index, body: all[index]?.[0] as Bytes })
    const old = oldShares(record)
    for (const j of upTo(5)) {
      expect(shares[j]?.[0]).not.to.deep.equal(old[j]?.[0])
      expect(await codeOf(reader(await infoOf(j)).get(nameOf(old[j]?.[0] as Bytes)))).to.equal('BLOCK_NOT_FOUND')
    }
    expect(
      opens(
        record,
        [0, 2, 4].map((j) => part(shares, j)),
      ),
    ).to.equal(true)
    expect(
      opens(
        record,
        [1, 2, 3].map((j) => part(old, j)),
      ),
    ).to.equal(true)
    expect(opens(record, [part(shares, 0), part(shares, 2), part(old, 4)])).to.equal(false)
    expect(await renewFiles(), 'secrets and words').to.deep.equal([])
    // And again, of what stands now.
    expect(await refresh(record)).to.deep.include({ unhelpful: [], notRetired: [] })
    expect((await standing(record)).loaded.lineage.length).to.equal(3)
  })

  const infoOf = async (j: number): Promise<Operator> => {
    const all = await operators(hospital.chain, { kind: 'storage' })
    return all.find(({ id }) => id === nodeAt(j).operator) as Operator
  }
  const healthy = async ({ recordId }: { recordId: Hex }) => {
    const anchored = await recordOf(hospital.chain, { recordId })
    if (!anchored) throw new Error('no record')
    return (await recordHealth(hospital.chain, anchored, { read: reader, samples: 9 })).level
  }

  it('names a contributor that deals what is no zero word, and goes on without it', async () => {
    const record = await deposited()
    await nodeAt(0).restart({}, falseDealer(record.manifest, storage.nodes, 0, [1, 2, 3, 4]))
    try {
      const done = await refresh(record)
      const [bad, ...others] = done.unhelpful
      expect(others).to.deep.equal([])
      expect(bad).to.deep.include({ operator: nodeAt(0).operator, refused: true })
      expect(done.contributors).to.deep.equal([nodeAt(1).operator, nodeAt(2).operator])
      expect(await healthy(record)).to.equal('healthy')
    } finally {
      await nodeAt(0).restart()
    }
  })

  it('mends the share of a node that was dealt something else than the others', async () => {
    const record = await deposited()
    await nodeAt(1).restart({}, falseDealer(record.manifest, storage.nodes, 1, [3]))
    try {
      expect(await refresh(record)).to.deep.include({ unhelpful: [], mended: [3], notRetired: [] })
      expect(await healthy(record)).to.equal('healthy')
      expect(await renewFiles()).to.deep.equal([])
    } finally {
      await nodeAt(1).restart()
    }
  })

  it('goes on without a node that is silent, and gives it its new share afterwards', async () => {
    const record = await deposited()
    await nodeAt(4).restart({}, silentIn(['open', 'rows', 'posts', 'checks', 'take']))
    try {
      expect(await refresh(record)).to.deep.include({ unhelpful: [], mended: [4], notRetired: [] })
      expect(await healthy(record)).to.equal('healthy')
    } finally {
      await nodeAt(4).restart()
    }
  })

  it('takes another contributor for one that deals nothing; without enough nodes nothing changes', async () => {
    const record = await deposited()
    await nodeAt(0).restart({}, silentIn(['words']))
    try {
      const done = await refresh(record)
      expect(done.unhelpful.map(({ operator, refused }) => [operator, refused])).to.deep.equal([
        [nodeAt(0).operator, false],
      ])
      await nodeAt(3).restart({}, silentIn(['posts']))
      await nodeAt(4).restart({}, silentIn(['posts']))
      const { shares } = await standing(record)
      expect(await codeOf(refresh(record))).to.equal('RENEW')
      expect((await standing(record)).shares).to.deep.equal(shares)
      expect(await renewFiles(), 'all forgot the session').to.deep.equal([])
    } finally {
      for (const j of [0, 3, 4]) await nodeAt(j).restart()
    }
  })

  it('is not activated while a node does not attest; called off at any moment, the next call starts anew', async () => {
    const record = await deposited()
    await nodeAt(2).restart({}, silentIn(['confirm']))
    try {
      expect(await codeOf(refresh(record))).to.equal('RENEW')
      expect((await standing(record)).loaded.lineage.length).to.equal(1)
    } finally {
      await nodeAt(2).restart()
    }
    for (const step of ['deal', 'take']) {
      const stop = new AbortController()
      const running = refresh(record, { signal: stop.signal, onProgress: (at) => at.step === step && stop.abort() })
      expect(
        await running.then(
          () => 'done',
          () => 'called off',
        ),
      ).to.equal('called off')
    }
    expect((await standing(record)).shares).to.deep.equal(oldShares(record))
    expect(await renewFiles()).not.to.deep.equal([])
    await Promise.all(storage.nodes.map((node) => node.restart()))
    expect(await refresh(record)).to.deep.include({ unhelpful: [], mended: [], notRetired: [] })
    expect(await renewFiles()).to.deep.equal([])
    // Nothing stays of what was made and never stood.
    const counts = await Promise.all(storage.nodes.map(({ url }) => blocksAt(url)))
    expect(new Set(counts).size).to.equal(1)
  })

  const blocksAt = async (url: string) => (await createHttpStore({ url, authorize: async () => '' }).status()).blocks

  describe('refuses', () => {
    let record: SealedRecord
    let ticket: string
    before(async () => {
      record = await deposited()
      ticket = await writeTicket(hospital, storage.nodes, { recordId: record.recordId })
    })

    const termsOf = (more: Partial<RenewTerms> = {}): RenewTerms => ({
      v: 1,
      networkId: fromHex(net.network.networkId, 32),
      recordId: fromHex(record.recordId, 32),
      version: 1,
      manifestHash: fromHex(record.manifestHash, 32),
      placementHash: fromHex(record.placementHash, 32),
      epoch: 1,
      nonce: randomBytes(32),
      kind: 'refresh',
      contributors: [0, 1],
      receivers: storage.nodes.map(({ operator }) => fromHex(operator, 16)),
      off: 1,
      ...more,
    })
    type Step = Parameters<ReturnType<typeof createHttpStore>['renew']>[0]
    const ask = async (j: number, step: Step, terms: RenewTerms, more: Partial<RenewAsk> = {}, by = ticket) => {
      const client = createHttpStore({ url: nodeAt(j).url, authorize: async () => by })
      return readRenewAnswer(await client.renew(step, encodeRenewAsk({ terms: encodeTerms(terms), ...more })))
    }
    const refusal = async (work: Promise<unknown>): Promise<unknown> =>
      await work.then(
        () => undefined,
        (error: { reason?: string }) => error.reason,
      )
    const each = async (work: (j: number) => Promise<RenewAnswer>): Promise<RenewAnswer[]> =>
      await Promise.all(upTo(5).map(work))
    const count = () => chunkCount(record.manifest) + 1
    const saidOf = (answers: readonly RenewAnswer[]) => answers.map(({ said }) => said)

    /** A session up to where all have their words. */
    const dealt = async (terms: RenewTerms) => {
      const keys = saidOf(await each((j) => ask(j, 'open', terms)))
      const words = await Promise.all([0, 1].map((c) => ask(c, 'words', terms, { count: count(), said: keys })))
      const partsFor = (j: number) => upTo(count()).map((at) => words.map(({ parts }) => parts[at]?.[j] as Bytes))
      const rows = (j: number, more: Partial<RenewAsk> = {}) =>
        ask(j, 'rows', terms, { count: count(), parts: partsFor(j), ...more })
      return { keys, words, partsFor, rows }
    }

    it('whoever is no depositor of the record, terms that do not stand, and other receivers', async () => {
      const theirs = await writeTicket(stranger, storage.nodes, { recordId: record.recordId })
      const steps = ['open', 'words', 'rows', 'posts', 'checks', 'take', 'finish', 'drop'] as const
      for (const step of steps) {
        expect(await refusal(ask(0, step, termsOf(), {}, theirs)), step).to.equal('FORBIDDEN')
        expect(await refusal(ask(0, step, termsOf(), {}, '')), step).to.equal('TICKET')
        expect(await refusal(ask(0, step, termsOf({ epoch: 0 })))).to.equal('RENEW')
      }
      const other = randomBytes(32)
      const receivers = termsOf().receivers.toReversed()
      for (const more of [{ recordId: other }, { manifestHash: other }, { placementHash: other }, { receivers }])
        expect(await refusal(ask(0, 'open', termsOf(more))), Object.keys(more).join()).to.equal('RENEW')
      expect(await refusal(ask(0, 'words', termsOf(), { count: 1 })), 'no session').to.equal('RENEW')
      expect(await codeOf(refresh(record, {}, stranger.chain))).to.equal('RENEW')
    })

    it('words of another session, place, signer or key, and words that leave a gap', async () => {
      const terms = termsOf()
      const { partsFor, rows, keys } = await dealt(terms)
      const swapped = partsFor(2).map(([one, two]) => [two, one] as Bytes[])
      expect((await rows(2, { parts: swapped })).unread).to.deep.equal([0, 1])
      expect((await rows(2, { parts: partsFor(3) })).unread).to.deep.equal([0, 1])
      expect((await rows(2, { first: 1, count: 1, parts: [partsFor(2)[1] as Bytes[]] })).unread).to.deep.equal([0, 1])
      const another = termsOf()
      const { keys: otherKeys } = await dealt(another)
      expect(await refusal(rows(2)), 'the session before has ended').to.equal('RENEW')
      expect(await refusal(ask(0, 'words', another, { count: 1, said: keys }))).to.equal('RENEW')
      const mine = await ask(0, 'words', another, { count: 1, said: otherKeys })
      expect(mine.parts[0]?.length).to.equal(5)
      const place = { stage: 'word', from: 0, to: 2, i: 0 } as const
      const within = { session: sessionOf(another), networkId: another.networkId }
      const { operator, account } = nodeAt(2)
      const publicKey = readKey(within, otherKeys[2] as Bytes, { operator, account: account.address })
      const forged = await sealPart(within, place, new Uint8Array(64), { signer: nodeAt(1).account, publicKey })
      const one = await ask(2, 'rows', another, { count: 1, parts: [[forged, forged]] })
      expect(one.unread).to.deep.equal([0, 1])
    })

    it('whatever comes out of order, and says the same when it is asked again, after a restart too', async () => {
      const terms = termsOf()
      const { rows, keys } = await dealt(terms)
      for (const j of upTo(5)) expect((await rows(j)).unread).to.deep.equal([])
      expect((await rows(2)).unread, 'again').to.deep.equal([])
      expect(await refusal(ask(2, 'checks', terms, { block: 10 ** 9 })), 'not posted').to.equal('RENEW')
      const posts = await each((j) => ask(j, 'posts', terms))
      expect(await refusal(rows(2)), 'posted').to.equal('RENEW')
      await nodeAt(2).restart()
      expect((await ask(2, 'open', terms)).said).to.deep.equal(keys[2])
      expect((await ask(2, 'posts', terms)).said).to.deep.equal(posts[2]?.said)
      const head = Math.max(...posts.map(({ block }) => block))
      const said = saidOf(posts)
      expect(await refusal(ask(2, 'checks', terms, { block: posts[2]?.block ?? 0, said })), 'known').to.equal('RENEW')
      const few = said.with(0, new Uint8Array(0)).with(1, said[2] as Bytes)
      expect(await refusal(ask(2, 'checks', terms, { block: head + 1, said: few })), 'few posts').to.equal('RENEW')
      expect(await refusal(ask(2, 'take', terms, { count: 1, said })), 'not checked').to.equal('RENEW')
      await net.mine(2)
      const checks = await each((j) => ask(j, 'checks', terms, { block: head + 1, said }))
      expect(await refusal(ask(2, 'checks', terms, { block: head + 2, said })), 'another block').to.equal('RENEW')
      expect((await ask(2, 'checks', terms, { block: head + 1, said })).said).to.deep.equal(checks[2]?.said)
      const words = saidOf(checks)
      const withheld = words.map((word, j) => (j < 2 ? new Uint8Array(0) : word))
      expect(await refusal(ask(4, 'take', terms, { count: 1, said: withheld })), 'withheld').to.equal('RENEW')
      // A check of another beacon is no check.
      const values = [null, null]
      const beacon = beaconOf(sessionOf(terms), randomBytes(32))
      const within = { session: sessionOf(terms), networkId: terms.networkId }
      const other = await signSaid(within, { stage: 'check', from: 0, beacon, values }, nodeAt(0).account)
      const bent = words.with(0, other).with(1, new Uint8Array(0))
      expect(await refusal(ask(4, 'take', terms, { count: 1, said: bent })), 'another beacon').to.equal('RENEW')
      const total = count() - 1
      expect(await refusal(ask(4, 'take', terms, { first: 1, count: 1, said: words })), 'a gap').to.equal('RENEW')
      const { leaves } = await ask(4, 'take', terms, { count: total, said: words })
      expect(leaves.length).to.equal(32 * total)
      expect((await ask(4, 'take', terms, { count: total, said: [] })).leaves, 'again').to.deep.equal(leaves)
      const wrong = leaves.map((byte, at) => (at === 0 ? byte ^ 1 : byte))
      expect(await refusal(ask(4, 'finish', terms, { leaves: wrong }))).to.equal('RENEW')
      expect((await ask(4, 'finish', terms, { leaves })).said.length).to.equal(0)
      const right = await authorize(nodeAt(4).operator)
      expect(await refusal(ask(4, 'confirm', terms, { leaves: wrong }, right))).to.equal('RENEW')
      expect((await ask(4, 'confirm', terms, { leaves }, right)).said.length).to.equal(65)
      await ask(4, 'drop', terms)
      expect(await codeOf(reader(await infoOf(4)).get(cidOf(leaves.slice(0, 32))))).to.equal('BLOCK_NOT_FOUND')
      expect((await standing(record)).shares).to.deep.equal(oldShares(record))
    })

    it('what a node attests before it has judged what was dealt, or without having it', async () => {
      const terms = termsOf()
      const leaves = randomBytes(32 * (count() - 1))
      expect(await refusal(ask(3, 'finish', terms, { leaves }))).to.equal('RENEW')
      expect(await refusal(ask(3, 'finish', terms, { leaves: leaves.slice(32) }))).to.equal('RENEW')
      await ask(3, 'drop', terms)
      expect(await filesBelow(nodeAt(3).folder, 'renew')).to.deep.equal([])
    })

    /** A session that all but the last node have judged. */
    const checkedByOthers = async (terms: RenewTerms) => {
      const { rows } = await dealt(terms)
      const others = async (work: (j: number) => Promise<RenewAnswer>) => await Promise.all(upTo(4).map(work))
      for (const { unread } of await others((j) => rows(j))) expect(unread).to.deep.equal([])
      const posts = await others((j) => ask(j, 'posts', terms))
      const block = Math.max(...posts.map((post) => post.block)) + 1
      await net.mine(2)
      const posted = [...saidOf(posts), new Uint8Array(0)]
      const checks = await others((j) => ask(j, 'checks', terms, { block, said: posted }))
      return { block, said: [...saidOf(checks), new Uint8Array(0)] }
    }
    const put = async (j: number, body: Bytes) => {
      const store = createHttpStore({ url: nodeAt(j).url, authorize: async () => ticket })
      await putBlock(store, { cid: nameOf(body), body }, {})
    }
    const isHere = async (j: number, body: Bytes) =>
      (await codeOf(reader(await infoOf(j)).get(nameOf(body)))) !== 'BLOCK_NOT_FOUND'

    it("to vouch for what a depositor's key alone gives a node that is off", async () => {
      const terms = termsOf()
      const checked = await checkedByOthers(terms)
      const invented = upTo(count() - 1).map((i) => randomBytes(shareChunkLength(record.manifest, i)))
      const leaves = concat(...invented.map((body) => sha256(body)))
      expect((await ask(4, 'finish', terms, { ...checked, leaves })).said.length).to.equal(0)
      for (const body of invented) await put(4, body)
      expect(await refusal(ask(4, 'confirm', terms, { leaves }))).to.equal('TICKET')
      const right = await authorize(nodeAt(4).operator)
      expect((await ask(4, 'confirm', terms, { leaves }, right)).said.length, 'with both rights').to.equal(65)
      for (const j of upTo(5)) await ask(j, 'drop', terms)
      expect(await isHere(4, invented[0] as Bytes)).to.equal(false)
    })

    it('an answer that is none: that node is silent, and is mended', async () => {
      await nodeAt(1).restart(
        {},
        twisting(['rows'], async (_, honest) => {
          await honest()
          return Uint8Array.of(0xff)
        }),
      )
      try {
        expect(await refresh(record)).to.deep.include({ mended: [1], notRetired: [] })
      } finally {
        await nodeAt(1).restart()
      }
    })

    it('to remove what it kept before a session, whatever list it is given as one that is off', async () => {
      record = await deposited()
      ticket = await writeTicket(hospital, storage.nodes, { recordId: record.recordId })
      await refresh(record)
      const { shares, loaded } = await standing(record)
      // A depositor's word that the anchored manifest stands again, of which no share is left.
      const { recordId, manifestHash } = record
      const { placement } = loaded
      const next = { gen: placement.gen + 1, salt: randomBytes(32), manifestHash: fromHex(manifestHash, 32) }
      const encoded = encodePlacement({ ...placement, ...next })
      const placed = await signObject('placement', encoded, placement.networkId, hospital.account)
      for (const j of upTo(5)) await put(j, placed)
      await relocate(hospital.chain, { recordId, version: 1, placementHash: toHex(sha256(placed)) })
      await net.mine(2)
      const terms = termsOf({ placementHash: sha256(placed) })
      const checked = await checkedByOthers(terms)
      const own = shares[4] ?? []
      expect(own.length).to.be.greaterThan(0)
      await ask(4, 'finish', terms, { ...checked, leaves: concat(...own.map((body) => sha256(body))) })
      for (const j of upTo(5)) await ask(j, 'drop', terms)
      for (const body of own) expect(await isHere(4, body)).to.equal(true)
    })
  })
})
