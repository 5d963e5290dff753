import { expect } from 'chai'
import { ethers, expectRefusals, fieldsOf, hospitals, networkHelpers, purpose } from './fixture.ts'
import { hours, shift, sign, treating } from './sessions.ts'

const { loadFixture, time } = networkHelpers
const nobody = ethers.ZeroAddress

describe('ActorRegistry, reader sessions', () => {
  it('opens by the reader, and lives for its purposes until its last second', async () => {
    const world = await loadFixture(hospitals)
    const { actors, doctor, stranger } = world
    const { open, live, key, until } = await shift(world)
    expect(await live()).to.equal(false)
    await expect(open()).to.emit(actors, 'SessionOpened').withArgs(doctor.address, key.address, treating, until)
    expect([await live(), await live(purpose.treat, until)]).to.deep.equal([true, false])
    for (const other of [purpose.emergencyTreat, purpose.breakGlass, purpose.research, 15, 16, 255])
      expect(await live(other), `purpose ${other}`).to.equal(false)
    expect(await actors.isSessionLive(stranger.address, key.address, purpose.treat, until - 1)).to.equal(false)
    expect(await actors.isSessionLive(nobody, nobody, purpose.treat, until - 1)).to.equal(false)
    const since = BigInt(await time.latest())
    const session = fieldsOf(await actors.sessionOf(key.address))
    expect(session).to.deep.equal({ reader: doctor.address, purposes: 1n, since, until: BigInt(until) })
  })

  it('opens what the reader signed, whoever carries it', async () => {
    const world = await loadFixture(hospitals)
    const { carry, live } = await shift(world)
    await expect(carry()).to.emit(world.actors, 'SessionOpened')
    expect(await live()).to.equal(true)
  })

  it('takes the signature of a contract account', async () => {
    const world = await loadFixture(hospitals)
    const account = await ethers.deployContract('SmartAccount', [world.doctor])
    const reader = { address: String(account.target), signTypedData: world.doctor.signTypedData.bind(world.doctor) }
    const { carry, live, key } = await shift(world, { reader })
    await carry()
    expect(await live()).to.equal(true)
    const signature = await sign(world, world.doctor, 'EndSession', { key: key.address })
    await world.actors.connect(world.stranger).endSessionBySignature(key.address, signature)
    expect(await live()).to.equal(false)
    const { carry: ofAnother } = await shift(world, { reader, signer: world.stranger })
    await expect(ofAnother()).to.be.revertedWithCustomError(world.actors, 'SessionBadSignature')
  })

  it('refuses what the reader did not sign: another signer, another network, another contract, a turned signature', async () => {
    const world = await loadFixture(hospitals)
    const { stranger } = world
    const attempts = [
      { signer: stranger },
      { elsewhere: { chainId: 1n } },
      { elsewhere: { verifyingContract: String(world.consents.target) } },
      { highS: true },
    ].map((change) => async () => await (await shift(world, change)).carry())
    await expectRefusals(world.actors, 'SessionBadSignature', attempts)
  })

  it('refuses a key that did not sign for exactly this session, so that nobody claims the key of another', async () => {
    const world = await loadFixture(hospitals)
    const { actors, doctor, stranger } = world
    const seen = await shift(world)
    const claim = () => actors.connect(stranger).openSession(seen.key.address, treating, seen.until, seen.keySignature)
    const wider = () => actors.connect(doctor).openSession(seen.key.address, 3, seen.until, seen.keySignature)
    const own = async () => await (await shift(world, { key: doctor })).open()
    const unheld = async () => await (await shift(world, { keySigner: stranger })).open()
    const none = () => actors.connect(doctor).openSession(nobody, treating, seen.until, `0x${'00'.repeat(65)}`)
    await expectRefusals(actors, 'SessionBadKey', [claim, wider, own, unheld, none])
    await seen.open()
    expect(await seen.live()).to.equal(true)
  })

  it('lasts at most twelve hours, and ends in the future', async () => {
    const world = await loadFixture(hospitals)
    const now = await time.latest()
    for (const until of [0, now, now + 1, now + hours(12) + 2]) {
      const { open } = await shift(world, { until })
      await time.setNextBlockTimestamp((await time.latest()) + 1)
      await expect(open(), `${until - now}`).to.be.revertedWithCustomError(world.actors, 'SessionBadEnd')
    }
    const next = (await time.latest()) + 10
    const { open, live } = await shift(world, { until: next + hours(12) })
    await time.setNextBlockTimestamp(next)
    await open()
    expect(await live()).to.equal(true)
  })

  it('refuses no purpose, an unknown one, and break-glass', async () => {
    const world = await loadFixture(hospitals)
    const attempts = [0, 1 << purpose.breakGlass, 0xff, 0x100, 0x8001].map(
      (purposes) => async () => await (await shift(world, { purposes })).open(),
    )
    await expectRefusals(world.actors, 'SessionBadPurposes', attempts)
    const { open } = await shift(world, { purposes: 0xff & ~(1 << purpose.breakGlass) })
    await open()
  })

  it('ends at once by its reader or its key, sent or signed, and never begins again', async () => {
    const world = await loadFixture(hospitals)
    const { actors, doctor, stranger } = world
    type Shift = Awaited<ReturnType<typeof shift>>
    const signed = async ({ key }: Shift, signer: Parameters<typeof sign>[1]) => {
      const signature = await sign(world, signer, 'EndSession', { key: key.address })
      return await actors.connect(stranger).endSessionBySignature(key.address, signature)
    }
    const ends = [
      (one: Shift) => actors.connect(doctor).endSession(one.key.address),
      (one: Shift) => signed(one, doctor),
      (one: Shift) => signed(one, one.key),
    ]
    for (const end of ends) {
      const one = await shift(world)
      await one.carry()
      await expect(end(one)).to.emit(actors, 'SessionEnded').withArgs(doctor.address, one.key.address)
      expect(await one.live(purpose.treat, await time.latest())).to.equal(false)
      await expectRefusals(actors, 'SessionKeyUsed', [one.carry, one.open])
      await expect(end(one)).to.be.revertedWithCustomError(actors, 'SessionIsOver')
    }
  })

  it('is ended by nobody else', async () => {
    const world = await loadFixture(hospitals)
    const { actors, stranger } = world
    const { open, key, live } = await shift(world)
    await open()
    const end = (signature: string) => () => actors.connect(stranger).endSessionBySignature(key.address, signature)
    await expectRefusals(actors, 'SessionNotYours', [
      () => actors.connect(stranger).endSession(key.address),
      end(await sign(world, stranger, 'EndSession', { key: key.address })),
      end(await sign(world, key, 'EndSession', { key: stranger.address })),
      end(await sign(world, key, 'EndSession', { key: key.address }, { chainId: 1n })),
      end('0x'),
      () => actors.connect(stranger).endSessionBySignature(nobody, `0x${'00'.repeat(65)}`),
    ])
    expect(await live()).to.equal(true)
  })

  it('keeps an opening that was held back from taking effect once its key was ended', async () => {
    const world = await loadFixture(hospitals)
    const { actors, stranger } = world
    const { carry, key, live } = await shift(world)
    const signature = await sign(world, key, 'EndSession', { key: key.address })
    await expect(actors.connect(stranger).endSessionBySignature(key.address, signature))
      .to.emit(actors, 'SessionEnded')
      .withArgs(nobody, key.address)
    await expect(carry()).to.be.revertedWithCustomError(actors, 'SessionKeyUsed')
    expect(await live()).to.equal(false)
  })

  it('gives a session key nothing that its reader has: no session of its own for the reader', async () => {
    const world = await loadFixture(hospitals)
    const first = await shift(world)
    await first.open()
    const byKey = await shift(world, { signer: first.key })
    await expect(byKey.carry()).to.be.revertedWithCustomError(world.actors, 'SessionBadSignature')
    const below = await shift(world, { reader: first.key })
    await below.carry()
    expect(await world.actors.isSessionLive(world.doctor.address, below.key.address, 0, below.until - 1)).to.equal(
      false,
    )
  })
})
