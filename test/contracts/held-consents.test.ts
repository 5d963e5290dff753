import { expect } from 'chai'
import { ask, patientAndDoctor, terms, type World } from './consent-world.ts'
import { networkHelpers, none32, random32 } from './fixture.ts'
import { signed, signedEnd } from './signing.ts'

const { loadFixture, time } = networkHelpers

describe('ConsentRegistry, when signatures come late', () => {
  describe('a grant that the relayer holds back', () => {
    /** What the patient does meanwhile; the grant is for a slot that was written before, or never. */
    const ends: readonly [string, (world: World) => Promise<unknown>][] = [
      ['revokes it', ({ mine, pseudonym, grantee, recordId }) => mine.revoke(pseudonym, grantee, recordId)],
      ['denies it', ({ mine, pseudonym, grantee, recordId }) => mine.deny(pseudonym, grantee, recordId)],
      ['stops sharing with the doctor', ({ mine, pseudonym, grantee }) => mine.revokeAll(pseudonym, grantee)],
      ['stops sharing with everyone', ({ mine, pseudonym }) => mine.revokeAll(pseudonym, none32)],
      ['signs a revocation', async (world) => await (await signed(world, 'Revoke', { nonce: 99n })).carry()],
      ['signs a denial', async (world) => await (await signed(world, 'Deny', { nonce: 99n })).carry()],
      ['signs that nobody reads', async (world) => await (await signedEnd(world, none32, { nonce: 99n }))()],
    ]
    for (const [does, act] of ends) {
      for (const written of [false, true]) {
        it(`is dead once the patient ${does}${written ? '' : ', also in a slot never written'}`, async () => {
          const world = await loadFixture(patientAndDoctor)
          const { consents, mine, pseudonym, grantee, recordId } = world
          if (written) await mine.grant(pseudonym, grantee, recordId, terms(world))
          await time.increase(10)
          const { carry } = await signed(world, 'Grant')
          await act(world)
          await expect(carry()).to.be.revertedWithCustomError(consents, 'ConsentOlder')
          expect((await ask(world)).code).not.to.equal('permit')
        })
      }
    }

    it('is dead where only the doctor’s other slots were ever written', async () => {
      const world = await loadFixture(patientAndDoctor)
      const { consents, mine, pseudonym, grantee } = world
      const wide = await signed(world, 'Grant', { recordId: none32 })
      await mine.grant(pseudonym, grantee, world.recordId, terms(world))
      await mine.revokeAll(pseudonym, grantee)
      await expect(wide.carry()).to.be.revertedWithCustomError(consents, 'ConsentOlder')
    })

    it('counts as older in the very second of the decision, and says when that was', async () => {
      const world = await loadFixture(patientAndDoctor)
      const { consents, mine, pseudonym, grantee, recordId } = world
      const key = await consents.keyOf(pseudonym, grantee, recordId)
      for (const [i, act] of [
        () => mine.revoke(pseudonym, grantee, recordId),
        () => mine.revokeAll(pseudonym, grantee),
        () => mine.revokeAll(pseudonym, none32),
      ].entries()) {
        await act()
        const at = await time.latest()
        const same = await signed(world, 'Grant', { nonce: 40n + BigInt(i), signedAt: at })
        await expect(same.carry()).to.be.revertedWithCustomError(consents, 'ConsentOlder').withArgs(key, at, at)
        const later = await signed(world, 'Grant', { nonce: 50n + BigInt(i), signedAt: at + 1 })
        await later.carry()
        expect((await ask(world)).code).to.equal('permit')
      }
    })

    it('does not come before one that was signed later and carried first', async () => {
      const world = await loadFixture(patientAndDoctor)
      const early = await signed(world, 'Grant')
      await time.increase(10)
      const late = await signed(world, 'Grant', { nonce: 41n })
      await late.carry()
      await expect(early.carry()).to.be.revertedWithCustomError(world.consents, 'ConsentOlder')
    })

    it('stands where the patient revoked something else', async () => {
      const world = await loadFixture(patientAndDoctor)
      const { consents, mine, doctor, stranger, pseudonym, grantee, recordId } = world
      const { carry } = await signed(world, 'Grant')
      await mine.revoke(pseudonym, grantee, none32)
      await mine.revokeAll(pseudonym, await consents.personId(stranger, none32))
      await mine.revoke(pseudonym, await consents.personId(doctor, random32()), recordId)
      await carry()
      expect((await ask(world)).code).to.equal('permit')
    })
  })

  describe('a revocation, a denial and an end of everything', () => {
    it('are never refused for their age', async () => {
      const world = await loadFixture(patientAndDoctor)
      const { mine, pseudonym, grantee, recordId } = world
      const [revocation, denial] = [await signed(world, 'Revoke'), await signed(world, 'Deny', { nonce: 41n })]
      const end = await signedEnd(world, grantee, { nonce: 42n })
      await time.increase(10)
      await mine.revokeAll(pseudonym, none32)
      await mine.grant(pseudonym, grantee, recordId, terms(world))
      await revocation.carry()
      expect((await ask(world)).code).to.equal('revoked')
      await denial.carry()
      expect((await ask(world)).code).to.equal('denied')
      await mine.grant(pseudonym, grantee, recordId, terms(world))
      await end()
      expect((await ask(world)).code).to.equal('revoked')
    })
  })
})
