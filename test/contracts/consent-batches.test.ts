import { expect } from 'chai'
import { ask, pack, patientAndDoctor, type Terms, terms } from './consent-world.ts'
import { days, deposit, expectRefusals, networkHelpers, none32, random32 } from './fixture.ts'
import { authorize, now, type Once } from './signing.ts'

const { loadFixture, time } = networkHelpers

describe('ConsentRegistry, a batch', () => {
  /** A second record of the patient, and a batch over both, and over categories for two people. */
  async function manyThings() {
    const world = await patientAndDoctor()
    const { consents, records, desk, stranger, pseudonym, grantee, recordId } = world
    const second = deposit(pseudonym)
    await records.connect(desk).anchor(second)
    const other = await records.recordIdOf(pseudonym, second.salt)
    const someone = await consents.personId(stranger, none32)
    const of = (granteeId: string, id: string) => ({
      granteeId,
      recordId: id,
      ...terms(world, id === none32 ? { categories: 8 } : {}),
    })
    const batch = [of(grantee, recordId), of(grantee, other), of(someone, none32), of(someone, recordId)]
    return { ...world, other, someone, of, batch }
  }
  type Many = Awaited<ReturnType<typeof manyThings>>
  type One = { granteeId: string; recordId: string } & Terms

  /** A batch as the contract takes it: what was signed as fields is one word. */
  const packed = (batch: readonly One[]) =>
    batch.map(({ granteeId, recordId, ...given }) => ({ granteeId, recordId, terms: pack(given) }))

  async function signedBatch(world: Many, batch: readonly One[], times: Partial<Once> = {}) {
    const { consents, patient, pseudonym } = world
    const body = { pseudonym, controller: patient.address, consents: batch }
    return await authorize(consents, patient, 'GrantMany', body, await now(times))
  }

  it('grants all of it, by transaction or by signature', async () => {
    const world = await loadFixture(manyThings)
    const { consents, mine, stranger, pseudonym, batch, other } = world
    await time.increase(10)
    const by = await signedBatch(world, batch)
    for (const carry of [
      () => mine.grantMany(pseudonym, packed(batch)),
      async () => {
        await mine.revokeAll(pseudonym, none32)
        const again = await signedBatch(world, batch, { nonce: 77n, signedAt: (await time.latest()) + 1 })
        return await consents.connect(stranger).grantManyBySignature(pseudonym, packed(batch), again)
      },
    ]) {
      const receipt = await (await carry()).wait()
      expect(receipt?.logs).to.have.length(4)
      expect((await ask(world)).code).to.equal('permit')
      expect((await ask(world, { recordId: other })).code).to.equal('permit')
      expect((await ask(world, { reader: stranger.address, recordId: none32 })).code).to.equal('permit')
    }
    await expect(consents.grantManyBySignature(pseudonym, packed(batch), by)).to.be.revertedWithCustomError(
      consents,
      'ConsentOlder',
    )
  })

  it('refuses the whole where one is refused: another pseudonym’s record, an older decision, a slot twice', async () => {
    const world = await loadFixture(manyThings)
    const { consents, patients, records, mine, patient, desk, stranger, hospital } = world
    const { pseudonym, grantee, someone, batch, of } = world
    const rho = random32()
    await patients.connect(patient).register(patient, rho, hospital, random32(), '0x')
    const theirs = deposit(await patients.pseudonymOf(patient, rho))
    await records.connect(desk).anchor(theirs)
    const foreign = [...batch, of(grantee, await records.recordIdOf(theirs.pseudonym, theirs.salt))]
    const carrier = consents.connect(stranger)
    await expectRefusals(consents, 'ConsentNotItsRecord', [
      () => mine.grantMany(pseudonym, packed(foreign)),
      async () => await carrier.grantManyBySignature(pseudonym, packed(foreign), await signedBatch(world, foreign)),
    ])
    const [twice, held] = [[...batch, of(grantee, world.recordId)], await signedBatch(world, batch)]
    await mine.revokeAll(pseudonym, someone)
    await expectRefusals(consents, 'ConsentOlder', [
      async () => await carrier.grantManyBySignature(pseudonym, packed(twice), await signedBatch(world, twice)),
      () => carrier.grantManyBySignature(pseudonym, packed(batch), held),
    ])
    expect((await ask(world)).code).to.equal('no consent')
    expect(await consents.noncesOf(pseudonym, 0)).to.equal((1n << 40n) - 1n)
  })

  it('holds 1 to 64 consents of who decides', async () => {
    const world = await loadFixture(manyThings)
    const { consents, mine, stranger, pseudonym, grantee, of } = world
    const many = (count: number) => Array.from({ length: count }, () => of(grantee, none32))
    for (const count of [0, 65]) {
      const by = await signedBatch(world, many(count))
      await expectRefusals(consents, 'ConsentBadBatch', [
        () => mine.grantMany(pseudonym, packed(many(count))),
        () => consents.grantManyBySignature(pseudonym, packed(many(count)), by),
      ])
    }
    await mine.grantMany(pseudonym, packed(many(64)))
    await expect(consents.connect(stranger).grantMany(pseudonym, packed(many(1))))
      .to.be.revertedWithCustomError(consents, 'ConsentNotController')
      .withArgs(pseudonym, stranger.address)
  })

  it('has nothing above the terms in its words', async () => {
    const world = await loadFixture(manyThings)
    const { consents, mine, stranger, pseudonym, batch } = world
    for (const bit of [144n, 160n, 200n, 208n, 247n, 255n]) {
      const dirty = packed(batch).map((one, i) => (i === 1 ? { ...one, terms: one.terms | (1n << bit) } : one))
      await expect(mine.grantMany(pseudonym, dirty))
        .to.be.revertedWithCustomError(consents, 'ConsentBadTerms')
        .withArgs(dirty[1]?.terms)
      // Above the terms nothing is signed, so the signature alone would not refuse it.
      const by = await signedBatch(world, batch)
      await expect(consents.connect(stranger).grantManyBySignature(pseudonym, dirty, by)).to.be.revertedWithCustomError(
        consents,
        'ConsentBadTerms',
      )
    }
  })

  it('is bound to each consent and to their order', async () => {
    const world = await loadFixture(manyThings)
    const { consents, pseudonym, batch, stranger } = world
    const by = await signedBatch(world, batch)
    const carrier = consents.connect(stranger)
    const changed = [
      batch.slice(1),
      batch.toReversed(),
      [...batch, ...batch.slice(0, 1)],
      batch.map((one, i) => (i === 2 ? { ...one, categories: 12 } : one)),
      batch.map((one) => ({ ...one, until: one.until + days(1) })),
    ]
    await expectRefusals(
      consents,
      'ConsentBadSignature',
      changed.map((other) => () => carrier.grantManyBySignature(pseudonym, packed(other), by)),
    )
  })
})
