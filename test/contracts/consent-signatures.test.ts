import { expect } from 'chai'
import { patientAndDoctor } from './consent-world.ts'
import { ethers, expectRefusals, networkHelpers, none32, random32 } from './fixture.ts'
import { authorize, malleated, now, signed } from './signing.ts'

const { loadFixture } = networkHelpers

describe('ConsentRegistry, a signature', () => {
  it('is bound to every field', async () => {
    const world = await loadFixture(patientAndDoctor)
    const { consents, stranger, doctor, pseudonym, grantee, recordId } = world
    const { given, authorization: by } = await signed(world, 'Grant')
    const carrier = consents.connect(stranger)
    const other = await consents.personId(doctor, random32())
    const grant = (change: Partial<typeof given>, at = {}) =>
      carrier.grantBySignature(pseudonym, grantee, recordId, { ...given, ...change }, { ...by, ...at })
    await expectRefusals(consents, 'ConsentBadSignature', [
      () => grant({ from: given.from - 1 }),
      () => grant({ until: given.until + 1 }),
      () => grant({ purposes: given.purposes | 2 }),
      () => grant({ categories: 8 }),
      () => grant({ useLimit: 1 }),
      () => grant({}, { nonce: 41n }),
      () => grant({}, { signedAt: by.signedAt - 1, deadline: by.deadline - 1 }),
      () => grant({}, { deadline: by.deadline - 1 }),
      () => carrier.grantBySignature(pseudonym, other, recordId, given, by),
      () => carrier.grantBySignature(pseudonym, grantee, none32, { ...given, categories: 8 }, by),
      () => carrier.grantBySignature(random32(), grantee, recordId, given, by),
      () => carrier.revokeBySignature(pseudonym, grantee, recordId, by),
      () => carrier.denyBySignature(pseudonym, grantee, recordId, by),
      () => carrier.revokeAllBySignature(pseudonym, grantee, by),
    ])
    expect(await consents.noncesOf(pseudonym, 0)).to.equal((1n << 40n) - 1n)
  })

  it('refuses a revocation as a denial, and the other way round', async () => {
    const world = await loadFixture(patientAndDoctor)
    const { consents, stranger, pseudonym, grantee, recordId } = world
    const [revocation, denial] = [await signed(world, 'Revoke'), await signed(world, 'Deny')]
    const carrier = consents.connect(stranger)
    await expectRefusals(consents, 'ConsentBadSignature', [
      () => carrier.denyBySignature(pseudonym, grantee, recordId, revocation.authorization),
      () => carrier.revokeBySignature(pseudonym, grantee, recordId, denial.authorization),
    ])
  })

  it('counts on no other chain and for no other contract', async () => {
    const world = await loadFixture(patientAndDoctor)
    for (const elsewhere of [
      { chainId: 1n },
      { verifyingContract: String(world.patients.target) },
      { verifyingContract: ethers.ZeroAddress },
    ]) {
      const { carry } = await signed(world, 'Grant', { elsewhere })
      await expect(carry())
        .to.be.revertedWithCustomError(world.consents, 'ConsentBadSignature')
        .withArgs(world.pseudonym, world.patient.address)
    }
  })

  it('refuses everyone else: doctor, hospital, stranger, and a name that is not theirs', async () => {
    const world = await loadFixture(patientAndDoctor)
    for (const signer of [world.doctor, world.first, world.stranger]) {
      for (const controller of [world.patient.address, signer.address]) {
        const { carry } = await signed(world, 'Grant', { signer, controller })
        await expect(carry()).to.be.revertedWithCustomError(world.consents, 'ConsentBadSignature')
      }
    }
  })

  it('refuses a signature for a pseudonym that nobody registered', async () => {
    const world = await loadFixture(patientAndDoctor)
    const { consents, patient, stranger, grantee } = world
    const pseudonym = random32()
    for (const controller of [ethers.ZeroAddress, patient.address]) {
      const times = await now()
      const by = await authorize(consents, patient, 'RevokeAll', { pseudonym, controller, granteeId: grantee }, times)
      const blank = { ...times, signature: `0x${'00'.repeat(64)}1b` }
      for (const one of [by, blank]) {
        await expect(consents.connect(stranger).revokeAllBySignature(pseudonym, grantee, one))
          .to.be.revertedWithCustomError(consents, 'ConsentBadSignature')
          .withArgs(pseudonym, ethers.ZeroAddress)
      }
    }
  })

  it('is dead while another account decides', async () => {
    const world = await loadFixture(patientAndDoctor)
    const { consents, patients, patient, others, pseudonym } = world
    const [next] = others
    const { carry } = await signed(world, 'Grant')
    await patients.connect(patient).rotateController(pseudonym, next)
    await expect(carry())
      .to.be.revertedWithCustomError(consents, 'ConsentBadSignature')
      .withArgs(pseudonym, next.address)
    const named = await signed(world, 'Grant', { controller: next.address })
    await expect(named.carry()).to.be.revertedWithCustomError(consents, 'ConsentBadSignature')
    await (await signed(world, 'Grant', { signer: next, controller: next.address })).carry()
  })

  it('refuses a malleated, a cut, a long, a compact and an empty signature', async () => {
    const world = await loadFixture(patientAndDoctor)
    const { carry, authorization } = await signed(world, 'Grant')
    const { signature } = authorization
    const bare = ethers.dataSlice(signature, 0, 64)
    const changed = [
      malleated(signature),
      ethers.concat([bare, malleated(signature).slice(-2) === '1b' ? '0x1b' : '0x1c']),
      bare,
      ethers.concat([signature, '0x00']),
      ethers.concat([bare, '0x00']),
      ethers.concat([bare, '0x01']),
      ethers.Signature.from(signature).compactSerialized,
      '0x',
    ]
    await expectRefusals(
      world.consents,
      'ConsentBadSignature',
      changed.map((wrong) => () => carry({ signature: wrong })),
    )
    await carry()
  })
})
