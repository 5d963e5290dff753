import { fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import {
  allVersions,
  anchor,
  type Chain,
  checkDeletion,
  connect,
  type DeletionScope,
  encodeTicket,
  erase,
  purposes,
  recordIdOf,
  recordOf,
  type Ticket,
  ticketToJson,
} from '@sharewell/sdk/chain'
import {
  convictsOfKeeping,
  deletePass,
  eraseRecord,
  type KeptProof,
  keptProof,
  type SignedDeletion,
} from '@sharewell/sdk/flow'
import { readPass } from '@sharewell/sdk/flow/key-nodes'
import { createHttpStore, loadRecord, loadShareLeaves } from '@sharewell/sdk/place'
import { sha256 } from '@sharewell/sdk/primitives'
import { cidOf, cidOfBlock, encodeManifest, leafAt, type Manifest, parseManifest } from '@sharewell/sdk/share'
import { signObject } from '@sharewell/sdk/signed'
import { expect } from 'chai'
import { createApp } from '../../services/storage-node/src/app.ts'
import { asJson } from '../helpers/as-json.ts'
import { codeOf } from '../helpers/code-of.ts'
import type { Lies } from '../helpers/hosts.ts'
import { randomHex } from '../helpers/ids.ts'
import { byPatient, depositBytes, open, operatorsOf, someBytes } from '../helpers/journeys.ts'
import { newAccount, signerFor } from '../helpers/parties.ts'
import { rekeyByPatient } from '../helpers/rekeying.ts'
import { writeTicket } from '../helpers/storage-network.ts'
import { startWholeNetwork, type WholeNetwork, type WholeNode, type WholePatient } from '../helpers/whole-network.ts'

const policy = { n: 3, t: 2, r: 0 } as const
const bytes = someBytes(5_000)

type Asked = Parameters<typeof keptProof>[2]

describe('a node that is to delete', function () {
  this.timeout(900_000)
  let whole: WholeNetwork
  let patient: WholePatient
  let nodes: readonly [WholeNode, WholeNode]
  before(async () => {
    whole = await startWholeNetwork({ storage: 3, keys: 2, k: 2, workers: 1 })
    patient = whole.patient
    nodes = [whole.storage[0], whole.keys[0]] as [WholeNode, WholeNode]
  })
  after(() => whole?.close())

  const device = () => ({ ...whole.hospital, chain: whole.uploader })
  const newRecord = async () => (await depositBytes(whole, bytes, { policy })).recordId
  /** Shows a ticket to a node, whatever it is worth there; gives the code of the refusal and its reason, or the word. */
  const show = async ({ kind, url }: WholeNode, ticket: Ticket<'DeleteTicket'>) => {
    const [path, init] =
      kind === 'storage'
        ? ['/v1/delete', { headers: { authorization: encodeTicket(ticket) } }]
        : ['/v1/headers/erase', { headers: asJson, body: JSON.stringify({ ticket: ticketToJson(ticket) }) }]
    const answer = (await (await fetch(`${url}${path}`, { method: 'POST', ...init })).json()) as {
      code?: string
      detail?: string
      message?: Record<string, unknown>
    }
    return answer.code
      ? [answer.code, /: ([A-Z_]+)\.$/.exec(answer.detail ?? '')?.[1]].join(' ').trim()
      : answer.message
  }
  const ask = async (chain: Chain, scope: DeletionScope, node: WholeNode) =>
    await show(node, await (await deletePass(chain, scope)).ticketFor(node.operator))

  it('does so for the patient and for the provider itself, and for nobody else', async () => {
    const recordId = await newRecord()
    await rekeyByPatient(patient, recordId)
    const scope = { recordId, version: 1 }
    for (const node of nodes) {
      for (const chain of [whole.uploader, whole.doctor.chain, (await whole.newPatient()).chain])
        expect(await ask(chain, scope, node)).to.equal('DELETION_REFUSED NOT_RIGHTFUL')
      for (const chain of [patient.chain, whole.hospital.chain]) expect(await ask(chain, scope, node)).to.include(scope)
    }
    expect((await open(byPatient(patient, recordId))).bytes).to.deep.equal(bytes)
  })

  it('never deletes the version that stands, by mistake or before a block is final', async () => {
    const recordId = await newRecord()
    for (const node of nodes) {
      for (const version of [1, 2, allVersions])
        expect(await ask(patient.chain, { recordId, version }, node)).to.equal('DELETION_REFUSED STILL_CURRENT')
      const unknown = { recordId: randomHex(32), version: 1 }
      expect(await ask(patient.chain, unknown, node)).to.equal('DELETION_REFUSED UNKNOWN_RECORD')
    }
    expect((await open(byPatient(patient, recordId))).bytes).to.deep.equal(bytes)

    const threeBlocks = async () => {
      for (let block = 0; block < 3; block++) await whole.net.increaseTime(1)
    }
    await threeBlocks()
    const deep = await connect({ ...whole.net.network, finality: { mode: 'depth', depth: 3 } })
    const [{ operator: node }] = nodes
    const ticket = await (await deletePass(patient.chain, { recordId, version: 1 })).ticketFor(node)
    await erase(patient.chain, { recordId })
    const refused = await checkDeletion(deep, ticket, { node }).catch((error: unknown) => error)
    expect(refused).to.include({ code: 'DELETION_REFUSED', reason: 'STILL_CURRENT' })
    await threeBlocks()
    expect(await checkDeletion(deep, ticket, { node })).to.deep.equal({ recordId, version: 1 })
  })

  it('takes a ticket from its maker alone, and for as long as it lives', async () => {
    const recordId = await newRecord()
    await erase(patient.chain, { recordId })
    const pass = await deletePass(patient.chain, { recordId, version: allVersions })
    for (const [at, other] of [nodes, nodes.toReversed()] as [WholeNode, WholeNode][]) {
      const ticket = await pass.ticketFor(at.operator)
      expect(await show(other, ticket), 'shown on').to.equal('TICKET_POSSESSION')
      expect(await show(at, { ...ticket, possession: undefined })).to.equal('TICKET_POSSESSION')
      const more = { ...ticket, message: { ...ticket.message, recordId: randomHex(32) } }
      expect(await show(at, more), 'altered').to.match(/^TICKET/)
      const late = await deletePass({ ...patient.chain, clock: () => patient.chain.clock() - 3_600 }, ticket.message)
      expect(await show(at, await late.ticketFor(at.operator)), 'expired').to.equal('TICKET')
    }
  })

  it('says the same again, also to a copy of the ticket, and after it was stopped', async () => {
    const recordId = await newRecord()
    const [storage, key] = nodes
    await erase(patient.chain, { recordId })
    const pass = await deletePass(patient.chain, { recordId, version: allVersions })
    const tickets = [await pass.ticketFor(storage.operator), await pass.ticketFor(key.operator)] as const
    const words = async () => [await show(storage, tickets[0]), await show(key, tickets[1])]
    const first = await words()
    for (const [at, word] of first.entries()) expect((word as { count: number }).count, `${at}`).to.be.above(0)
    expect(await words()).to.deep.equal(first)
    await Promise.all(nodes.map((node) => node.stop()))
    await Promise.all(nodes.map((node) => node.start()))
    expect(await words()).to.deep.equal(first)
    // An earlier version is within what it said already.
    expect(await ask(patient.chain, { recordId, version: 1 }, storage)).to.deep.equal(first[0])
  })

  it('takes nothing of it again', async () => {
    const recordId = await newRecord()
    await eraseRecord({ chain: patient.chain, recordId })
    const [storage] = nodes
    const ticket = await writeTicket(device(), whole.storage, { recordId })
    const store = createHttpStore({ url: storage.url, authorize: async () => ticket })
    const refused = await store.put(cidOfBlock(bytes), bytes).catch((error: unknown) => error)
    expect(refused).to.include({ code: 'NODE_REFUSED', reason: 'VERSION_DELETED', status: 410 })
  })

  it('keeps a block that another record has too, for that record alone', async () => {
    const [one, other] = [await newRecord(), await newRecord()]
    const [storage] = nodes
    const block = someBytes(1_000)
    for (const recordId of [one, other]) {
      const ticket = await writeTicket(device(), whole.storage, { recordId })
      await createHttpStore({ url: storage.url, authorize: async () => ticket }).put(cidOfBlock(block), block)
    }
    await eraseRecord({ chain: patient.chain, recordId: one })
    const store = await readStore(storage)
    expect(await store.get(cidOfBlock(block))).to.deep.equal(block)
    await eraseRecord({ chain: patient.chain, recordId: other })
    expect(await codeOf(store.get(cidOfBlock(block)))).to.equal('BLOCK_NOT_FOUND')
  })

  describe('and says that it has', () => {
    /** Confirms, and deletes nothing. */
    const keeper: Lies = {
      storage: (parts) =>
        createApp({
          ...parts,
          ledger: {
            ...parts.ledger,
            bury: () => undefined,
            leftovers: () => [],
            deletion: () => ({ version: 1, count: 7, time: parts.clock() }),
          },
        }),
    }
    let liar: WholeNode
    let word: SignedDeletion
    let honest: SignedDeletion
    let proof: KeptProof
    let share: Asked
    let honestShare: Asked

    before(async () => {
      const recordId = await newRecord()
      ;[liar] = nodes
      const bystander = whole.storage[1] as WholeNode
      share = await firstChunk(recordId, liar)
      honestShare = await firstChunk(recordId, bystander)
      await liar.start(keeper)
      const { deletions } = await rekeyByPatient(patient, recordId)
      expect(deletions.missing).to.deep.equal([])
      const wordOf = ({ operator }: WholeNode) =>
        deletions.confirmed.find((each) => each.operator === operator) as SignedDeletion
      word = wordOf(liar)
      honest = wordOf(bystander)
      proof = (await keptProof(await readStore(liar), word, share)) as KeptProof
    })
    after(() => liar.heal())

    it('is convicted by what it signs afterwards', async () => {
      expect(proof).to.include({ kind: 'kept', operator: liar.operator })
      expect(await convictsOfKeeping(whole.uploader, proof)).to.equal(true)
    })

    it('is not convicted by what it signed before, of another record, or what another one signed', async () => {
      const { response: earlier } = await (await readStore(liar)).getShare(share)
      const other = await firstChunk(await newRecord(), liar)
      const elsewhere = await (await readStore(liar)).getShare({ ...other, nonce: proof.response.message.nonce })
      const [, bystander] = operatorsOf(whole.storage)
      const false_: readonly KeptProof[] = [
        { ...proof, response: earlier ?? proof.deletion } as KeptProof,
        { ...proof, response: elsewhere.response ?? proof.response },
        { ...proof, operator: bystander ?? '0x' },
        { ...proof, deletion: honest },
        { ...proof, deletion: { ...proof.deletion, signature: honest.signature } },
      ]
      for (const [at, each] of false_.entries())
        expect(await convictsOfKeeping(whole.uploader, each), `${at}`).to.equal(false)
    })

    it('is convicted by shares that were renewed, where their manifest descends from the anchored one', async () => {
      const [anchored] = proof.lineage as [Uint8Array<ArrayBuffer>]
      const networkId = fromHex(whole.net.network.networkId, 32)
      const { manifest, hash } = parseManifest(anchored, { networkId })
      const attest = manifest.T.map(() => new Uint8Array(65))
      const about = async (change: Partial<Manifest>): Promise<KeptProof> => {
        const next = encodeManifest({ ...manifest, prev: hash, attest, ...change })
        const renewed = await signObject('manifest', next, networkId, newAccount())
        const message = { ...proof.response.message, manifestHash: toHex(sha256(renewed)) }
        const signature = await signerFor(whole.net.network, 'ShareResponse', liar.account)(message)
        return { ...proof, response: { message, signature }, lineage: [renewed, anchored] }
      }
      const right = await about({})
      expect(await convictsOfKeeping(whole.uploader, right)).to.equal(true)
      const false_: readonly KeptProof[] = [
        { ...right, lineage: right.lineage.slice(0, 1) },
        { ...right, lineage: [anchored] },
        { ...right, lineage: [] },
        { ...right, lineage: [...right.lineage].reverse() },
        await about({ prev: new Uint8Array(32) }),
        await about({ version: 2 }),
        await about({ recordId: new Uint8Array(32) }),
      ]
      for (const [at, each] of false_.entries())
        expect(await convictsOfKeeping(whole.uploader, each), `${at}`).to.equal(false)
    })

    it('is not convicted where a record was anchored under the manifest of another one', async () => {
      const living = await newRecord()
      const stands = await recordOf(whole.uploader, { recordId: living })
      if (!stands) throw new Error('No such record.')
      const { manifestHash, placementHash, n, t, r } = stands
      const salt = randomHex(32)
      const { pseudonym } = patient
      const hashes = { manifestHash, placementHash, ptCommit: randomHex(32), n, t, r }
      await anchor(whole.uploader, { pseudonym, salt, category: 3, ...hashes })
      const recordId = recordIdOf(whole.net.network.networkId, pseudonym, salt)
      const { confirmed } = await eraseRecord({ chain: patient.chain, recordId })
      const node = whole.storage[1] as WholeNode
      const said = confirmed.find(({ operator }) => operator === node.operator) as SignedDeletion
      const framed = (await keptProof(await readStore(node), said, await firstChunk(living, node))) as KeptProof
      expect(framed.response.message.manifestHash).to.equal(manifestHash)
      expect(await convictsOfKeeping(whole.uploader, framed)).to.equal(false)
    })

    it('gives no proof against itself where it has', async () => {
      const node = whole.storage[1] as WholeNode
      const asked = keptProof(await readStore(node), honest, honestShare)
      expect(await codeOf(asked)).to.equal('BLOCK_NOT_FOUND')
    })
  })

  /** A client of a storage node that reads as the patient. */
  const readStore = async ({ url, operator }: WholeNode) => {
    const pass = await readPass(patient.chain, { pseudonym: patient.pseudonym, purpose: purposes.indexOf('PATRQT') })
    return createHttpStore({ url, authorize: async () => encodeTicket(await pass.ticketFor(operator)) })
  }
  const described = async (recordId: Hex) => {
    const record = await recordOf(whole.uploader, { recordId })
    if (!record) throw new Error('No such record.')
    const all = await Promise.all(whole.storage.map(async (node) => ({ ...node, store: await readStore(node) })))
    const { networkId } = whole.net.network
    return { ...(await loadRecord({ ...record, networkId, nodes: all })), nodes: all }
  }
  /** The first chunk of the share that a node keeps. */
  const firstChunk = async (recordId: Hex, { operator }: WholeNode) => {
    const { manifest, manifestHash, placement, lineage, nodes: all } = await described(recordId)
    const index = placement.operators.findIndex((id) => toHex(id) === operator)
    const leaves = await loadShareLeaves(manifest, index, all)
    return { cid: cidOf(leafAt(leaves, 0) as Uint8Array<ArrayBuffer>), manifestHash, index, chunk: 0, lineage }
  }
})
