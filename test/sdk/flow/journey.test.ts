import { fromHex, fromUtf8, toHex, utf8 } from '@sharewell/sdk/bytes'
import { recordOf, requestAccess, requestsOf, verifyMessage, view } from '@sharewell/sdk/chain'
import { openCapsule, sealCapsule } from '@sharewell/sdk/envelope'
import { deposit, type Progress } from '@sharewell/sdk/flow'
import { keyNodesOf, listCapsules, putCapsule, readPass } from '@sharewell/sdk/flow/key-nodes'
import { type AnyFrame, readFrames } from '@sharewell/sdk/place'
import { sha256 } from '@sharewell/sdk/primitives'
import type { Policy } from '@sharewell/sdk/share'
import { expect } from 'chai'
import { Hono } from 'hono'
import { createApp as createWorker } from '../../../services/reconstructor/src/app.ts'
import { codeOf } from '../../helpers/code-of.ts'
import type { Lies } from '../../helpers/hosts.ts'
import {
  byDoctor,
  byPatient,
  category,
  depositBytes,
  open,
  operatorsOf,
  permit,
  someBytes,
  treat,
} from '../../helpers/journeys.ts'
import { startWholeNetwork, type WholeNetwork } from '../../helpers/whole-network.ts'

const standard: Policy = { n: 5, t: 3, r: 0 }
const longTerm: Policy = { n: 9, t: 6, r: 3 }
const secret: Policy = { n: 5, t: 3, r: 2 }
const journeys: readonly [Policy, string, number][] = [
  [standard, 'an empty file', 0],
  [standard, 'one byte', 1],
  [standard, '3 MiB', 3 * 2 ** 20],
  [longTerm, 'an empty file', 0],
  [longTerm, 'one byte', 1],
  [longTerm, '300 kB', 300_000],
  [secret, 'one byte', 1],
  [secret, '300 kB', 300_000],
]
/** Plaintext bytes in a chunk of 2^16. */
const chunk = 2 ** 16 - 16

