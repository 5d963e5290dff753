import { expect } from 'chai'
import { ask, askAlong, noRole, patientAndDoctor, terms } from './consent-world.ts'
import { days, expectRefusals, networkHelpers, none32, purpose, random32 } from './fixture.ts'
import type { Use } from './model/types.ts'
import { shift } from './sessions.ts'
import { malleated } from './signing.ts'
import { signUse, use } from './uses.ts'

const { loadFixture, time } = networkHelpers

/** The doctor may open the record twice. */
async function twice() {
  const world = await patientAndDoctor()
  const { mine, consents, log, doctor, grantee, pseudonym, recordId } = world
  await mine.grant(pseudonym, grantee, recordId, terms(world, { useLimit: 2 }))
  const key = await consents.keyOf(pseudonym, grantee, recordId)
  const count = async (number: number, change: Partial<Use> = {}, hash = random32(), who = doctor) =>
    await log.connect(who).logCountedRequest(hash, use(world, { number, ...change }))
  return { ...world, key, count, deadline: (await time.latest()) + days(1) }
}
type World = Awaited<ReturnType<typeof twice>>

async function slotOf({ consents, key }: Pick<World, 'consents' | 'key'>) {
  const { useLimit, used, counted } = await consents.slotOf(key)
  return [useLimit, used, counted].map(Number)
}

/** Signs a use of the doctor's consent, and gives what carries it. */
async function signedUse(world: World, change: { number?: number; signer?: World['doctor']; deadline?: number } = {}) {
  const { log, doctor, stranger, key } = world
  const { number = 0, signer = doctor, deadline = world.deadline } = change
  const requestHash = random32()
  const signature = await signUse(log, signer, { requestHash, consentKey: key, number, deadline })
  const said = { requestHash, use: use(world, { number }), reader: doctor.address, deadline, signature }
  const carry = async (other: Partial<typeof said> = {}) => {
    const { requestHash: hash, use: one, reader, deadline: end, signature: by } = { ...said, ...other }
    return await log.connect(stranger).logCountedRequestBySignature(hash, one, reader, end, by)
  }
  return { ...said, carry }
}

