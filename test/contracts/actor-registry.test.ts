import { expect } from 'chai'
import {
  days,
  deployed,
  ethers,
  expectRefusals,
  hospitals,
  kind,
  networkHelpers,
  node,
  none16,
  none32,
  random16,
  random32,
} from './fixture.ts'

const { loadFixture, time } = networkHelpers

describe('ActorRegistry', () => {
  const nobody = ethers.ZeroAddress

  describe('organizations', () => {
    it('admits a hospital and a department below it, and lists both', async () => {
      const { actors, hospital, otherHospital, others } = await loadFixture(hospitals)
      const [account] = others
      const [department, hash] = [random16(), random32()]
      await expect(actors.registerOrganization(department, kind.department, hospital, account, hash))
        .to.emit(actors, 'OrganizationSet')
        .withArgs(department, kind.department, hospital, account, hash)
      expect(await actors.organizationIds()).to.deep.equal([hospital, otherHospital, department])
      const entry = await actors.organizationOf(department)
      expect(entry.depth).to.equal(2n)
      expect(entry.parent).to.equal(hospital)
      expect(await actors.rootOf(department)).to.equal(hospital)
      expect(await actors.isListed(hash)).to.equal(true)
    })

    it('refuses whoever is not the administration', async () => {
      const { actors, first, hospital } = await loadFixture(hospitals)
      const mine = actors.connect(first)
      await expectRefusals(actors, 'AccessManagedUnauthorized', [
        () => mine.registerOrganization(random16(), kind.hospital, none16, first, random32()),
        () => mine.setOrganizationActive(hospital, false),
        () => mine.setOrganizationAccount(hospital, first),
        () => mine.registerOperator(random16(), node.key, hospital, first, 'http://x', random32()),
        () => mine.setOperatorActive(random16(), false),
      ])
    })

    it('refuses a missing id, account or hash', async () => {
      const { actors, others } = await loadFixture(hospitals)
      const [account] = others
      await expectRefusals(actors, 'ActorEmptyField', [
        () => actors.registerOrganization(none16, kind.hospital, none16, account, random32()),
        () => actors.registerOrganization(random16(), kind.hospital, none16, nobody, random32()),
        () => actors.registerOrganization(random16(), kind.hospital, none16, account, none32),
      ])
    })

    it('refuses the same id twice, and an account that speaks for another organization', async () => {
      const { actors, hospital, first, desk, others } = await loadFixture(hospitals)
      const [account] = others
      await expect(actors.registerOrganization(hospital, kind.hospital, none16, account, random32()))
        .to.be.revertedWithCustomError(actors, 'ActorOrganizationExists')
        .withArgs(hospital)
      for (const taken of [first, desk]) {
        await expect(actors.registerOrganization(random16(), kind.hospital, none16, taken, random32()))
          .to.be.revertedWithCustomError(actors, 'ActorAccountTaken')
          .withArgs(taken.address)
      }
    })

    it('refuses an unknown or inactive parent and a fifth level', async () => {
      const { actors, hospital, others } = await loadFixture(hospitals)
      const unknown = random16()
      await expect(actors.registerOrganization(random16(), kind.department, unknown, others[0], random32()))
        .to.be.revertedWithCustomError(actors, 'ActorOrganizationInactive')
        .withArgs(unknown)
      let parent = hospital
      for (const account of others.slice(1, 4)) {
        const below = random16()
        await actors.registerOrganization(below, kind.department, parent, account, random32())
        parent = below
      }
      await expect(actors.registerOrganization(random16(), kind.department, parent, others[0], random32()))
        .to.be.revertedWithCustomError(actors, 'ActorTooDeep')
        .withArgs(parent)
    })

    it('switches off everything below an organization with it', async () => {
      const { actors, hospital, desk, doctor, others } = await loadFixture(hospitals)
      const [account] = others
      const laboratory = random16()
      await actors.registerOrganization(laboratory, kind.laboratory, hospital, account, random32())
      expect(await actors.providerOf(account)).to.equal(laboratory)
      await expect(actors.setOrganizationActive(hospital, false))
        .to.emit(actors, 'OrganizationActiveSet')
        .withArgs(hospital, false)
      expect(await actors.isActive(laboratory)).to.equal(false)
      expect(await actors.providerOf(account)).to.equal(none16)
      expect(await actors.providerOf(desk)).to.equal(none16)
      expect(await actors.isAttested(doctor)).to.equal(false)
      await actors.setOrganizationActive(hospital, true)
      expect(await actors.providerOf(desk)).to.equal(hospital)
      expect(await actors.isAttested(doctor)).to.equal(true)
    })

    it('refuses to switch or move an organization that does not exist', async () => {
      const { actors, others } = await loadFixture(hospitals)
      const unknown = random16()
      await expectRefusals(actors, 'ActorOrganizationUnknown', [
        () => actors.setOrganizationActive(unknown, false),
        () => actors.setOrganizationAccount(unknown, others[0]),
      ])
    })

    it('gives an organization another account and takes every power from the lost one', async () => {
      const { actors, hospital, first, doctor, until, others } = await loadFixture(hospitals)
      const [account] = others
      await actors.setOrganizationAccount(hospital, account)
      expect(await actors.providerOf(first)).to.equal(none16)
      expect(await actors.providerOf(account)).to.equal(hospital)
      await expect(actors.connect(first).attest(doctor, hospital, 1, until, random32()))
        .to.be.revertedWithCustomError(actors, 'ActorNotOrganization')
        .withArgs(hospital, first.address)
      await expect(actors.setOrganizationAccount(hospital, nobody)).to.be.revertedWithCustomError(
        actors,
        'ActorEmptyField',
      )
    })

    it('names a new directory file by the organization alone', async () => {
      const { actors, hospital, first, second } = await loadFixture(hospitals)
      const [before, after] = [(await actors.organizationOf(hospital)).directoryHash, random32()]
      await actors.connect(first).setDirectoryHash(hospital, after)
      expect(await actors.isListed(after)).to.equal(true)
      expect(await actors.isListed(before)).to.equal(false)
      await expect(actors.connect(second).setDirectoryHash(hospital, random32()))
        .to.be.revertedWithCustomError(actors, 'ActorNotOrganization')
        .withArgs(hospital, second.address)
      await expect(actors.connect(first).setDirectoryHash(hospital, none32)).to.be.revertedWithCustomError(
        actors,
        'ActorEmptyField',
      )
    })
  })

  describe('uploader keys', () => {
    it('lets a desk deposit until the last second, and no longer', async () => {
      const { actors, first, hospital, others } = await loadFixture(hospitals)
      const [key] = others
      const until = (await time.latest()) + 3_600
      await expect(actors.connect(first).authorizeUploader(key, until))
        .to.emit(actors, 'UploaderAuthorized')
        .withArgs(hospital, key, until)
      await time.increaseTo(until - 1)
      expect(await actors.providerOf(key)).to.equal(hospital)
      await time.increaseTo(until)
      expect(await actors.providerOf(key)).to.equal(none16)
      expect((await actors.uploaderOf(key)).organization).to.equal(hospital)
    })

    it('ends a key at once', async () => {
      const { actors, first, desk } = await loadFixture(hospitals)
      await actors.connect(first).authorizeUploader(desk, 0)
      expect(await actors.providerOf(desk)).to.equal(none16)
    })

    it('refuses an end in the past or beyond 400 days', async () => {
      const { actors, first, others } = await loadFixture(hospitals)
      const now = await time.latest()
      for (const until of [now - 1, now + days(401)]) {
        await expect(actors.connect(first).authorizeUploader(others[0], until)).to.be.revertedWithCustomError(
          actors,
          'ActorBadEnd',
        )
      }
    })

    it('refuses a key of another organization, an organization’s own account, and nobody', async () => {
      const { actors, first, second, desk, until } = await loadFixture(hospitals)
      for (const key of [desk, first, second, nobody]) {
        await expect(actors.connect(second).authorizeUploader(key, until)).to.be.revertedWithCustomError(
          actors,
          'ActorAccountTaken',
        )
      }
    })

    it('refuses a stranger, and a desk that would make more desks', async () => {
      const { actors, stranger, desk, until, others } = await loadFixture(hospitals)
      for (const caller of [stranger, desk]) {
        await expect(actors.connect(caller).authorizeUploader(others[0], until)).to.be.revertedWithCustomError(
          actors,
          'ActorNotOrganization',
        )
      }
    })

    it('lets nobody deposit for an organization that is no provider', async () => {
      const { actors, until, others } = await loadFixture(hospitals)
      const [account, key] = others
      const host = random16()
      await actors.registerOrganization(host, kind.host, none16, account, random32())
      expect(await actors.providerOf(account)).to.equal(none16)
      await expect(actors.connect(account).authorizeUploader(key, until))
        .to.be.revertedWithCustomError(actors, 'ActorNotProvider')
        .withArgs(host)
    })
  })

  describe('operators', () => {
    async function withOperator() {
      const world = await hospitals()
      const [account, next] = world.others
      const operator = random16()
      await world.actors.registerOperator(operator, node.key, world.hospital, account, 'http://one', random32())
      return { ...world, operator, account, next }
    }

    it('admits an operator, lists it, and knows it by its account', async () => {
      const { actors, operator, account, hospital } = await loadFixture(withOperator)
      expect(await actors.operatorIds()).to.deep.equal([operator])
      expect(await actors.operatorOf(account)).to.equal(operator)
      const entry = await actors.operatorInfo(operator)
      expect([entry.kind, entry.organization, entry.endpoint]).to.deep.equal([2n, hospital, 'http://one'])
    })

    it('knows no operator that is switched off, or whose organization is', async () => {
      const { actors, operator, account, hospital } = await loadFixture(withOperator)
      await expect(actors.setOperatorActive(operator, false))
        .to.emit(actors, 'OperatorActiveSet')
        .withArgs(operator, false)
      expect(await actors.operatorOf(account)).to.equal(none16)
      await actors.setOperatorActive(operator, true)
      await actors.setOrganizationActive(hospital, false)
      expect(await actors.operatorOf(account)).to.equal(none16)
    })

    it('moves a node by its own account alone', async () => {
      const { actors, operator, account, stranger } = await loadFixture(withOperator)
      const hash = random32()
      await expect(actors.connect(account).setOperatorEndpoint(operator, 'http://two', hash)).to.emit(
        actors,
        'OperatorSet',
      )
      const entry = await actors.operatorInfo(operator)
      expect([entry.endpoint, entry.hpkeKeyHash]).to.deep.equal(['http://two', hash])
      await expect(actors.connect(stranger).setOperatorEndpoint(operator, 'http://three', hash))
        .to.be.revertedWithCustomError(actors, 'ActorNotOperator')
        .withArgs(operator, stranger.address)
      await expect(actors.connect(account).setOperatorEndpoint(operator, '', hash)).to.be.revertedWithCustomError(
        actors,
        'ActorEmptyField',
      )
    })

    it('refuses a second operator under one id or account, an unknown organization, and empty fields', async () => {
      const { actors, operator, account, next, hospital } = await loadFixture(withOperator)
      const hash = random32()
      const register = actors.registerOperator
      await expect(register(operator, node.key, hospital, next, 'http://x', hash))
        .to.be.revertedWithCustomError(actors, 'ActorOperatorExists')
        .withArgs(operator)
      await expect(register(random16(), node.storage, hospital, account, 'http://x', hash))
        .to.be.revertedWithCustomError(actors, 'ActorAccountTaken')
        .withArgs(account.address)
      await expect(register(random16(), node.key, random16(), next, 'http://x', hash)).to.be.revertedWithCustomError(
        actors,
        'ActorOrganizationUnknown',
      )
      await expectRefusals(actors, 'ActorEmptyField', [
        () => register(none16, node.key, hospital, next, 'http://x', hash),
        () => register(random16(), node.key, hospital, nobody, 'http://x', hash),
        () => register(random16(), node.key, hospital, next, '', hash),
      ])
      const unknown = random16()
      await expect(actors.setOperatorActive(unknown, true))
        .to.be.revertedWithCustomError(actors, 'ActorOperatorUnknown')
        .withArgs(unknown)
    })
  })

  it('starts empty, with the deployer as the administration', async () => {
    const { actors, manager, admin } = await loadFixture(deployed)
    expect(await actors.organizationIds()).to.deep.equal([])
    expect(await actors.authority()).to.equal(manager.target)
    expect((await manager.hasRole(0, admin)).isMember).to.equal(true)
  })
})
