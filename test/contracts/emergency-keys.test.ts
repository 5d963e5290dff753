import { expect } from 'chai'
import { committee } from './committee.ts'
import { ethers, expectRefusals, networkHelpers, none32, oneRecord, random32 } from './fixture.ts'
import { someKey } from './glass.ts'

const { loadFixture } = networkHelpers

async function serving() {
  return await committee(await oneRecord())
}
type World = Awaited<ReturnType<typeof serving>>

const made = () => ({ k: 3, groupKey: random32(), shares: [1, 2, 3, 4, 5].map(random32), transcript: random32() })

const confirm = (
  { glass, keyAccounts }: World,
  i: number,
  { k, groupKey, shares, transcript }: ReturnType<typeof made>,
) => glass.connect(keyAccounts[i as 0]).confirmEmergencyKey(k, groupKey, shares, transcript)

describe('Emergency keys', () => {
  it('serve once every member confirmed the same', async () => {
    const world = await loadFixture(serving)
    const { glass, operators } = world
    const key = made()
    for (const i of [0, 1, 2, 3]) await confirm(world, i, key)
    await confirm(world, 4, { ...key, shares: [...key.shares].reverse() })
    expect(await glass.emergencyKeys()).to.equal(0n)
    await expect(confirm(world, 4, key))
      .to.emit(glass, 'EmergencyKeySet')
      .withArgs(1, key.groupKey, key.transcript)
    expect(await glass.emergencyKeyNumber(key.groupKey)).to.equal(1n)
    expect(await glass.emergencyKeyNumber(random32())).to.equal(0n)
    const entry = await glass.emergencyKey(1)
    expect([...entry.members]).to.deep.equal([...operators])
    expect([...entry.verifyingShares]).to.deep.equal(key.shares)
    const next = made()
    for (const i of [0, 1, 2, 3, 4]) await confirm(world, i, next)
    expect(await glass.emergencyKeyNumber(next.groupKey)).to.equal(2n)
    expect(await glass.emergencyKeyNumber(key.groupKey)).to.equal(1n)
  })

  it('are another key than the one that releases, of at least its threshold, confirmed once by members', async () => {
    const world = await loadFixture(serving)
    const { glass, stranger, made: released } = world
    const key = made()
    await expectRefusals(glass, 'EmergencyNotKeyNode', [
      () => glass.connect(stranger).confirmEmergencyKey(3, key.groupKey, key.shares, key.transcript),
    ])
    await expectRefusals(glass, 'EmergencyBadSize', [
      () => confirm(world, 0, { ...key, k: 2 }),
      () => confirm(world, 0, { ...key, k: 6 }),
      () => confirm(world, 0, { ...key, shares: key.shares.slice(1) }),
    ])
    await expectRefusals(glass, 'EmergencyBadKey', [
      () => confirm(world, 0, { ...key, groupKey: none32 }),
      () => confirm(world, 0, { ...key, groupKey: released.groupKey }),
    ])
    await confirm(world, 0, key)
    await expectRefusals(glass, 'EmergencyConfirmedAlready', [() => confirm(world, 0, key)])
    for (const i of [1, 2, 3, 4]) await confirm(world, i, key)
    await expectRefusals(glass, 'EmergencyBadKey', [() => confirm(world, 0, { ...key, transcript: random32() })])
  })

  it('are, on the guardians’ side, those of officers whom the institution names all at once', async () => {
    const { glass, first, hospital, doctor, desk } = await loadFixture(serving)
    const mine = glass.connect(first)
    const officers = [
      { account: doctor.address, publicKey: someKey() },
      { account: desk.address, publicKey: someKey() },
    ]
    const keyId = ethers.sha256(ethers.concat(officers.map(({ publicKey }) => ethers.sha256(publicKey))))
    await expect(mine.nameOfficers(hospital, officers)).to.emit(glass, 'OfficersNamed')
    expect((await glass.officersOf(hospital)).keyId).to.equal(keyId)
    expect([...(await glass.officersOf(hospital)).accounts]).to.deep.equal([doctor.address, desk.address])
    await mine.nameOfficers(hospital, [])
    expect((await glass.officersOf(hospital)).keyId).to.equal(none32)
    expect([...(await glass.officersOf(hospital)).accounts]).to.deep.equal([])
  })

  it('are refused from others, and where an officer or a key is missing or comes twice', async () => {
    const { glass, first, second, hospital, doctor, desk, others } = await loadFixture(serving)
    const mine = glass.connect(first)
    const one = { account: doctor.address, publicKey: someKey() }
    await expectRefusals(glass, 'EmergencyNotInstitution', [() => glass.connect(second).nameOfficers(hospital, [one])])
    await expectRefusals(glass, 'EmergencyBadOfficer', [
      () => mine.nameOfficers(hospital, [{ ...one, account: ethers.ZeroAddress }]),
      () => mine.nameOfficers(hospital, [{ ...one, publicKey: '0x01' }]),
      () => mine.nameOfficers(hospital, [one, { ...one, publicKey: someKey() }]),
      () => mine.nameOfficers(hospital, [one, { ...one, account: desk.address }]),
    ])
    const many = others.slice(0, 9).map(({ address }) => ({ account: address, publicKey: someKey() }))
    await expectRefusals(glass, 'EmergencyTooManyOfficers', [() => mine.nameOfficers(hospital, many)])
  })
})
