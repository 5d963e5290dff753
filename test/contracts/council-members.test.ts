import { expect } from 'chai'
import { callOf, fiveHospitals, found } from './council.ts'
import { buildHospitals, ethers, expectRefusals, kind, networkHelpers, none16, random16, random32 } from './fixture.ts'

const { loadFixture } = networkHelpers

async function twoHospitals() {
  return await buildHospitals(random32)
}

describe('Council: its members', () => {
  it('are the founders at first', async () => {
    const { council, memberHospitals } = await loadFixture(fiveHospitals)
    expect([...(await council.members())]).to.deep.equal([...memberHospitals])
    expect(await council.threshold()).to.equal(3n)
  })

  it('cannot be founded with an unknown, inactive or subordinate house, or with one house twice', async () => {
    const world = await loadFixture(twoHospitals)
    const { actors, hospital, otherHospital, others } = world
    const [ward, closed] = [random16(), random16()]
    await actors.registerOrganization(ward, kind.department, hospital, others[0], random32())
    await actors.registerOrganization(closed, kind.hospital, none16, others[1], random32())
    await actors.setOrganizationActive(closed, false)
    const Council = await ethers.getContractFactory('Council')
    const founding = (founders: string[], k = 2) => Council.deploy(actors, founders, k)
    const refused = [random16(), none16, ward, closed]
    for (const id of refused)
      await expect(founding([hospital, id]))
        .to.be.revertedWithCustomError(Council, 'CouncilNotAdmissible')
        .withArgs(id)
    await expect(founding([hospital, hospital])).to.be.revertedWithCustomError(Council, 'CouncilMemberTwice')
    const sizes = [
      { founders: [], k: 0 },
      { founders: [hospital], k: 1 },
      { founders: [hospital, otherHospital], k: 1 },
      { founders: [hospital, otherHospital], k: 3 },
    ]
    for (const { founders, k } of sizes)
      await expect(founding(founders, k))
        .to.be.revertedWithCustomError(Council, 'CouncilBadThreshold')
        .withArgs(k, founders.length)
  })

  it('are sixteen at most', async () => {
    const world = await loadFixture(twoHospitals)
    const { actors, hospital } = world
    const houses = [hospital]
    for (let i = 0; i < 16; i++) {
      const id = random16()
      await actors.registerOrganization(id, kind.hospital, none16, ethers.Wallet.createRandom(), random32())
      houses.push(id)
    }
    const Council = await ethers.getContractFactory('Council')
    await expect(Council.deploy(actors, houses, 9)).to.be.revertedWithCustomError(Council, 'CouncilBadThreshold')
    await found(world, houses.slice(0, 16), 9)
  })

  it('change by the council itself and nobody else', async () => {
    const { council, admin, keyAccounts, memberHospitals, hospital, operators } = await loadFixture(fiveHospitals)
    await expectRefusals(
      council,
      'CouncilNotItself',
      [admin, keyAccounts[0]].flatMap((who) => [
        () => council.connect(who).addMember(hospital),
        () => council.connect(who).removeMember(memberHospitals[0]),
        () => council.connect(who).setThreshold(4),
        () => council.connect(who).penalize(operators[0], random32()),
      ]),
    )
  })

  it('join and leave while k stays more than half of them', async () => {
    const { council, agree, nearly, keyAccounts, memberHospitals, hospital, first } = await loadFixture(fiveHospitals)
    const last = council.connect(keyAccounts[2])
    const [sixth, fourOfSix, leaves] = [
      await callOf(council, 'addMember', [hospital]),
      await callOf(council, 'setThreshold', [4]),
      await callOf(council, 'removeMember', [memberHospitals[4]]),
    ]
    // 3 of 6 could decide against the other 3.
    const proposal = await nearly([sixth])
    await expect(last.confirm(proposal)).to.be.revertedWithCustomError(council, 'CouncilBadThreshold').withArgs(3, 6)
    await expect(agree([fourOfSix, sixth]))
      .to.emit(council, 'ThresholdSet')
      .withArgs(4)
      .to.emit(council, 'MemberAdded')
      .withArgs(hospital)
    expect(await council.memberOf(first)).to.equal(hospital)
    const leaving = await nearly([leaves])
    await last.confirm(leaving)
    await expect(council.connect(first).confirm(leaving)).to.emit(council, 'MemberRemoved').withArgs(memberHospitals[4])
    expect([...(await council.members())].sort()).to.deep.equal([...memberHospitals.slice(0, 4), hospital].sort())
    expect(await council.memberOf(keyAccounts[4])).to.equal(none16)
  })

  it('never fall below k, and k never to one or to half', async () => {
    const { council, nearly, keyAccounts, memberHospitals } = await loadFixture(fiveHospitals)
    const last = council.connect(keyAccounts[2])
    const leave = await Promise.all(memberHospitals.slice(0, 3).map((id) => callOf(council, 'removeMember', [id])))
    const tooFew = await nearly(leave)
    await expect(last.confirm(tooFew)).to.be.revertedWithCustomError(council, 'CouncilBadThreshold').withArgs(3, 2)
    for (const k of [0, 1, 2, 6]) {
      const proposal = await nearly([await callOf(council, 'setThreshold', [k])])
      await expect(last.confirm(proposal)).to.be.revertedWithCustomError(council, 'CouncilBadThreshold').withArgs(k, 5)
    }
  })

  it('are houses of their own, once', async () => {
    const { council, actors, agree, nearly, others, keyAccounts, memberHospitals, hospital } =
      await loadFixture(fiveHospitals)
    const ward = random16()
    const account = await others[8].getAddress()
    await agree([await callOf(actors, 'registerOrganization', [ward, kind.department, hospital, account, random32()])])
    const last = council.connect(keyAccounts[2])
    const refusal = async (name: string, id: string) => {
      const proposal = await nearly([await callOf(council, 'setThreshold', [4]), await callOf(council, name, [id])])
      return () => last.confirm(proposal)
    }
    await expectRefusals(council, 'CouncilNotAdmissible', [await refusal('addMember', ward)])
    await expectRefusals(council, 'CouncilMemberTwice', [await refusal('addMember', memberHospitals[0])])
    await expectRefusals(council, 'CouncilNoSuchMember', [await refusal('removeMember', hospital)])
  })

  it('who leave take their confirmations along, and find none when they come back', async () => {
    const { council, actors, nearly, keyAccounts, memberHospitals, hospital } = await loadFixture(fiveHospitals)
    const proposal = await nearly([await callOf(actors, 'setOrganizationActive', [hospital, false])])
    const others = [2, 3, 4].map((i) => council.connect(keyAccounts[i as 2]))
    const pass = async (name: string) => {
      const calls = [await callOf(council, name, [memberHospitals[0]])]
      const salt = random32()
      const id = await council.proposalIdOf(calls, salt)
      await others[0]?.propose(calls, salt)
      for (const other of others.slice(1)) await other.confirm(id)
    }
    await pass('removeMember')
    expect([...(await council.confirmationsOf(proposal))]).to.deep.equal([memberHospitals[1]])
    await others[0]?.confirm(proposal)
    expect(await actors.isActive(hospital)).to.equal(true)
    await pass('addMember')
    expect([...(await council.confirmationsOf(proposal))].sort()).to.deep.equal(
      [memberHospitals[1], memberHospitals[2]].sort(),
    )
    expect(await actors.isActive(hospital)).to.equal(true)
    // With a new seat it may confirm anew.
    await council.connect(keyAccounts[0]).confirm(proposal)
    expect(await actors.isActive(hospital)).to.equal(false)
  })

  it('go on with another account when theirs is lost, and the lost one confirms nothing any more', async () => {
    const { council, actors, nearly, others, keyAccounts, memberHospitals, hospital } = await loadFixture(fiveHospitals)
    const [lost, , third, fourth, fifth] = keyAccounts
    const found = others[8]
    const proposal = await nearly([await callOf(actors, 'setOrganizationActive', [hospital, false])])
    const rotation = [await callOf(actors, 'setOrganizationAccount', [memberHospitals[0], await found.getAddress()])]
    const salt = random32()
    const id = await council.proposalIdOf(rotation, salt)
    await council.connect(third).propose(rotation, salt)
    await council.connect(fourth).confirm(id)
    await council.connect(fifth).confirm(id)
    expect(await council.memberOf(lost)).to.equal(none16)
    expect(await council.memberOf(found)).to.equal(memberHospitals[0])
    expect([...(await council.confirmationsOf(proposal))]).to.deep.equal([memberHospitals[1]])
    await expectRefusals(council, 'CouncilNotMember', [() => council.connect(lost).revokeConfirmation(proposal)])
    await council.connect(found).confirm(proposal)
    await council.connect(third).confirm(proposal)
    expect(await actors.isActive(hospital)).to.equal(false)
  })

  it('keep their voice while their organization is switched off: switching off must not deadlock the council', async () => {
    const { council, actors, agree, memberHospitals } = await loadFixture(fiveHospitals)
    const off = memberHospitals.slice(0, 3).map((id) => callOf(actors, 'setOrganizationActive', [id, false]))
    await agree(await Promise.all(off))
    await agree([await callOf(actors, 'setOrganizationActive', [memberHospitals[0], true])])
    expect((await council.members()).length).to.equal(5)
  })

  it('need no more than the new k once it is lower, and then whoever of them executes', async () => {
    const { council, actors, agree, nearly, keyAccounts, hospital } = await loadFixture(fiveHospitals)
    await agree([await callOf(council, 'setThreshold', [4])])
    const proposal = await nearly([await callOf(actors, 'setOrganizationActive', [hospital, false])])
    await council.connect(keyAccounts[2]).confirm(proposal)
    expect(await actors.isActive(hospital)).to.equal(true)
    const lower = await nearly([await callOf(council, 'setThreshold', [3])])
    for (const i of [2, 3] as const) await council.connect(keyAccounts[i]).confirm(lower)
    await council.connect(keyAccounts[4]).execute(proposal)
    expect(await actors.isActive(hospital)).to.equal(false)
  })
})
