import { expect } from 'chai'
import { ask, askAlong, patientAndDoctor, terms, treat } from './consent-world.ts'
import { consentOf, delegation, signedDelegation } from './delegating.ts'
import { days, expectRefusals, fieldsOf, networkHelpers, none32, purpose } from './fixture.ts'

const { loadFixture, time } = networkHelpers

/** The patient has named a parent, who signs and sends. */
async function withParent() {
  const world = await patientAndDoctor()
  const { delegations, consents, patient, others, pseudonym } = world
  const [parent, friend] = others
  const given = delegation(world)
  await delegations.connect(patient).delegate(pseudonym, parent, given)
  const [, key] = await delegations.wordOf(pseudonym, parent)
  const mine = delegations.connect(patient)
  return { ...world, named: mine, parent, friend, given, key, theirs: consents.connect(parent) }
}

describe('Delegations', () => {
  it('are the controller’s to give and to end, at once', async () => {
    const world = await loadFixture(withParent)
    const { delegations, named, parent, friend, stranger, pseudonym, given } = world
    const found = fieldsOf(await delegations.delegationOf(pseudonym, parent))
    expect(found).to.deep.include({ until: BigInt(given.until), reads: 65n, grants: 1n, categories: 8n })
    await expectRefusals(delegations, 'DelegationNotController', [
      () => delegations.connect(stranger).delegate(pseudonym, friend, given),
      () => delegations.connect(parent).delegate(pseudonym, friend, given),
      () => delegations.connect(parent).delegate(pseudonym, parent, { ...given, categories: 0xff }),
      () => delegations.connect(parent).endDelegation(pseudonym, friend),
      () => delegations.connect(stranger).endDelegation(pseudonym, parent),
      () => delegations.connect(stranger).endDelegation(pseudonym, stranger),
    ])
    expect((await ask(world, { reader: parent.address })).code).to.equal('permit')
    await expect(named.endDelegation(pseudonym, parent))
      .to.emit(delegations, 'DelegationEnded')
      .withArgs(pseudonym, parent.address)
    expect((await ask(world, { reader: parent.address })).code).to.equal('revoked')
    await named.delegate(pseudonym, parent, given)
    await delegations.connect(parent).endDelegation(pseudonym, parent)
    expect((await ask(world, { reader: parent.address })).code).to.equal('revoked')
  })

  it('name somebody, some purpose that can be delegated, some category, and some time', async () => {
    const world = await loadFixture(withParent)
    const { delegations, named, friend, patient, pseudonym, given } = world
    const refused = (error: string, change: Partial<typeof given>) =>
      expectRefusals(delegations, error, [() => named.delegate(pseudonym, friend, { ...given, ...change })])
    await expectRefusals(delegations, 'DelegationBadDelegate', [
      () => named.delegate(pseudonym, patient, given),
      () => named.delegate(pseudonym, `0x${'00'.repeat(20)}`, given),
    ])
    await refused('DelegationAlreadyOver', { until: await time.latest() })
    await refused('DelegationBadPurposes', { reads: 0, grants: 0 })
    await refused('DelegationBadPurposes', { reads: 1 << 2 })
    await refused('DelegationBadPurposes', { grants: treat | (1 << 2) })
    await refused('DelegationBadPurposes', { grants: 1 << 8 })
    await refused('DelegationNoCategories', { categories: 0 })
  })

  it('end with the controller that gave them', async () => {
    const world = await loadFixture(withParent)
    const { patients, patient, parent, friend, theirs, grantee, pseudonym, recordId } = world
    await patients.connect(patient).rotateController(pseudonym, friend)
    expect((await ask(world, { reader: parent.address })).code).to.equal('no consent')
    await expectRefusals(world.consents, 'ConsentNotController', [
      () => theirs.grant(pseudonym, grantee, recordId, terms(world, { until: world.given.until })),
    ])
    await patients.connect(friend).rotateController(pseudonym, patient)
    expect((await ask(world, { reader: parent.address })).code).to.equal('permit')
  })

  describe('reading', () => {
    it('is decided within purposes, categories and time, and along a path', async () => {
      const world = await loadFixture(withParent)
      const { parent, key, given, recordId } = world
      const reader = parent.address
      expect(await ask(world, { reader })).to.deep.equal({ code: 'permit', key })
      expect(await ask(world, { reader, purpose: 6, recordId: none32 })).to.deep.equal({ code: 'permit', key })
      expect(await ask(world, { reader, purpose: purpose.research })).to.deep.equal({ code: 'wrong purpose', key })
      const other = { reader, recordId: none32, categoryBit: 5 }
      expect(await ask(world, other)).to.deep.equal({ code: 'other categories', key })
      expect(await ask(world, { reader, at: given.until })).to.deep.equal({ code: 'expired', key })
      expect((await ask(world, { reader, at: given.until - 1 })).code).to.equal('permit')
      expect(await askAlong(world, { role: 254 }, { reader })).to.deep.equal({ code: 'permit', key })
      expect((await askAlong(world, {}, { reader })).code).to.equal('no consent')
      expect((await askAlong(world, { role: 254 })).code).to.equal('no consent')
      expect((await ask(world, { reader, recordId })).key).to.equal(key)
    })

    it('is not part of consenting, and loses to a denial', async () => {
      const world = await loadFixture(withParent)
      const { named, mine, consents, parent, pseudonym, given } = world
      const reader = parent.address
      const itself = await consents.personId(parent, none32)
      await mine.deny(pseudonym, itself, none32)
      expect((await ask(world, { reader })).code).to.equal('denied')
      expect((await askAlong(world, { role: 254 }, { reader })).code).to.equal('denied')
      await expectRefusals(consents, 'ConsentDeniedByController', [
        () => world.theirs.revoke(pseudonym, itself, none32),
        () => world.theirs.grant(pseudonym, itself, none32, terms(world, { until: given.until, categories: 8 })),
      ])
      await mine.revoke(pseudonym, itself, none32)
      expect((await ask(world, { reader })).code).to.equal('permit')
      await named.delegate(pseudonym, parent, { ...given, reads: 0 })
      expect((await ask(world, { reader })).code).to.equal('revoked')
    })
  })

  describe('consenting', () => {
    it('reaches as far as the delegation does', async () => {
      const world = await loadFixture(withParent)
      const { consents, theirs, parent, grantee, pseudonym, recordId, given } = world
      const good = terms(world, { until: given.until })
      const wide = { ...good, categories: 8 }
      await theirs.grant(pseudonym, grantee, recordId, good)
      expect((await ask(world)).code).to.equal('permit')
      await theirs.revoke(pseudonym, grantee, recordId)
      expect((await ask(world)).code).to.equal('revoked')
      await theirs.grant(pseudonym, grantee, none32, wide)
      const itself = await consents.personId(parent, none32)
      await expectRefusals(consents, 'ConsentBeyondDelegation', [
        () => theirs.grant(pseudonym, grantee, recordId, { ...good, until: given.until + 1 }),
        () => theirs.grant(pseudonym, grantee, recordId, { ...good, purposes: treat | 2 }),
        () => theirs.grant(pseudonym, grantee, none32, { ...wide, categories: 8 | 16 }),
        () => theirs.grant(pseudonym, itself, recordId, good),
      ])
      await expectRefusals(consents, 'ConsentNotController', [
        () => theirs.deny(pseudonym, grantee, recordId),
        () => theirs.revokeAll(pseudonym, grantee),
        () => theirs.revokeAll(pseudonym, none32),
        () => theirs.cancelNonce(pseudonym, 40n),
      ])
      await time.setNextBlockTimestamp(given.until)
      await expectRefusals(consents, 'ConsentNotController', [
        () => theirs.grant(pseudonym, grantee, recordId, { ...good, until: given.until + days(1) }),
      ])
    })

    it('leaves alone what the controller permitted beyond it, and what says nothing', async () => {
      const world = await loadFixture(withParent)
      const { consents, named, mine, theirs, parent, grantee, pseudonym, recordId, given } = world
      await expectRefusals(consents, 'ConsentNothingToRevoke', [() => theirs.revoke(pseudonym, grantee, recordId)])
      await mine.grant(pseudonym, grantee, recordId, terms(world, { purposes: treat | 2 }))
      await mine.grant(pseudonym, grantee, none32, terms(world, { categories: 1 << 5 }))
      await expectRefusals(consents, 'ConsentBeyondDelegation', [
        () => theirs.revoke(pseudonym, grantee, recordId),
        () => theirs.revoke(pseudonym, grantee, none32),
      ])
      await named.delegate(pseudonym, parent, { ...given, categories: 1 << 5, grants: 0xfb })
      await expectRefusals(consents, 'ConsentBeyondDelegation', [
        () => theirs.revoke(pseudonym, grantee, recordId),
        () => theirs.grant(pseudonym, grantee, recordId, terms(world, { until: given.until })),
      ])
      await named.delegate(pseudonym, parent, { ...given, grants: 0 })
      await expectRefusals(consents, 'ConsentNotController', [() => theirs.revoke(pseudonym, grantee, recordId)])
    })

    it('by signature dies with the delegation', async () => {
      const world = await loadFixture(withParent)
      const { consents, named, parent, stranger, grantee, pseudonym, recordId, given } = world
      const good = terms(world, { until: given.until })
      const carrier = consents.connect(stranger)
      const body = { granteeId: grantee, recordId, ...good }
      await time.increase(5)
      const by = await consentOf(world, parent, 'Grant', body)
      const held = await consentOf(world, parent, 'Grant', body, { nonce: 41n })
      await carrier.grantBySignature(pseudonym, grantee, recordId, good, by)
      expect((await ask(world)).code).to.equal('permit')
      const carry = () => carrier.grantBySignature(pseudonym, grantee, recordId, good, held)
      await named.endDelegation(pseudonym, parent)
      await expectRefusals(consents, 'ConsentBadSignature', [carry])
      await named.delegate(pseudonym, parent, given)
      await expectRefusals(consents, 'ConsentBadSignature', [carry])
      await time.increase(5)
      const far = { ...good, purposes: treat | 2 }
      const beyond = await consentOf(world, parent, 'Grant', { ...body, ...far }, { nonce: 42n })
      await expectRefusals(consents, 'ConsentBeyondDelegation', [
        () => carrier.grantBySignature(pseudonym, grantee, recordId, far, beyond),
      ])
      const denial = await consentOf(world, parent, 'Deny', { granteeId: grantee, recordId }, { nonce: 43n })
      await expectRefusals(consents, 'ConsentBadSignature', [
        () => carrier.denyBySignature(pseudonym, grantee, recordId, denial),
      ])
      const end = await consentOf(world, parent, 'Revoke', { granteeId: grantee, recordId }, { nonce: 44n })
      await carrier.revokeBySignature(pseudonym, grantee, recordId, end)
      expect((await ask(world)).code).to.equal('revoked')
    })
  })

  describe('by signature', () => {
    it('are carried by anyone, once, for exactly what the controller signed', async () => {
      const world = await loadFixture(withParent)
      const { delegations, friend, stranger, given } = world
      const carry = await signedDelegation(world, friend.address, given)
      const foreign = await signedDelegation(world, friend.address, given, { signer: stranger })
      const otherwise = await signedDelegation(world, friend.address, given, { controller: stranger.address })
      await expectRefusals(delegations, 'DelegationBadSignature', [
        () => carry({ categories: 0xff }),
        () => carry({ reads: 0xfb }),
        () => carry({ until: given.until + 1 }),
        () => foreign(),
        () => otherwise(),
      ])
      await carry()
      expect((await ask(world, { reader: friend.address })).code).to.equal('permit')
      await expectRefusals(delegations, 'DelegationOlder', [() => carry()])
      const held = await signedDelegation(world, friend.address, { ...given, reads: 0xfb })
      const end = await signedDelegation(world, friend.address, undefined)
      await end()
      await expectRefusals(delegations, 'DelegationOlder', [() => held(), () => end()])
    })

    it('are carried neither too early nor too late', async () => {
      const world = await loadFixture(withParent)
      const { delegations, friend, given } = world
      const start = await time.latest()
      const early = await signedDelegation(world, friend.address, given, { signedAt: start + 100 })
      await expectRefusals(delegations, 'DelegationNotYetSigned', [() => early()])
      const long = await signedDelegation(world, friend.address, given, { signedAt: start, deadline: start + 901 })
      await expectRefusals(delegations, 'DelegationDeadlineTooFar', [() => long()])
      const late = await signedDelegation(world, friend.address, given, { signedAt: start })
      await time.setNextBlockTimestamp(start + 901)
      await expectRefusals(delegations, 'DelegationDeadlineOver', [() => late()])
    })
  })
})
