import { expect } from 'chai'
import { ask, askAlong, noRole, type Path, terms } from './consent-world.ts'
import { days, kind, networkHelpers, none16, none32, random16, random32 } from './fixture.ts'
import { asNurse, forNurse, fourLevels, idOf, nursing, permit, teaching } from './groups-world.ts'

const { loadFixture } = networkHelpers

describe('ConsentRegistry, whom an affiliation covers', () => {
  describe('an affiliation', () => {
    it('counts before its end, and no longer', async () => {
      const world = await loadFixture(fourLevels)
      const { mine, pseudonym, recordId, hospital, until } = world
      const grantee = await idOf(world, hospital)
      await mine.grant(pseudonym, grantee, recordId, terms(world, { until: until + days(30) }))
      const last = { at: until - 1 }
      expect((await ask(world, forNurse(world, last))).code).to.equal('permit')
      expect((await asNurse(world, { level: 3 }, last)).code).to.equal('permit')
      const key = await world.consents.keyOf(pseudonym, grantee, recordId)
      expect(await ask(world, forNurse(world, { at: until }))).to.deep.equal({ code: 'not affiliated', key })
      const along = await asNurse(world, { level: 3 }, { at: until })
      expect(along).to.deep.equal({ code: 'not affiliated', key: none32 })
    })

    it('counts until it is retracted, and again once attested', async () => {
      const world = await loadFixture(fourLevels)
      const { actors, forWard, nurse, ward, until } = world
      await permit(world, world.clinic)
      await actors.connect(forWard).retract(nurse, ward)
      expect((await ask(world, forNurse(world))).code).to.equal('not affiliated')
      expect((await asNurse(world, { level: 1 })).code).to.equal('not affiliated')
      await actors.connect(forWard).attest(nurse, ward, 1, until, random32())
      expect((await ask(world, forNurse(world))).code).to.equal('permit')
    })

    it('counts in the roles attested last', async () => {
      const world = await loadFixture(fourLevels)
      const { actors, forWard, nurse, ward, until } = world
      await permit(world, world.hospital, teaching)
      await actors.connect(forWard).attest(nurse, ward, 1 << nursing, until, random32())
      expect((await ask(world, forNurse(world))).code).to.equal('no consent')
      expect((await asNurse(world, { level: 3, role: teaching })).code).to.equal('not affiliated')
    })

    for (const level of [0, 1, 2, 3]) {
      it(`sleeps while the organization ${level} above it is switched off, wherever the permit stands`, async () => {
        const world = await loadFixture(fourLevels)
        const off = world.path[level] ?? ''
        for (const organization of world.path) await permit(world, organization)
        await world.actors.setOrganizationActive(off, false)
        expect((await ask(world, forNurse(world))).code).to.equal('not affiliated')
        for (const one of [0, 1, 2, 3]) {
          expect((await asNurse(world, { level: one })).code).to.equal('not affiliated')
        }
        await world.actors.setOrganizationActive(off, true)
        expect((await ask(world, forNurse(world))).code).to.equal('permit')
      })
    }

    it('that is over says nothing but that, and only where a permit stands', async () => {
      const world = await loadFixture(fourLevels)
      const { actors, mine, pseudonym, recordId, forWard, nurse, ward, clinic, now } = world
      const grantee = await idOf(world, clinic)
      await mine.grant(pseudonym, grantee, recordId, terms(world, { until: now + 100 }))
      await actors.connect(forWard).retract(nurse, ward)
      expect((await ask(world, forNurse(world))).code).to.equal('no consent')
      await mine.revoke(pseudonym, grantee, recordId)
      expect((await ask(world, forNurse(world))).code).to.equal('no consent')
    })

    it('of eight counts like another, and the ninth is refused', async () => {
      const world = await loadFixture(fourLevels)
      const { actors, others, nurse, until } = world
      const houses: [string, (typeof others)[number]][] = []
      for (const account of others.slice(4, 12)) {
        const house = random16()
        await actors.registerOrganization(house, kind.hospital, none16, account, random32())
        houses.push([house, account])
      }
      const attest = async ([house, account]: (typeof houses)[number]) =>
        await actors.connect(account).attest(nurse, house, 0b10111, until, random32())
      for (const house of houses.slice(0, 7)) await attest(house)
      const [last, ninth] = [houses[6], houses[7]]
      if (!(last && ninth)) throw new Error('eight houses')
      await expect(attest(ninth)).to.be.revertedWithCustomError(actors, 'ActorTooManyAffiliations')
      await permit(world, ninth[0])
      expect((await ask(world, forNurse(world))).code).to.equal('no consent')
      const key = await permit(world, last[0], 4)
      expect(await ask(world, forNurse(world))).to.deep.equal({ code: 'permit', key })
    })
  })

  describe('a path', () => {
    it('must be the reader’s own, reach the level, and name a role that was attested', async () => {
      const world = await loadFixture(fourLevels)
      const { actors, doctor, hospital, forDepartment, department, stranger, until } = world
      for (const organization of world.path) {
        for (const role of [noRole, nursing, 2, 0]) await permit(world, organization, role)
      }
      await actors.connect(forDepartment).attest(stranger, department, 4, until, random32())
      const theirs = await actors.credentialId(stranger, department)
      const refused: Partial<Path>[] = [
        { credentialId: await actors.credentialId(doctor, hospital) },
        { credentialId: theirs },
        { credentialId: random32() },
        { level: 4 },
        { level: 255 },
        { level: 3, role: 2 },
        { level: 3, role: 0 },
        ...[32, 33, 254].map((role) => ({ role })),
      ]
      for (const path of refused) {
        expect(await asNurse(world, path)).to.deep.equal({ code: 'not affiliated', key: none32 })
      }
      // The department has one organization above it, not two.
      const short = async (level: number) =>
        await askAlong(world, { credentialId: theirs, level }, { reader: stranger.address })
      expect((await short(1)).code).to.equal('permit')
      expect((await short(2)).code).to.equal('not affiliated')
    })

    it('as the person ends at the one slot that is named', async () => {
      const world = await loadFixture(fourLevels)
      const { consents, mine, grantee, pseudonym, recordId } = world
      await mine.grant(pseudonym, grantee, none32, terms(world, { categories: 8 }))
      expect((await askAlong(world)).code).to.equal('no consent')
      expect((await askAlong(world, { wide: true })).code).to.equal('permit')
      expect((await askAlong(world, {}, { recordId: none32 })).code).to.equal('permit')
      await mine.deny(pseudonym, grantee, recordId)
      const key = await consents.keyOf(pseudonym, grantee, recordId)
      expect(await askAlong(world, { wide: true })).to.deep.equal({ code: 'denied', key })
      expect((await askAlong(world, {}, { recordId: none32 })).code).to.equal('permit')
    })

    it('does not help where the question itself is wrong', async () => {
      const world = await loadFixture(fourLevels)
      const { records, patient, recordId } = world
      await permit(world, world.ward)
      const wrong: [object, string][] = [
        [{ pseudonym: random32() }, 'unknown pseudonym'],
        [{ pseudonym: random32(), recordId: none32 }, 'unknown pseudonym'],
        [{ recordId: random32() }, 'unknown record'],
        [{ categoryBit: 4 }, 'wrong category'],
        [{ purpose: 2 }, 'unknown purpose'],
      ]
      for (const [change, code] of wrong) {
        expect(await asNurse(world, {}, change)).to.deep.equal({ code, key: none32 })
        expect(await ask(world, forNurse(world, change))).to.deep.equal({ code, key: none32 })
      }
      await records.connect(patient).erase(recordId)
      expect((await asNurse(world)).code).to.equal('erased')
    })
  })
})
