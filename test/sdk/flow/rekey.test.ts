import { depositsOf, manifestHashOf, personId, recordOf, revokeAll, verifyMessage, view } from '@sharewell/sdk/chain'
import { eraseRecord, type Rekeyed, rekey } from '@sharewell/sdk/flow'
import { expect } from 'chai'
import { codeOf } from '../../helpers/code-of.ts'
import { createDisk, liveFor } from '../../helpers/interrupted.ts'
import {
  byDoctor,
  byPatient,
  depositBytes,
  failureOf,
  open,
  operatorsOf,
  permit,
  someBytes,
} from '../../helpers/journeys.ts'
import { heldByAll, rekeyByPatient, rekeyFromCopy } from '../../helpers/rekeying.ts'
import { startWholeNetwork, type WholeNetwork, type WholePatient } from '../../helpers/whole-network.ts'

/** Every how many steps a test kills: all of them are minutes on a small machine. KILL_STEP=1 tries each. */
const stride = Number(process.env.KILL_STEP ?? 19)
/** And towards the end, between the new version and the last confirmation. */
const shortStride = Math.min(stride, 5)
const policy = { n: 3, t: 2, r: 0 } as const
const bytes = someBytes(150_000)

describe('a record under a new key', function () {
  this.timeout(900_000)
  let whole: WholeNetwork
  let patient: WholePatient
  before(async () => {
    whole = await startWholeNetwork({ storage: 5, keys: 3, k: 2, workers: 1 })
  })
  beforeEach(async () => {
    patient = await whole.newPatient()
  })
  after(() => whole?.close())

  const newRecord = async () => {
    const before = await heldByAll(whole)
    const { recordId } = await depositBytes(whole, bytes, { patient, policy })
    const held = [...(await heldByAll(whole))].filter((name) => !before.has(name))
    return { recordId, held }
  }
  const share = (recordId: `0x${string}`, doctor = whole.doctor) => permit({ patient, doctor }, recordId)
  const everyone = () => operatorsOf([...whole.storage, ...whole.keys]).sort()

  it('opens byte for byte to those who may read, and nothing that is kept opens with the old key', async () => {
    const { recordId, held } = await newRecord()
    await share(recordId)
    const stays = await whole.newDoctor()
    await share(recordId, stays)
    await revokeAll(patient.chain, { pseudonym: patient.pseudonym, granteeId: personId(whole.doctor.account.address) })
    const { receipt, deletions } = await rekeyByPatient(patient, recordId)
    expect(receipt).to.include({ recordId, version: 2, pseudonym: patient.pseudonym })
    expect(receipt.policy).to.deep.equal(policy)
    for (const options of [byDoctor(stays, recordId), byPatient(patient, recordId)])
      expect(Buffer.compare((await open(options)).bytes, bytes)).to.equal(0)
    expect((await failureOf(byDoctor(whole.doctor, recordId))).code).to.equal('CONSENT_REFUSED')
    expect(deletions.missing).to.deep.equal([])
    expect(deletions.confirmed.map(({ operator }) => operator).sort()).to.deep.equal(everyone())
    // Blocks of all n nodes, and the header: none of the old version's files is on any disk.
    expect(held.length).to.be.above(policy.n + 3)
    const now = await heldByAll(whole)
    expect(held.filter((name) => now.has(name))).to.deep.equal([])
  })

  it('has words of every node that anybody can check', async () => {
    const { recordId } = await newRecord()
    const { deletions } = await rekeyByPatient(patient, recordId)
    const { final } = await view(patient.chain)
    const accounts = new Map(
      [...whole.storage, ...whole.keys].map(({ operator, account }) => [operator, account.address]),
    )
    for (const { operator, message, signature } of deletions.confirmed) {
      expect(message).to.include({ recordId, version: 1, operator })
      const signer = accounts.get(operator) ?? '0x'
      await verifyMessage(whole.uploader, { kind: 'Deletion', message, signature, signer }, { at: final })
    }
    const counts = deletions.confirmed.map(({ role, message }) => `${role} ${message.count > 0}`)
    expect(counts.filter((one) => one === 'storage true')).to.have.length(policy.n)
    expect(counts.filter((one) => one === 'key true')).to.have.length(3)
  })

  it('may be made by the provider, from its own copy', async () => {
    const { recordId } = await newRecord()
    const { receipt, deletions } = await rekeyFromCopy(whole, patient, { recordId, bytes })
    expect(deletions.missing).to.deep.equal([])
    expect(receipt.version).to.equal(2)
    expect(await recordOf(whole.uploader, { recordId })).to.include({ author: whole.hospital.id, version: 2 })
    expect((await open(byPatient(patient, recordId))).bytes).to.deep.equal(bytes)
  })

  it('is not made by a key that only deposits, nor for another patient, nor of an erased one', async () => {
    const { recordId } = await newRecord()
    const from = { kind: 'copy', source: [bytes], mime: 'text/plain' } as const
    expect(await codeOf(rekey({ chain: whole.uploader, recordId, patient, from }))).to.equal('DELETION_REFUSED')
    const other = await whole.newPatient()
    expect(await codeOf(rekeyByPatient(other, recordId))).to.equal('UNKNOWN_RECORD')
    await eraseRecord({ chain: patient.chain, recordId })
    expect(await codeOf(rekeyByPatient(patient, recordId))).to.equal('UNKNOWN_RECORD')
    expect(await depositsOf(whole.uploader, { recordId })).to.have.length(1)
  })

  it('stays as it was where the nodes do not take the new version', async () => {
    const { recordId } = await newRecord()
    const [gone] = whole.storage
    await gone?.stop()
    try {
      const operators = operatorsOf(whole.storage.slice(0, 3))
      expect(await codeOf(rekeyByPatient(patient, recordId, { operators }))).to.equal('NOT_ENOUGH_OPERATORS')
      expect(await recordOf(whole.uploader, { recordId })).to.include({ version: 1 })
    } finally {
      await gone?.start()
    }
    expect((await open(byPatient(patient, recordId))).bytes).to.deep.equal(bytes)
  })

  it('names who did not delete, and asks them again', async () => {
    const { recordId, held } = await newRecord()
    const disk = createDisk()
    const silent = [whole.storage[4], whole.keys[2]].flatMap((node) => node ?? [])
    await Promise.all(silent.map((node) => node.stop()))
    let first: Rekeyed
    try {
      first = await rekeyByPatient(patient, recordId, { journal: disk.open() })
    } finally {
      await Promise.all(silent.map((node) => node.start()))
    }
    const missing = first.deletions.missing.map(({ operator }) => operator)
    expect(missing.sort()).to.deep.equal(operatorsOf(silent).sort())
    const again = await rekeyByPatient(patient, recordId, { journal: disk.open() })
    expect(again.receipt).to.deep.equal(first.receipt)
    expect(again.deletions.missing).to.deep.equal([])
    // Whoever had confirmed says the same again.
    for (const word of first.deletions.confirmed) expect(again.deletions.confirmed).to.deep.include(word)
    const now = await heldByAll(whole)
    expect(held.filter((name) => now.has(name))).to.deep.equal([])
  })

  it('goes on from any moment to one new version that opens', async () => {
    const length = await newRecord()
    const { life } = await liveFor(Number.POSITIVE_INFINITY, ({ signal }) =>
      rekeyByPatient(patient, length.recordId, { journal: createDisk().open(), signal }),
    )
    expect(life.steps).to.be.above(60)
    const moments = Array.from({ length: life.steps }, (_, at) => at).filter(
      (at) => at % (at > life.steps - 40 ? shortStride : stride) === 0,
    )
    for (const last of moments) {
      patient = await whole.newPatient()
      const { recordId, held } = await newRecord()
      const disk = createDisk()
      const first = await liveFor(last, ({ signal }) =>
        rekeyByPatient(patient, recordId, { journal: disk.open(), signal }),
      )
      // Whichever version stands, it is whole.
      expect((await open(byPatient(patient, recordId))).bytes, `${last}`).to.deep.equal(bytes)
      const { receipt, deletions } = await rekeyByPatient(patient, recordId, { journal: disk.open() })
      expect(receipt.version, `${last} ${first.outcome.status}`).to.equal(2)
      expect(deletions.missing, `${last}`).to.deep.equal([])
      expect(await depositsOf(whole.uploader, { recordId })).to.have.length(2)
      expect(await manifestHashOf(whole.uploader, { recordId, version: 2 })).to.equal(receipt.manifestHash)
      expect((await open(byPatient(patient, recordId))).bytes, `${last}`).to.deep.equal(bytes)
      const now = await heldByAll(whole)
      expect(
        held.filter((name) => now.has(name)),
        `${last}`,
      ).to.deep.equal([])
    }
  })

  it('is not gone on with where another version came meanwhile', async () => {
    const { recordId } = await newRecord()
    const disk = createDisk()
    const { life } = await liveFor(Number.POSITIVE_INFINITY, ({ signal }) =>
      rekeyByPatient(patient, recordId, { journal: createDisk().open(), signal }),
    )
    await liveFor(Math.floor(life.steps / 2), ({ signal }) =>
      rekeyByPatient(patient, recordId, { journal: disk.open(), signal }),
    )
    await rekeyFromCopy(whole, patient, { recordId, bytes })
    expect(disk.notes.some(({ kind }) => kind === 'draft')).to.equal(true)
    expect(await codeOf(rekeyByPatient(patient, recordId, { journal: disk.open() }))).to.equal('JOURNAL')
    expect(await recordOf(whole.uploader, { recordId })).to.include({ version: 3 })
  })
})
