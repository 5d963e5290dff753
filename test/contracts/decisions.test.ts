import { expect } from 'chai'
import { ask, patientAndDoctor, terms } from './consent-world.ts'
import { deposit, networkHelpers, none32, purpose, random32 } from './fixture.ts'

const { loadFixture } = networkHelpers

describe('ConsentRegistry, a decision', () => {
  it('lets the doctor read from the first second until the last, and no longer', async () => {
    const world = await loadFixture(patientAndDoctor)
    const { mine, grantee, pseudonym, recordId, now } = world
    const [from, until] = [now + 1000, now + 2000]
    await mine.grant(pseudonym, grantee, recordId, terms(world, { from, until }))
    expect((await ask(world, { at: from - 1 })).code).to.equal('not yet valid')
    expect((await ask(world, { at: from })).code).to.equal('permit')
    expect((await ask(world, { at: until - 1 })).code).to.equal('permit')
    expect((await ask(world, { at: until })).code).to.equal('expired')
  })

  it('says that nobody consented', async () => {
    const world = await loadFixture(patientAndDoctor)
    expect(await ask(world)).to.deep.equal({ code: 'no consent', key: none32 })
    await world.mine.grant(world.pseudonym, world.grantee, world.recordId, terms(world))
    expect((await ask(world, { reader: world.stranger.address })).code).to.equal('no consent')
    expect((await ask(world, { recordId: none32 })).code).to.equal('no consent')
  })

  it('takes purposes one by one: treatment includes neither emergency treatment nor research', async () => {
    const world = await loadFixture(patientAndDoctor)
    await world.mine.grant(world.pseudonym, world.grantee, world.recordId, terms(world))
    expect((await ask(world, { purpose: purpose.emergencyTreat })).code).to.equal('wrong purpose')
    expect((await ask(world, { purpose: purpose.research })).code).to.equal('wrong purpose')
  })

  it('never permits break-glass or a purpose that does not exist', async () => {
    const world = await loadFixture(patientAndDoctor)
    await world.mine.grant(world.pseudonym, world.grantee, world.recordId, terms(world, { purposes: 0xfb }))
    for (const unknown of [purpose.breakGlass, 8, 16, 255]) {
      expect((await ask(world, { purpose: unknown })).code).to.equal('unknown purpose')
    }
  })

  it('refuses a category that the record does not have, and one that no record has', async () => {
    const world = await loadFixture(patientAndDoctor)
    await world.mine.grant(world.pseudonym, world.grantee, none32, terms(world, { categories: 0xffffffff }))
    expect((await ask(world, { categoryBit: 4 })).code).to.equal('wrong category')
    expect((await ask(world, { recordId: none32, categoryBit: 32 })).code).to.equal('wrong category')
    expect((await ask(world, { recordId: none32, categoryBit: 255 })).code).to.equal('wrong category')
  })

  it('refuses another pseudonym, an unknown one, and an unknown record', async () => {
    const world = await loadFixture(patientAndDoctor)
    const { patients, patient, mine, grantee, hospital } = world
    const rho = random32()
    await patients.connect(patient).register(patient, rho, hospital, random32(), '0x')
    const other = await patients.pseudonymOf(patient, rho)
    await mine.grant(other, grantee, none32, terms(world, { categories: 0xffffffff }))
    expect((await ask(world, { pseudonym: other })).code).to.equal('wrong pseudonym')
    expect((await ask(world, { pseudonym: random32() })).code).to.equal('unknown pseudonym')
    expect((await ask(world, { recordId: random32() })).code).to.equal('unknown record')
  })

  it('refuses an erased record, whatever was granted', async () => {
    const world = await loadFixture(patientAndDoctor)
    await world.mine.grant(world.pseudonym, world.grantee, world.recordId, terms(world))
    await world.records.connect(world.patient).erase(world.recordId)
    expect((await ask(world)).code).to.equal('erased')
  })

  it('takes the permit of either slot, the record’s first', async () => {
    const world = await loadFixture(patientAndDoctor)
    const { consents, mine, grantee, pseudonym, recordId } = world
    await mine.grant(pseudonym, grantee, none32, terms(world, { categories: 8 }))
    await mine.grant(pseudonym, grantee, recordId, terms(world))
    expect((await ask(world)).key).to.equal(await consents.keyOf(pseudonym, grantee, recordId))
    await mine.revoke(pseudonym, grantee, recordId)
    const wide = await consents.keyOf(pseudonym, grantee, none32)
    expect(await ask(world)).to.deep.equal({ code: 'permit', key: wide })
  })

  it('gives the more telling of two reasons, and the slot that says it', async () => {
    const world = await loadFixture(patientAndDoctor)
    const { consents, mine, grantee, pseudonym, recordId, now } = world
    await mine.grant(pseudonym, grantee, none32, terms(world, { categories: 1 }))
    expect((await ask(world)).code).to.equal('other categories')
    await mine.grant(pseudonym, grantee, recordId, terms(world, { until: now + 100 }))
    const key = await consents.keyOf(pseudonym, grantee, recordId)
    expect(await ask(world)).to.deep.equal({ code: 'expired', key })
  })

  it('finds a salted consent only for who knows the salt', async () => {
    const world = await loadFixture(patientAndDoctor)
    const { consents, mine, doctor, pseudonym, recordId } = world
    const salt = random32()
    await mine.grant(pseudonym, await consents.personId(doctor, salt), recordId, terms(world))
    expect((await ask(world)).code).to.equal('no consent')
    expect((await ask(world, { salt })).code).to.equal('permit')
  })

  it('answers the same before and after other people’s grants', async () => {
    const world = await loadFixture(patientAndDoctor)
    const { consents, records, mine, stranger, desk, pseudonym, recordId } = world
    const second = deposit(pseudonym)
    await records.connect(desk).anchor(second)
    const someone = await consents.personId(stranger, none32)
    await mine.grant(pseudonym, someone, recordId, terms(world))
    await mine.grant(pseudonym, someone, none32, terms(world, { categories: 0xffffffff }))
    expect((await ask(world)).code).to.equal('no consent')
  })
})