describe('a record travels', () => {
  let whole: WholeNetwork
  before(async function () {
    this.timeout(120_000)
    whole = await startWholeNetwork()
  })
  after(() => whole.close())

  for (const [policy, name, size] of journeys)
    it(`${name} over ${Object.values(policy)}, byte for byte, to the doctor and to the patient`, async function () {
      this.timeout(60_000)
      const bytes = someBytes(size)
      const { recordId } = await depositBytes(whole, bytes, { policy })
      await permit(whole, recordId)
      for (const options of [byDoctor(whole.doctor, recordId), byPatient(whole.patient, recordId)]) {
        const opened = await open(options)
        expect(Buffer.compare(opened.bytes, bytes)).to.equal(0)
        expect(opened).to.include({ mime: 'application/octet-stream', size })
        expect(opened.faults).to.deep.equal([])
      }
    })

  it('is sealed to no key but the one that the patient registered, whatever a code shows', async () => {
    const stranger = await whole.newPatient()
    const { pseudonym } = whole.patient
    const altered = depositBytes(whole, someBytes(10), { patient: { ...stranger, pseudonym } })
    expect(await codeOf(altered)).to.equal('PATIENT_KEY')
    const unknown = depositBytes(whole, someBytes(10), { patient: { ...stranger, pseudonym: toHex(someBytes(32)) } })
    expect(await codeOf(unknown)).to.equal('PATIENT_KEY')
  })

  it('from the doctor who asks, over the patient who reads why and grants, to the doctor who opens', async () => {
    const { patient, hospital, net } = whole
    const doctor = await whole.newDoctor()
    const bytes = someBytes(5_000)
    const { recordId } = await depositBytes(whole, bytes)
    const committee = await keyNodesOf(doctor.chain)
    const ids = { networkId: fromHex(net.network.networkId, 32), pseudonym: fromHex(patient.pseudonym, 32) }
    const note = { ...ids, purpose: 'note', publicKey: patient.selfPublicKey, plaintext: utf8('Follow-up') } as const
    const capsule = await sealCapsule(note, doctor.account)
    await putCapsule(committee, { capsule })
    const asked = { pseudonym: patient.pseudonym, recordId, purpose: treat, noteHash: toHex(sha256(capsule)) }
    await requestAccess(doctor.chain, asked)

    const [request] = (await requestsOf(patient.chain, { pseudonym: patient.pseudonym })).slice(-1)
    expect(request).to.include({ ...asked, reader: doctor.account.address })
    const pass = await readPass(patient.chain, { pseudonym: patient.pseudonym, purpose: 6 })
    const capsules = await listCapsules(committee, { pass, networkId: net.network.networkId })
    const reason = capsules.find(({ hash }) => toHex(hash) === request?.noteHash)
    if (!reason) throw new Error('no note')
    expect(fromUtf8(await openCapsule(reason, patient.selfSeed))).to.equal('Follow-up')
    expect(reason.signer).to.equal(request?.reader.toLowerCase())

    await permit({ patient, doctor }, recordId)
    expect((await open(byDoctor(doctor, recordId))).bytes).to.deep.equal(bytes)
    expect(hospital.id).to.equal((await recordOf(doctor.chain, { recordId }))?.author)
  })

  it('deposited by the patient, who needs no provider for it', async () => {
    const bytes = someBytes(2_000)
    const { recordId } = await depositBytes(whole, bytes, { chain: whole.patient.chain })
    expect((await open(byPatient(whole.patient, recordId))).bytes).to.deep.equal(bytes)
    await permit(whole, recordId)
    expect((await open(byDoctor(whole.doctor, recordId))).bytes).to.deep.equal(bytes)
  })

  it('under a grant of its category, and not of another', async () => {
    const { patient } = whole
    const doctor = await whole.newDoctor()
    const bytes = someBytes(100)
    const { recordId } = await depositBytes(whole, bytes, { categoryBit: 7 })
    const all = `0x${'00'.repeat(32)}` as const
    await permit({ patient, doctor }, all, { categories: 1 << category })
    const refused = await open(byDoctor(doctor, recordId)).catch((error: unknown) => error)
    expect(refused).to.include({ code: 'CONSENT_REFUSED', reason: 'OTHER_CATEGORIES' })
    await permit({ patient, doctor }, all, { categories: (1 << category) | (1 << 7) })
    expect((await open(byDoctor(doctor, recordId))).bytes).to.deep.equal(bytes)
  })

  it('with a receipt: n acknowledgements that each node signed, and the hashes that stand on chain', async () => {
    const { uploader, storage } = whole
    const operators = operatorsOf(storage.slice(2, 7))
    const receipt = await depositBytes(whole, someBytes(70_000), { operators })
    const { recordId, version, manifestHash, placementHash, acknowledgements } = receipt
    const anchored = await recordOf(uploader, { recordId })
    expect(anchored).to.include({ version, manifestHash, placementHash, ...standard, category })
    expect(acknowledgements.map(({ operator }) => operator)).to.deep.equal(operators)
    expect(acknowledgements.map(({ index }) => index)).to.deep.equal([0, 1, 2, 3, 4])
    const { final } = await view(uploader)
    for (const { operator, signature, index, bytes, time, shareRoot } of acknowledgements) {
      const message = { manifestHash, placementHash, index, shareRoot, bytes: BigInt(bytes), time }
      const signer = storage.find((node) => node.operator === operator)?.account.address ?? '0x'
      await verifyMessage(uploader, { kind: 'Acknowledgement', message, signature, signer }, { at: final })
    }
  })

  it('and tells its steps in order, counting bytes, nodes and chunks', async () => {
    const size = 2 * chunk
    const deposited: Progress[] = []
    const { recordId } = await depositBytes(whole, someBytes(size), { onProgress: (event) => deposited.push(event) })
    expect(endings(deposited)).to.deep.equal([
      { step: 'seal', done: size, of: size },
      { step: 'split', done: 4 },
      { step: 'place', done: 5, of: 5 },
      { step: 'anchor', done: 1, of: 1 },
    ])
    await permit(whole, recordId)
    const { told } = await open(byDoctor(whole.doctor, recordId))
    expect(endings(told)).to.deep.equal([
      { step: 'release', done: 3, of: 3 },
      { step: 'gather', done: 3, of: 3 },
      { step: 'rebuild', done: 4, of: 4 },
      { step: 'verify', done: 4, of: 4 },
      { step: 'open', done: size },
    ])
    const holders = { release: whole.keys, gather: whole.storage, rebuild: whole.workers }
    for (const [step, nodes] of Object.entries(holders))
      expect(operatorsOf(nodes)).to.include.members(told.flatMap((event) => namedIn(event, step)))
    const started = (event: Progress, at: number) =>
      told.slice(0, at).some(({ step, status }) => step === event.step && status === 'start')
    expect(told.filter((event, at) => event.status !== 'start' && !started(event, at))).to.deep.equal([])
  })

  describe('in part', () => {
    const counted = { jobs: 0, frames: 0 }
    const bytes = someBytes(10 * chunk)
    let recordId: `0x${string}`
    before(async () => {
      for (const worker of whole.workers) await worker.start(counting(counted))
      recordId = (await depositBytes(whole, bytes)).recordId
    })
    after(async () => {
      for (const worker of whole.workers) await worker.start()
    })

    const ranges: readonly [string, number, number, number][] = [
      ['the first byte costs its chunk and the trailer', 0, 1, 2],
      ['a range within one chunk', chunk + 10, 2 * chunk - 10, 2],
      ['a range over a border costs two chunks', 3 * chunk - 1, 3 * chunk + 1, 3],
      ['three whole chunks cost three', 4 * chunk, 7 * chunk, 4],
      ['an empty range costs the trailer', 5, 5, 1],
      ['a range to beyond the end stops there', 9 * chunk, 99 * chunk, 2],
    ]
    for (const [name, from, to, frames] of ranges)
      it(`${name}: ${frames} frames of 12`, async () => {
        counted.frames = 0
        const opened = await open({ ...byPatient(whole.patient, recordId), range: { from, to } })
        expect(Buffer.compare(opened.bytes, bytes.subarray(from, to))).to.equal(0)
        expect(opened.size).to.equal(bytes.length)
        expect(counted.frames).to.equal(frames)
      })

    it('and the whole costs all of them', async () => {
      counted.frames = 0
      await open(byPatient(whole.patient, recordId))
      expect(counted.frames).to.equal(12)
    })

    it('not from beyond its end', async () => {
      const range = { from: bytes.length + 1, to: bytes.length + 2 }
      const error = await open({ ...byPatient(whole.patient, recordId), range }).catch((thrown: unknown) => thrown)
      expect(error).to.include({ code: 'BYTE_RANGE' })
    })
  })

  it('and stops at once when told to', async () => {
    const stop = new AbortController()
    const { signal } = stop
    const pieces = async function* () {
      yield someBytes(chunk)
      stop.abort(new Error('enough'))
      yield someBytes(chunk)
    }
    const { chain, patient } = { chain: whole.uploader, patient: whole.patient }
    const options = { chain, patient, categoryBit: category, mime: 'text/plain', signal }
    const error = await deposit(pieces(), options).catch((thrown: unknown) => thrown)
    expect(error).to.have.property('message', 'enough')
  })
})

/** What each step said last, in the order in which they ended. */
const endings = (told: readonly Progress[]) =>
  told.filter(({ status }) => status === 'done').map(({ status: _, ...ending }) => ending)

const namedIn = ({ step, who }: Progress, wanted: string) => (step === wanted && who ? [who] : [])

/** A reconstructor that works honestly and counts the chunks that it sends. */
const counting = (counted: { frames: number; jobs: number }): Lies => ({
  worker: (parts) => {
    const honest = createWorker(parts)
    const app = new Hono()
    app.post('/v1/rebuild', async (c) => {
      const answer = await honest.fetch(c.req.raw)
      if (!answer.body || answer.status !== 200) return answer
      counted.jobs += 1
      const [told, kept] = answer.body.tee()
      void count(readFrames(kept), counted)
      return new Response(told, { status: 200, headers: answer.headers })
    })
    app.all('*', (c) => honest.fetch(c.req.raw))
    return app
  },
})

async function count(frames: AsyncIterable<AnyFrame>, counted: { frames: number }): Promise<void> {
  try {
    for await (const frame of frames) if ('chunk' in frame) counted.frames += 1
  } catch {
    // The reader has what it wanted and hangs up.
  }
}
