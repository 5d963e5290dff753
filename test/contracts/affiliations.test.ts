import { expect } from 'chai'
import {
  days,
  ethers,
  expectRefusals,
  fieldsOf,
  hospitals,
  kind,
  networkHelpers,
  none16,
  none32,
  random16,
  random32,
} from './fixture.ts'

const { loadFixture, time } = networkHelpers
const nobody = ethers.ZeroAddress

describe('ActorRegistry, affiliations', () => {
  it('vouches for a practitioner until the last second, and no longer', async () => {
    const { actors, first, hospital, others } = await loadFixture(hospitals)
    const [nurse] = others
    const [until, hash] = [(await time.latest()) + 3_600, random32()]
    const id = await actors.credentialId(nurse, hospital)
    await expect(actors.connect(first).attest(nurse, hospital, 2, until, hash))
      .to.emit(actors, 'Attested')
      .withArgs(id, nurse, hospital, 2, until, hash)
    expect(await actors.isCredentialLive(id, until - 1)).to.equal(true)
    expect(await actors.isCredentialLive(id, until)).to.equal(false)
    expect(await actors.isAttested(nurse)).to.equal(true)
    await time.increaseTo(until)
    expect(await actors.isAttested(nurse)).to.equal(false)
    const credential = await actors.credentialOf(id)
    expect([credential.account, credential.roles, credential.directoryHash]).to.deep.equal([nurse.address, 2n, hash])
  })

  it('derives the id of an affiliation from the account and the organization', async () => {
    const { actors, doctor, hospital } = await loadFixture(hospitals)
    const words = ethers.AbiCoder.defaultAbiCoder().encode(['address', 'bytes16'], [doctor.address, hospital])
    expect(await actors.credentialId(doctor, hospital)).to.equal(ethers.keccak256(words))
  })

  it('retracts at once, and lists staff and affiliations', async () => {
    const { actors, first, doctor, hospital } = await loadFixture(hospitals)
    const id = await actors.credentialId(doctor, hospital)
    const { directoryHash } = await actors.credentialOf(id)
    expect(await actors.staffOf(hospital)).to.deep.equal([doctor.address])
    expect(await actors.credentialsOf(doctor)).to.deep.equal([id])
    await expect(actors.connect(first).retract(doctor, hospital))
      .to.emit(actors, 'Retracted')
      .withArgs(id, doctor.address, hospital)
    expect(await actors.isCredentialLive(id, await time.latest())).to.equal(false)
    expect(await actors.isAttested(doctor)).to.equal(false)
    expect(await actors.isListed(directoryHash)).to.equal(false)
  })

  it('takes a practitioner back after a retraction without naming them twice', async () => {
    const { actors, first, doctor, hospital, until } = await loadFixture(hospitals)
    const hash = random32()
    await actors.connect(first).retract(doctor, hospital)
    await actors.connect(first).attest(doctor, hospital, 1, until, hash)
    expect(await actors.isAttested(doctor)).to.equal(true)
    expect(await actors.staffOf(hospital)).to.deep.equal([doctor.address])
    expect(await actors.credentialsOf(doctor)).to.have.length(1)
    await actors.connect(first).attest(doctor, hospital, 3, until, random32())
    expect(await actors.isListed(hash)).to.equal(false)
  })

  it('refuses to retract what was never attested, or twice', async () => {
    const { actors, first, doctor, stranger, hospital } = await loadFixture(hospitals)
    await expect(actors.connect(first).retract(stranger, hospital))
      .to.be.revertedWithCustomError(actors, 'ActorNotAttested')
      .withArgs(stranger.address, hospital)
    await actors.connect(first).retract(doctor, hospital)
    await expect(actors.connect(first).retract(doctor, hospital)).to.be.revertedWithCustomError(
      actors,
      'ActorNotAttested',
    )
  })

  it('refuses an organization that vouches for another, or is switched off', async () => {
    const { actors, first, second, doctor, hospital, until } = await loadFixture(hospitals)
    await expect(actors.connect(second).attest(doctor, hospital, 1, until, random32()))
      .to.be.revertedWithCustomError(actors, 'ActorNotOrganization')
      .withArgs(hospital, second.address)
    await expect(actors.connect(second).retract(doctor, hospital)).to.be.revertedWithCustomError(
      actors,
      'ActorNotOrganization',
    )
    await actors.setOrganizationActive(hospital, false)
    await expect(actors.connect(first).attest(doctor, hospital, 1, until, random32()))
      .to.be.revertedWithCustomError(actors, 'ActorOrganizationInactive')
      .withArgs(hospital)
    await actors.connect(first).retract(doctor, hospital)
  })

  it('refuses nobody, no role, no directory file, and an end in the past or beyond 400 days', async () => {
    const { actors, first, doctor, hospital, until } = await loadFixture(hospitals)
    const mine = actors.connect(first)
    await expectRefusals(actors, 'ActorEmptyField', [
      () => mine.attest(nobody, hospital, 1, until, random32()),
      () => mine.attest(doctor, hospital, 0, until, random32()),
      () => mine.attest(doctor, hospital, 1, until, none32),
    ])
    const now = await time.latest()
    for (const end of [now, now + days(401)]) {
      await expect(mine.attest(doctor, hospital, 1, end, random32())).to.be.revertedWithCustomError(
        actors,
        'ActorBadEnd',
      )
    }
  })

  it('holds at most eight live affiliations; a dead one makes room', async () => {
    const { actors, stranger, others } = await loadFixture(hospitals)
    const accounts = others.slice(0, 9)
    const ids = accounts.map(() => random16())
    const until = (await time.latest()) + days(30)
    const attest = (i: number, end = until) =>
      actors.connect(accounts[i]).attest(stranger, ids[i] ?? none16, 1, end, random32())
    for (const [i, account] of accounts.entries()) {
      await actors.registerOrganization(ids[i] ?? none16, kind.hospital, none16, account, random32())
      if (i < 8) await attest(i)
    }
    await expect(attest(8)).to.be.revertedWithCustomError(actors, 'ActorTooManyAffiliations')
    await actors.connect(accounts[3]).retract(stranger, ids[3] ?? none16)
    await attest(8)
    expect(await actors.credentialsOf(stranger)).to.have.length(8)
    await expect(attest(3)).to.be.revertedWithCustomError(actors, 'ActorTooManyAffiliations')
  })

  it('names one to four roles', async () => {
    const { actors, first, doctor, hospital, until } = await loadFixture(hospitals)
    const mine = actors.connect(first)
    for (const roles of [0b11111, 0x80000000 + 0b1111, 0xffffffff]) {
      await expect(mine.attest(doctor, hospital, roles, until, random32()))
        .to.be.revertedWithCustomError(actors, 'ActorTooManyRoles')
        .withArgs(roles)
    }
    for (const roles of [0b1111, 0xf0000000, 0x80000001]) {
      await mine.attest(doctor, hospital, roles, until, random32())
      expect((await actors.credentialOf(await actors.credentialId(doctor, hospital))).roles).to.equal(roles)
    }
  })

  it('says what a decision needs: whose, in which roles, from where upward, and whether it lives', async () => {
    const { actors, first, doctor, hospital, others, until } = await loadFixture(hospitals)
    const [forWard, forRoom, nurse] = others
    const [ward, room] = [random16(), random16()]
    await actors.registerOrganization(ward, kind.department, hospital, forWard, random32())
    await actors.registerOrganization(room, kind.department, ward, forRoom, random32())
    await actors.connect(forRoom).attest(nurse, room, 6, until, random32())
    const id = await actors.credentialId(nurse, room)
    const at = async (time: number) => fieldsOf(await actors.affiliationOf(id, time))
    const whole = { account: nurse.address, roles: 6n, live: true, path: [room, ward, hospital, none16] }
    expect(await at(until - 1)).to.deep.equal(whole)
    expect(await at(until)).to.deep.equal({ ...whole, live: false })
    for (const organization of [room, ward, hospital]) {
      await actors.setOrganizationActive(organization, false)
      expect(await at(until - 1)).to.deep.equal({ ...whole, live: false })
      await actors.setOrganizationActive(organization, true)
    }
    expect((await actors.affiliationOf(id, until - 1)).live).to.equal(true)
    await actors.connect(forRoom).retract(nurse, room)
    expect((await actors.affiliationOf(id, until - 1)).live).to.equal(false)
    const own = await actors.affiliationOf(await actors.credentialId(doctor, hospital), until - 1)
    expect(own.path).to.deep.equal([hospital, none16, none16, none16])
    expect(first.address).not.to.equal(own.account)
  })

  it('knows nothing of one that was never attested', async () => {
    const { actors } = await loadFixture(hospitals)
    const nothing = { account: nobody, roles: 0n, live: false, path: [none16, none16, none16, none16] }
    expect(fieldsOf(await actors.affiliationOf(random32(), 0))).to.deep.equal(nothing)
  })
})
