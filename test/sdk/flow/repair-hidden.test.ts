import { type Bytes, concat, fromHex } from '@sharewell/sdk/bytes'
import { type Chain, encodeTicket, type Operator, operators } from '@sharewell/sdk/chain'
import { publicKeyOf, seedLength } from '@sharewell/sdk/envelope'
import { repairRecord } from '@sharewell/sdk/flow/health'
import { readPass } from '@sharewell/sdk/flow/key-nodes'
import { createHttpStore } from '@sharewell/sdk/place'
import { randomBytes } from '@sharewell/sdk/primitives'
import {
  encodeRepairAsk,
  type RenewTerms,
  type RepairAsk,
  readRepairAnswer,
  sealPart,
  sessionOf,
} from '@sharewell/sdk/share'
import { expect } from 'chai'
import { Hono } from 'hono'
import { careRound } from '../../../services/reconstructor/src/care/round.ts'
import { type Components, createApp } from '../../../services/storage-node/src/app.ts'
import { codeOf } from '../../helpers/code-of.ts'
import { type Hospital, type Patient, registerHospitals, registerPatientAt } from '../../helpers/committee.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'
import { newAccount } from '../../helpers/parties.ts'
import {
  askOf as changedAsk,
  termsOf as changedTerms,
  keysOf,
  onlyInRepairs,
  step as orderedStep,
  readerOf,
  refusal,
  refusing,
} from '../../helpers/repairing.ts'
import type { SealedRecord } from '../../helpers/sealed-record.ts'
import { silentLog } from '../../helpers/silent-log.ts'
import { depositRecord, type RunningService, startStorageNetwork, writeTicket } from '../../helpers/storage-network.ts'

const policy = { n: 5, t: 3, r: 1 }

