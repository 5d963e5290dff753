import { expect } from 'chai'
import { expectRefusals, fieldsOf, networkHelpers, none16, none32, random32 } from './fixture.ts'
import { emergencyWorld, hours, opened, prepared, roles, someKey, type World } from './glass.ts'

const { loadFixture, time } = networkHelpers

async function broken() {
  const world = await emergencyWorld()
  return { ...world, id: await opened(world) }
}

const justified = 1

/** Ends the window and has it reviewed by the patient's institution. */
async function review(world: World, id: string): Promise<void> {
  await world.glass.connect(world.clinician).closeBreakGlass(id)
  await world.glass.connect(world.reviewer).reviewBreakGlass(id, world.reviewing, justified, none32)
}

describe('BreakGlass', () => {
  describe('opening', () => {
    it('takes clinician and guardian, and tells everybody at once', async () => {
      const world = await loadFixture(emergencyWorld)
      const { glass, pseudonym, otherHospital, clinician, officer } = world
      const { id, open, opening } = await prepared(world)
      const at = (await time.latest()) + 1
      await time.setNextBlockTimestamp(at)
      const [until, reviewBy] = [at + hours(24), at + hours(72)]
      await expect(open())
        .to.emit(glass, 'GlassBroken')
        .withArgs(
          id,
          pseudonym,
          otherHospital,
          none32,
          clinician.address,
          officer.address,
          opening.reasonCommit,
          until,
          reviewBy,
        )
      expect(fieldsOf(await glass.windowOf(id))).to.deep.include({
        pseudonym,
        clinician: clinician.address,
        guardian: officer.address,
        credentialId: world.credential,
        institution: otherHospital,
        openedAt: BigInt(at),
        until: BigInt(until),
        reviewBy: BigInt(reviewBy),
        closedAt: 0n,
        verdict: 0n,
      })
      expect([...(await glass.windowsOf(pseudonym, clinician))]).to.deep.equal([id, none32])
      expect([...(await glass.windowsOf(pseudonym, officer))]).to.deep.equal([none32, id])
      expect(await glass.overdueOf(otherHospital)).to.equal(none32)
    })

    it('may name one record of the patient', async () => {
      const world = await loadFixture(emergencyWorld)
      const { glass, recordId } = world
      const id = await opened(world, { recordId })
      expect(fieldsOf(await glass.windowOf(id))).to.deep.include({ recordId })
      const other = await prepared(world, { recordId: random32() })
      await expectRefusals(glass, 'BreakGlassNotItsRecord', [other.open])
    })

    it('names a patient, a reason, and a key for the guardian’s part', async () => {
      const world = await loadFixture(emergencyWorld)
      await expectRefusals(world.glass, 'BreakGlassUnknownPseudonym', [
        (await prepared(world, { pseudonym: random32() })).open,
      ])
      for (const change of [{ reasonCommit: none32 }, { partKeyHash: none32 }])
        await expectRefusals(world.glass, 'BreakGlassEmptyField', [(await prepared(world, change)).open])
    })

    it('needs the live affiliation of an emergency clinician', async () => {
      const world = await loadFixture(emergencyWorld)
      const { actors, glass, doctor, hospital, clinician, department, ward, until } = world
      const theirs = await actors.credentialId(doctor, hospital)
      const refused = async (change: Parameters<typeof prepared>[1], by = {}) =>
        await expectRefusals(glass, 'BreakGlassNotEmergencyClinician', [(await prepared(world, change, by)).open])
      await refused({ credentialId: random32() })
      await refused({ credentialId: theirs })
      await refused({ clinician: doctor.address, credentialId: theirs }, { clinician: doctor })
      await refused({ clinician: doctor.address }, { clinician: doctor })
      await actors.connect(department).attest(clinician, ward, roles.physician, until, random32())
      await refused({})
      await actors.connect(department).attest(clinician, ward, roles.clinician, until, random32())
      await actors.connect(department).retract(clinician, ward)
      await refused({})
    })

    it('needs an officer of the patient’s own institution, still attested, and somebody else', async () => {
      const world = await loadFixture(emergencyWorld)
      const { actors, glass, first, second, hospital, otherHospital, officer, clinician, ownReviewer, until } = world
      const refused = async (guardian: typeof officer) =>
        await expectRefusals(glass, 'BreakGlassNotGuardian', [
          (await prepared(world, { guardian: guardian.address }, { guardian })).open,
        ])
      await refused(world.stranger)
      // An officer, but of another institution; attested, but not named with a key.
      await actors.connect(second).attest(ownReviewer, otherHospital, roles.officer, until, random32())
      await glass.connect(second).nameOfficers(otherHospital, [{ account: ownReviewer, publicKey: someKey() }])
      await refused(ownReviewer)
      await actors.connect(first).attest(ownReviewer, hospital, roles.officer, until, random32())
      await refused(ownReviewer)
      await actors.connect(first).retract(officer, hospital)
      await refused(officer)
      const alone = await prepared(world, { guardian: clinician.address }, { guardian: clinician })
      await expectRefusals(glass, 'BreakGlassAlone', [alone.open])
    })

    it('counts what both signed, for 15 minutes, once', async () => {
      const world = await loadFixture(emergencyWorld)
      const { glass, stranger, recordId } = world
      await expectRefusals(glass, 'BreakGlassBadSignature', [
        (await prepared(world, {}, { guardian: stranger })).open,
        (await prepared(world, {}, { clinician: stranger })).open,
      ])
      const { id, open } = await prepared(world)
      await expectRefusals(glass, 'BreakGlassBadSignature', [
        () => open({ recordId }),
        () => open({ reasonCommit: random32() }),
        () => open({ partKeyHash: random32() }),
      ])
      const late = await prepared(world, { deadline: await time.latest() })
      await expectRefusals(glass, 'BreakGlassDeadlineOver', [late.open])
      const early = await prepared(world, { deadline: (await time.latest()) + 3_600 })
      await expectRefusals(glass, 'BreakGlassDeadlineTooFar', [early.open])
      await open()
      await review(world, id)
      await expectRefusals(glass, 'BreakGlassOpenedBefore', [open])
    })

    it('is refused while the clinician has a window for the patient', async () => {
      const world = await loadFixture(broken)
      const { glass, clinician, id } = world
      await expectRefusals(glass, 'BreakGlassStillOpen', [(await prepared(world)).open])
      await glass.connect(clinician).closeBreakGlass(id)
      await (await prepared(world)).open()
    })
  })

  describe('closing', () => {
    it('is for clinician, guardian and patient, once and in time', async () => {
      const world = await loadFixture(broken)
      const { glass, clinician, officer, patient, stranger, reviewer, pseudonym } = world
      let { id } = world
      for (const account of [clinician, officer, patient]) {
        for (const other of [stranger, reviewer])
          await expectRefusals(glass, 'BreakGlassNotYours', [() => glass.connect(other).closeBreakGlass(id)])
        await expect(glass.connect(account).closeBreakGlass(id))
          .to.emit(glass, 'GlassClosed')
          .withArgs(id, pseudonym, account.address)
        await expectRefusals(glass, 'BreakGlassNotOpen', [() => glass.connect(account).closeBreakGlass(id)])
        id = await opened(world)
      }
      await time.increase(hours(24))
      await expectRefusals(glass, 'BreakGlassNotOpen', [
        () => glass.connect(clinician).closeBreakGlass(id),
        () => glass.connect(clinician).closeBreakGlass(random32()),
      ])
    })
  })

  describe('reviewing', () => {
    it('is for a reviewer of either institution who took no part, when it is over, once', async () => {
      const world = await loadFixture(broken)
      const { glass, ownReviewer, ownReviewing, reviewer, reviewing, pseudonym, otherHospital, id } = world
      const own = glass.connect(ownReviewer)
      await expectRefusals(glass, 'BreakGlassStillOpen', [
        () => own.reviewBreakGlass(id, ownReviewing, justified, none32),
      ])
      await time.increase(hours(24))
      await expectRefusals(glass, 'BreakGlassNoVerdict', [() => own.reviewBreakGlass(id, ownReviewing, 0, none32)])
      const finding = random32()
      await expect(own.reviewBreakGlass(id, ownReviewing, 2, finding))
        .to.emit(glass, 'GlassReviewed')
        .withArgs(id, pseudonym, otherHospital, ownReviewer.address, 2, finding)
      expect(fieldsOf(await glass.windowOf(id))).to.deep.include({ verdict: 2n, reviewer: ownReviewer.address })
      await expectRefusals(glass, 'BreakGlassNothingToReview', [
        () => glass.connect(reviewer).reviewBreakGlass(id, reviewing, justified, none32),
        () => own.reviewBreakGlass(random32(), ownReviewing, justified, none32),
      ])
      await review(world, await opened(world))
    })

    it('is not for who took part, another role, another institution, or a dead affiliation', async () => {
      const world = await loadFixture(broken)
      const { actors, glass, first, hospital, department, ward, until, clinician, officer, doctor, id } = world
      await actors.connect(department).attest(clinician, ward, roles.clinician | roles.reviewer, until, random32())
      await actors.connect(first).attest(officer, hospital, roles.officer | roles.reviewer, until, random32())
      const elsewhere = world.memberHospitals[0]
      const head = world.keyAccounts[0]
      await actors.connect(head).attest(doctor, elsewhere, roles.reviewer, until, random32())
      await actors.connect(first).retract(world.reviewer, hospital)
      await glass.connect(clinician).closeBreakGlass(id)
      const ids = {
        officers: await actors.credentialId(officer, hospital),
        doctors: await actors.credentialId(doctor, hospital),
        elsewhere: await actors.credentialId(doctor, elsewhere),
      }
      await expectRefusals(glass, 'BreakGlassNotReviewer', [
        () => glass.connect(clinician).reviewBreakGlass(id, world.credential, justified, none32),
        () => glass.connect(officer).reviewBreakGlass(id, ids.officers, justified, none32),
        () => glass.connect(doctor).reviewBreakGlass(id, ids.doctors, justified, none32),
        () => glass.connect(doctor).reviewBreakGlass(id, ids.elsewhere, justified, none32),
        () => glass.connect(world.reviewer).reviewBreakGlass(id, world.reviewing, justified, none32),
      ])
    })

    it('is owed within 72 hours; until it is done the institution breaks no other glass', async () => {
      const world = await loadFixture(broken)
      const { glass, reviewer, reviewing, otherHospital, hospital, id } = world
      await time.increase(hours(25))
      const second = await opened(world)
      await time.increase(hours(47) - 60)
      expect(await glass.overdueOf(otherHospital)).to.equal(none32)
      await time.increase(61)
      expect(await glass.overdueOf(otherHospital)).to.equal(id)
      expect(await glass.overdueOf(hospital)).to.equal(none32)
      expect(await glass.overdueOf(none16)).to.equal(none32)
      await expect((await prepared(world)).open())
        .to.be.revertedWithCustomError(glass, 'BreakGlassReviewOverdue')
        .withArgs(otherHospital, id)
      const done = (one: string) => glass.connect(reviewer).reviewBreakGlass(one, reviewing, justified, none32)
      // A younger one frees nobody.
      await done(second)
      expect(await glass.overdueOf(otherHospital)).to.equal(id)
      await done(id)
      expect(await glass.overdueOf(otherHospital)).to.equal(none32)
      await (await prepared(world)).open()
    })
  })
})
