import { expect } from 'chai'
import { type Call, callOf, fiveHospitals } from './council.ts'
import {
  days,
  ethers,
  expectRefusals,
  kind,
  networkHelpers,
  node,
  none16,
  none32,
  random16,
  random32,
} from './fixture.ts'

const { loadFixture, time } = networkHelpers

type World = Awaited<ReturnType<typeof fiveHospitals>>

/** The call that admits a hospital. */
const admission = async ({ actors, others }: World, id: string): Promise<Call> =>
  await callOf(actors, 'registerOrganization', [id, kind.hospital, none16, await others[8].getAddress(), random32()])

describe('Council', () => {
  describe('propose', () => {
    it('takes calls from a member, and counts that as its confirmation', async () => {
      const world = await loadFixture(fiveHospitals)
      const { council, keyAccounts, memberHospitals } = world
      const calls = [await admission(world, random16())]
      const salt = random32()
      const id = await council.proposalIdOf(calls, salt)
      await expect(council.connect(keyAccounts[0]).propose(calls, salt))
        .to.emit(council, 'Proposed')
        .withArgs(id, memberHospitals[0])
        .to.emit(council, 'Confirmed')
        .withArgs(id, memberHospitals[0], keyAccounts[0])
      const proposal = await council.proposalOf(id)
      expect([proposal.proposer, proposal.proposedAt]).to.deep.equal([memberHospitals[0], BigInt(await time.latest())])
      expect(proposal.executed).to.equal(false)
      expect(proposal.calls.map(({ target, data }) => ({ target, data }))).to.deep.equal(calls)
      expect([...(await council.confirmationsOf(id))]).to.deep.equal([memberHospitals[0]])
    })

    it('refuses whoever does not speak for a member: strangers, other hospitals, desks, and the deployer', async () => {
      const world = await loadFixture(fiveHospitals)
      const { council, actors, admin, stranger, first, others, keyAccounts, until } = world
      const desk = others[7]
      await actors.connect(keyAccounts[0]).authorizeUploader(desk, until)
      const calls = [await admission(world, random16())]
      await expectRefusals(
        council,
        'CouncilNotMember',
        [admin, stranger, first, desk].map((who) => () => council.connect(who).propose(calls, none32)),
      )
      expect(await council.memberOf(keyAccounts[0])).to.equal(world.memberHospitals[0])
      for (const who of [desk, first, ethers.ZeroAddress]) expect(await council.memberOf(who)).to.equal(none16)
    })

    it('refuses no call, more than 64, and calls where no contract stands', async () => {
      const world = await loadFixture(fiveHospitals)
      const [member] = world.keyAccounts
      const council = world.council.connect(member)
      const call = await admission(world, random16())
      const empty = { ...call, target: await world.stranger.getAddress() }
      await expectRefusals(council, 'CouncilBadBatch', [
        () => council.propose([], none32),
        () => council.propose(Array(65).fill(call), none32),
      ])
      await expectRefusals(council, 'CouncilNoContract', [() => council.propose([call, empty], none32)])
      await council.propose(Array(64).fill(call), none32)
    })

    it('tells the same calls apart by their salt', async () => {
      const world = await loadFixture(fiveHospitals)
      const { council, keyAccounts } = world
      const calls = [await admission(world, random16())]
      const [salt, other] = [random32(), random32()]
      await council.connect(keyAccounts[0]).propose(calls, salt)
      await expect(council.connect(keyAccounts[1]).propose(calls, salt))
        .to.be.revertedWithCustomError(council, 'CouncilProposalExists')
        .withArgs(await council.proposalIdOf(calls, salt))
      await council.connect(keyAccounts[1]).propose(calls, other)
      const ids = [await council.proposalIdOf(calls, salt), await council.proposalIdOf(calls, other)]
      expect(await council.proposalCount()).to.equal(2n)
      expect([...(await council.proposalIds(0, 10))]).to.deep.equal(ids)
      expect([...(await council.proposalIds(1, 1))]).to.deep.equal(ids.slice(1))
      expect([...(await council.proposalIds(2, 1))]).to.deep.equal([])
    })
  })

  describe('confirm', () => {
    it('executes with the third member, and not before', async () => {
      const world = await loadFixture(fiveHospitals)
      const { council, actors, nearly, keyAccounts, memberHospitals } = world
      const id = random16()
      const proposal = await nearly([await admission(world, id)])
      expect((await actors.organizationOf(id)).account).to.equal(ethers.ZeroAddress)
      await expect(council.connect(keyAccounts[4]).execute(proposal))
        .to.be.revertedWithCustomError(council, 'CouncilTooFewConfirmations')
        .withArgs(proposal, 2, 3)
      await expect(council.connect(keyAccounts[4]).confirm(proposal))
        .to.emit(council, 'Confirmed')
        .withArgs(proposal, memberHospitals[4], keyAccounts[4])
        .to.emit(council, 'Executed')
        .withArgs(proposal)
        .to.emit(actors, 'OrganizationSet')
      expect(await actors.isActive(id)).to.equal(true)
      expect((await council.proposalOf(proposal)).executed).to.equal(true)
    })

    it('refuses strangers, a second time, and what is not there', async () => {
      const world = await loadFixture(fiveHospitals)
      const { council, nearly, stranger, admin, keyAccounts, memberHospitals } = world
      const proposal = await nearly([await admission(world, random16())])
      await expectRefusals(
        council,
        'CouncilNotMember',
        [stranger, admin].flatMap((who) => [
          () => council.connect(who).confirm(proposal),
          () => council.connect(who).execute(proposal),
          () => council.connect(who).revokeConfirmation(proposal),
        ]),
      )
      await expect(council.connect(keyAccounts[1]).confirm(proposal))
        .to.be.revertedWithCustomError(council, 'CouncilConfirmedTwice')
        .withArgs(proposal, memberHospitals[1])
      const member = council.connect(keyAccounts[2])
      await expectRefusals(council, 'CouncilProposalUnknown', [
        () => member.confirm(random32()),
        () => member.execute(random32()),
        () => member.revokeConfirmation(random32()),
      ])
    })

    it('executes once', async () => {
      const world = await loadFixture(fiveHospitals)
      const { council, nearly, keyAccounts } = world
      const proposal = await nearly([await callOf(world.actors, 'setOrganizationActive', [world.hospital, false])])
      await council.connect(keyAccounts[2]).confirm(proposal)
      const again = council.connect(keyAccounts[3])
      await expectRefusals(council, 'CouncilProposalExecuted', [
        () => again.confirm(proposal),
        () => again.execute(proposal),
        () => council.connect(keyAccounts[0]).revokeConfirmation(proposal),
      ])
    })

    it('takes confirmations until the last second of the thirtieth day, and none after', async () => {
      const world = await loadFixture(fiveHospitals)
      const { council, nearly, keyAccounts } = world
      const proposal = await nearly([await callOf(world.actors, 'setOrganizationActive', [world.hospital, false])])
      const end = (await council.proposalOf(proposal)).proposedAt + BigInt(days(30))
      const snapshot = await networkHelpers.takeSnapshot()
      await time.setNextBlockTimestamp(end - 1n)
      await council.connect(keyAccounts[2]).confirm(proposal)
      await snapshot.restore()
      await time.setNextBlockTimestamp(end)
      await expect(council.connect(keyAccounts[2]).confirm(proposal))
        .to.be.revertedWithCustomError(council, 'CouncilProposalOver')
        .withArgs(proposal, end)
      await expectRefusals(council, 'CouncilProposalOver', [
        () => council.connect(keyAccounts[2]).execute(proposal),
        () => council.connect(keyAccounts[0]).revokeConfirmation(proposal),
      ])
    })
  })

  describe('revokeConfirmation', () => {
    it('takes back what was confirmed, and lets it be confirmed again', async () => {
      const world = await loadFixture(fiveHospitals)
      const { council, actors, nearly, keyAccounts, memberHospitals } = world
      const id = random16()
      const proposal = await nearly([await admission(world, id)])
      const second = council.connect(keyAccounts[1])
      await expect(second.revokeConfirmation(proposal))
        .to.emit(council, 'ConfirmationRevoked')
        .withArgs(proposal, memberHospitals[1])
      expect([...(await council.confirmationsOf(proposal))]).to.deep.equal([memberHospitals[0]])
      await expectRefusals(council, 'CouncilNotConfirmed', [
        () => second.revokeConfirmation(proposal),
        () => council.connect(keyAccounts[2]).revokeConfirmation(proposal),
      ])
      await council.connect(keyAccounts[2]).confirm(proposal)
      expect(await actors.isActive(id)).to.equal(false)
      await second.confirm(proposal)
      expect(await actors.isActive(id)).to.equal(true)
    })
  })

  describe('a batch', () => {
    it('admits a hospital, its key node and its seat in one act', async () => {
      const world = await loadFixture(fiveHospitals)
      const { council, actors, agree, others } = world
      const [house, operator] = [random16(), random16()]
      const account = others[9]
      const files = [house, kind.hospital, none16, await account.getAddress(), random32()]
      const running = [operator, node.key, house, await account.getAddress(), 'http://127.0.0.1:1', random32()]
      await agree([
        await callOf(actors, 'registerOrganization', files),
        await callOf(actors, 'registerOperator', running),
        await callOf(council, 'setThreshold', [4]),
        await callOf(council, 'addMember', [house]),
      ])
      expect(await actors.operatorOf(account)).to.equal(operator)
      expect(await council.memberOf(account)).to.equal(house)
      expect(await council.threshold()).to.equal(4n)
    })

    it('happens whole or not at all, says why, and keeps the confirmations before the last', async () => {
      const world = await loadFixture(fiveHospitals)
      const { council, actors, agree, nearly, keyAccounts, memberHospitals, hospital } = world
      const id = random16()
      // The same organization twice: the second call fails.
      const call = await admission(world, id)
      const proposal = await nearly([await callOf(actors, 'setOrganizationActive', [hospital, false]), call, call])
      await expect(council.connect(keyAccounts[2]).confirm(proposal))
        .to.be.revertedWithCustomError(actors, 'ActorOrganizationExists')
        .withArgs(id)
      expect(await actors.isActive(hospital)).to.equal(true)
      expect([...(await council.confirmationsOf(proposal))]).to.deep.equal(memberHospitals.slice(0, 2))
      // What failed for a reason that went away is executed later.
      const again = await nearly([await callOf(actors, 'setOrganizationActive', [id, false])])
      await expect(council.connect(keyAccounts[2]).confirm(again)).to.be.revertedWithCustomError(
        actors,
        'ActorOrganizationUnknown',
      )
      await agree([call])
      await council.connect(keyAccounts[2]).confirm(again)
      expect(await actors.isActive(id)).to.equal(false)
    })

    it('reverts without a reason where the call gave none', async () => {
      const { council, actors, nearly, keyAccounts } = await loadFixture(fiveHospitals)
      const proposal = await nearly([{ target: await actors.getAddress(), data: '0x12345678' }])
      await expect(council.connect(keyAccounts[2]).confirm(proposal)).to.be.revertedWithCustomError(
        council,
        'FailedCall',
      )
    })
  })

  describe('penalize', () => {
    it('switches an operator off and names the fault', async () => {
      const { council, actors, agree, operators, keyAccounts } = await loadFixture(fiveHospitals)
      const fault = random32()
      await expect(agree([await callOf(council, 'penalize', [operators[4], fault])]))
        .to.emit(council, 'OperatorPenalized')
        .withArgs(operators[4], fault)
        .to.emit(actors, 'OperatorActiveSet')
        .withArgs(operators[4], false)
      expect(await actors.operatorOf(keyAccounts[4])).to.equal(none16)
    })

    it('refuses a penalty for nothing, and one for nobody', async () => {
      const { council, actors, nearly, operators, keyAccounts } = await loadFixture(fiveHospitals)
      const nothing = await nearly([await callOf(council, 'penalize', [operators[4], none32])])
      const nobody = await nearly([await callOf(council, 'penalize', [random16(), random32()])])
      const last = council.connect(keyAccounts[2])
      await expectRefusals(council, 'CouncilNoFault', [() => last.confirm(nothing)])
      await expectRefusals(actors, 'ActorOperatorUnknown', [() => last.confirm(nobody)])
    })
  })
})
