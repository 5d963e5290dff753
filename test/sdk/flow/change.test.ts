import { type Bytes, fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import { type Chain, type Operator, recordOf, relocate } from '@sharewell/sdk/chain'
import { changeRecord, refreshRecord } from '@sharewell/sdk/flow'
import { operatorAuthorization, recordHealth, repairRecord } from '@sharewell/sdk/flow/health'
import { createHttpStore, createLeafLoader, loadRecord, putBlock } from '@sharewell/sdk/place'
import { randomBytes, sha256 } from '@sharewell/sdk/primitives'
import {
  chunkCount,
  chunkLength,
  cidOf,
  decodeChunk,
  encodePlacement,
  encodeRenewAnswer,
  encodeRenewAsk,
  encodeTerms,
  leafAt,
  type Placement,
  type Policy,
  type RenewAsk,
  type RenewTerms,
  readKey,
  readRenewAnswer,
  readRenewAsk,
  sealPart,
  sessionOf,
  shareChunkLength,
} from '@sharewell/sdk/share'
import { type ObjectSigner, signObject } from '@sharewell/sdk/signed'
import { expect } from 'chai'
import { codeOf } from '../../helpers/code-of.ts'
import { type Hospital, type Patient, registerHospitals, registerPatientAt } from '../../helpers/committee.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'
import { falseParts, falseTaker, filesBelow, silentIn, twisting } from '../../helpers/renew-liars.ts'
import { upTo } from '../../helpers/renewals.ts'
import { signedGeneration } from '../../helpers/renewing.ts'
import type { SealedRecord } from '../../helpers/sealed-record.ts'
import { depositRecord, type RunningService, startStorageNetwork, writeTicket } from '../../helpers/storage-network.ts'

const narrow = { n: 5, t: 3, r: 1 }
const wide = { n: 7, t: 4, r: 2 }

describe('a change of policy, by nodes', function () {
  this.timeout(900_000)
  let net: TestNetwork
  let hospital: Hospital
  let patient: Patient
  let storage: Awaited<ReturnType<typeof startStorageNetwork>>
  let authorize: (node: Hex) => Promise<string>
  before(async () => {
    net = await startNetwork()
    hospital = (await registerHospitals(net, 1))[0] as Hospital
    patient = await registerPatientAt(net, hospital)
    storage = await startStorageNetwork(net, hospital, { nodes: 8, workers: 1, keys: true })
    const worker = storage.workers[0] as RunningService
    authorize = operatorAuthorization(await net.as(worker.account), worker.operator)
  })
  after(async () => {
    await storage?.close()
    await net?.close()
  })

  const reader = ({ id, endpoint }: Pick<Operator, 'id' | 'endpoint'>) =>
    createHttpStore({ url: endpoint, authorize: () => authorize(id) })
  const nodeAt = (j: number): RunningService => storage.nodes[j] as RunningService
  const nodeOf = (operator: Hex): RunningService =>
    storage.nodes.find((node) => node.operator === operator) as RunningService
  const readerOf = ({ operator, url }: RunningService) => reader({ id: operator, endpoint: url })
  const deposited = (policy: Policy = narrow) =>
    depositRecord(net, { hospital, patient, nodes: storage.nodes.slice(0, policy.n), policy, dataLength: 70_000 })
  const change = (
    { recordId }: { recordId: Hex },
    policy: Policy,
    more: Partial<Parameters<typeof changeRecord>[2]> = {},
    chain: Chain = hospital.chain,
  ) => changeRecord(chain, { recordId, policy }, { read: reader, ...more })

  /** The record as it stands. */
  const loadedNow = async ({ recordId }: { recordId: Hex }) => {
    const nodes = storage.nodes.map((node) => ({ operator: node.operator, store: readerOf(node) }))
    const anchored = await recordOf(hospital.chain, { recordId })
    if (!anchored) throw new Error('no record')
    const loaded = await loadRecord({ ...anchored, networkId: net.network.networkId, nodes })
    return { anchored, loaded, nodes }
  }
  /** And `[j][i]` what its nodes keep. */
  const standing = async (record: { recordId: Hex }) => {
    const { anchored, loaded, nodes } = await loadedNow(record)
    const leaves = createLeafLoader(loaded.manifest, nodes)
    const keepers = loaded.placement.operators.map((id) => readerOf(nodeOf(toHex(id))))
    const shares = keepers.map(async (store, j) => {
      const list = await leaves(j)
      const chunks = upTo(chunkCount(loaded.manifest))
      return await Promise.all(chunks.map((i) => store.get(cidOf(leafAt(list, i) as Bytes))))
    })
    return { anchored, loaded, shares: await Promise.all(shares) }
  }
  const oldShares = (record: SealedRecord) =>
    upTo(record.manifest.n).map((j) => record.parts.map((row) => row[j]?.body as Bytes))
  /** That the last t shares give every sealed chunk. */
  const opens = async (record: SealedRecord) => {
    const { loaded, shares } = await standing(record)
    const { manifest } = loaded
    for (const [i, sealed] of record.sealed.entries()) {
      const parts = shares.map((own, index) => ({ index, body: own[i] as Bytes })).slice(-manifest.t)
      expect(toHex(decodeChunk(manifest, parts, chunkLength(manifest, i)))).to.equal(toHex(sealed))
    }
    const anchored = await recordOf(hospital.chain, record)
    if (!anchored) throw new Error('no record')
    expect((await recordHealth(hospital.chain, anchored, { read: reader, samples: 9 })).level).to.equal('healthy')
    const { n, t, r } = manifest
    return { n, t, r }
  }
  const renewFiles = async () =>
    (await Promise.all(storage.nodes.map(({ folder }) => filesBelow(folder, 'renew')))).flat()
  const gone = async (node: RunningService, body: Bytes) =>
    (await codeOf(readerOf(node).get(cidOf(sha256(body))))) === 'BLOCK_NOT_FOUND'

  it('gives a record to more nodes of whom more are needed, and back; the old shares are gone', async () => {
    const record = await deposited()
    const steps = new Set<string>()
    const done = await change(record, wide, { onProgress: ({ step }) => steps.add(step) })
    expect(done).to.deep.include({ recordId: record.recordId, policy: wide, unhelpful: [], notRetired: [] })
    expect(done.contributors).to.deep.equal(upTo(3).map((j) => nodeAt(j).operator))
    expect(done.operators.slice(0, 5)).to.deep.equal(upTo(5).map((j) => nodeAt(j).operator))
    expect([...steps]).to.deep.equal(['deal', 'activate'])
    expect(await opens(record)).to.deep.equal(wide)
    for (const [j, own] of oldShares(record).entries())
      for (const body of own) expect(await gone(nodeAt(j), body)).to.equal(true)
    expect(await renewFiles(), 'secrets').to.deep.equal([])
    const { shares } = await standing(record)
    const back = await change(record, narrow)
    expect(back).to.deep.include({ unhelpful: [], notRetired: [] })
    expect(await opens(record)).to.deep.equal(narrow)
    for (const [j, operator] of done.operators.entries())
      expect(await gone(nodeOf(operator), shares[j]?.[0] as Bytes)).to.equal(true)
    expect(await renewFiles()).to.deep.equal([])
  })

  it('goes window by window', async () => {
    const nodes = storage.nodes.slice(0, 5)
    const record = await depositRecord(net, { hospital, patient, nodes, policy: narrow, dataLength: 3_000_000 })
    const dealt: number[] = []
    const done = await change(record, wide, { onProgress: (at) => at.step === 'deal' && dealt.push(at.done) })
    expect(done).to.deep.include({ unhelpful: [], notRetired: [] })
    expect(dealt.length).to.be.greaterThan(1)
    expect(dealt.at(-1)).to.equal(chunkCount(record.manifest))
    expect(await opens(record)).to.deep.equal(wide)
  })

  it('names who deals what does not follow from its share, and who keeps what it was not dealt; goes on without them', async () => {
    const record = await deposited()
    await nodeAt(1).restart({}, falseParts(record.manifest, storage.nodes, 1, [3]))
    await nodeAt(4).restart({}, falseTaker)
    try {
      const done = await change(record, wide)
      expect(done.unhelpful.map(({ operator, role, lied }) => [operator, role, lied])).to.deep.equal([
        [nodeAt(1).operator, 'contributor', true],
        [nodeAt(4).operator, 'receiver', true],
      ])
      expect(done.contributors).to.deep.equal([0, 2, 3].map((j) => nodeAt(j).operator))
      expect(done.operators).not.to.include(nodeAt(4).operator)
      expect(await opens(record)).to.deep.equal(wide)
    } finally {
      await nodeAt(1).restart()
      await nodeAt(4).restart()
    }
  })

  it('goes on without one of two of whom one cannot read the other', async () => {
    const record = await deposited()
    // Its parts for one new node are sealed to nobody.
    const unreadable = twisting(['parts'], async (_, honest) => {
      const answer = readRenewAnswer(await honest())
      for (const row of answer.parts) row[2] = new Uint8Array(9)
      return encodeRenewAnswer(answer)
    })
    await nodeAt(0).restart({}, unreadable)
    try {
      const done = await change(record, wide)
      expect(done.unhelpful.map(({ operator, role, lied }) => [operator, role, lied])).to.deep.equal([
        [nodeAt(0).operator, 'contributor', false],
      ])
      expect(await opens(record)).to.deep.equal(wide)
    } finally {
      await nodeAt(0).restart()
    }
  })

  it('names nobody a liar whose session another depositor had begin anew', async () => {
    const record = await deposited()
    const ticket = await writeTicket(hospital, storage.nodes, { recordId: record.recordId })
    const client = createHttpStore({ url: nodeAt(0).url, authorize: async () => ticket })
    const begunAnew = twisting(['parts'], async (asked, honest) => {
      const { terms, draft } = readRenewAsk(asked)
      for (const step of ['drop', 'open'] as const) await client.renew(step, encodeRenewAsk({ terms, draft }))
      return await honest()
    })
    // It is to have no new share, so it is asked for its parts alone.
    await nodeAt(0).restart({ leaving: true }, begunAnew)
    try {
      const done = await change(record, wide)
      expect(done.unhelpful.map(({ operator, role, lied }) => [operator, role, lied])).to.deep.equal([
        [nodeAt(0).operator, 'contributor', false],
      ])
      expect(await opens(record)).to.deep.equal(wide)
    } finally {
      await nodeAt(0).restart()
    }
  })

  it('takes others for a contributor that deals nothing, and for a new node that is cut off', async () => {
    const record = await deposited()
    await nodeAt(0).restart({}, silentIn(['parts']))
    await nodeAt(4).restart({}, silentIn(['take']))
    try {
      const done = await change(record, wide)
      expect(done.unhelpful.map(({ operator, role, lied }) => [operator, role, lied])).to.deep.equal([
        [nodeAt(0).operator, 'contributor', false],
        [nodeAt(4).operator, 'receiver', false],
      ])
      expect(done.operators).to.not.include(nodeAt(4).operator)
      expect(await opens(record)).to.deep.equal(wide)
    } finally {
      await nodeAt(0).restart()
      await nodeAt(4).restart()
    }
  })

  it('is nothing while too few nodes attest; called off at any moment, the next call starts anew', async () => {
    const record = await deposited()
    await nodeAt(5).restart({}, silentIn(['confirm']))
    await nodeAt(6).restart({}, silentIn(['open']))
    try {
      expect(await codeOf(change(record, wide))).to.equal('RENEW')
    } finally {
      await nodeAt(5).restart()
      await nodeAt(6).restart()
    }
    expect(await renewFiles(), 'all forgot the session').to.deep.equal([])
    const stop = new AbortController()
    const running = change(record, wide, { signal: stop.signal, onProgress: () => stop.abort() })
    expect(
      await running.then(
        () => 'done',
        () => 'called off',
      ),
    ).to.equal('called off')
    expect((await standing(record)).shares).to.deep.equal(oldShares(record))
    await Promise.all(storage.nodes.map((node) => node.restart()))
    expect(await change(record, wide)).to.deep.include({ unhelpful: [], notRetired: [] })
    expect(await opens(record)).to.deep.equal(wide)
    expect(await renewFiles()).to.deep.equal([])
  })

  it('keeps old shares where fewer keep the new ones, and says so', async () => {
    const record = await deposited(wide)
    const done = await change(record, narrow)
    expect(done.notRetired.map(({ code }) => code)).to.deep.equal(upTo(7).map(() => 'RENEW'))
    expect(await opens(record)).to.deep.equal(narrow)
    expect(await renewFiles(), 'secrets').to.deep.equal([])
  })

  it('leaves shares that nodes refresh and repair, under the policy that they know and no other', async () => {
    const record = await deposited()
    await change(record, wide)
    expect(await refreshRecord(hospital.chain, record, { read: reader })).to.deep.include({
      mended: [],
      notRetired: [],
    })
    expect(await opens(record)).to.deep.equal(wide)
    const { loaded, shares } = await standing(record)
    const lost = nodeOf(toHex(loaded.placement.operators[2] as Bytes))
    await lost.lose((shares[2] ?? []).map((body) => cidOf(sha256(body))))
    const repaired = await repairRecord(hospital.chain, record, { read: reader, samples: 9 })
    expect(repaired).to.deep.include({ refilled: [2], failed: new Map() })
    expect(await opens(record)).to.deep.equal(wide)
    // A depositor's word that five of these shares are of the policy of before.
    const ids = loaded.placement.operators.slice(0, 5)
    const { manifest, manifestHash } = loaded
    const { T, shareLeaves, ...rest } = manifest
    const attest = upTo(5).map(() => randomBytes(65))
    const lied = { ...rest, ...narrow, T: T.slice(0, 5), shareLeaves: shareLeaves.slice(0, 5), attest }
    const generation = await signedGeneration(
      { ...lied, prev: fromHex(manifestHash, 32) },
      { uploader: hospital.account, operators: ids.map((id) => toHex(id)), gen: loaded.placement.gen + 1 },
    )
    const ticket = await writeTicket(hospital, storage.nodes, { recordId: record.recordId })
    for (const { url } of storage.nodes)
      for (const body of generation.blocks)
        await putBlock(createHttpStore({ url, authorize: async () => ticket }), { cid: cidOf(sha256(body)), body }, {})
    const { placementHash } = generation
    await relocate(hospital.chain, { recordId: record.recordId, version: 1, placementHash })
    await net.mine(2)
    const reason = await refreshRecord(hospital.chain, record, { read: reader }).catch((error: Error) => error.message)
    expect(reason).to.include('not made under the policy that stands')
  })

  it('encodes a record anew that hid nothing, or is to hide nothing, by the same rights', async () => {
    const plain = { n: 5, t: 3, r: 0 }
    const record = await deposited(plain)
    const steps = new Set<string>()
    await nodeAt(3).restart({}, silentIn(['confirm']))
    const hidden = await change(record, wide, { onProgress: ({ step }) => steps.add(step) })
    expect(hidden).to.deep.include({ contributors: [], notRetired: [] })
    expect(hidden.unhelpful.map(({ operator }) => operator)).to.deep.equal([nodeAt(3).operator])
    await nodeAt(3).restart()
    expect([...steps]).to.deep.equal(['deal', 'take', 'activate'])
    expect(await opens(record)).to.deep.equal(wide)
    for (const [j, own] of oldShares(record).entries())
      for (const body of own) expect(await gone(nodeAt(j), body)).to.equal(true)
    expect(await change(record, plain)).to.deep.include({ unhelpful: [], notRetired: [] })
    expect(await opens(record)).to.deep.equal(plain)
    expect(await renewFiles()).to.deep.equal([])
  })

  it('has another k and the policy that stands refused before anybody is asked', async () => {
    const record = await deposited()
    for (const policy of [narrow, { n: 7, t: 4, r: 1 }, { n: 200, t: 100, r: 0 }])
      expect(await codeOf(change(record, policy))).to.equal('RENEW')
    expect(await codeOf(change(record, { n: 3, t: 4, r: 2 }))).to.equal('POLICY')
  })

  describe('refuses', () => {
    let record: SealedRecord
    let ticket: string
    before(async () => {
      record = await deposited()
      ticket = await writeTicket(hospital, storage.nodes, { recordId: record.recordId })
    })

    const drafted = async (more: Partial<Placement> = {}, signer: ObjectSigner = hospital.account): Promise<Bytes> => {
      const { placement } = (await loadedNow(record)).loaded
      const receivers = upTo(7).map((j) => fromHex(nodeAt(j).operator, 16))
      const next = { ...placement, gen: placement.gen + 1, salt: randomBytes(32), operators: receivers, ...more }
      return await signObject('placement', encodePlacement(next), placement.networkId, signer)
    }
    const termsOf = async (draft: Bytes, more: Partial<RenewTerms> = {}): Promise<RenewTerms> => ({
      v: 1,
      networkId: fromHex(net.network.networkId, 32),
      recordId: fromHex(record.recordId, 32),
      version: 1,
      manifestHash: fromHex(record.manifestHash, 32),
      placementHash: fromHex((await loadedNow(record)).anchored.placementHash, 32),
      epoch: 1,
      nonce: randomBytes(32),
      kind: 'change',
      contributors: [0, 1, 2],
      receivers: upTo(7).map((j) => fromHex(nodeAt(j).operator, 16)),
      draft: sha256(draft),
      policy: wide,
      ...more,
    })
    type Step = Parameters<ReturnType<typeof createHttpStore>['renew']>[0]
    const readers: readonly Step[] = ['seeds', 'parts', 'confirm', 'show']
    type Asking = { readonly terms: RenewTerms; readonly draft: Bytes }
    const ask = async (j: number, step: Step, { terms, draft }: Asking, more: Partial<RenewAsk> = {}, by?: string) => {
      const right = async () => by ?? (readers.includes(step) ? await authorize(nodeAt(j).operator) : ticket)
      const client = createHttpStore({ url: nodeAt(j).url, authorize: right })
      return readRenewAnswer(await client.renew(step, encodeRenewAsk({ terms: encodeTerms(terms), draft, ...more })))
    }
    const refusal = async (work: Promise<unknown>): Promise<unknown> =>
      await work.then(
        () => undefined,
        (error: { reason?: string }) => error.reason,
      )
    const put = async (node: RunningService, body: Bytes) =>
      await putBlock(
        createHttpStore({ url: node.url, authorize: async () => ticket }),
        { cid: cidOf(sha256(body)), body },
        {},
      )
    const given = async (): Promise<Asking> => {
      const placement = cidOf(fromHex((await loadedNow(record)).anchored.placementHash, 32))
      const blocks = [record.blocks.manifest, await readerOf(nodeAt(0)).get(placement)]
      for (const node of storage.nodes.slice(5)) for (const body of blocks) await put(node, body)
      const draft = await drafted()
      return { draft, terms: await termsOf(draft) }
    }
    const saidBy = async (nodes: readonly number[], asking: Asking) =>
      await Promise.all(nodes.map(async (j) => (await ask(j, 'open', asking)).said))

    /** A session up to where all parts are dealt. */
    const dealt = async (asking: Asking) => {
      const keys = await saidBy(upTo(7), asking)
      const said = keys.slice(0, 3)
      const seeds = await Promise.all(
        upTo(3).map(async (c) => (await ask(c, 'seeds', asking, { said })).parts[0] ?? []),
      )
      const seedsFor = (to: number) => seeds.slice(0, to).map((own, from) => own[to - from - 1] as Bytes)
      const count = chunkCount(record.manifest)
      const parts = await Promise.all(
        upTo(3).map((c) => ask(c, 'parts', asking, { count, said: keys, parts: [seedsFor(c)] })),
      )
      const partsFor = (j: number) => upTo(count).map((at) => parts.map((one) => one.parts[at]?.[j] as Bytes))
      return { keys, count, seedsFor, partsFor }
    }

    it("whatever gives something of the record to a depositor's key alone, and sessions to a reader's", async () => {
      const asking = await given()
      const keys = await saidBy(upTo(7), asking)
      const more = { said: keys.slice(0, 3) }
      for (const step of readers) {
        expect(await refusal(ask(0, step, asking, more, ticket)), step).to.equal('TICKET')
        expect(await refusal(ask(0, step, asking, more, '')), step).to.equal('TICKET')
        expect(await refusal(ask(0, step, asking, more, await authorize(nodeAt(1).operator))), step).to.equal(
          'FORBIDDEN',
        )
      }
      for (const step of ['open', 'take', 'drop'] as const)
        expect(await refusal(ask(0, step, asking, {}, await authorize(nodeAt(0).operator))), step).to.equal('TICKET')
      // The hospital's account deposits, and has no consent to read.
      const noReader = ({ endpoint }: Operator) => createHttpStore({ url: endpoint, authorize: async () => ticket })
      const before = await standing(record)
      expect(await codeOf(change(record, wide, { read: noReader }))).to.not.equal(undefined)
      expect((await standing(record)).anchored).to.deep.equal(before.anchored)
    })

    it('terms without their draft, and drafts that do not follow, or are by a stranger', async () => {
      const asking = await given()
      const outsider = storage.workers[0] as RunningService
      const { placement } = (await loadedNow(record)).loaded
      const drafts = {
        gen: await drafted({ gen: placement.gen }),
        salt: await drafted({ salt: placement.salt }),
        manifest: await drafted({ manifestHash: randomBytes(32) }),
        order: await drafted({ operators: asking.terms.receivers.toReversed() }),
        few: await drafted({ operators: asking.terms.receivers.slice(1) }),
        stranger: await drafted({}, outsider.account),
        noNode: await drafted({ operators: asking.terms.receivers.with(6, fromHex(outsider.operator, 16)) }),
      }
      for (const [name, draft] of Object.entries(drafts)) {
        const receivers =
          name === 'noNode' ? asking.terms.receivers.with(6, fromHex(outsider.operator, 16)) : asking.terms.receivers
        const why = await refusal(ask(0, 'open', { draft, terms: await termsOf(draft, { receivers }) }))
        expect(why, name).to.be.oneOf(['RENEW', 'PLACEMENT'])
      }
      expect(await refusal(ask(0, 'open', { ...asking, draft: drafts.gen })), 'another hash').to.equal('RENEW')
      const { draft: _, ...without } = asking.terms
      expect(await refusal(ask(0, 'open', { ...asking, terms: without })), 'none').to.equal('RENEW')
      const other = randomBytes(32)
      for (const more of [{ recordId: other }, { manifestHash: other }, { placementHash: other }, { epoch: 0 }])
        expect(await refusal(ask(0, 'open', { ...asking, terms: { ...asking.terms, ...more } }))).to.equal('RENEW')
      expect(await refusal(ask(7, 'open', asking)), 'no part in it').to.be.oneOf(['RENEW', 'BLOCKS_UNAVAILABLE'])
      expect(await refusal(ask(0, 'words', asking)), 'a step of a refresh').to.equal('RENEW')
    })

    it('messages of another session, place or signer, chunks out of order, and another chunk under one number', async () => {
      const asking = await given()
      const { keys, partsFor, seedsFor, count } = await dealt(asking)
      expect((await ask(5, 'take', asking, { count, parts: partsFor(4) })).unread, 'for another').to.deep.equal([
        0, 1, 2,
      ])
      const swapped = partsFor(5).map(([one, two, three]) => [two, one, three] as Bytes[])
      expect((await ask(5, 'take', asking, { count, parts: swapped })).unread).to.deep.equal([0, 1])
      expect((await ask(5, 'take', asking, { count, parts: [] })).unread, 'nothing').to.deep.equal([0, 1, 2])
      const late = { first: 1, count: 1, parts: partsFor(5).slice(1) }
      expect(await refusal(ask(5, 'take', asking, late)), 'a gap').to.equal('RENEW')
      expect(await refusal(ask(0, 'take', { ...asking, terms: await termsOf(asking.draft) }))).to.equal('RENEW')
      const within = { session: sessionOf(asking.terms), networkId: asking.terms.networkId }
      const { operator, account } = nodeAt(5)
      const publicKey = readKey(within, keys[5] as Bytes, { operator, account: account.address })
      const place = { stage: 'part', from: 0, to: 5, i: 0 } as const
      const forge = (length: number, by: number) =>
        sealPart(within, place, new Uint8Array(length), { signer: nodeAt(by).account, publicKey })
      const [first] = partsFor(5) as [Bytes[]]
      for (const forged of [await forge(64, 0), await forge(64, 1)])
        expect((await ask(5, 'take', asking, { count: 1, parts: [first.with(0, forged)] })).unread).to.deep.equal([0])
      const { leaves } = await ask(5, 'take', asking, { count, parts: partsFor(5) })
      const length = (await readerOf(nodeAt(5)).get(cidOf(leaves.slice(0, 32)))).length
      const second = first.with(0, await forge(length, 0))
      expect(await refusal(ask(5, 'take', asking, { count: 1, parts: [second] })), 'another chunk').to.equal('RENEW')
      expect((await ask(5, 'take', asking, { count, parts: partsFor(5) })).leaves, 'again').to.deep.equal(leaves)
      const wrong = leaves.map((byte, at) => (at === 0 ? byte ^ 1 : byte))
      for (const list of [wrong, leaves.slice(32), new Uint8Array(0)])
        expect(await refusal(ask(5, 'confirm', asking, { leaves: list }))).to.equal('RENEW')
      expect(await refusal(ask(4, 'confirm', asking, { leaves })), 'made by another').to.equal('RENEW')
      // What contributors say is the same whenever they are asked, after a restart too.
      await nodeAt(1).restart()
      const said = keys
      expect((await ask(1, 'open', asking)).said).to.deep.equal(keys[1])
      const again = await ask(1, 'parts', asking, { count, said, parts: [seedsFor(1)] })
      const mixed = partsFor(5).map((row, at) => row.with(1, again.parts[at]?.[5] as Bytes))
      expect((await ask(5, 'take', asking, { count, parts: mixed })).leaves).to.deep.equal(leaves)
      expect(
        (await ask(2, 'parts', asking, { count: 1, said, parts: [seedsFor(2).toReversed()] })).unread,
      ).to.deep.equal([0, 1])
      expect((await ask(2, 'parts', asking, { count: 1, said, parts: [] })).unread).to.deep.equal([0, 1])
      // Another seed of the same contributor would have this one sign other parts, by which it would look like a liar.
      const one = nodeAt(1)
      const keyOfOne = readKey(within, keys[1] as Bytes, { operator: one.operator, account: one.account.address })
      const other = { signer: nodeAt(0).account, publicKey: keyOfOne }
      const seed = await sealPart(within, { stage: 'seed', from: 0, to: 1, i: 0 }, randomBytes(32), other)
      expect(await refusal(ask(1, 'parts', asking, { count: 1, said, parts: [[seed]] })), 'other seeds').to.equal(
        'RENEW',
      )
      expect(await refusal(ask(3, 'parts', asking, { count: 1, said })), 'no contributor').to.equal('RENEW')
      expect(await refusal(ask(0, 'parts', asking, { count: count + 1, said })), 'no such chunk').to.equal('RENEW')
      for (const j of upTo(7)) await ask(j, 'drop', asking)
      expect(await gone(nodeAt(5), leaves.slice(0, 32))).to.equal(true)
      expect(await renewFiles()).to.deep.equal([])
      expect((await standing(record)).shares).to.deep.equal(oldShares(record))
    })

    it('an answer that is none: that node is given up', async () => {
      await nodeAt(1).restart(
        {},
        twisting(['take'], async () => Uint8Array.of(0xff)),
      )
      try {
        const done = await change(record, wide)
        expect(done.unhelpful.map(({ operator, role }) => [operator, role])).to.deep.equal([
          [nodeAt(1).operator, 'receiver'],
        ])
        expect(await opens(record)).to.deep.equal(wide)
      } finally {
        await nodeAt(1).restart()
      }
    })

    it("invented shares that a depositor's key has its own nodes deal: honest ones attest them to nobody", async () => {
      record = await deposited()
      ticket = await writeTicket(hospital, storage.nodes, { recordId: record.recordId })
      // The chain says that three nodes of the key's owner keep shares; they deal what they like.
      const owned = [5, 6, 7]
      const ids = [...owned, 3, 4].map((j) => fromHex(nodeAt(j).operator, 16))
      const placed = await drafted({ operators: ids })
      for (const node of storage.nodes) for (const body of [record.blocks.manifest, placed]) await put(node, body)
      const { recordId } = record
      await relocate(hospital.chain, { recordId, version: 1, placementHash: toHex(sha256(placed)) })
      await net.mine(2)
      const draft = await drafted({ operators: upTo(7).map((j) => fromHex(nodeAt(j).operator, 16)) })
      const asking = { draft, terms: await termsOf(draft) }
      const keys = await saidBy(upTo(7), asking)
      const within = { session: sessionOf(asking.terms), networkId: asking.terms.networkId }
      const shape = { ...record.manifest, ...wide }
      const count = chunkCount(shape)
      for (const j of upTo(5)) {
        const { operator, account } = nodeAt(j)
        const publicKey = readKey(within, keys[j] as Bytes, { operator, account: account.address })
        const deal = (from: number, i: number) =>
          sealPart(within, { stage: 'part', from, to: j, i }, randomBytes(shareChunkLength(shape, i)), {
            signer: nodeAt(owned[from] as number).account,
            publicKey,
          })
        const parts = await Promise.all(upTo(count).map((i) => Promise.all(upTo(3).map((from) => deal(from, i)))))
        const { leaves } = await ask(j, 'take', asking, { count, parts })
        expect(leaves.length).to.equal(32 * count)
        expect(await refusal(ask(j, 'confirm', asking, { leaves }, ticket))).to.equal('TICKET')
        expect(await refusal(ask(j, 'finish', asking, { leaves }, ticket))).to.equal('RENEW')
        await ask(j, 'drop', asking)
        for (const body of oldShares(record)[j] ?? []) expect(await gone(nodeAt(j), body)).to.equal(false)
      }
    })
  })
})
