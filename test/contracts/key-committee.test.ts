import { expect } from 'chai'
import { generation, members } from './committee.ts'
import { expectRefusals, hospitals, kind, networkHelpers, node, none16, none32, random16, random32 } from './fixture.ts'

const { loadFixture } = networkHelpers

async function fiveMembers() {
  const world = await members(await hospitals())
  const propose = (epoch: number, change: Partial<ReturnType<typeof generation>> = {}) => {
    const made = { ...generation(world.operators), ...change }
    const { k, operators, groupKey, verifyingShares, transcriptHash } = made
    return world.committee.propose(epoch, k, operators, groupKey, verifyingShares, transcriptHash)
  }
  return { ...world, propose }
}

describe('KeyCommittee', () => {
  it('serves once every member confirmed, and not before', async () => {
    const { committee, keyAccounts, operators, propose } = await loadFixture(fiveMembers)
    const made = generation(operators)
    await expect(propose(1, made)).to.emit(committee, 'Proposed').withArgs(1, made.transcriptHash, 3, made.groupKey)
    for (const [i, account] of keyAccounts.entries()) {
      expect(await committee.activeEpoch()).to.equal(0n)
      expect(await committee.isMember(operators[0])).to.equal(false)
      const confirmed = expect(committee.connect(account).confirm(1, made.transcriptHash))
      await confirmed.to.emit(committee, 'Confirmed').withArgs(1, made.transcriptHash, operators[i])
      expect(await committee.hasConfirmed(made.transcriptHash, operators[i] ?? none16)).to.equal(true)
    }
    expect(await committee.activeEpoch()).to.equal(1n)
    expect(await committee.isMember(operators[0])).to.equal(true)
    expect(await committee.isMember(random16())).to.equal(false)
    expect(await committee.isMember(none16)).to.equal(false)
    const epoch = await committee.epochOf(1)
    expect([epoch.k, epoch.confirmations, epoch.active]).to.deep.equal([3n, 5n, true])
    expect([...epoch.members]).to.deep.equal(operators)
    expect([...epoch.verifyingShares]).to.deep.equal(made.verifyingShares)
    expect(epoch.groupKey).to.equal(made.groupKey)
  })

  it('announces the epoch with the last confirmation', async () => {
    const { committee, keyAccounts, operators, propose } = await loadFixture(fiveMembers)
    const made = generation(operators)
    await propose(1, made)
    for (const account of keyAccounts.slice(0, 4)) await committee.connect(account).confirm(1, made.transcriptHash)
    await expect(committee.connect(keyAccounts[4]).confirm(1, made.transcriptHash))
      .to.emit(committee, 'Activated')
      .withArgs(1, made.groupKey)
  })

  it('refuses whoever is not the administration', async () => {
    const { committee, stranger, operators } = await loadFixture(fiveMembers)
    const made = generation(operators)
    await expectRefusals(committee, 'AccessManagedUnauthorized', [
      () =>
        committee
          .connect(stranger)
          .propose(1, 3, made.operators, made.groupKey, made.verifyingShares, made.transcriptHash),
    ])
  })

  it('refuses a threshold that one member, or nobody, could meet', async () => {
    const { committee, operators, propose } = await loadFixture(fiveMembers)
    await expectRefusals(committee, 'KeyCommitteeBadSize', [
      () => propose(1, { k: 0 }),
      () => propose(1, { k: 1 }),
      () => propose(1, { k: 6 }),
      () => propose(1, { operators: [], verifyingShares: [] }),
      () => propose(1, { operators: operators.slice(0, 4) }),
      () => propose(1, { operators: Array(17).fill(operators[0]), verifyingShares: Array(17).fill(random32()) }),
    ])
  })

  it('refuses a missing key, share or transcript', async () => {
    const { committee, propose } = await loadFixture(fiveMembers)
    await expectRefusals(committee, 'KeyCommitteeEmptyField', [
      () => propose(1, { groupKey: none32 }),
      () => propose(1, { transcriptHash: none32 }),
      () => propose(1, { verifyingShares: [...Array(4).fill(random32()), none32] }),
    ])
  })

  it('refuses a seat for a stranger, a storage node, an inactive operator, and two seats for one', async () => {
    const { committee, actors, others, operators, memberHospitals, propose } = await loadFixture(fiveMembers)
    const four = [operators[0], operators[1], operators[2], operators[3]] as const
    const storage = random16()
    await actors.registerOperator(storage, node.storage, memberHospitals[4], others[7], 'http://x', random32())
    await expectRefusals(committee, 'KeyCommitteeNotKeyNode', [
      () => propose(1, { operators: [...four, random16()] }),
      () => propose(1, { operators: [...four, none16] }),
      () => propose(1, { operators: [...four, storage] }),
    ])
    await expectRefusals(committee, 'KeyCommitteeSeatTwice', [() => propose(1, { operators: [...four, four[0]] })])
    await actors.setOperatorActive(operators[4], false)
    await expectRefusals(committee, 'KeyCommitteeNotKeyNode', [() => propose(1)])
  })

  it('refuses k seats to one organization, its departments counted with it', async () => {
    const { committee, actors, others, operators, memberHospitals, propose } = await loadFixture(fiveMembers)
    const [home] = memberHospitals
    const [department, second, third] = [random16(), random16(), random16()]
    await actors.registerOrganization(department, kind.department, home, others[7], random32())
    await actors.registerOperator(second, node.key, home, others[8], 'http://x', random32())
    await actors.registerOperator(third, node.key, department, others[9], 'http://x', random32())
    await expect(propose(1, { operators: [...operators.slice(0, 3), second, third] }))
      .to.be.revertedWithCustomError(committee, 'KeyCommitteeTooManySeats')
      .withArgs(home, 3, 3)
    await propose(1, { operators: [...operators.slice(0, 4), second] })
  })

  it('refuses any epoch but the next one', async () => {
    const { committee, keyAccounts, operators, propose } = await loadFixture(fiveMembers)
    await expectRefusals(committee, 'KeyCommitteeWrongEpoch', [() => propose(0), () => propose(2)])
    const made = generation(operators)
    await propose(1, made)
    await expectRefusals(committee, 'KeyCommitteeWrongEpoch', [
      () => committee.connect(keyAccounts[0]).confirm(2, made.transcriptHash),
    ])
    for (const account of keyAccounts) await committee.connect(account).confirm(1, made.transcriptHash)
    await expectRefusals(committee, 'KeyCommitteeWrongEpoch', [
      () => propose(1),
      () => committee.connect(keyAccounts[0]).confirm(1, made.transcriptHash),
    ])
  })

  it('starts the confirmations anew with another proposal, and takes no transcript twice', async () => {
    const { committee, keyAccounts, operators, propose } = await loadFixture(fiveMembers)
    const [first, second] = [generation(operators), generation(operators)]
    await propose(1, first)
    await committee.connect(keyAccounts[0]).confirm(1, first.transcriptHash)
    await expectRefusals(committee, 'KeyCommitteeTranscriptUsed', [
      () => propose(1, { ...second, transcriptHash: first.transcriptHash }),
    ])
    await propose(1, second)
    await expectRefusals(committee, 'KeyCommitteeWrongTranscript', [
      () => committee.connect(keyAccounts[1]).confirm(1, first.transcriptHash),
    ])
    expect((await committee.epochOf(1)).confirmations).to.equal(0n)
    await committee.connect(keyAccounts[0]).confirm(1, second.transcriptHash)
  })

  it('refuses confirmations by strangers, twice, for another transcript, or for nothing', async () => {
    const { committee, actors, keyAccounts, operators, stranger, propose } = await loadFixture(fiveMembers)
    const [first] = keyAccounts
    await expectRefusals(committee, 'KeyCommitteeWrongTranscript', [
      () => committee.connect(first).confirm(1, none32),
      () => committee.connect(first).confirm(1, random32()),
    ])
    const made = generation(operators)
    await propose(1, made)
    await expectRefusals(committee, 'KeyCommitteeNotMember', [
      () => committee.connect(stranger).confirm(1, made.transcriptHash),
    ])
    await committee.connect(first).confirm(1, made.transcriptHash)
    await expectRefusals(committee, 'KeyCommitteeConfirmedTwice', [
      () => committee.connect(first).confirm(1, made.transcriptHash),
    ])
    await actors.setOperatorActive(operators[1], false)
    await expectRefusals(committee, 'KeyCommitteeNotMember', [
      () => committee.connect(keyAccounts[1]).confirm(1, made.transcriptHash),
    ])
  })
})
