import { expect } from 'chai'
import { ask, patientAndDoctor, permitWord, terms } from './consent-world.ts'
import { networkHelpers, none32, random32 } from './fixture.ts'
import { authorize, firstNonce, now, signed, signedEnd } from './signing.ts'

const { loadFixture, time } = networkHelpers

describe('ConsentRegistry by signature', () => {
  describe('whoever carries it', () => {
    it('grants what the patient signed, from the time of the signature', async () => {
      const world = await loadFixture(patientAndDoctor)
      const { consents, grantee, pseudonym, recordId } = world
      const { carry, given, authorization } = await signed(world, 'Grant')
      await time.increase(100)
      await expect(carry())
        .to.emit(consents, 'Granted')
        .withArgs(pseudonym, grantee, recordId, permitWord(given, authorization.signedAt))
      const key = await consents.keyOf(pseudonym, grantee, recordId)
      expect(await ask(world)).to.deep.equal({ code: 'permit', key })
      expect((await consents.slotOf(key)).changedAt).to.equal(authorization.signedAt)
    })

    it('grants categories too', async () => {
      const world = await loadFixture(patientAndDoctor)
      await (await signed(world, 'Grant', { recordId: none32 })).carry()
      expect((await ask(world)).code).to.equal('permit')
    })

    it('revokes and denies, from its block on', async () => {
      const world = await loadFixture(patientAndDoctor)
      const { consents, grantee, pseudonym, recordId, mine } = world
      await mine.grant(pseudonym, grantee, recordId, terms(world))
      const revocation = await signed(world, 'Revoke')
      const denial = await signed(world, 'Deny', { nonce: 41n })
      await time.increase(100)
      await expect(revocation.carry()).to.emit(consents, 'Revoked').withArgs(pseudonym, grantee, recordId)
      expect((await ask(world)).code).to.equal('revoked')
      await expect(denial.carry()).to.emit(consents, 'Denied').withArgs(pseudonym, grantee, recordId)
      expect((await ask(world)).code).to.equal('denied')
      const slot = await consents.slotOf(await consents.keyOf(pseudonym, grantee, recordId))
      expect(slot.changedAt).to.equal(await time.latest())
    })

    it('stops sharing with one, or with everyone', async () => {
      const world = await loadFixture(patientAndDoctor)
      const { consents, grantee, pseudonym, recordId, mine } = world
      for (const [nonce, whom] of [
        [firstNonce, grantee],
        [41n, none32],
      ] as const) {
        await mine.grant(pseudonym, grantee, recordId, terms(world))
        const carry = await signedEnd(world, whom, { nonce })
        await expect(carry()).to.emit(consents, 'RevokedAll').withArgs(pseudonym, whom)
        expect((await ask(world)).code).to.equal('revoked')
        expect(await consents.floorOf(pseudonym, whom)).to.equal(await time.latest())
      }
    })

    it('takes the signature in its own transaction as well', async () => {
      const world = await loadFixture(patientAndDoctor)
      const { given, authorization } = await signed(world, 'Grant')
      await world.mine.grantBySignature(world.pseudonym, world.grantee, world.recordId, given, authorization)
      expect((await ask(world)).code).to.equal('permit')
    })

    it('checks what a transaction is checked for', async () => {
      const world = await loadFixture(patientAndDoctor)
      const { consents } = world
      const unknown = await signed(world, 'Grant', { recordId: random32() })
      const nobody = await signed(world, 'Revoke', { granteeId: none32 })
      await expect(unknown.carry()).to.be.revertedWithCustomError(consents, 'ConsentNotItsRecord')
      await expect(nobody.carry()).to.be.revertedWithCustomError(consents, 'ConsentNoGrantee')
    })
  })

  describe('once', () => {
    it('refuses a grant a second time, also after a revocation', async () => {
      const world = await loadFixture(patientAndDoctor)
      const { consents, mine, pseudonym, grantee, recordId } = world
      const { carry } = await signed(world, 'Grant')
      await carry()
      const again = expect(carry()).to.be.revertedWithCustomError(consents, 'ConsentNonceUsed')
      await again.withArgs(pseudonym, firstNonce)
      await mine.revoke(pseudonym, grantee, recordId)
      await expect(carry()).to.be.revertedWithCustomError(consents, 'ConsentNonceUsed')
    })

    it('refuses a revocation, a denial and an end a second time, after a later grant', async () => {
      const world = await loadFixture(patientAndDoctor)
      const { consents, mine, pseudonym, grantee, recordId } = world
      const acts = [
        (await signed(world, 'Revoke')).carry,
        (await signed(world, 'Deny', { nonce: 41n })).carry,
        await signedEnd(world, grantee, { nonce: 42n }),
        await signedEnd(world, none32, { nonce: 43n }),
      ]
      for (const act of acts) {
        await act()
        await mine.grant(pseudonym, grantee, recordId, terms(world))
        await expect(act()).to.be.revertedWithCustomError(consents, 'ConsentNonceUsed')
        expect((await ask(world)).code).to.equal('permit')
      }
    })

    it('takes one nonce for one act of one pseudonym', async () => {
      const world = await loadFixture(patientAndDoctor)
      const { consents, patients, patient, stranger, hospital, grantee } = world
      const [grant, denial] = [await signed(world, 'Grant'), await signed(world, 'Deny')]
      await grant.carry()
      await expect(denial.carry()).to.be.revertedWithCustomError(consents, 'ConsentNonceUsed')
      const rho = random32()
      await patients.connect(patient).register(patient, rho, hospital, random32(), '0x')
      const other = await patients.pseudonymOf(patient, rho)
      const body = { pseudonym: other, controller: patient.address, granteeId: grantee }
      const authorization = await authorize(consents, patient, 'RevokeAll', body, await now())
      await consents.connect(stranger).revokeAllBySignature(other, grantee, authorization)
    })

    it('is void once the patient cancels the nonce', async () => {
      const world = await loadFixture(patientAndDoctor)
      const { consents, mine, stranger, pseudonym } = world
      const nonce = 0x1234n
      const { carry } = await signed(world, 'Grant', { nonce })
      await expect(consents.connect(stranger).cancelNonce(pseudonym, nonce))
        .to.be.revertedWithCustomError(consents, 'ConsentNotController')
        .withArgs(pseudonym, stranger.address)
      await expect(mine.cancelNonce(pseudonym, nonce)).to.emit(consents, 'NonceCancelled').withArgs(pseudonym, nonce)
      await expect(carry()).to.be.revertedWithCustomError(consents, 'ConsentNonceUsed')
      // Too late to cancel: the patient hears that it was carried.
      await expect(mine.cancelNonce(pseudonym, nonce)).to.be.revertedWithCustomError(consents, 'ConsentNonceUsed')
    })

    it('knows no nonce whose low byte is below 40', async () => {
      const world = await loadFixture(patientAndDoctor)
      const { consents, mine, pseudonym } = world
      for (const nonce of [0n, 1n, 39n, 256n, (7n << 8n) | 39n, (2n ** 248n - 1n) << 8n]) {
        const { carry } = await signed(world, 'Grant', { nonce })
        await expect(carry()).to.be.revertedWithCustomError(consents, 'ConsentBadNonce').withArgs(nonce)
        await expect(mine.cancelNonce(pseudonym, nonce)).to.be.revertedWithCustomError(consents, 'ConsentBadNonce')
      }
      const last = await signed(world, 'Revoke', { nonce: 2n ** 256n - 1n })
      await last.carry()
    })

    it('shows which nonces are left, and keeps floor and nonces apart', async () => {
      const world = await loadFixture(patientAndDoctor)
      const { consents, mine, pseudonym } = world
      const none = (1n << 40n) - 1n
      expect(await consents.noncesOf(pseudonym, 0)).to.equal(none)
      await mine.revokeAll(pseudonym, none32)
      const floor = await time.latest()
      await (await signed(world, 'Revoke', { nonce: 40n })).carry()
      await mine.cancelNonce(pseudonym, 255)
      await mine.cancelNonce(pseudonym, 256 + 41)
      expect(await consents.noncesOf(pseudonym, 0)).to.equal(none | (1n << 40n) | (1n << 255n))
      expect(await consents.noncesOf(pseudonym, 1)).to.equal(none | (1n << 41n))
      expect(await consents.floorOf(pseudonym, none32)).to.equal(floor)
      await mine.revokeAll(pseudonym, none32)
      expect(await consents.noncesOf(pseudonym, 0)).to.equal(none | (1n << 40n) | (1n << 255n))
      expect(await consents.floorOf(pseudonym, none32)).to.equal(await time.latest())
      await expect((await signed(world, 'Revoke')).carry()).to.be.revertedWithCustomError(consents, 'ConsentNonceUsed')
    })
  })

  describe('in time', () => {
    it('is not carried before it was signed', async () => {
      const world = await loadFixture(patientAndDoctor)
      const signedAt = (await time.latest()) + 100
      const { carry } = await signed(world, 'Grant', { signedAt })
      await time.setNextBlockTimestamp(signedAt - 1)
      await expect(carry()).to.be.revertedWithCustomError(world.consents, 'ConsentNotYetSigned').withArgs(signedAt)
      await time.setNextBlockTimestamp(signedAt)
      await carry()
    })

    it('is carried in the last second, and not after', async () => {
      const world = await loadFixture(patientAndDoctor)
      const times = { ...(await now()), deadline: (await time.latest()) + 900 }
      const [first, second] = [
        await signed(world, 'Grant', times),
        await signed(world, 'Deny', { ...times, nonce: 41n }),
      ]
      await time.setNextBlockTimestamp(times.deadline)
      await first.carry()
      const late = expect(second.carry()).to.be.revertedWithCustomError(world.consents, 'ConsentDeadlineOver')
      await late.withArgs(times.deadline)
    })

    it('refuses a deadline more than 15 minutes after signing, whatever was signed', async () => {
      const world = await loadFixture(patientAndDoctor)
      const signedAt = await time.latest()
      for (const deadline of [signedAt + 901, 2 ** 40 - 1]) {
        for (const kind of ['Grant', 'Revoke', 'Deny'] as const) {
          const { carry } = await signed(world, kind, { signedAt, deadline })
          await expect(carry())
            .to.be.revertedWithCustomError(world.consents, 'ConsentDeadlineTooFar')
            .withArgs(deadline, signedAt + 900)
        }
      }
    })

    it('needs a deadline that is not over, also where signing and deadline are old', async () => {
      const world = await loadFixture(patientAndDoctor)
      const { carry } = await signed(world, 'Revoke', { signedAt: 0, deadline: 0 })
      await expect(carry()).to.be.revertedWithCustomError(world.consents, 'ConsentDeadlineOver')
    })
  })
})