describe('uses of a consent', () => {
  it('are counted where the request is logged, and end the permit', async () => {
    const world = await loadFixture(twice)
    const { log, doctor, key, count } = world
    const hash = random32()
    await expect(count(0, {}, hash))
      .to.emit(log, 'ReleaseRequested')
      .withArgs(hash, doctor.address)
      .to.emit(log, 'UseCounted')
      .withArgs(hash, key, 0)
    expect(await slotOf(world)).to.deep.equal([2, 1, 1])
    expect(await ask(world)).to.deep.equal({ code: 'permit', key })
    await count(1)
    expect(await slotOf(world)).to.deep.equal([2, 2, 2])
    expect(await ask(world)).to.deep.equal({ code: 'used up', key })
    expect(await askAlong(world)).to.deep.equal({ code: 'used up', key })
    await expectRefusals(world.consents, 'ConsentUsedUp', [() => count(2)])
  })

  it('count once, however often the same is sent', async () => {
    const world = await loadFixture(twice)
    const hash = random32()
    await world.count(0, {}, hash)
    await expect(world.count(0, {}, hash))
      .to.be.revertedWithCustomError(world.consents, 'ConsentUseTaken')
      .withArgs(world.key, 0, 1)
    expect(await slotOf(world)).to.deep.equal([2, 1, 1])
  })

  it('give the last use to one of two that race for it', async () => {
    const world = await loadFixture(twice)
    await world.count(0)
    const { log, doctor } = world
    const carried = await signedUse(world, { number: 1 })
    await log.connect(doctor).logCountedRequest(random32(), use(world, { number: 1 }))
    await expectRefusals(world.consents, 'ConsentUsedUp', [() => carried.carry()])
    expect(await slotOf(world)).to.deep.equal([2, 2, 2])
  })

  it('are counted for nobody but the reader', async () => {
    const world = await loadFixture(twice)
    const { consents, actors, count, stranger, doctor, hospital, others } = world
    const credentialId = await actors.credentialId(doctor, hospital)
    await expectRefusals(consents, 'ConsentNothingToCount', [
      () => count(0, {}, random32(), stranger),
      () => count(0, { salt: random32() }),
      () => count(0, { recordId: none32 }),
      () => count(0, { credentialId }),
    ])
    await expectRefusals(consents, 'ConsentNotAffiliated', [() => count(0, { credentialId }, random32(), stranger)])
    const [direct] = others
    await expect(consents.connect(direct).countUse(doctor, use(world)))
      .to.be.revertedWithCustomError(consents, 'ConsentNotLog')
      .withArgs(direct.address)
    await expect(consents.connect(direct).attachLog()).to.be.revertedWithCustomError(consents, 'ConsentLogAttached')
    await expectRefusals(world.log, 'AccessLogEmptyHash', [() => count(0, {}, none32)])
  })

  it('are counted only while a permit stands that limits them', async () => {
    const world = await loadFixture(twice)
    const { consents, mine, count, pseudonym, grantee, recordId, now } = world
    const refused = async () => await expectRefusals(consents, 'ConsentNothingToCount', [() => count(0)])
    await mine.grant(pseudonym, grantee, recordId, terms(world))
    await refused()
    await mine.grant(pseudonym, grantee, recordId, terms(world, { useLimit: 1, from: now + days(1) }))
    await refused()
    await mine.deny(pseudonym, grantee, recordId)
    await refused()
    await mine.revoke(pseudonym, grantee, recordId)
    await refused()
    await mine.grant(pseudonym, grantee, recordId, terms(world, { useLimit: 1 }))
    await count(0)
    await mine.grant(pseudonym, grantee, recordId, terms(world, { useLimit: 1 }))
    await time.increase(days(31))
    await refused()
  })

  it('start anew with each grant, and no old signature counts again', async () => {
    const world = await loadFixture(twice)
    const { consents, mine, count, pseudonym, grantee, recordId } = world
    const old = await signedUse(world)
    await old.carry()
    await mine.grant(pseudonym, grantee, recordId, terms(world, { useLimit: 1 }))
    expect(await slotOf(world)).to.deep.equal([1, 0, 1])
    await expectRefusals(consents, 'ConsentUseTaken', [() => old.carry(), () => count(0)])
    await count(1)
    expect(await slotOf(world)).to.deep.equal([1, 1, 2])
    await mine.revoke(pseudonym, grantee, recordId)
    expect(await slotOf(world)).to.deep.equal([1, 1, 2])
    expect((await ask(world)).code).to.equal('revoked')
  })

  it('are counted for staff by a consent to their place', async () => {
    const world = await loadFixture(twice)
    const { consents, actors, mine, count, stranger, doctor, hospital, pseudonym, recordId } = world
    const credentialId = await actors.credentialId(doctor, hospital)
    for (const role of [noRole, 0]) {
      const granteeId = await consents.groupId(hospital, role, none32)
      await mine.grant(pseudonym, granteeId, recordId, terms(world, { useLimit: 1 }))
      await count(0, { credentialId, role })
      const { used } = await consents.slotOf(await consents.keyOf(pseudonym, granteeId, recordId))
      expect(used).to.equal(1n)
    }
    const away: Partial<Use>[] = [{ level: 1 }, { level: 4 }, { role: 1 }, { role: 254 }]
    await expectRefusals(
      consents,
      'ConsentNotAffiliated',
      away.map((change) => () => count(0, { credentialId, ...change })),
    )
    await expectRefusals(consents, 'ConsentNotAffiliated', [() => count(0, { credentialId }, random32(), stranger)])
    await actors.connect(world.first).retract(doctor, hospital)
    await expectRefusals(consents, 'ConsentNotAffiliated', [() => count(0, { credentialId })])
  })

  it('leave other permits alone', async () => {
    const world = await loadFixture(twice)
    const { consents, mine, count, pseudonym, grantee } = world
    await mine.grant(pseudonym, grantee, none32, terms(world, { categories: 1 << 5 }))
    await count(0)
    await count(1)
    // Of the reasons the one with the largest code: the other permit is for other categories.
    expect((await ask(world)).code).to.equal('used up')
    expect((await ask(world, { purpose: purpose.research })).code).to.equal('wrong purpose')
    await mine.grant(pseudonym, grantee, none32, terms(world, { categories: 1 << 3 }))
    expect(await ask(world)).to.deep.equal({ code: 'permit', key: await consents.keyOf(pseudonym, grantee, none32) })
  })

  describe('by signature', () => {
    it('are carried by anyone, as the reader or its session key signed', async () => {
      const world = await loadFixture(twice)
      const { log, key, stranger, actors } = world
      const one = await signedUse(world)
      await expect(one.carry())
        .to.emit(log, 'ReleaseRequested')
        .withArgs(one.requestHash, stranger.address)
        .to.emit(log, 'UseCounted')
        .withArgs(one.requestHash, key, 0)
      const session = await shift(world)
      await actors
        .connect(world.doctor)
        .openSession(session.key.address, 1 << purpose.treat, session.until, session.keySignature)
      const { requestHash, deadline } = one
      const said = { requestHash, consentKey: key, number: 1, deadline }
      const signature = await signUse(log, session.key, said)
      const second = { use: use(world, { number: 1 }), signature }
      await actors.connect(world.doctor).endSession(session.key.address)
      await expectRefusals(log, 'AccessLogBadSignature', [() => one.carry(second)])
      const other = await shift(world)
      await actors
        .connect(world.doctor)
        .openSession(other.key.address, 1 << purpose.treat, other.until, other.keySignature)
      await one.carry({ ...second, signature: await signUse(log, other.key, said) })
      expect(await slotOf(world)).to.deep.equal([2, 2, 2])
    })

    it('count for exactly what was signed, by the reader, before the deadline', async () => {
      const world = await loadFixture(twice)
      const { log, stranger, deadline } = world
      const one = await signedUse(world)
      const { requestHash } = one
      const strange = await signedUse(world, { signer: stranger })
      const later = await signedUse(world, { number: 1 })
      await expectRefusals(log, 'AccessLogBadSignature', [
        () => one.carry({ requestHash: random32() }),
        () => one.carry({ deadline: deadline + 1 }),
        () => one.carry({ signature: later.signature }),
        () => one.carry({ signature: malleated(one.signature) }),
        () => one.carry({ signature: '0x' }),
        () => strange.carry(),
        async () => {
          const message = { requestHash, consentKey: random32(), number: 0, deadline }
          return await one.carry({ signature: await signUse(log, world.doctor, message) })
        },
      ])
      await expectRefusals(world.consents, 'ConsentUseTaken', [() => later.carry()])
      await expectRefusals(world.consents, 'ConsentNothingToCount', [() => one.carry({ reader: stranger.address })])
      await time.setNextBlockTimestamp(deadline + 1)
      await expectRefusals(log, 'AccessLogDeadlineOver', [() => one.carry()])
    })
  })
})
