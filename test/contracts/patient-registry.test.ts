import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import { expect } from 'chai'
import { ethers, expectRefusals, hospitals, networkHelpers, none32, random16, random32 } from './fixture.ts'

const { loadFixture } = networkHelpers

/** A second patient who has not registered yet, and the desk that will send the registration. */
async function arriving() {
  const world = await hospitals()
  const [newcomer, thief] = world.others
  const { chainId } = await ethers.provider.getNetwork()
  const contract = String(world.patients.target)
  const sign = async (signer: HardhatEthersSigner, pseudonym: string, provider: string, selfKeyHash: string) =>
    await signer.signTypedData(
      { name: 'Sharewell', version: '1', chainId, verifyingContract: contract },
      {
        Register: [
          { name: 'pseudonym', type: 'bytes32' },
          { name: 'provider', type: 'bytes16' },
          { name: 'selfKeyHash', type: 'bytes32' },
        ],
      },
      { pseudonym, provider, selfKeyHash },
    )
  const [secret, selfKeyHash] = [random32(), random32()]
  const fresh = await world.patients.pseudonymOf(newcomer, secret)
  return { ...world, newcomer, thief, sign, secret, selfKeyHash, fresh }
}

describe('PatientRegistry', () => {
  describe('register', () => {
    it('derives the pseudonym from the network, the controller and the secret', async () => {
      const { patients, networkId, newcomer, secret, fresh } = await loadFixture(arriving)
      const words = ethers.AbiCoder.defaultAbiCoder().encode(
        ['bytes32', 'bytes32', 'address', 'bytes32'],
        [ethers.id('sharewell/person/1 nym'), networkId, newcomer.address, secret],
      )
      expect(fresh).to.equal(ethers.keccak256(words))
      expect(await patients.networkId()).to.equal(networkId)
    })

    it('registers what the controller sends', async () => {
      const { patients, newcomer, secret, selfKeyHash, fresh, hospital } = await loadFixture(arriving)
      await expect(patients.connect(newcomer).register(newcomer, secret, hospital, selfKeyHash, '0x'))
        .to.emit(patients, 'Registered')
        .withArgs(fresh, hospital, newcomer.address, selfKeyHash)
      expect(await patients.controllerOf(fresh)).to.equal(newcomer.address)
      expect(await patients.providerOf(fresh)).to.equal(hospital)
      expect(await patients.selfKeyHashOf(fresh)).to.equal(selfKeyHash)
    })

    it('registers what the controller signed and a clerk sends', async () => {
      const { patients, newcomer, desk, secret, selfKeyHash, fresh, hospital, sign } = await loadFixture(arriving)
      const signature = await sign(newcomer, fresh, hospital, selfKeyHash)
      await patients.connect(desk).register(newcomer, secret, hospital, selfKeyHash, signature)
      expect(await patients.controllerOf(fresh)).to.equal(newcomer.address)
    })

    it('registers a contract account by the signature of its owner', async () => {
      const { patients, newcomer, thief, desk, secret, selfKeyHash, hospital, sign } = await loadFixture(arriving)
      const account = await ethers.deployContract('SmartAccount', [newcomer])
      const fresh = await patients.pseudonymOf(account, secret)
      const send = (signature: string) =>
        patients.connect(desk).register(account, secret, hospital, selfKeyHash, signature)
      const stolen = await sign(thief, fresh, hospital, selfKeyHash)
      await expectRefusals(patients, 'PatientBadSignature', [() => send(stolen), () => send('0x')])
      await send(await sign(newcomer, fresh, hospital, selfKeyHash))
      expect(await patients.controllerOf(fresh)).to.equal(account.target)
    })

    it('gives a thief who saw the registration nothing: another account is another pseudonym', async () => {
      const { patients, thief, secret, selfKeyHash, fresh, hospital } = await loadFixture(arriving)
      await patients.connect(thief).register(thief, secret, hospital, selfKeyHash, '0x')
      expect(await patients.controllerOf(fresh)).to.equal(ethers.ZeroAddress)
      expect(await patients.controllerOf(await patients.pseudonymOf(thief, secret))).to.equal(thief.address)
    })

    it('refuses a clerk who changes the provider, the key or the signer', async () => {
      const world = await loadFixture(arriving)
      const { patients, newcomer, thief, desk, secret, selfKeyHash, fresh, hospital, otherHospital, sign } = world
      const signature = await sign(newcomer, fresh, hospital, selfKeyHash)
      const stolen = await sign(thief, fresh, hospital, selfKeyHash)
      const clerk = patients.connect(desk)
      await expectRefusals(patients, 'PatientBadSignature', [
        () => clerk.register(newcomer, secret, otherHospital, selfKeyHash, signature),
        () => clerk.register(newcomer, secret, hospital, random32(), signature),
        () => clerk.register(newcomer, random32(), hospital, selfKeyHash, signature),
        () => clerk.register(newcomer, secret, hospital, selfKeyHash, stolen),
        () => clerk.register(newcomer, secret, hospital, selfKeyHash, '0x'),
        () => clerk.register(newcomer, secret, hospital, selfKeyHash, '0x1234'),
      ])
    })

    it('refuses a malleated signature', async () => {
      const { patients, newcomer, desk, secret, selfKeyHash, fresh, hospital, sign } = await loadFixture(arriving)
      const { r, s, v } = ethers.Signature.from(await sign(newcomer, fresh, hospital, selfKeyHash))
      const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
      const high = ethers.toBeHex(order - BigInt(s), 32)
      const other = ethers.concat([r, high, v === 27 ? '0x1c' : '0x1b'])
      await expectRefusals(patients, 'PatientBadSignature', [
        () => patients.connect(desk).register(newcomer, secret, hospital, selfKeyHash, other),
      ])
    })

    it('refuses to register a pseudonym twice', async () => {
      const { patients, patient, rho, hospital, otherHospital, pseudonym } = await loadFixture(arriving)
      for (const provider of [hospital, otherHospital]) {
        await expect(patients.connect(patient).register(patient, rho, provider, random32(), '0x'))
          .to.be.revertedWithCustomError(patients, 'PatientAlreadyRegistered')
          .withArgs(pseudonym)
      }
    })

    it('refuses a provider that is unknown or switched off', async () => {
      const { patients, actors, newcomer, secret, selfKeyHash, hospital } = await loadFixture(arriving)
      await actors.setOrganizationActive(hospital, false)
      const mine = patients.connect(newcomer)
      await expectRefusals(patients, 'PatientNotAtProvider', [
        () => mine.register(newcomer, secret, hospital, selfKeyHash, '0x'),
        () => mine.register(newcomer, secret, random16(), selfKeyHash, '0x'),
      ])
    })

    it('refuses a missing controller, secret or key', async () => {
      const { patients, newcomer, secret, selfKeyHash, hospital } = await loadFixture(arriving)
      const mine = patients.connect(newcomer)
      await expectRefusals(patients, 'PatientEmptyField', [
        () => mine.register(ethers.ZeroAddress, secret, hospital, selfKeyHash, '0x'),
        () => mine.register(newcomer, none32, hospital, selfKeyHash, '0x'),
        () => mine.register(newcomer, secret, hospital, none32, '0x'),
      ])
    })
  })

  describe('rotateController', () => {
    it('hands the pseudonym to another account, and the old one decides no more', async () => {
      const { patients, consents, patient, newcomer, doctor, pseudonym } = await loadFixture(arriving)
      await expect(patients.connect(patient).rotateController(pseudonym, newcomer))
        .to.emit(patients, 'ControllerRotated')
        .withArgs(pseudonym, patient.address, newcomer.address)
      expect(await patients.controllerOf(pseudonym)).to.equal(newcomer.address)
      await expectRefusals(patients, 'PatientNotController', [
        () => patients.connect(patient).rotateController(pseudonym, patient),
      ])
      const grantee = await consents.personId(doctor, none32)
      await expectRefusals(consents, 'ConsentNotController', [
        () => consents.connect(patient).revokeAll(pseudonym, grantee),
      ])
      await consents.connect(newcomer).revokeAll(pseudonym, grantee)
    })

    it('cannot be undone by registering anew', async () => {
      const { patients, patient, newcomer, rho, hospital, pseudonym } = await loadFixture(arriving)
      await patients.connect(patient).rotateController(pseudonym, newcomer)
      await expectRefusals(patients, 'PatientAlreadyRegistered', [
        () => patients.connect(patient).register(patient, rho, hospital, random32(), '0x'),
      ])
    })

    it('refuses a stranger, nobody as the next one, and an unknown pseudonym', async () => {
      const { patients, patient, stranger, pseudonym } = await loadFixture(arriving)
      await expect(patients.connect(stranger).rotateController(pseudonym, stranger))
        .to.be.revertedWithCustomError(patients, 'PatientNotController')
        .withArgs(pseudonym, stranger.address)
      await expectRefusals(patients, 'PatientEmptyField', [
        () => patients.connect(patient).rotateController(pseudonym, ethers.ZeroAddress),
      ])
      await expectRefusals(patients, 'PatientUnknown', [
        () => patients.connect(patient).rotateController(random32(), patient),
      ])
    })
  })
})
