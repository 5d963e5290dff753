import { expect } from 'chai'
import { ask, granteeId, noRole, type Terms, terms } from './consent-world.ts'
import { days, deposit, ethers, networkHelpers, none32, random32 } from './fixture.ts'
import { asNurse, forNurse, fourLevels, idOf, nursing, permit, teaching } from './groups-world.ts'

const { loadFixture } = networkHelpers

describe('ConsentRegistry, organizations and roles', () => {
  it('derives their ids as the specification says', async () => {
    const world = await loadFixture(fourLevels)
    const salt = random32()
    const value = ethers.zeroPadBytes(world.ward, 32)
    expect(await idOf(world, world.ward)).to.equal(granteeId(2, value))
    expect(await idOf(world, world.ward, noRole, salt)).to.equal(granteeId(2, value, salt))
    const role = ethers.toBeHex(BigInt(value) | 30n, 32)
    expect(await idOf(world, world.ward, 30, salt)).to.equal(granteeId(3, role, salt))
    expect(await idOf(world, world.ward, 0)).to.equal(granteeId(3, value))
  })

  describe('a permit', () => {
    for (const level of [0, 1, 2, 3]) {
      it(`to the organization ${level} above the nurse’s lets her read, and names the slot`, async () => {
        const world = await loadFixture(fourLevels)
        const key = await permit(world, world.path[level] ?? '')
        expect(await ask(world, forNurse(world))).to.deep.equal({ code: 'permit', key })
        expect(await asNurse(world, { level })).to.deep.equal({ code: 'permit', key })
        for (const other of [0, 1, 2, 3].filter((one) => one !== level)) {
          expect((await asNurse(world, { level: other })).code).to.equal('no consent')
        }
      })

      it(`to a role there lets who has it read, and nobody else`, async () => {
        const world = await loadFixture(fourLevels)
        const { actors, forWard, stranger, until, ward } = world
        await actors.connect(forWard).attest(stranger, ward, 1, until, random32())
        const key = await permit(world, world.path[level] ?? '', teaching)
        expect(await ask(world, forNurse(world))).to.deep.equal({ code: 'permit', key })
        expect(await asNurse(world, { level, role: teaching })).to.deep.equal({ code: 'permit', key })
        expect((await asNurse(world, { level, role: nursing })).code).to.equal('no consent')
        expect((await asNurse(world, { level })).code).to.equal('no consent')
        expect((await ask(world, { reader: stranger.address })).code).to.equal('no consent')
      })
    }

    it('is for those below, not above or beside', async () => {
      const world = await loadFixture(fourLevels)
      const { actors, second, otherHospital, stranger, until } = world
      await actors.connect(second).attest(stranger, otherHospital, 1 << nursing, until, random32())
      await permit(world, world.ward)
      await permit(world, world.hospital, nursing)
      // The doctor works for the hospital itself, in another role.
      expect((await ask(world)).code).to.equal('no consent')
      expect((await ask(world, { reader: stranger.address })).code).to.equal('no consent')
      expect((await ask(world, { reader: world.forWard.address })).code).to.equal('no consent')
    })

    it('to categories lets her read them, and the salt must be known', async () => {
      const world = await loadFixture(fourLevels)
      const { consents, mine, pseudonym, clinic } = world
      const salt = random32()
      const grantee = await idOf(world, clinic, nursing, salt)
      await mine.grant(pseudonym, grantee, none32, terms(world, { categories: 8 }))
      const key = await consents.keyOf(pseudonym, grantee, none32)
      expect((await ask(world, forNurse(world))).code).to.equal('no consent')
      for (const recordId of [world.recordId, none32]) {
        expect(await ask(world, forNurse(world, { salt, recordId }))).to.deep.equal({ code: 'permit', key })
        const along = await asNurse(world, { level: 1, role: nursing, wide: true }, { salt, recordId })
        expect(along).to.deep.equal({ code: 'permit', key })
      }
      expect((await asNurse(world, { level: 1, role: nursing }, { salt })).code).to.equal('no consent')
      expect((await ask(world, forNurse(world, { salt, recordId: none32, categoryBit: 4 }))).code).to.equal(
        'other categories',
      )
    })

    it('is found bare where another salt is given', async () => {
      const world = await loadFixture(fourLevels)
      const key = await permit(world, world.department)
      const salt = random32()
      expect(await ask(world, forNurse(world, { salt }))).to.deep.equal({ code: 'permit', key })
      expect(await asNurse(world, { level: 2 }, { salt })).to.deep.equal({ code: 'permit', key })
    })

    it('comes from the person first, then from the nearest organization, itself before its roles', async () => {
      const world = await loadFixture(fourLevels)
      const { consents, mine, nurse, pseudonym, recordId, hospital, ward } = world
      const keys = [
        await permit(world, hospital, nursing),
        await permit(world, hospital),
        await permit(world, ward, teaching),
        await permit(world, ward, nursing),
        await permit(world, ward),
      ]
      const person = await consents.personId(nurse, none32)
      await mine.grant(pseudonym, person, recordId, terms(world))
      keys.push(await consents.keyOf(pseudonym, person, recordId))
      const order = [person, idOf(world, ward), idOf(world, ward, nursing), idOf(world, ward, teaching)]
      order.push(idOf(world, hospital), idOf(world, hospital, nursing))
      for (const grantee of order) {
        expect(await ask(world, forNurse(world))).to.deep.equal({ code: 'permit', key: keys.pop() })
        await mine.revoke(pseudonym, await grantee, recordId)
      }
      expect((await ask(world, forNurse(world))).code).to.equal('revoked')
    })

    it('ends with the slot, the organization’s floor, or everyone’s', async () => {
      const world = await loadFixture(fourLevels)
      const { mine, pseudonym, recordId, clinic } = world
      const grantee = await idOf(world, clinic)
      for (const end of [
        () => mine.revoke(pseudonym, grantee, recordId),
        () => mine.revokeAll(pseudonym, grantee),
        () => mine.revokeAll(pseudonym, none32),
      ]) {
        await permit(world, clinic)
        expect((await ask(world, forNurse(world))).code).to.equal('permit')
        await end()
        expect((await ask(world, forNurse(world))).code).to.equal('revoked')
        expect((await asNurse(world, { level: 1 })).code).to.equal('revoked')
      }
    })

    it('says why it does not permit', async () => {
      const world = await loadFixture(fourLevels)
      const { mine, pseudonym, recordId, clinic, now } = world
      const grantee = await idOf(world, clinic)
      const cases: [Partial<Terms>, string][] = [
        [{ until: now + 100 }, 'expired'],
        [{ from: now + days(9) }, 'not yet valid'],
        [{ purposes: 1 << 5 }, 'wrong purpose'],
      ]
      for (const [change, code] of cases) {
        await mine.grant(pseudonym, grantee, recordId, terms(world, change))
        expect((await ask(world, forNurse(world))).code).to.equal(code)
        expect((await asNurse(world, { level: 1 })).code).to.equal(code)
      }
    })
  })

  describe('a denial', () => {
    it('of the person wins over every permit to her organizations and roles', async () => {
      const world = await loadFixture(fourLevels)
      const { consents, mine, nurse, pseudonym, recordId } = world
      const salt = random32()
      for (const organization of world.path) await permit(world, organization)
      await permit(world, world.hospital, nursing)
      for (const [mark, scope] of [
        [none32, recordId],
        [none32, none32],
        [salt, recordId],
        [salt, none32],
      ] as const) {
        const person = await consents.personId(nurse, mark)
        await mine.deny(pseudonym, person, scope)
        const key = await consents.keyOf(pseudonym, person, scope)
        expect(await ask(world, forNurse(world, { salt }))).to.deep.equal({ code: 'denied', key })
        for (const level of [0, 3]) {
          expect(await asNurse(world, { level }, { salt })).to.deep.equal({ code: 'denied', key })
        }
        await mine.revoke(pseudonym, person, scope)
        expect((await ask(world, forNurse(world, { salt }))).code).to.equal('permit')
      }
    })

    it('of another record leaves her what she may', async () => {
      const world = await loadFixture(fourLevels)
      const { consents, mine, records, desk, nurse, stranger, pseudonym } = world
      const other = deposit(pseudonym)
      await records.connect(desk).anchor(other)
      const recordId = await records.recordIdOf(pseudonym, other.salt)
      await permit(world, world.ward)
      await mine.deny(pseudonym, await consents.personId(nurse, none32), recordId)
      await mine.deny(pseudonym, await consents.personId(stranger, none32), none32)
      expect((await ask(world, forNurse(world))).code).to.equal('permit')
      expect((await ask(world, forNurse(world, { recordId }))).code).to.equal('denied')
    })

    it('in an organization’s slot is merely no permit, and takes nothing from anyone', async () => {
      const world = await loadFixture(fourLevels)
      const { mine, pseudonym, recordId, clinic, hospital } = world
      await permit(world, clinic)
      await mine.deny(pseudonym, await idOf(world, clinic), recordId)
      expect((await ask(world, forNurse(world))).code).to.equal('revoked')
      expect((await asNurse(world, { level: 1 })).code).to.equal('revoked')
      const key = await permit(world, hospital, nursing)
      await mine.deny(pseudonym, await idOf(world, clinic), none32)
      expect(await ask(world, forNurse(world))).to.deep.equal({ code: 'permit', key })
    })
  })
})
