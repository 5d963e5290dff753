import { expect } from 'chai'
import { days, ethers, expectRefusals, hospitals, networkHelpers, none32, random32 } from './fixture.ts'
import { circleHash, circleOf, guarded, none, types, waits } from './guardians.ts'

const { loadFixture, time } = networkHelpers

describe('Guardians', () => {
  describe('naming', () => {
    it('takes the first guardians at once, and shows nothing but a number and salted hashes', async () => {
      const { patients, patient, pseudonym, others } = await loadFixture(hospitals)
      const { circle } = circleOf(
        others.slice(0, 3).map(({ address }) => address),
        2,
      )
      const hash = circleHash(pseudonym, circle)
      const sent = patients.connect(patient).nameGuardians(pseudonym, circle)
      await expect(sent).to.emit(patients, 'GuardiansInForce').withArgs(pseudonym, hash)
      const now = await time.latest()
      await expect(sent).to.emit(patients, 'GuardiansNamed').withArgs(pseudonym, hash, 2, circle.places, now)
      expect(await patients.circleOf(pseudonym)).to.equal(hash)
      const { data } = await sent
      for (const { address } of others) expect(data).not.to.include(address.slice(2).toLowerCase())
    })

    it('refuses circles that cannot act, or where one guardian is enough', async () => {
      const { patients, patient, pseudonym, others } = await loadFixture(hospitals)
      const accounts = others.map(({ address }) => address)
      const mine = patients.connect(patient)
      const [place = ''] = circleOf(accounts, 2).circle.places
      const many = Array.from({ length: 17 }, random32)
      await expectRefusals(
        patients,
        'GuardiansBadCircle',
        [
          { needed: 1, places: many.slice(0, 3) },
          { needed: 4, places: many.slice(0, 3) },
          { needed: 0, places: many.slice(0, 3) },
          { needed: 2, places: [] },
          { needed: 2, places: many },
          { needed: 2, places: [place, place] },
          { needed: 2, places: [place, none32] },
        ].map((circle) => () => mine.nameGuardians(pseudonym, circle)),
      )
      await expectRefusals(patients, 'GuardiansNone', [() => mine.nameGuardians(pseudonym, none)])
      await mine.nameGuardians(pseudonym, { needed: 16, places: many.slice(0, 16) })
    })

    it('lets nobody but the controller name, hand on or cancel', async () => {
      const { patients, stranger, doctor, pseudonym, circle } = await loadFixture(guarded)
      for (const other of [stranger, doctor])
        await expectRefusals(patients, 'PatientNotController', [
          () => patients.connect(other).nameGuardians(pseudonym, circle),
          () => patients.connect(other).proposeHandover(pseudonym, other),
          () => patients.connect(other).cancel(pseudonym),
        ])
      await expectRefusals(patients, 'PatientUnknown', [() => patients.nameGuardians(random32(), circle)])
    })
  })

  describe('recovery', () => {
    it('puts the new phone in place after seven days, by two of three', async () => {
      const { patients, pseudonym, guardians, phone, patient, stranger, recover } = await loadFixture(guarded)
      const sent = await recover(guardians.slice(1), phone.address)
      const readyAt = (await time.latest()) + days(7)
      await expect(sent)
        .to.emit(patients, 'RotationProposed')
        .withArgs(pseudonym, patient.address, phone.address, waits.recovery, readyAt, 1)
      const pending = await patients.pendingOf(pseudonym)
      expect([pending.kind, pending.to, pending.readyAt]).to.deep.equal([1n, phone.address, BigInt(readyAt)])
      await time.increaseTo(readyAt - 2)
      await expectRefusals(patients, 'GuardiansTooEarly', [() => patients.connect(stranger).execute(pseudonym)])
      expect(await patients.controllerOf(pseudonym)).to.equal(patient.address)
      await time.increaseTo(readyAt - 1)
      await expect(patients.connect(stranger).execute(pseudonym))
        .to.emit(patients, 'ControllerRotated')
        .withArgs(pseudonym, patient.address, phone.address)
      expect(await patients.controllerOf(pseudonym)).to.equal(phone.address)
      await expectRefusals(patients, 'GuardiansNothingWaits', [() => patients.execute(pseudonym)])
    })

    it('shows only the guardians who act', async () => {
      const { guardians, phone, recover } = await loadFixture(guarded)
      const [one, , three] = guardians
      const { data } = await recover(guardians.slice(0, 2), phone.address)
      expect(data).to.include(one?.address.slice(2).toLowerCase())
      expect(data).not.to.include(three?.address.slice(2).toLowerCase())
    })

    it('is vetoed by the controller until it is executed, and its signatures never count again', async () => {
      const { patients, pseudonym, circle, guardians, patient, phone, recovery } = await loadFixture(guarded)
      const { deadline, approvals } = await recovery(guardians, phone.address)
      const propose = () => patients.proposeRecovery(pseudonym, phone, deadline, circle, approvals)
      await propose()
      await time.increase(days(7))
      await expect(patients.connect(patient).cancel(pseudonym))
        .to.emit(patients, 'PendingCancelled')
        .withArgs(pseudonym, waits.recovery, 1, false)
      await expectRefusals(patients, 'GuardiansBadSignature', [propose])
      await expectRefusals(patients, 'GuardiansNothingWaits', [() => patients.execute(pseudonym)])
      expect(await patients.controllerOf(pseudonym)).to.equal(patient.address)
    })

    it('is done at once where the controller agrees', async () => {
      const { patients, pseudonym, guardians, patient, phone, recover } = await loadFixture(guarded)
      await recover(guardians, phone.address)
      await patients.connect(patient).execute(pseudonym)
      expect(await patients.controllerOf(pseudonym)).to.equal(phone.address)
    })

    it('is withdrawn by guardians who were deceived', async () => {
      const { patients, pseudonym, guardians, thief, recover, withdraw } = await loadFixture(guarded)
      await recover(guardians.slice(0, 2), thief.address)
      await expect(withdraw(guardians.slice(1)))
        .to.emit(patients, 'PendingCancelled')
        .withArgs(pseudonym, waits.recovery, 1, true)
      await time.increase(days(7))
      await expectRefusals(patients, 'GuardiansNothingWaits', [() => patients.execute(pseudonym)])
    })

    it('is over when nobody executed it in thirty days', async () => {
      const { patients, pseudonym, guardians, phone, recover } = await loadFixture(guarded)
      await recover(guardians, phone.address)
      await time.increase(days(37))
      await expectRefusals(patients, 'GuardiansNothingWaits', [() => patients.execute(pseudonym)])
      expect((await patients.pendingOf(pseudonym)).kind).to.equal(waits.nothing)
    })

    it('takes the signatures of contract accounts', async () => {
      const { patients, patient, pseudonym, others, guardians } = await loadFixture(guarded)
      const phone = others[5]
      const accounts = await Promise.all(
        guardians.slice(0, 2).map((owner) => ethers.deployContract('SmartAccount', [owner])),
      )
      const { named, circle } = circleOf(
        accounts.map(({ target }) => String(target)),
        2,
      )
      await patients.connect(patient).nameGuardians(pseudonym, circle)
      await time.increase(days(7))
      await patients.execute(pseudonym)
      await patients.connect(patient).proposeHandover(pseudonym, phone)
      const { chainId } = await ethers.provider.getNetwork()
      const domain = { name: 'Sharewell', version: '1', chainId, verifyingContract: String(patients.target) }
      const deadline = (await time.latest()) + days(1)
      const { round } = await patients.pendingOf(pseudonym)
      const message = { pseudonym, circle: circleHash(pseudonym, circle), round, deadline }
      const { Withdraw } = types
      const signedBy = async (owners: typeof guardians) => {
        const signed = named.map(async (one, at) => {
          const signature = (await owners[at]?.signTypedData(domain, { Withdraw }, message)) ?? '0x'
          return { ...one, signature }
        })
        return (await Promise.all(signed)).sort((a, b) => (BigInt(a.guardian) < BigInt(b.guardian) ? -1 : 1))
      }
      const stolen = await signedBy(guardians.slice(1))
      await expectRefusals(patients, 'GuardiansBadSignature', [
        () => patients.cancelByGuardians(pseudonym, deadline, circle, stolen),
      ])
      await patients.cancelByGuardians(pseudonym, deadline, circle, await signedBy(guardians))
      expect((await patients.pendingOf(pseudonym)).kind).to.equal(waits.nothing)
    })
  })

  describe('guardians who are fewer, strangers or liars', () => {
    it('do nothing below their number', async () => {
      const { patients, pseudonym, circle, guardians, phone, recover, withdraw, recovery } = await loadFixture(guarded)
      const [one] = guardians
      await expectRefusals(patients, 'GuardiansTooFew', [
        () => recover([], phone.address),
        () => recover(guardians.slice(0, 1), phone.address),
        () => withdraw(guardians.slice(2)),
      ])
      const { deadline, approvals } = await recovery(guardians.slice(0, 1), phone.address)
      const twice = [...approvals, ...approvals]
      await expect(patients.proposeRecovery(pseudonym, phone, deadline, circle, twice))
        .to.be.revertedWithCustomError(patients, 'GuardiansOutOfOrder')
        .withArgs(one?.address)
      const easier = { ...circle, needed: 1 }
      await expectRefusals(patients, 'GuardiansBadCircle', [
        () => patients.proposeRecovery(pseudonym, phone, deadline, easier, approvals),
      ])
    })

    it('cannot bring a stranger in, in their place or another', async () => {
      const { patients, pseudonym, circle, guardians, stranger, thief, recover, recovery } = await loadFixture(guarded)
      const [one, two] = guardians
      if (!one || !two) return expect.fail('no guardians')
      await expectRefusals(patients, 'GuardiansNotInCircle', [() => recover([one, stranger], thief.address)])
      const { deadline, approvals } = await recovery([one, two], thief.address)
      const moved = approvals.map((each) => ({ ...each, place: each.place === 0 ? 1 : 0 }))
      const beyond = approvals.map((each) => ({ ...each, place: 3 }))
      const salted = approvals.map((each) => ({ ...each, salt: random32() }))
      const propose = (some: typeof approvals) => () =>
        patients.proposeRecovery(pseudonym, thief, deadline, circle, some)
      await expectRefusals(patients, 'GuardiansNotInCircle', [moved, beyond, salted].map(propose))
      const other = circleOf([thief.address, stranger.address], 2)
      await expectRefusals(patients, 'GuardiansOtherCircle', [
        () => patients.proposeRecovery(pseudonym, thief, deadline, other.circle, []),
        () => patients.proposeRecovery(pseudonym, thief, deadline, none, []),
      ])
      return undefined
    })

    it('cannot use a signature for another account, pseudonym, round, act or time', async () => {
      const world = await loadFixture(guarded)
      const { patients, pseudonym, circle, guardians, phone, thief, recover, recovery, withdrawal } = world
      const { deadline, approvals } = await recovery(guardians, phone.address)
      const taken = await withdrawal(guardians)
      await expectRefusals(patients, 'GuardiansBadSignature', [
        () => patients.proposeRecovery(pseudonym, thief, deadline, circle, approvals),
        () => patients.proposeRecovery(pseudonym, phone, deadline + 1, circle, approvals),
        () => patients.proposeRecovery(pseudonym, phone, taken.deadline, circle, taken.approvals),
        () => recover(guardians, phone.address, { pseudonym: random32() }),
        () => recover(guardians, phone.address, { round: 7 }),
        () => recover(guardians, phone.address, { from: thief.address }),
        () => recover(guardians, phone.address, { circle: random32() }),
      ])
      const now = await time.latest()
      await expectRefusals(patients, 'GuardiansBadDeadline', [
        () => recover(guardians, phone.address, { deadline: now - 1 }),
        () => recover(guardians, phone.address, { deadline: now + days(31) }),
      ])
      await expectRefusals(patients, 'GuardiansNobody', [() => recover(guardians, ethers.ZeroAddress)])
    })

    it('do nothing for a pseudonym that nobody guards', async () => {
      const { patients, circle, phone } = await loadFixture(guarded)
      await expectRefusals(patients, 'GuardiansNone', [
        () => patients.proposeRecovery(random32(), phone, 0, circle, []),
        () => patients.cancelByGuardians(random32(), 0, none, []),
      ])
    })
  })

  describe("a thief with the controller's key", () => {
    it('cannot hand the pseudonym on, or drop the guardians, at once', async () => {
      const { patients, patient: thief, pseudonym, phone, hash } = await loadFixture(guarded)
      const stolen = patients.connect(thief)
      await expectRefusals(patients, 'GuardiansGuarded', [() => stolen.rotateController(pseudonym, phone)])
      await stolen.nameGuardians(pseudonym, none)
      await stolen.proposeHandover(pseudonym, phone)
      // The handover took the place of the change: one thing waits.
      expect((await patients.pendingOf(pseudonym)).kind).to.equal(waits.handover)
      await time.increase(days(7) - 10)
      await expectRefusals(patients, 'GuardiansTooEarly', [() => stolen.execute(pseudonym)])
      expect(await patients.circleOf(pseudonym)).to.equal(hash)
    })

    it('is stopped by guardians, or by the patient who still has the key', async () => {
      const { patients, patient: thief, pseudonym, phone, guardians, withdraw } = await loadFixture(guarded)
      const stolen = patients.connect(thief)
      for (const stop of [() => withdraw(guardians), () => stolen.cancel(pseudonym)]) {
        await stolen.nameGuardians(pseudonym, none)
        await stop()
        await stolen.proposeHandover(pseudonym, phone)
        await stop()
        await time.increase(days(8))
        await expectRefusals(patients, 'GuardiansNothingWaits', [() => stolen.execute(pseudonym)])
      }
    })

    it('finds nothing ripe when guardians begin a recovery: what waited is over, and nothing new begins', async () => {
      const world = await loadFixture(guarded)
      const { patients, patient: thief, pseudonym, phone, guardians, recover } = world
      const stolen = patients.connect(thief)
      await stolen.nameGuardians(pseudonym, none)
      await time.increase(days(6))
      await recover(guardians, phone.address)
      await expectRefusals(patients, 'GuardiansRecoveryWaits', [
        () => stolen.nameGuardians(pseudonym, none),
        () => stolen.proposeHandover(pseudonym, thief),
      ])
      await time.increase(days(7))
      await patients.execute(pseudonym)
      expect(await patients.controllerOf(pseudonym)).to.equal(phone.address)
      await expectRefusals(patients, 'PatientNotController', [() => stolen.cancel(pseudonym)])
    })
  })

  describe('changes by the patient', () => {
    it('hand a guarded pseudonym on after seven days, and keep the guardians', async () => {
      const { patients, patient, pseudonym, phone, hash } = await loadFixture(guarded)
      await patients.connect(patient).proposeHandover(pseudonym, phone)
      await time.increase(days(7))
      await patients.execute(pseudonym)
      expect(await patients.controllerOf(pseudonym)).to.equal(phone.address)
      expect(await patients.circleOf(pseudonym)).to.equal(hash)
    })

    it('put other guardians in place after seven days; the old ones sign for nothing any more', async () => {
      const { patients, patient, pseudonym, phone, guardians, others, recovery, circle } = await loadFixture(guarded)
      const next = circleOf(
        others.slice(5, 8).map(({ address }) => address),
        3,
      ).circle
      await patients.connect(patient).nameGuardians(pseudonym, next)
      const early = await recovery(guardians, phone.address)
      await time.increase(days(7))
      await expect(patients.execute(pseudonym))
        .to.emit(patients, 'GuardiansInForce')
        .withArgs(pseudonym, circleHash(pseudonym, next))
      await expectRefusals(patients, 'GuardiansOtherCircle', [
        () => patients.proposeRecovery(pseudonym, phone, early.deadline, circle, early.approvals),
      ])
    })

    it('drop the guardians after seven days; then a rotation is at once again', async () => {
      const { patients, patient, pseudonym, phone } = await loadFixture(guarded)
      await patients.connect(patient).nameGuardians(pseudonym, none)
      await time.increase(days(7))
      await patients.execute(pseudonym)
      expect(await patients.circleOf(pseudonym)).to.equal(none32)
      await expectRefusals(patients, 'GuardiansNone', [
        () => patients.connect(patient).proposeHandover(pseudonym, phone),
      ])
      await patients.connect(patient).rotateController(pseudonym, phone)
      expect(await patients.controllerOf(pseudonym)).to.equal(phone.address)
    })
  })

  it('lets consents that the old controller signed die with the rotation', async () => {
    const { patients, consents, patient, pseudonym, phone, guardians, doctor, recover } = await loadFixture(guarded)
    await recover(guardians, phone.address)
    await time.increase(days(7))
    await patients.execute(pseudonym)
    const grantee = await consents.personId(doctor, none32)
    await expectRefusals(consents, 'ConsentNotController', [
      () => consents.connect(patient).revokeAll(pseudonym, grantee),
    ])
    await consents.connect(phone).revokeAll(pseudonym, none32)
  })
})
