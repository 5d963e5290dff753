import { expect } from 'chai'
import { acceptAll, committee as buildCommittee, dealAll, generation, members, packageOf, window } from './committee.ts'
import { expectRefusals, hospitals, kind, networkHelpers, node, none16, none32, random16, random32 } from './fixture.ts'

const { loadFixture, time } = networkHelpers
const states = { open: 1n, begunAgain: 2n, failed: 3n, replaced: 4n, done: 5n }

async function fiveMembers() {
  const world = await members(await hospitals())
  type Plan = { generation?: boolean; k?: number; dealers?: string[]; operators?: readonly string[]; window?: number }
  const open = (plan: Plan = {}) =>
    world.committee.openCeremony(
      plan.generation ?? true,
      plan.k ?? 3,
      plan.dealers ?? [],
      [...(plan.operators ?? world.operators)],
      plan.window ?? window,
    )
  return { ...world, open }
}

/** The first epoch serves. */
const serving = async () => await buildCommittee(await hospitals())

/** The first epoch serves; a ceremony of the same five shares its key anew. */
async function resharing() {
  const world = await serving()
  const { committee, operators, made } = world
  await committee.openCeremony(false, 3, [...operators], [...operators], window)
  return { ...world, deal: () => dealAll(world, { ceremony: 2, k: 3, firsts: made.verifyingShares }) }
}

/** A day later, a member opened a refresh. */
async function refreshing() {
  const world = await serving()
  const { committee, keyAccounts, operators } = world
  const refresh = () => committee.connect(keyAccounts[0]).openRefresh([...operators])
  await time.increase(86_400)
  await refresh()
  return { ...world, refresh }
}

/** Everybody dealt in it. */
async function dealt() {
  const world = await resharing()
  await world.deal()
  const next = { ...generation(world.operators), groupKey: world.made.groupKey }
  return { ...world, next }
}

/** Turns the clock on. */
const windows = async (count: number, past = 0) => await time.increase(count * window + past)

