import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { type Bytes, concat, fromHex, type Hex } from '@sharewell/sdk/bytes'
import { depositsOf, recordsOf } from '@sharewell/sdk/chain'
import { type DepositNote, type DepositOptions, deposit, type Receipt } from '@sharewell/sdk/flow'
import { openKey, readNotes } from '@sharewell/sdk/flow/journal'
import { randomBytes } from '@sharewell/sdk/primitives'
import type { Policy } from '@sharewell/sdk/share'
import { expect } from 'chai'
import { codeOf } from '../../helpers/code-of.ts'
import { createDisk, type Life, liveFor } from '../../helpers/interrupted.ts'
import { byPatient, category, open, operatorsOf, someBytes } from '../../helpers/journeys.ts'
import { startWholeNetwork, type WholeNetwork, type WholePatient } from '../../helpers/whole-network.ts'

/** Plaintext bytes in a chunk of 2^16. */
const chunk = 2 ** 16 - 16
const policies: readonly Policy[] = [
  { n: 3, t: 2, r: 0 },
  { n: 3, t: 2, r: 1 },
]
/** Every how many steps a test kills: all of them are minutes on a small machine. KILL_STEP=1 tries each. */
const stride = Number(process.env.KILL_STEP ?? 13)

describe('an interrupted deposit', function () {
  this.timeout(300_000)
  let whole: WholeNetwork
  let patient: WholePatient
  const bytes = someBytes(2 * chunk + 5)

  before(async () => {
    whole = await startWholeNetwork({ storage: 5, keys: 3, k: 2, workers: 1 })
  })
  beforeEach(async () => {
    patient = await whole.newPatient()
  })
  after(() => whole?.close())

  const depositOnce = (options: Partial<DepositOptions> = {}, source: Bytes = bytes): Promise<Receipt> =>
    deposit([source], {
      chain: whole.uploader,
      patient,
      categoryBit: category,
      mime: 'text/plain',
      size: source.length,
      policy: { n: 3, t: 2, r: 0 },
      ...options,
    })
  const live = (last: number, options: Partial<DepositOptions>, source?: Bytes) =>
    liveFor(last, ({ signal }) => depositOnce({ ...options, signal }, source))
  const blocksPut = ({ calls }: Life) =>
    calls.filter(({ method, path }) => method === 'PUT' && path.startsWith('/v1/blocks/')).length
  const filesOf = async (folder: string): Promise<number> =>
    (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile()).length
  const headersKept = async () =>
    await Promise.all(whole.keys.map(({ folder }) => filesOf(path.join(folder, 'headers')).catch(() => 0)))

  for (const policy of policies)
    it(`goes on from any moment, over ${Object.values(policy)}, to one record that opens`, async () => {
      const { life } = await live(Number.POSITIVE_INFINITY, { policy, journal: createDisk().open() })
      const all = life.steps
      const wholePuts = blocksPut(life)
      expect(all).to.be.above(100)
      // Always each of the last ones: between the anchor and the receipt.
      const moments = Array.from({ length: all }, (_, at) => at).filter((at) => at % stride === 0 || at > all - 12)
      for (const last of moments) {
        const own = await whole.newPatient()
        const headers = await headersKept()
        const disk = createDisk()
        const first = await live(last, { policy, patient: own, journal: disk.open() })
        // How often a receipt is asked for differs: a short life may have been long enough.
        expect(first.outcome.status, `${last}`).to.equal(first.life.signal.aborted ? 'rejected' : 'fulfilled')
        const anchored = await recordsOf(whole.uploader, own)
        // Anchored and whole, or not there at all.
        if (anchored[0]) expect((await open(byPatient(own, anchored[0].recordId))).bytes).to.deep.equal(bytes)
        const second = await live(Number.POSITIVE_INFINITY, { policy, patient: own, journal: disk.open() })
        expect(second.outcome, `${last}`).to.include({ status: 'fulfilled' })
        const { value: receipt } = second.outcome as PromiseFulfilledResult<Receipt>
        const records = await depositsOf(whole.uploader, own)
        expect(records.map(({ recordId, transaction }) => ({ recordId, transaction }))).to.deep.equal([
          { recordId: receipt.recordId, transaction: receipt.transaction },
        ])
        expect(receipt.acknowledgements).to.have.length(policy.n)
        expect((await open(byPatient(own, receipt.recordId))).bytes).to.deep.equal(bytes)
        expect(await headersKept()).to.deep.equal(headers.map((count) => count + 1))
        // What was placed and noted is not sent again; at most one batch and the common blocks are.
        expect(blocksPut(first.life) + blocksPut(second.life)).to.be.at.most(2 * wholePuts)
      }
    })

  /** The number of the step at which a whole deposit does something for the first time. */
  const stepOf = async (when: (life: Life) => boolean, options: Partial<DepositOptions> = {}): Promise<number> => {
    let found = Number.POSITIVE_INFINITY
    const { life } = await liveFor(Number.POSITIVE_INFINITY, (all) => {
      const watch = () => {
        if (when(all)) found = Math.min(found, all.steps)
      }
      return depositOnce({ ...options, journal: createDisk().open(), onProgress: watch, signal: all.signal })
    })
    expect(found).to.be.below(life.steps)
    return found
  }
  /** A deposit that ended when some shares were placed and others not. */
  const halfPlaced = async (options: Partial<DepositOptions> = {}, source?: Bytes) => {
    const some = blocksIn(2)
    const last = await stepOf(some, options)
    const disk = createDisk()
    const { life } = await live(last, { ...options, journal: disk.open() }, source)
    expect(blocksPut(life)).to.be.above(1)
    return disk
  }
  const blocksIn = (count: number) => (life: Life) => blocksPut(life) >= count

  it('sends nothing of a source that has changed, wherever it changed', async () => {
    const disk = await halfPlaced()
    for (const at of [0, bytes.length - 1]) {
      const changed = bytes.slice()
      changed[at] = (changed[at] ?? 0) ^ 1
      const { outcome, life } = await live(Number.POSITIVE_INFINITY, { journal: disk.open() }, changed)
      expect(outcome).to.have.nested.property('reason.code', 'SOURCE_CHANGED')
      expect(blocksPut(life)).to.equal(0)
    }
    expect((await depositOnce({ journal: disk.open() })).version).to.equal(1)
  })

  it('notes each chunk before its first share leaves', async () => {
    const disk = createDisk()
    const noted = () => disk.notes.flatMap((note) => (note.kind === 'chunks' ? note.digests : [])).length
    const seen: number[] = []
    const watch = (life: Life) => () => void (blocksPut(life) > 0 && seen.push(noted()))
    await liveFor(Number.POSITIVE_INFINITY, (life) =>
      depositOnce({ journal: disk.open(), onProgress: watch(life), signal: life.signal }),
    )
    // Three chunks of data and the trailer fit into one batch, and that is on the disk before any of them is sent.
    expect(seen[0]).to.equal(4)
  })

  it('holds neither plaintext nor the key of the record in its notes', async () => {
    const text = new TextEncoder().encode('Laboratory report '.repeat(500))
    const key = randomBytes(32)
    const disk = createDisk(key)
    const { recordId } = await depositOnce({ journal: disk.open() }, text)
    const kept = JSON.stringify(disk.notes)
    for (const encoding of ['utf8', 'hex', 'base64url'] as const)
      expect(kept).not.to.include(Buffer.from('Laboratory report').toString(encoding))
    const draft = disk.notes.find((note) => note.kind === 'draft')
    const { networkId } = whole.net.network
    const bound = concat(fromHex(networkId, 32), fromHex(recordId, 32))
    const dek = await openKey(key, draft?.sealedKey ?? '0x', bound)
    expect(dek).to.have.length(32)
    for (const encoding of ['hex', 'base64url'] as const)
      expect(kept).not.to.include(Buffer.from(dek).toString(encoding))
  })

  it('is anchored once, and its receipt is told again as often as it is asked for', async () => {
    const disk = createDisk()
    const receipt = await depositOnce({ journal: disk.open() })
    const { outcome, life } = await live(Number.POSITIVE_INFINITY, { journal: disk.open() })
    expect(outcome).to.deep.equal({ status: 'fulfilled', value: receipt })
    expect(blocksPut(life)).to.equal(0)
    const changed = bytes.slice(1)
    expect(await codeOf(depositOnce({ journal: disk.open() }, changed))).to.equal('SOURCE_CHANGED')
    expect(await codeOf(depositOnce({ journal: disk.open() }, concat(bytes, bytes)))).to.equal('SOURCE_CHANGED')
    expect(await depositsOf(whole.uploader, patient)).to.have.length(1)
  })

  it('sends everything to others where an operator is gone for good, and keeps to named ones', async () => {
    const disk = await halfPlaced()
    const [gone] = whole.storage.filter(({ operator }) => operatorsIn(disk.notes).includes(operator))
    await gone?.stop()
    try {
      const named = { operators: operatorsIn(disk.notes), journal: disk.open() }
      expect(await codeOf(depositOnce(named))).to.equal('NOT_ENOUGH_OPERATORS')
      const { acknowledgements, recordId } = await depositOnce({ journal: disk.open() })
      expect(acknowledgements.map(({ operator }) => operator)).not.to.include(gone?.operator)
      expect((await open(byPatient(patient, recordId))).bytes).to.deep.equal(bytes)
    } finally {
      await gone?.start()
    }
  })

  it('sends again what a node has lost since', async () => {
    const disk = await halfPlaced({ operators: operatorsOf(whole.storage.slice(0, 3)) })
    const [node] = whole.storage
    await node?.stop()
    await rm(path.join(node?.folder ?? '', 'blocks'), { recursive: true })
    await node?.start()
    // Only what the notes call placed can be missed.
    const placed = disk.notes.flatMap((note) =>
      note.kind === 'chunks' ? note.digests.map((_, at) => note.first + at) : [],
    )
    disk.notes.push({ kind: 'placed', chunks: placed })
    const lost = await depositOnce({ journal: disk.open() }).catch((error: unknown) => error)
    expect(lost).to.have.property('code', 'NOT_PLACED')
    const { recordId } = await depositOnce({ journal: disk.open() })
    expect((await open(byPatient(patient, recordId))).bytes).to.deep.equal(bytes)
  })

  describe('is not gone on with', () => {
    const others: readonly [string, () => Promise<Partial<DepositOptions>>][] = [
      ['by another account', async () => ({ chain: patient.chain })],
      ['for another patient', async () => ({ patient: await whole.newPatient() })],
      ['in another category', async () => ({ categoryBit: category + 1 })],
      ['as another media type', async () => ({ mime: 'text/html' })],
      ['over another policy', async () => ({ policy: { n: 4, t: 2, r: 0 } })],
      ['at other operators', async () => ({ operators: operatorsOf(whole.storage).toReversed().slice(0, 3) })],
    ]
    for (const [name, change] of others)
      it(name, async () => {
        const disk = await halfPlaced({ operators: operatorsOf(whole.storage.slice(0, 3)) })
        const { outcome, life } = await live(Number.POSITIVE_INFINITY, { journal: disk.open(), ...(await change()) })
        expect(outcome).to.have.nested.property('reason.code', 'JOURNAL')
        expect(blocksPut(life)).to.equal(0)
      })

    it('with another journal key', async () => {
      const disk = await halfPlaced()
      const journal = { ...disk.open(), key: randomBytes(32) }
      expect(await codeOf(depositOnce({ journal }))).to.equal('JOURNAL')
    })
  })
})

const operatorsIn = (notes: readonly DepositNote[]): readonly Hex[] => readNotes(notes).operators
