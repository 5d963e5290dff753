import { expect } from 'chai'
import {
  deposit,
  ethers,
  expectRefusals,
  fieldsOf,
  hospitals,
  networkHelpers,
  none16,
  none32,
  oneRecord,
  random32,
} from './fixture.ts'

const { loadFixture, time } = networkHelpers

/** What a depositor would add as version `version`. */
function nextVersion(version: number, change: Partial<ReturnType<typeof fields>> = {}) {
  return { ...fields(), version, ...change }
}
function fields() {
  return { version: 2, manifestHash: random32(), placementHash: random32(), ptCommit: random32(), n: 9, t: 6, r: 3 }
}

describe('RecordRegistry', () => {
  describe('anchor', () => {
    it('anchors for the desk of the provider, under an id that commits to network, pseudonym and salt', async () => {
      const { records, networkId, desk, pseudonym, hospital } = await loadFixture(hospitals)
      const anchored = deposit(pseudonym)
      const words = ethers.AbiCoder.defaultAbiCoder().encode(
        ['bytes32', 'bytes32', 'bytes32', 'bytes32'],
        [ethers.id('sharewell/record/1 id'), networkId, pseudonym, anchored.salt],
      )
      const recordId = ethers.keccak256(words)
      const { manifestHash, placementHash, ptCommit } = anchored
      await expect(records.connect(desk).anchor(anchored))
        .to.emit(records, 'Anchored')
        .withArgs(recordId, pseudonym, hospital, 1, 3, manifestHash, placementHash, ptCommit)
      const record = await records.recordOf(recordId)
      expect(fieldsOf(record)).to.deep.equal({
        pseudonym,
        author: hospital,
        category: 3n,
        n: 5n,
        t: 3n,
        r: 0n,
        version: 1n,
        erased: false,
        manifestHash,
        placementHash,
      })
      expect(await records.recordIdOf(pseudonym, anchored.salt)).to.equal(recordId)
      expect(await records.pseudonymOf(recordId)).to.equal(pseudonym)
      expect(await records.networkId()).to.equal(networkId)
    })

    it('anchors for the provider itself and for the patient', async () => {
      const { records, first, patient, pseudonym, hospital } = await loadFixture(hospitals)
      for (const [account, author] of [
        [first, hospital],
        [patient, none16],
      ] as const) {
        const anchored = deposit(pseudonym)
        await records.connect(account).anchor(anchored)
        const record = await records.recordOf(await records.recordIdOf(pseudonym, anchored.salt))
        expect(record.author).to.equal(author)
      }
    })

    it('refuses another provider, a doctor, a stranger, and an unknown pseudonym', async () => {
      const { records, second, doctor, stranger, desk, pseudonym } = await loadFixture(hospitals)
      await expect(records.connect(second).anchor(deposit(pseudonym)))
        .to.be.revertedWithCustomError(records, 'RecordNotDepositor')
        .withArgs(pseudonym, second.address)
      await expectRefusals(records, 'RecordNotDepositor', [
        () => records.connect(doctor).anchor(deposit(pseudonym)),
        () => records.connect(stranger).anchor(deposit(pseudonym)),
        () => records.connect(desk).anchor(deposit(random32())),
        () => records.connect(stranger).anchor(deposit(none32)),
      ])
    })

    it('refuses a desk whose key has expired, was ended, or whose hospital is switched off', async () => {
      const { records, actors, first, desk, hospital, pseudonym } = await loadFixture(hospitals)
      const anchor = () => records.connect(desk).anchor(deposit(pseudonym))
      const until = (await time.latest()) + 3_600
      await actors.connect(first).authorizeUploader(desk, until)
      await time.setNextBlockTimestamp(until - 1)
      await anchor()
      await time.setNextBlockTimestamp(until)
      await expectRefusals(records, 'RecordNotDepositor', [anchor])
      await actors.connect(first).authorizeUploader(desk, until + 3_600)
      await anchor()
      await actors.setOrganizationActive(hospital, false)
      await expectRefusals(records, 'RecordNotDepositor', [anchor])
      await actors.setOrganizationActive(hospital, true)
      await actors.connect(first).authorizeUploader(desk, 0)
      await expectRefusals(records, 'RecordNotDepositor', [anchor])
    })

    it('refuses to replace an anchored version, by its author or by anyone', async () => {
      const { records, desk, first, patient, second, anchored, recordId } = await loadFixture(oneRecord)
      for (const account of [desk, first, patient, second]) {
        await expect(records.connect(account).anchor({ ...anchored, manifestHash: random32() }))
          .to.be.revertedWithCustomError(records, 'RecordAlreadyAnchored')
          .withArgs(recordId)
      }
      expect(await records.manifestHashOf(recordId, 1)).to.equal(anchored.manifestHash)
    })

    it('refuses a category beyond 31, a policy that rebuilds nothing, and missing hashes', async () => {
      const { records, desk, pseudonym } = await loadFixture(hospitals)
      const anchor = (change: Parameters<typeof deposit>[1]) => () =>
        records.connect(desk).anchor(deposit(pseudonym, change))
      await expectRefusals(records, 'RecordCategoryOutOfRange', [anchor({ category: 32 }), anchor({ category: 255 })])
      await expectRefusals(records, 'RecordBadPolicy', [
        anchor({ n: 5, t: 6, r: 0 }),
        anchor({ n: 5, t: 3, r: 3 }),
        anchor({ n: 0, t: 0, r: 0 }),
        anchor({ n: 5, t: 0, r: 0 }),
      ])
      await expectRefusals(records, 'RecordEmptyHash', [
        anchor({ manifestHash: none32 }),
        anchor({ placementHash: none32 }),
        anchor({ ptCommit: none32 }),
      ])
    })
  })

  describe('supersede', () => {
    it('adds the next version and keeps the hash of the one before', async () => {
      const { records, desk, hospital, pseudonym, anchored, recordId } = await loadFixture(oneRecord)
      const next = nextVersion(2)
      const { manifestHash, placementHash, ptCommit } = next
      await expect(records.connect(desk).supersede(recordId, next))
        .to.emit(records, 'Anchored')
        .withArgs(recordId, pseudonym, hospital, 2, 3, manifestHash, placementHash, ptCommit)
      const record = await records.recordOf(recordId)
      expect([record.version, record.manifestHash, record.n, record.category]).to.deep.equal([2n, manifestHash, 9n, 3n])
      expect(await records.manifestHashOf(recordId, 1)).to.equal(anchored.manifestHash)
      expect(await records.manifestHashOf(recordId, 2)).to.equal(manifestHash)
    })

    it('says when the patient, and not the hospital, made the current version', async () => {
      const { records, desk, patient, hospital, recordId } = await loadFixture(oneRecord)
      await records.connect(patient).supersede(recordId, nextVersion(2))
      expect((await records.recordOf(recordId)).author).to.equal(none16)
      await records.connect(desk).supersede(recordId, nextVersion(3))
      expect((await records.recordOf(recordId)).author).to.equal(hospital)
    })

    it('refuses any version but the next one', async () => {
      const { records, desk, recordId } = await loadFixture(oneRecord)
      for (const version of [0, 1, 3]) {
        await expect(records.connect(desk).supersede(recordId, nextVersion(version)))
          .to.be.revertedWithCustomError(records, 'RecordNotNextVersion')
          .withArgs(recordId, version, 2)
      }
    })

    it('refuses another provider, a record that does not exist, bad policies and missing hashes', async () => {
      const { records, desk, second, recordId } = await loadFixture(oneRecord)
      await expectRefusals(records, 'RecordNotDepositor', [
        () => records.connect(second).supersede(recordId, nextVersion(2)),
      ])
      await expectRefusals(records, 'RecordUnknown', [
        () => records.connect(desk).supersede(random32(), nextVersion(1)),
      ])
      await expectRefusals(records, 'RecordBadPolicy', [
        () => records.connect(desk).supersede(recordId, nextVersion(2, { t: 10 })),
      ])
      await expectRefusals(records, 'RecordEmptyHash', [
        () => records.connect(desk).supersede(recordId, nextVersion(2, { manifestHash: none32 })),
      ])
    })
  })

  describe('relocate and rewrap', () => {
    it('names a new placement and a new key header of the current version', async () => {
      const { records, desk, patient, anchored, recordId } = await loadFixture(oneRecord)
      const [placementHash, keyHeaderHash] = [random32(), random32()]
      await expect(records.connect(desk).relocate(recordId, 1, placementHash))
        .to.emit(records, 'Relocated')
        .withArgs(recordId, 1, placementHash)
      await expect(records.connect(patient).rewrap(recordId, 1, keyHeaderHash))
        .to.emit(records, 'Rewrapped')
        .withArgs(recordId, 1, keyHeaderHash)
      const record = await records.recordOf(recordId)
      expect([record.placementHash, record.manifestHash]).to.deep.equal([placementHash, anchored.manifestHash])
    })

    it('refuses other versions, other providers, empty hashes and unknown records', async () => {
      const { records, desk, second, recordId } = await loadFixture(oneRecord)
      const mine = records.connect(desk)
      await expectRefusals(records, 'RecordNotCurrentVersion', [
        () => mine.relocate(recordId, 2, random32()),
        () => mine.rewrap(recordId, 0, random32()),
      ])
      await expectRefusals(records, 'RecordNotDepositor', [
        () => records.connect(second).relocate(recordId, 1, random32()),
        () => records.connect(second).rewrap(recordId, 1, random32()),
      ])
      await expectRefusals(records, 'RecordEmptyHash', [
        () => mine.relocate(recordId, 1, none32),
        () => mine.rewrap(recordId, 1, none32),
      ])
      await expectRefusals(records, 'RecordUnknown', [
        () => mine.relocate(random32(), 0, random32()),
        () => mine.rewrap(random32(), 0, random32()),
      ])
    })
  })

  describe('erase', () => {
    it('erases for the patient and for the hospital, for good', async () => {
      for (const who of ['patient', 'first'] as const) {
        const world = await loadFixture(oneRecord)
        const { records, desk, anchored, recordId, pseudonym } = world
        await expect(records.connect(world[who]).erase(recordId))
          .to.emit(records, 'Erased')
          .withArgs(recordId, pseudonym)
        expect((await records.recordOf(recordId)).erased).to.equal(true)
        await expectRefusals(records, 'RecordIsErased', [
          () => records.connect(desk).supersede(recordId, nextVersion(2)),
          () => records.connect(desk).relocate(recordId, 1, random32()),
          () => records.connect(desk).rewrap(recordId, 1, random32()),
          () => records.connect(world[who]).erase(recordId),
        ])
        await expectRefusals(records, 'RecordAlreadyAnchored', [() => records.connect(desk).anchor(anchored)])
      }
    })

    it('refuses a desk, another hospital, a doctor, and an unknown record', async () => {
      const { records, desk, second, doctor, patient, recordId } = await loadFixture(oneRecord)
      await expectRefusals(records, 'RecordNotEraser', [
        () => records.connect(desk).erase(recordId),
        () => records.connect(second).erase(recordId),
        () => records.connect(doctor).erase(recordId),
      ])
      await expectRefusals(records, 'RecordUnknown', [() => records.connect(patient).erase(random32())])
    })
  })

  it('answers version 0 and no pseudonym for a record that does not exist', async () => {
    const { records } = await loadFixture(hospitals)
    const unknown = random32()
    expect((await records.recordOf(unknown)).version).to.equal(0n)
    expect(await records.pseudonymOf(unknown)).to.equal(none32)
    expect((await records.scopeOf(unknown)).pseudonym).to.equal(none32)
  })
})