describe('KeyCommittee: a ceremony', () => {
  it('makes an epoch once every member accepted the same, and not before', async () => {
    const { committee, keyAccounts, operators, open } = await loadFixture(fiveMembers)
    await expect(open()).to.emit(committee, 'CeremonyOpened').withArgs(1, 1, true, 0)
    await dealAll({ committee, keyAccounts, operators }, { ceremony: 1, k: 3 })
    const made = generation(operators)
    const { groupKey, verifyingShares, transcriptHash } = made
    const other = generation(operators)
    for (const account of keyAccounts.slice(0, 4)) {
      await committee.connect(account).accept(1, groupKey, verifyingShares, transcriptHash)
      expect(await committee.activeEpoch()).to.equal(0n)
      expect(await committee.isMember(operators[0])).to.equal(false)
      expect(await committee.hasServed(operators[0])).to.equal(false)
    }
    const last = committee.connect(keyAccounts[4])
    await expect(last.accept(1, groupKey, verifyingShares, transcriptHash))
      .to.emit(committee, 'Activated')
      .withArgs(1, groupKey)
    expect(await committee.activeEpoch()).to.equal(1n)
    expect(await committee.isMember(operators[0])).to.equal(true)
    expect(await committee.isMember(random16())).to.equal(false)
    expect(await committee.isMember(none16)).to.equal(false)
    expect(await Promise.all([operators[4], random16(), none16].map((one) => committee.hasServed(one)))).to.deep.equal([
      true,
      false,
      false,
    ])
    const epoch = await committee.epochOf(1)
    expect([epoch.k, epoch.confirmations, epoch.active]).to.deep.equal([3n, 5n, true])
    expect([...epoch.members]).to.deep.equal(operators)
    expect([...epoch.verifyingShares]).to.deep.equal(verifyingShares)
    expect(epoch.transcriptHash).to.equal(transcriptHash)
    expect((await committee.ceremonyOf(1)).state).to.equal(states.done)
    await expectRefusals(committee, 'KeyCommitteeNotOpen', [
      () => last.accept(1, other.groupKey, other.verifyingShares, other.transcriptHash),
    ])
  })

  it('serves nothing where one member accepted something else', async () => {
    const { committee, keyAccounts, next } = await loadFixture(dealt)
    const { groupKey, verifyingShares, transcriptHash } = next
    for (const account of keyAccounts.slice(0, 4))
      await committee.connect(account).accept(2, groupKey, verifyingShares, transcriptHash)
    await committee.connect(keyAccounts[4]).accept(2, groupKey, verifyingShares, random32())
    expect(await committee.activeEpoch()).to.equal(1n)
  })

  it('keeps the key in a resharing, whoever joins and leaves', async () => {
    const { committee, actors, keyAccounts, operators, others, next, made } = await loadFixture(dealt)
    await expectRefusals(committee, 'KeyCommitteeKeyChanged', [
      () => committee.connect(keyAccounts[0]).accept(2, random32(), next.verifyingShares, next.transcriptHash),
    ])
    await acceptAll({ committee, keyAccounts }, 2, next)
    expect((await committee.epochOf(2)).groupKey).to.equal(made.groupKey)

    const [hospital, sixth] = [random16(), random16()]
    await actors.registerOrganization(hospital, kind.hospital, none16, others[6], random32())
    await actors.registerOperator(sixth, node.key, hospital, others[6], 'http://x', random32())
    const four = [operators[1], operators[2], operators[3], sixth]
    await committee.openCeremony(false, 3, operators.slice(0, 3), four, window)
    const world = { committee, keyAccounts, operators }
    await dealAll(world, { ceremony: 3, k: 3, firsts: next.verifyingShares, dealers: [0, 1, 2] })
    const joined = { ...generation(four), groupKey: made.groupKey }
    for (const account of [keyAccounts[1], keyAccounts[2], keyAccounts[3], others[6]] as const)
      await committee.connect(account).accept(3, joined.groupKey, joined.verifyingShares, joined.transcriptHash)
    expect(await committee.activeEpoch()).to.equal(3n)
    expect(await committee.isMember(operators[0])).to.equal(false)
    expect(await committee.hasServed(operators[0])).to.equal(true)
    expect(await committee.isMember(sixth)).to.equal(true)
  })

  it('takes no transcript twice', async () => {
    const { committee, keyAccounts, next, made } = await loadFixture(dealt)
    await expectRefusals(committee, 'KeyCommitteeTranscriptUsed', [
      () => committee.connect(keyAccounts[0]).accept(2, next.groupKey, next.verifyingShares, made.transcriptHash),
    ])
  })

  it('is opened by the administration alone, and ends the one before', async () => {
    const { committee, stranger, operators, open } = await loadFixture(fiveMembers)
    await expectRefusals(committee, 'AccessManagedUnauthorized', [
      () => committee.connect(stranger).openCeremony(true, 3, [], [...operators], window),
    ])
    await open()
    await expect(open()).to.emit(committee, 'CeremonyEnded').withArgs(1, states.replaced)
    expect(await committee.latestCeremony()).to.equal(2n)
  })

  it('refuses a threshold that one member, or nobody, could meet, and a step without time', async () => {
    const { committee, operators, open } = await loadFixture(fiveMembers)
    await expectRefusals(committee, 'KeyCommitteeBadSize', [
      () => open({ k: 0 }),
      () => open({ k: 1 }),
      () => open({ k: 6 }),
      () => open({ operators: [] }),
      () => open({ operators: Array(17).fill(operators[0]) }),
    ])
    await expectRefusals(committee, 'KeyCommitteeBadWindow', [
      () => open({ window: 59 }),
      () => open({ window: 7 * 86_400 + 1 }),
    ])
  })

  it('refuses a seat for a stranger, a storage node, an inactive operator, and two seats for one', async () => {
    const { committee, actors, others, operators, memberHospitals, open } = await loadFixture(fiveMembers)
    const four = [operators[0], operators[1], operators[2], operators[3]] as const
    const storage = random16()
    await actors.registerOperator(storage, node.storage, memberHospitals[4], others[7], 'http://x', random32())
    await expectRefusals(committee, 'KeyCommitteeNotKeyNode', [
      () => open({ operators: [...four, random16()] }),
      () => open({ operators: [...four, none16] }),
      () => open({ operators: [...four, storage] }),
    ])
    await expectRefusals(committee, 'KeyCommitteeSeatTwice', [() => open({ operators: [...four, four[0]] })])
    await actors.setOperatorActive(operators[4], false)
    await expectRefusals(committee, 'KeyCommitteeNotKeyNode', [() => open()])
  })

  it('refuses k seats to one organization, its departments counted with it', async () => {
    const { committee, actors, others, operators, memberHospitals, open } = await loadFixture(fiveMembers)
    const [home] = memberHospitals
    const [department, second, third] = [random16(), random16(), random16()]
    await actors.registerOrganization(department, kind.department, home, others[7], random32())
    await actors.registerOperator(second, node.key, home, others[8], 'http://x', random32())
    await actors.registerOperator(third, node.key, department, others[9], 'http://x', random32())
    await expect(open({ operators: [...operators.slice(0, 3), second, third] }))
      .to.be.revertedWithCustomError(committee, 'KeyCommitteeTooManySeats')
      .withArgs(home, 3, 3)
    await open({ operators: [...operators.slice(0, 4), second] })
  })

  it('lets only holders of the key share it anew, enough of them, each once', async () => {
    const { committee, operators, open } = await loadFixture(fiveMembers)
    await expectRefusals(committee, 'KeyCommitteeBadDealers', [
      () => open({ generation: false, dealers: [...operators] }),
      () => open({ dealers: [operators[0]] }),
    ])
    const world = await loadFixture(resharing)
    const reshare = (dealers: string[]) => world.committee.openCeremony(false, 3, dealers, [...world.operators], window)
    const [first, second, third] = world.operators
    await expectRefusals(world.committee, 'KeyCommitteeBadDealers', [
      () => reshare([first, second]),
      () => reshare([first, second, random16()]),
    ])
    await expectRefusals(world.committee, 'KeyCommitteeSeatTwice', [() => reshare([first, second, third, third])])
  })
})

