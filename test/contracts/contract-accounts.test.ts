import type { HardhatEthersSigner } from '@nomicfoundation/hardhat-ethers/types'
import { expect } from 'chai'
import type { BaseContract } from 'ethers'
import { ask, patientAndDoctor } from './consent-world.ts'
import { ethers, networkHelpers } from './fixture.ts'
import { authorize, now, signed } from './signing.ts'

const { loadFixture } = networkHelpers
const none = (1n << 40n) - 1n

/** The account that decides: a contract of three people, two of whom sign. */
async function shared() {
  const world = await patientAndDoctor()
  const [a, b, c] = world.others
  const owners = [a, b, c].sort((x, y) => (x.address.toLowerCase() < y.address.toLowerCase() ? -1 : 1))
  const account = await ethers.deployContract('SharedAccount', [[a, b, c]])
  await world.patients.connect(world.patient).rotateController(world.pseudonym, account)
  return { ...world, owners, account }
}

/** Two accounts of one owner; the first of them decides. */
async function oneOwner() {
  const world = await patientAndDoctor()
  const [owner] = world.others
  const [account, other] = [
    await ethers.deployContract('SmartAccount', [owner]),
    await ethers.deployContract('SmartAccount', [owner]),
  ]
  await world.patients.connect(world.patient).rotateController(world.pseudonym, account)
  return { ...world, owner, account, other }
}

const addressOf = (account: BaseContract) => String(account.target)

/** Signs one message as several people, one signature after the other. */
function together(...signers: HardhatEthersSigner[]): Parameters<typeof authorize>[1] {
  return {
    signTypedData: async (...message) =>
      ethers.concat(await Promise.all(signers.map(async (signer) => await signer.signTypedData(...message)))),
  }
}

describe('ConsentRegistry, contract accounts', () => {
  it('takes what two of three owners signed', async () => {
    const world = await loadFixture(shared)
    const [first, second, third] = world.owners
    if (!(first && second && third)) throw new Error('three owners')
    const controller = addressOf(world.account)
    await (await signed(world, 'Grant', { signer: together(first, third), controller })).carry()
    expect((await ask(world)).code).to.equal('permit')
    await (await signed(world, 'Deny', { signer: together(second, third), controller, nonce: 41n })).carry()
    expect((await ask(world)).code).to.equal('denied')
  })

  it('refuses one owner, one twice, an owner with a stranger, the wrong order, and the patient of before', async () => {
    const world = await loadFixture(shared)
    const { consents, stranger, patient, pseudonym, owners } = world
    const [first, second] = owners
    if (!(first && second)) throw new Error('three owners')
    const controller = addressOf(world.account)
    for (const signers of [[first], [first, first], [first, stranger], [second, first], [patient]]) {
      const { carry } = await signed(world, 'Grant', { signer: together(...signers), controller })
      await expect(carry())
        .to.be.revertedWithCustomError(consents, 'ConsentBadSignature')
        .withArgs(pseudonym, controller)
    }
    expect((await ask(world)).code).to.equal('no consent')
    expect(await consents.noncesOf(pseudonym, 0)).to.equal(none)
  })

  it('is dead once another account of the same owner decides', async () => {
    const world = await loadFixture(oneOwner)
    const { consents, patients, owner, account, other, pseudonym } = world
    const controller = addressOf(account)
    const grant = await signed(world, 'Grant', { signer: owner, controller })
    const denial = await signed(world, 'Deny', { signer: owner, controller, nonce: 41n })
    await grant.carry()
    const rotation = patients.interface.encodeFunctionData('rotateController', [pseudonym, addressOf(other)])
    await account.connect(owner).execute(patients, rotation)
    expect(await patients.controllerOf(pseudonym)).to.equal(addressOf(other))
    await expect(denial.carry())
      .to.be.revertedWithCustomError(consents, 'ConsentBadSignature')
      .withArgs(pseudonym, addressOf(other))
    await (await signed(world, 'Deny', { signer: owner, controller: addressOf(other), nonce: 41n })).carry()
    expect((await ask(world)).code).to.equal('denied')
  })

  it('decides by its own transaction too', async () => {
    const world = await loadFixture(oneOwner)
    const { consents, owner, account, pseudonym, grantee, recordId } = world
    const revocation = consents.interface.encodeFunctionData('revoke', [pseudonym, grantee, recordId])
    await account.connect(owner).execute(consents, revocation)
    expect((await ask(world)).code).to.equal('revoked')
  })

  describe('that are hostile', () => {
    const manners = ['reverts', 'burns all gas', 'says nothing', 'says garbage', 'says half of it', 'says far too much']

    async function hostile() {
      const world = await patientAndDoctor()
      const account = await ethers.deployContract('HostileAccount')
      await world.patients.connect(world.patient).rotateController(world.pseudonym, account)
      return { ...world, account }
    }

    for (const [manner, name] of manners.entries()) {
      it(`gets no consent from one that ${name}`, async () => {
        const world = await loadFixture(hostile)
        const { consents, account, stranger, pseudonym, grantee } = world
        await account.behave(manner)
        const body = { pseudonym, controller: addressOf(account), granteeId: grantee }
        const by = await authorize(consents, stranger, 'RevokeAll', body, await now())
        const carrier = consents.connect(stranger)
        // A limit, so that the estimate is not what fails; the block would take sixteen times as much.
        const sent = carrier.revokeAllBySignature(pseudonym, grantee, by, { gasLimit: 3_000_000 })
        // To take in so long an answer costs more gas than there is; that is a no as well.
        if (name === 'says far too much') await expect(sent).to.be.revertedWithoutReason(ethers)
        else await expect(sent).to.be.revertedWithCustomError(consents, 'ConsentBadSignature')
        expect(await consents.floorOf(pseudonym, grantee)).to.equal(0)
        expect(await consents.noncesOf(pseudonym, 0)).to.equal(none)
      })
    }

    it('changes nothing where it calls back while it is asked', async () => {
      const world = await loadFixture(hostile)
      const { consents, patients, account, stranger, doctor, pseudonym, grantee } = world
      const body = { pseudonym, controller: addressOf(account), granteeId: grantee }
      const by = await authorize(consents, stranger, 'RevokeAll', body, await now())
      const carry = () => consents.connect(stranger).revokeAllBySignature(pseudonym, grantee, by)
      const again = consents.interface.encodeFunctionData('revokeAllBySignature', [pseudonym, grantee, by])
      const cancel = consents.interface.encodeFunctionData('cancelNonce', [pseudonym, 99])
      const rotation = patients.interface.encodeFunctionData('rotateController', [pseudonym, doctor.address])
      for (const [target, data] of [
        [consents, again],
        [consents, cancel],
        [patients, rotation],
      ] as const) {
        await account.call(target, data)
        await expect(carry()).to.be.revertedWithCustomError(consents, 'ConsentBadSignature')
      }
      expect(await patients.controllerOf(pseudonym)).to.equal(addressOf(account))
      // To look is all it can do; then its yes is a yes, to its own patient's consent.
      await account.call(consents, consents.interface.encodeFunctionData('noncesOf', [pseudonym, 0]))
      await carry()
      expect(await consents.noncesOf(pseudonym, 0)).to.equal(none | (1n << 40n))
    })
  })
})
