import { expect } from 'chai'
import { ask, patientAndDoctor, permitWord, terms, treat } from './consent-world.ts'
import { days, ethers, expectRefusals, fieldsOf, networkHelpers, none32, purpose, random32 } from './fixture.ts'

const { loadFixture, time } = networkHelpers

describe('ConsentRegistry', () => {
  describe('grant', () => {
    it('permits one record, says so in an event that names no account, and in one slot', async () => {
      const world = await loadFixture(patientAndDoctor)
      const { consents, mine, grantee, pseudonym, recordId } = world
      const given = terms(world)
      const key = await consents.keyOf(pseudonym, grantee, recordId)
      const at = (await time.latest()) + 10
      await time.setNextBlockTimestamp(at)
      await expect(mine.grant(pseudonym, grantee, recordId, given))
        .to.emit(consents, 'Granted')
        .withArgs(pseudonym, grantee, recordId, permitWord(given, at))
      expect(await ask(world)).to.deep.equal({ code: 'permit', key })
      expect(fieldsOf(await consents.slotOf(key))).to.deep.equal({
        from: BigInt(given.from),
        until: BigInt(given.until),
        purposes: 1n,
        categories: 0n,
        useLimit: 0n,
        used: 0n,
        changedAt: BigInt(at),
        state: 1n,
        counted: 0n,
      })
    })

    it('derives slots and grantees as the specification says', async () => {
      const { consents, doctor, grantee, pseudonym, recordId } = await loadFixture(patientAndDoctor)
      const coder = ethers.AbiCoder.defaultAbiCoder()
      const person = coder.encode(['uint8', 'bytes32', 'bytes32'], [1, ethers.zeroPadValue(doctor.address, 32), none32])
      expect(grantee).to.equal(ethers.keccak256(person))
      const slot = coder.encode(['bytes32', 'bytes32', 'bytes32'], [pseudonym, grantee, recordId])
      expect(await consents.keyOf(pseudonym, grantee, recordId)).to.equal(ethers.keccak256(slot))
    })

    it('permits categories, and every record in them', async () => {
      const world = await loadFixture(patientAndDoctor)
      const { consents, mine, grantee, pseudonym } = world
      await mine.grant(pseudonym, grantee, none32, terms(world, { categories: (1 << 3) | (1 << 5) }))
      const key = await consents.keyOf(pseudonym, grantee, none32)
      expect(await ask(world)).to.deep.equal({ code: 'permit', key })
      expect(await ask(world, { recordId: none32 })).to.deep.equal({ code: 'permit', key })
      expect(await ask(world, { recordId: none32, categoryBit: 5 })).to.deep.equal({ code: 'permit', key })
    })

    it('knows the highest category', async () => {
      const world = await loadFixture(patientAndDoctor)
      await world.mine.grant(world.pseudonym, world.grantee, none32, terms(world, { categories: 0x80000000 }))
      expect((await ask(world, { recordId: none32, categoryBit: 31 })).code).to.equal('permit')
      expect((await ask(world, { recordId: none32, categoryBit: 30 })).code).to.equal('other categories')
    })

    it('refuses whoever does not decide for the pseudonym: doctor, hospital, desk, stranger', async () => {
      const world = await loadFixture(patientAndDoctor)
      const { consents, grantee, pseudonym, recordId, doctor, first, desk, stranger } = world
      for (const caller of [doctor, first, desk, stranger]) {
        await expect(consents.connect(caller).grant(pseudonym, grantee, recordId, terms(world)))
          .to.be.revertedWithCustomError(consents, 'ConsentNotController')
          .withArgs(pseudonym, caller.address)
      }
      await expectRefusals(consents, 'ConsentNotController', [
        () => consents.connect(doctor).revoke(pseudonym, grantee, recordId),
        () => consents.connect(first).deny(pseudonym, grantee, recordId),
        () => consents.connect(stranger).revokeAll(pseudonym, none32),
        () => consents.connect(stranger).grant(random32(), grantee, none32, terms(world, { categories: 1 })),
      ])
    })

    it('refuses an empty time and one that is over', async () => {
      const world = await loadFixture(patientAndDoctor)
      const { consents, mine, grantee, pseudonym, recordId, now } = world
      for (const from of [now + days(30), now + days(31)]) {
        await expect(mine.grant(pseudonym, grantee, recordId, terms(world, { from })))
          .to.be.revertedWithCustomError(consents, 'ConsentEmptyTime')
          .withArgs(from, now + days(30))
      }
      await expectRefusals(consents, 'ConsentAlreadyOver', [
        () => mine.grant(pseudonym, grantee, recordId, terms(world, { from: now - 10, until: now })),
      ])
    })

    it('refuses break-glass, alone or among others', async () => {
      const world = await loadFixture(patientAndDoctor)
      const { consents, mine, grantee, pseudonym, recordId } = world
      await expectRefusals(consents, 'ConsentBreakGlass', [
        () => mine.grant(pseudonym, grantee, recordId, terms(world, { purposes: 1 << purpose.breakGlass })),
        () => mine.grant(pseudonym, grantee, recordId, terms(world, { purposes: 0xff })),
      ])
    })

    it('refuses no purpose, unknown purposes, and nobody', async () => {
      const world = await loadFixture(patientAndDoctor)
      const { consents, mine, grantee, pseudonym, recordId } = world
      await expectRefusals(consents, 'ConsentBadPurposes', [
        () => mine.grant(pseudonym, grantee, recordId, terms(world, { purposes: 0 })),
        () => mine.grant(pseudonym, grantee, recordId, terms(world, { purposes: 1 << 8 })),
        () => mine.grant(pseudonym, grantee, recordId, terms(world, { purposes: treat | (1 << 15) })),
      ])
      await expectRefusals(consents, 'ConsentNoGrantee', [
        () => mine.grant(pseudonym, none32, recordId, terms(world)),
        () => mine.revoke(pseudonym, none32, recordId),
        () => mine.deny(pseudonym, none32, recordId),
      ])
    })

    it('refuses categories beside a record, and neither of them', async () => {
      const world = await loadFixture(patientAndDoctor)
      const { consents, mine, grantee, pseudonym, recordId } = world
      await expectRefusals(consents, 'ConsentBadCategories', [
        () => mine.grant(pseudonym, grantee, recordId, terms(world, { categories: 8 })),
        () => mine.grant(pseudonym, grantee, none32, terms(world, { categories: 0 })),
      ])
    })

    it('refuses a record that does not exist or belongs to another pseudonym', async () => {
      const world = await loadFixture(patientAndDoctor)
      const { consents, patients, mine, patient, grantee, pseudonym, recordId, hospital } = world
      const rho = random32()
      await patients.connect(patient).register(patient, rho, hospital, random32(), '0x')
      const other = await patients.pseudonymOf(patient, rho)
      await expectRefusals(consents, 'ConsentNotItsRecord', [
        () => mine.grant(pseudonym, grantee, random32(), terms(world)),
        () => mine.grant(other, grantee, recordId, terms(world)),
        () => mine.deny(other, grantee, recordId),
      ])
    })
  })

  describe('revoke', () => {
    it('ends a permit from its block on and leaves a tombstone', async () => {
      const world = await loadFixture(patientAndDoctor)
      const { consents, mine, grantee, pseudonym, recordId } = world
      await mine.grant(pseudonym, grantee, recordId, terms(world))
      await expect(mine.revoke(pseudonym, grantee, recordId))
        .to.emit(consents, 'Revoked')
        .withArgs(pseudonym, grantee, recordId)
      expect((await ask(world)).code).to.equal('revoked')
      const slot = await consents.slotOf(await consents.keyOf(pseudonym, grantee, recordId))
      expect([slot.state, slot.changedAt, slot.purposes]).to.deep.equal([2n, BigInt(await time.latest()), 1n])
    })

    it('can be followed by a new grant', async () => {
      const world = await loadFixture(patientAndDoctor)
      const { mine, grantee, pseudonym, recordId } = world
      await mine.grant(pseudonym, grantee, recordId, terms(world))
      await mine.revoke(pseudonym, grantee, recordId)
      await mine.grant(pseudonym, grantee, recordId, terms(world))
      expect((await ask(world)).code).to.equal('permit')
    })

    it('also marks a slot that said nothing yet, and renews its time', async () => {
      const world = await loadFixture(patientAndDoctor)
      const { consents, mine, grantee, pseudonym, recordId } = world
      await mine.revoke(pseudonym, grantee, recordId)
      const key = await consents.keyOf(pseudonym, grantee, recordId)
      const before = (await consents.slotOf(key)).changedAt
      await mine.revoke(pseudonym, grantee, recordId)
      expect((await consents.slotOf(key)).changedAt > before).to.equal(true)
      expect((await ask(world)).code).to.equal('revoked')
    })
  })

  describe('deny', () => {
    it('wins over every permit, wherever it stands', async () => {
      const world = await loadFixture(patientAndDoctor)
      const { consents, mine, grantee, pseudonym, recordId } = world
      await mine.grant(pseudonym, grantee, recordId, terms(world))
      await expect(mine.deny(pseudonym, grantee, none32))
        .to.emit(consents, 'Denied')
        .withArgs(pseudonym, grantee, none32)
      const key = await consents.keyOf(pseudonym, grantee, none32)
      expect(await ask(world)).to.deep.equal({ code: 'denied', key })
      await mine.deny(pseudonym, grantee, recordId)
      await mine.grant(pseudonym, grantee, none32, terms(world, { categories: 8 }))
      expect((await ask(world)).code).to.equal('denied')
    })

    it('cannot be escaped by choosing a salt', async () => {
      const world = await loadFixture(patientAndDoctor)
      const { consents, mine, doctor, grantee, pseudonym, recordId } = world
      const salt = random32()
      await mine.grant(pseudonym, await consents.personId(doctor, salt), recordId, terms(world))
      await mine.deny(pseudonym, grantee, none32)
      expect((await ask(world, { salt })).code).to.equal('denied')
    })

    it('survives revokeAll, and ends by revoke or grant of the same slot', async () => {
      const world = await loadFixture(patientAndDoctor)
      const { mine, grantee, pseudonym, recordId } = world
      await mine.deny(pseudonym, grantee, recordId)
      await mine.revokeAll(pseudonym, grantee)
      expect((await ask(world)).code).to.equal('denied')
      await mine.revoke(pseudonym, grantee, recordId)
      expect((await ask(world)).code).to.equal('revoked')
      await mine.deny(pseudonym, grantee, recordId)
      await mine.grant(pseudonym, grantee, recordId, terms(world))
      expect((await ask(world)).code).to.equal('permit')
    })
  })

  describe('revokeAll', () => {
    it('stops sharing with one doctor, in every slot, and with nobody else', async () => {
      const world = await loadFixture(patientAndDoctor)
      const { consents, mine, stranger, grantee, pseudonym, recordId } = world
      const other = await consents.personId(stranger, none32)
      for (const who of [grantee, other]) {
        await mine.grant(pseudonym, who, recordId, terms(world))
        await mine.grant(pseudonym, who, none32, terms(world, { categories: 8 }))
      }
      await expect(mine.revokeAll(pseudonym, grantee)).to.emit(consents, 'RevokedAll').withArgs(pseudonym, grantee)
      expect(await consents.floorOf(pseudonym, grantee)).to.equal(await time.latest())
      expect((await ask(world)).code).to.equal('revoked')
      expect((await ask(world, { reader: stranger.address })).code).to.equal('permit')
    })

    it('stops sharing with everyone, and lets a later grant stand', async () => {
      const world = await loadFixture(patientAndDoctor)
      const { mine, grantee, pseudonym, recordId } = world
      await mine.grant(pseudonym, grantee, recordId, terms(world))
      await mine.revokeAll(pseudonym, none32)
      expect((await ask(world)).code).to.equal('revoked')
      await mine.grant(pseudonym, grantee, recordId, terms(world))
      expect((await ask(world)).code).to.equal('permit')
    })

    it('leaves other pseudonyms alone', async () => {
      const world = await loadFixture(patientAndDoctor)
      const { patients, patient, mine, grantee, pseudonym, recordId, hospital } = world
      const rho = random32()
      await patients.connect(patient).register(patient, rho, hospital, random32(), '0x')
      await mine.grant(pseudonym, grantee, recordId, terms(world))
      await mine.revokeAll(await patients.pseudonymOf(patient, rho), none32)
      expect((await ask(world)).code).to.equal('permit')
    })
  })
})