describe('KeyCommittee: a refresh by a member', () => {
  const [hour, day] = [3_600, 86_400]

  it('is opened by any of them, for the same set and k, a day after the last ceremony began', async () => {
    const { committee, keyAccounts, operators, stranger } = await loadFixture(serving)
    const dealers = operators.slice(1, 4)
    const member = committee.connect(keyAccounts[3])
    const { startedAt } = await committee.ceremonyOf(1)
    await time.setNextBlockTimestamp(startedAt + BigInt(day) - 1n)
    await expect(member.openRefresh(dealers))
      .to.be.revertedWithCustomError(committee, 'KeyCommitteeTooEarly')
      .withArgs(startedAt + BigInt(day))
    await time.increaseTo(startedAt + BigInt(day))
    await expectRefusals(committee, 'KeyCommitteeNotMember', [
      () => committee.openRefresh(dealers),
      () => committee.connect(stranger).openRefresh(dealers),
    ])
    await expectRefusals(committee, 'KeyCommitteeBadDealers', [
      () => member.openRefresh(dealers.slice(1)),
      () => member.openRefresh([...dealers, random16()]),
    ])
    await expectRefusals(committee, 'KeyCommitteeSeatTwice', [() => member.openRefresh([...dealers, operators[1]])])
    await expect(member.openRefresh(dealers)).to.emit(committee, 'CeremonyOpened').withArgs(2, 2, false, 0)
    const opened = await committee.ceremonyOf(2)
    expect([opened.k, opened.window, opened.state, opened.byMember]).to.deep.equal([
      3n,
      BigInt(hour),
      states.open,
      true,
    ])
    expect([[...opened.dealers], [...opened.members]]).to.deep.equal([dealers, operators])
    await time.increase(2 * day)
    await expectRefusals(committee, 'KeyCommitteeTooEarly', [() => member.openRefresh(dealers)])
  })

  it('leaves the key and the seats as they are', async () => {
    const world = await loadFixture(refreshing)
    const { committee, operators, made } = world
    await dealAll(world, { ceremony: 2, k: 3, firsts: made.verifyingShares })
    await acceptAll(world, 2, { ...generation(operators), groupKey: made.groupKey })
    const epoch = await committee.epochOf(2)
    expect([epoch.k, epoch.groupKey, [...epoch.members]]).to.deep.equal([3n, made.groupKey, [...operators]])
  })

  it('costs a silent dealer nothing: it fails, the epoch serves on, and a day later the next one may begin', async () => {
    const { committee, keyAccounts, operators, refresh } = await loadFixture(refreshing)
    for (const account of keyAccounts.slice(0, 4)) await committee.connect(account).commit(2, random32())
    await expectRefusals(committee, 'KeyCommitteeNobodySilent', [() => committee.beginAgain(2)])
    await time.increase(hour + 1)
    const ended = committee.beginAgain(2)
    await expect(ended).to.emit(committee, 'Struck').withArgs(2, operators[4], true)
    await expect(ended).to.emit(committee, 'CeremonyEnded').withArgs(2, states.failed)
    await expectServing(committee, operators)
    await expectRefusals(committee, 'KeyCommitteeTooEarly', [refresh])
    await time.increase(day - hour)
    await refresh()
    expect([...(await committee.ceremonyOf(3)).members]).to.deep.equal([...operators])
  })

  it('costs a member that does not accept nothing', async () => {
    const world = await loadFixture(refreshing)
    const { committee, keyAccounts, operators, made } = world
    await dealAll(world, { ceremony: 2, k: 3, firsts: made.verifyingShares })
    const next = { ...generation(operators), groupKey: made.groupKey }
    await acceptAll({ committee, keyAccounts: keyAccounts.slice(0, 4) }, 2, next)
    await time.increase(7 * hour + 1)
    await expect(committee.beginAgain(2)).to.emit(committee, 'Struck').withArgs(2, operators[4], true)
    expect((await committee.ceremonyOf(2)).state).to.equal(states.failed)
    await expectServing(committee, operators)
  })

  it('names who is shown to be at fault, and leaves its seat to the administration', async () => {
    const world = await loadFixture(refreshing)
    const { committee, keyAccounts, operators, made } = world
    await dealAll(world, { ceremony: 2, k: 3, firsts: made.verifyingShares })
    for (const account of keyAccounts.slice(0, 2)) await committee.connect(account).exclude(2, operators[4])
    const third = committee.connect(keyAccounts[2]).exclude(2, operators[4])
    await expect(third).to.emit(committee, 'Struck').withArgs(2, operators[4], false)
    await expect(third).to.emit(committee, 'CeremonyEnded').withArgs(2, states.failed)
    await expectServing(committee, operators)
    const honest = operators.slice(0, 4)
    await committee.openCeremony(false, 3, honest, honest, window)
    const opened = await committee.ceremonyOf(3)
    expect([opened.byMember, [...opened.members]]).to.deep.equal([false, honest])
  })

  it('waits for the first epoch, and yields to what the administration opens', async () => {
    const { committee, keyAccounts, operators } = await loadFixture(fiveMembers)
    const member = committee.connect(keyAccounts[0])
    await expectRefusals(committee, 'KeyCommitteeNotMember', [() => member.openRefresh([...operators])])
    const later = await loadFixture(refreshing)
    await later.committee.openCeremony(false, 3, [...later.operators], [...later.operators], window)
    expect((await later.committee.ceremonyOf(2)).state).to.equal(states.replaced)
  })

  async function expectServing(
    committee: Awaited<ReturnType<typeof serving>>['committee'],
    operators: readonly string[],
  ): Promise<void> {
    expect(await committee.activeEpoch()).to.equal(1n)
    expect([...(await committee.epochOf(1)).members]).to.deep.equal([...operators])
    expect(await Promise.all(operators.map((one) => committee.isMember(one)))).to.not.include(false)
    expect(await committee.latestCeremony()).to.equal(2n)
  }
})