describe('the repair of a share that hides something, by nodes', function () {
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
    storage = await startStorageNetwork(net, hospital, { nodes: 5, workers: 1, keys: true })
    reader = await readerOf(net, storage)
  })
  after(async () => {
    await storage?.close()
    await net?.close()
  })

  const nodeAt = (j: number): RunningService => storage.nodes[j] as RunningService
  // Two chunks, one of them short: the smallest record that has windows.
  const deposited = () => depositRecord(net, { hospital, patient, nodes: storage.nodes, policy, dataLength: 1_000 })
  const cidsOf = (record: SealedRecord, j: number): string[] => record.parts.map((parts) => parts[j]?.cid ?? '')
  const repair = (record: SealedRecord, chain: Chain = hospital.chain, more = {}) =>
    repairRecord(chain, record, { read: reader, samples: 9, stepTimeout: 20_000, ...more })
  /** Whether the node gives every chunk of its share, byte for byte. */
  const isWhole = async (record: SealedRecord, j: number): Promise<boolean> => {
    const info = (await operators(hospital.chain, { kind: 'storage' })).find(({ id }) => id === nodeAt(j).operator)
    const held = await Promise.all(cidsOf(record, j).map((cid) => reader(info as Operator).has(cid)))
    return held.every(Boolean)
  }

  /** Helps with another share than it keeps. */
  const liar = (cids: readonly string[]) =>
    onlyInRepairs((components) => {
      const get: Components['store']['get'] = async (cid, options) => {
        const bytes = await components.store.get(cid, options)
        return cids.includes(cid) ? bytes.map((byte, at) => (at === 0 ? byte ^ 1 : byte)) : bytes
      }
      return createApp({ ...components, store: { ...components.store, get } })
    })

  /** Shows what was said in another way than it says it. */
  const withOpen =
    (says: (components: Components) => Hono, open: (components: Components) => Hono) => (components: Components) => {
      const [usual, other] = [says(components), open(components)]
      const app = new Hono()
      app.all('/v1/repair/open', (c) => other.fetch(c.req.raw, c.env))
      app.all('*', (c) => usual.fetch(c.req.raw, c.env))
      return app
    }

  it('gives a disk its lost share again, with one helper dead, and goes on where another left off', async () => {
    const record = await deposited()
    await nodeAt(1).lose(cidsOf(record, 1))
    await nodeAt(4).close()
    try {
      const stop = new AbortController()
      const broken = repair(record, hospital.chain, { signal: stop.signal, onChunk: () => stop.abort() })
      expect(
        await broken.then(
          () => 'done',
          () => 'broken off',
        ),
      ).to.equal('broken off')
      // Its chunks came before the coordinator went: nothing is sent again.
      const done = await repair(record)
      expect(done).to.deep.include({ failed: new Map(), moved: [], blocks: 0, placementHash: record.placementHash })
      expect(await isWhole(record, 1)).to.equal(true)
      expect(await repair(record)).to.deep.include({ refilled: [], blocks: 0 })
    } finally {
      await nodeAt(4).restart()
    }
  })

  it('takes other helpers where one lies, and others again where one does not answer', async () => {
    const record = await deposited()
    await nodeAt(2).lose(cidsOf(record, 2))
    await nodeAt(0).restart({}, liar(cidsOf(record, 0)))
    try {
      const done = await repair(record)
      expect(done).to.deep.include({ refilled: [2], failed: new Map(), blocks: record.parts.length })
      expect(done.liars, 'its messages, opened, name it and nobody else').to.deep.equal([nodeAt(0).operator])
      expect(done.unhelpful.map(({ operator }) => operator)).to.deep.equal([nodeAt(0).operator])
      expect(await isWhole(record, 2)).to.equal(true)
    } finally {
      await nodeAt(0).restart()
    }
    await nodeAt(2).lose(cidsOf(record, 2))
    await nodeAt(0).restart({}, refusing)
    try {
      const done = await repair(record)
      expect(done).to.deep.include({ refilled: [2], liars: [] })
      expect(done.unhelpful.map(({ operator }) => operator)).to.deep.equal([nodeAt(0).operator])
    } finally {
      await nodeAt(0).restart()
    }
  })

  it('has a caretaker’s log name who lied, and goes on', async () => {
    const record = await deposited()
    await nodeAt(2).lose(cidsOf(record, 2))
    await nodeAt(0).restart({}, liar(cidsOf(record, 0)))
    const said: object[] = []
    const log = { ...silentLog, warn: (words: object) => void said.push(words) }
    try {
      const parts = { chain: hospital.chain, depositor: hospital.chain, read: reader, log }
      const told = { organization: hospital.id, silentSince: new Map(), silence: 100, refills: new Map() }
      expect(await careRound(parts, { ...told, samples: 9 })).to.include({ repaired: 1, failed: 0 })
      expect(said).to.deep.include({ code: 'REPAIR_LIAR', operator: nodeAt(0).operator })
      expect(said.filter((words) => 'operator' in words)).to.have.length(1)
      expect(await isWhole(record, 2)).to.equal(true)
    } finally {
      await nodeAt(0).restart()
    }
  })

  it('calls nobody a liar who shows nothing, or another sum than before, and goes on without', async () => {
    const record = await deposited()
    for (const open of [() => new Hono(), createApp]) {
      await nodeAt(2).lose(cidsOf(record, 2))
      await nodeAt(0).restart({}, withOpen(liar(cidsOf(record, 0)), open))
      try {
        const done = await repair(record)
        expect(done).to.deep.include({ refilled: [2], liars: [] })
        expect(done.unhelpful.map(({ operator }) => operator)).to.deep.equal([nodeAt(0).operator])
      } finally {
        await nodeAt(0).restart()
      }
    }
  })

  it('says so where too few help, and keeps nothing that is wrong', async () => {
    const record = await deposited()
    await nodeAt(2).lose(cidsOf(record, 2))
    await nodeAt(0).restart({}, liar(cidsOf(record, 0)))
    await nodeAt(1).restart({}, liar(cidsOf(record, 1)))
    try {
      const done = await repair(record)
      expect([...done.failed.keys()]).to.deep.equal([nodeAt(2).operator])
      expect(done).to.deep.include({ refilled: [], blocks: 0 })
      expect(done.liars, 'both at once').to.deep.equal([nodeAt(0).operator, nodeAt(1).operator])
      expect(await isWhole(record, 2)).to.equal(false)
    } finally {
      await nodeAt(0).restart()
      await nodeAt(1).restart()
    }
    expect((await repair(record)).refilled).to.deep.equal([2])
  })

  it('is ordered by the patient too, with a reader’s ticket', async () => {
    const record = await deposited()
    await nodeAt(3).lose(cidsOf(record, 3))
    const pass = await readPass(patient.chain, { pseudonym: patient.pseudonym, purpose: 6 })
    const read = ({ id, endpoint }: Operator) =>
      createHttpStore({ url: endpoint, authorize: async () => encodeTicket(await pass.ticketFor(id)) })
    expect(await repair(record, patient.chain, { read })).to.deep.include({ refilled: [3], failed: new Map() })
    expect(await isWhole(record, 3)).to.equal(true)
  })

  describe('refuses', () => {
    let record: SealedRecord
    let keys: Bytes[]
    let ticket: string
    before(async () => {
      record = await deposited()
      await nodeAt(4).lose(cidsOf(record, 4))
      ticket = await writeTicket(hospital, storage.nodes, { recordId: record.recordId })
      keys = await keysOf(hospital, storage)
    })

    const networkId = () => fromHex(net.network.networkId, 32)
    const termsOf = (more: Partial<RenewTerms> = {}): RenewTerms =>
      changedTerms(record, { networkId: networkId(), receivers: [fromHex(nodeAt(4).operator, 16)], ...more })
    const askOf = (terms: RenewTerms, more: Partial<RepairAsk> = {}): RepairAsk =>
      changedAsk(terms, { keys: terms.contributors.map((share) => keys[share] as Bytes), ...more })
    const step = (j: number, name: 'pieces' | 'sums' | 'take' | 'open', ask: RepairAsk, authorization = ticket) =>
      orderedStep(nodeAt(j).url, name, ask, authorization)
    /** All pieces of a session for chunk 0: `[i][l]` by place, without i itself. */
    const piecesOf = async (terms: RenewTerms) =>
      await Promise.all(
        terms.contributors.map(async (j) => (await step(j, 'pieces', askOf(terms))).parts[0] as Bytes[]),
      )
    const sumOf = async (terms: RenewTerms, pieces: Bytes[][], l: number) => {
      const parts = [[0, 1, 2].filter((i) => i !== l).map((i) => pieces[i]?.[l > i ? l - 1 : l] as Bytes)]
      return await step(terms.contributors[l] as number, 'sums', askOf(terms, { keys: [keys[4] as Bytes], parts }))
    }

    it('whoever is no depositor of the record, and who shows no ticket', async () => {
      const theirs = await writeTicket(stranger, storage.nodes, { recordId: record.recordId })
      for (const name of ['pieces', 'sums', 'take'] as const) {
        expect(await refusal(step(0, name, askOf(termsOf()), theirs))).to.equal('FORBIDDEN')
        expect(await refusal(step(0, name, askOf(termsOf()), ''))).to.equal('TICKET')
      }
      expect(await codeOf(repair(record, stranger.chain))).to.equal('success')
      expect(await isWhole(record, 4)).to.equal(false)
    })

    it('terms that do not stand, another receiver, and keys that the registry does not name', async () => {
      const other = randomBytes(32)
      const wrong: Partial<RenewTerms>[] = [
        { networkId: other },
        { recordId: other },
        { manifestHash: other },
        { placementHash: other },
        { version: 2 },
        { epoch: 1 },
        { receivers: [fromHex(nodeAt(3).operator, 16)] },
        { share: 3 },
        { contributors: [1, 2, 3] },
        { contributors: [0, 1] },
      ]
      for (const more of wrong)
        expect(await refusal(step(0, 'pieces', askOf(termsOf(more)))), Object.keys(more).join()).to.equal('RENEW')
      expect(await refusal(step(0, 'pieces', askOf(termsOf(), { first: 99 })))).to.equal('RENEW')
      const mine = publicKeyOf(randomBytes(seedLength))
      expect(await refusal(step(0, 'pieces', askOf(termsOf(), { keys: [keys[0] as Bytes, mine, mine] })))).to.equal(
        'RENEW',
      )
      const terms = termsOf()
      const parts = [(await piecesOf(terms)).slice(1).map(([piece]) => piece as Bytes)]
      expect(await refusal(step(0, 'sums', askOf(terms, { keys: [mine], parts })))).to.equal('RENEW')
      expect(await refusal(step(0, 'take', askOf(terms, { parts })))).to.equal('RENEW')
      expect(await refusal(step(0, 'sums', askOf(terms, { keys: [keys[4] as Bytes], parts: [] })))).to.equal('RENEW')
    })

    it('to open what was said to whoever may not read the share, a coordinator among them', async () => {
      const terms = termsOf()
      const pieces = await piecesOf(terms)
      const parts = [pieces.slice(1).map(([piece]) => piece as Bytes)]
      const ask = askOf(terms, { keys: [keys[4] as Bytes], parts })
      expect(await refusal(step(0, 'open', ask)), 'a ticket to write').to.equal('TICKET')
      expect(await refusal(step(0, 'open', ask, ''))).to.equal('TICKET')
      const pass = await readPass(stranger.chain, { pseudonym: patient.pseudonym, purpose: 0 })
      const theirs = encodeTicket(await pass.ticketFor(nodeAt(0).operator))
      expect(await refusal(step(0, 'open', ask, theirs)), 'no grant').to.equal('FORBIDDEN')
      const info = (await operators(hospital.chain, { kind: 'storage' })).find(({ id }) => id === nodeAt(0).operator)
      const opened = readRepairAnswer(await reader(info as Operator).repair('open', encodeRepairAsk(ask)))
      expect(opened.parts[0], 'two pieces and its sum').to.have.length(3)
    })

    it('parts of another session, of other helpers, of another place, and of another signer', async () => {
      const terms = termsOf()
      const pieces = await piecesOf(terms)
      const again = await piecesOf(terms)
      // Asked again it says the same, sealed anew: pieces of two calls go together.
      const mixed = [pieces[0], again[1], pieces[2]] as Bytes[][]
      expect((await sumOf(terms, mixed, 0)).unread).to.deep.equal([])
      const another = termsOf()
      expect((await sumOf(another, pieces, 0)).unread).to.deep.equal([1, 2])
      const others = termsOf({ nonce: terms.nonce, contributors: [0, 1, 3] })
      expect((await sumOf(others, pieces, 0)).unread).to.deep.equal([1, 3])
      const swapped = [pieces[0], pieces[2], pieces[1]] as Bytes[][]
      expect((await sumOf(terms, swapped, 0)).unread).to.deep.equal([1, 2])
      const within = { session: sessionOf(terms), networkId: terms.networkId }
      const place = { stage: 'piece', from: 1, to: 0, i: 0 } as const
      const forged = await sealPart(within, place, new Uint8Array(32), {
        signer: newAccount(),
        publicKey: keys[0] as Bytes,
      })
      expect((await sumOf(terms, [[], [forged], pieces[2] as Bytes[]], 0)).unread).to.deep.equal([1])

      const sums = await Promise.all([0, 1, 2].map(async (l) => (await sumOf(terms, pieces, l)).parts[0]?.[0] as Bytes))
      const late = await step(4, 'take', askOf(another, { parts: [sums] }))
      expect(late).to.deep.equal({ parts: [], unread: [0, 1, 2], off: [] })
      expect(await isWhole(record, 4)).to.equal(false)
      expect((await step(4, 'take', askOf(terms, { parts: [sums] }))).off).to.deep.equal([])
      expect((await step(4, 'take', askOf(terms, { parts: [sums] }))).off, 'a replay').to.deep.equal([])
    })

    it('bytes that are no ask', async () => {
      for (const bytes of [
        new Uint8Array(),
        Uint8Array.of(0xff),
        concat(encodeRepairAsk(askOf(termsOf())), new Uint8Array(1)),
      ])
        expect(
          await refusal(createHttpStore({ url: nodeAt(0).url, authorize: async () => ticket }).repair('pieces', bytes)),
        ).to.equal('CBOR')
    })
  })
})