describe('KeyCommittee: packages', () => {
  it('are committed to by every dealer before any is shown, once and in time', async () => {
    const { committee, keyAccounts, operators, stranger, made } = await loadFixture(resharing)
    const [first, second] = keyAccounts
    const shown = packageOf(2, operators[0], [made.verifyingShares[0] ?? none32, random32(), random32()])
    await expectRefusals(committee, 'KeyCommitteeNotMember', [() => committee.connect(stranger).commit(2, shown.hash)])
    await expectRefusals(committee, 'KeyCommitteeEmptyField', [() => committee.connect(first).commit(2, none32)])
    await committee.connect(first).commit(2, shown.hash)
    await expectRefusals(committee, 'KeyCommitteeOutOfTurn', [
      () => committee.connect(first).commit(2, shown.hash),
      () => committee.connect(first).reveal(2, shown.commitment, shown.proof),
      () => committee.connect(first).complain(2, operators[1], '0x'),
    ])
    await windows(1, 1)
    await expectRefusals(committee, 'KeyCommitteeTooLate', [() => committee.connect(second).commit(2, random32())])
    await expectRefusals(committee, 'KeyCommitteeNotOpen', [() => committee.connect(second).commit(3, random32())])
  })

  it('are the committed ones, of the right threshold, without the identity, and of the own share', async () => {
    const { committee, keyAccounts, operators, made } = await loadFixture(resharing)
    const own = made.verifyingShares
    const bad = [
      [own[0] ?? none32, random32()],
      [own[1] ?? none32, random32(), random32(), random32()],
      [own[2] ?? none32, none32, random32()],
      [random32(), random32(), random32()],
      [own[0] ?? none32, random32(), random32()],
    ].map((commitment, i) => packageOf(2, operators[i as 0], commitment))
    for (const [i, { hash }] of bad.entries()) await committee.connect(keyAccounts[i as 0]).commit(2, hash)
    await expectRefusals(
      committee,
      'KeyCommitteeBadPackage',
      bad.map(
        ({ commitment, proof }, i) =>
          () =>
            committee.connect(keyAccounts[i as 0]).reveal(2, commitment, proof),
      ),
    )
    await expectRefusals(committee, 'KeyCommitteeOtherPackage', [
      () => committee.connect(keyAccounts[0]).reveal(2, [own[0] ?? none32, random32(), random32()], '0x01'),
    ])
    await windows(2, 1)
    await expect(committee.beginAgain(2)).to.emit(committee, 'CeremonyEnded').withArgs(2, states.failed)
  })
})

describe('KeyCommittee: complaints and exclusion', () => {
  it('go from nothing came to a published share, one step at a time', async () => {
    const { committee, keyAccounts, operators } = await loadFixture(dealt)
    const [dealer, member] = [committee.connect(keyAccounts[0]), committee.connect(keyAccounts[1])]
    await expectRefusals(committee, 'KeyCommitteeOutOfTurn', [
      () => dealer.answer(2, operators[1], '0x'),
      () => member.complain(2, operators[1], '0x'),
      () => member.complain(2, random16(), '0x'),
    ])
    await expect(member.complain(2, operators[0], '0xabcd'))
      .to.emit(committee, 'Complained')
      .withArgs(2, operators[0], operators[1], 1, '0xabcd')
    await expectRefusals(committee, 'KeyCommitteeOutOfTurn', [() => member.complain(2, operators[0], '0x')])
    await expectRefusals(committee, 'KeyCommitteeBadLength', [
      () => dealer.answer(2, operators[1], `0x${'00'.repeat(2049)}`),
    ])
    await dealer.answer(2, operators[1], '0x1234')
    await member.complain(2, operators[0], '0x')
    await expectRefusals(committee, 'KeyCommitteeBadLength', [() => dealer.answer(2, operators[1], '0x1234')])
    const share = random32()
    await expect(dealer.answer(2, operators[1], share))
      .to.emit(committee, 'Answered')
      .withArgs(2, operators[0], operators[1], 4, share)
    await expectRefusals(committee, 'KeyCommitteeOutOfTurn', [() => member.complain(2, operators[0], '0x')])
    const [complaint] = await committee.complaintsOf(2)
    expect([complaint?.dealer, complaint?.member, complaint?.level]).to.deep.equal([operators[0], operators[1], 4n])
  })

  it('begin again without a dealer that did not answer; the old epoch serves on', async () => {
    const { committee, keyAccounts, operators } = await loadFixture(dealt)
    await committee.connect(keyAccounts[1]).complain(2, operators[0], '0x')
    await windows(4)
    await expectRefusals(committee, 'KeyCommitteeTooLate', [
      () => committee.connect(keyAccounts[0]).answer(2, operators[1], '0x12'),
      () => committee.connect(keyAccounts[2]).complain(2, operators[0], '0x'),
    ])
    expect([...(await committee.silentIn(2)).dealers]).to.deep.equal([operators[0]])
    await expect(committee.beginAgain(2)).to.emit(committee, 'Struck').withArgs(2, operators[0], true)
    const next = await committee.ceremonyOf(3)
    expect([...next.dealers]).to.deep.equal(operators.slice(1))
    // It may still hold a share: what it lost is the trust to deal.
    expect([...next.members]).to.deep.equal(operators)
    expect((await committee.ceremonyOf(2)).state).to.equal(states.begunAgain)
    expect(await committee.activeEpoch()).to.equal(1n)
  })

  it('begin again without who does not accept, and fail below the threshold', async () => {
    const { committee, keyAccounts, operators, next } = await loadFixture(dealt)
    const { groupKey, verifyingShares, transcriptHash } = next
    for (const account of keyAccounts.slice(0, 4))
      await committee.connect(account).accept(2, groupKey, verifyingShares, transcriptHash)
    await expectRefusals(committee, 'KeyCommitteeNobodySilent', [() => committee.beginAgain(2)])
    await windows(7, 1)
    await expect(committee.beginAgain(2)).to.emit(committee, 'CeremonyOpened').withArgs(3, 2, false, 2)
    expect([...(await committee.ceremonyOf(3)).members]).to.deep.equal(operators.slice(0, 4))
    await windows(1, 1)
    await expect(committee.beginAgain(3)).to.emit(committee, 'CeremonyEnded').withArgs(3, states.failed)
    expect(await committee.activeEpoch()).to.equal(1n)
  })

  it('take both seats from who is silent in a generation', async () => {
    const { committee, keyAccounts, operators, open } = await loadFixture(fiveMembers)
    await open()
    for (const [i, account] of keyAccounts.slice(0, 4).entries())
      await committee.connect(account).commit(1, packageOf(1, operators[i as 0], [random32()]).hash)
    await windows(1, 1)
    await committee.beginAgain(1)
    const next = await committee.ceremonyOf(2)
    expect([...next.members]).to.deep.equal(operators.slice(0, 4))
    expect([...next.dealers]).to.deep.equal(operators.slice(0, 4))
  })

  it('exclude whom k members hold to be at fault, and nobody with fewer', async () => {
    const { committee, keyAccounts, operators, stranger } = await loadFixture(dealt)
    const [liar] = operators
    await expectRefusals(committee, 'KeyCommitteeNotMember', [() => committee.connect(stranger).exclude(2, liar)])
    for (const account of [keyAccounts[1], keyAccounts[2]]) await committee.connect(account).exclude(2, liar)
    await expectRefusals(committee, 'KeyCommitteeOutOfTurn', [
      () => committee.connect(keyAccounts[1]).exclude(2, liar),
      () => committee.connect(keyAccounts[1]).exclude(2, random16()),
    ])
    expect((await committee.ceremonyOf(2)).state).to.equal(states.open)
    await expect(committee.connect(keyAccounts[3]).exclude(2, liar))
      .to.emit(committee, 'Struck')
      .withArgs(2, liar, false)
    const next = await committee.ceremonyOf(3)
    expect([...next.members]).to.deep.equal(operators.slice(1))
    expect([...next.dealers]).to.deep.equal(operators.slice(1))
  })

  it('show how far everybody is', async () => {
    const { committee, keyAccounts, next } = await loadFixture(dealt)
    await committee.connect(keyAccounts[1]).accept(2, next.groupKey, next.verifyingShares, next.transcriptHash)
    const progress = await committee.progressOf(2)
    expect(progress.packages.filter((hash) => hash === none32)).to.deep.equal([])
    expect([...progress.revealed]).to.deep.equal(Array(5).fill(true))
    expect(progress.accepted.map((hash) => hash !== none32)).to.deep.equal([false, true, false, false, false])
    await expectRefusals(committee, 'KeyCommitteeOutOfTurn', [
      () => committee.connect(keyAccounts[1]).complain(2, next.operators[0] ?? none16, '0x'),
      () => committee.connect(keyAccounts[1]).accept(2, next.groupKey, next.verifyingShares, next.transcriptHash),
    ])
    await expectRefusals(committee, 'KeyCommitteeEmptyField', [
      () => committee.connect(keyAccounts[2]).accept(2, next.groupKey, [], next.transcriptHash),
      () => committee.connect(keyAccounts[2]).accept(2, next.groupKey, next.verifyingShares, none32),
    ])
  })
})
