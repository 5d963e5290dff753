import { concat, fromHex, type Hex, u8 } from '@sharewell/sdk/bytes'
import { lpLabel } from '@sharewell/sdk/labels'
import { expect } from 'chai'
import {
  type Audited,
  type Auditor,
  begin,
  beginDrawn,
  domainOf,
  fiveHouses,
  miss,
  passDeadline,
  say,
  wordOf,
  wordTypes,
} from './audits-world.ts'
import { days, ethers, expectRefusals, networkHelpers, node, random16, random32 } from './fixture.ts'

const { sha256 } = ethers
const open = 0n
const shownWell = 1n
const silent = 2n

const built = () => networkHelpers.loadFixture(fiveHouses)
const hex = (value: string) => fromHex(value as Hex)
const refuses = (sent: Promise<unknown>, { audits }: Pick<Audited, 'audits'>, error: string) =>
  expect(sent, error).to.be.revertedWithCustomError(audits, error)

describe('audits: who judges, and what counts', () => {
  describe('a draw', () => {
    it('follows from the id and the second block after it, for everybody to check', async () => {
      const world = await built()
      const { audits, auditors, stranger } = world
      const audit = await begin(world)
      const { madeIn } = await audits.auditOf(audit)
      await refuses(audits.draw(random32()), world, 'AuditsUnknown')
      await refuses(audits.draw(audit), world, 'AuditsNoBlock')
      await networkHelpers.mineUpTo(Number(madeIn) + 2)
      const later = await ethers.provider.getBlock(Number(madeIn) + 2)
      const word = sha256(concat(lpLabel('share', 'audit'), hex(audit), hex(later?.hash ?? '')))
      const houses = auditors.map(({ operator }) => operator)
      const drawn = Array.from({ length: 3 }, (_, k) => {
        const left = houses.length
        const seat = Number(BigInt(sha256(concat(lpLabel('share', 'auditor'), hex(word), u8(left)))) % BigInt(left))
        const taken = houses[seat]
        houses[seat] = houses.at(-1) as string
        houses.pop()
        return taken ?? `none at ${k}`
      })
      await audits.connect(stranger).draw(audit)
      const entry = await audits.auditOf(audit)
      expect(entry.i).to.equal(BigInt(word) % 10n)
      expect([...entry.auditors]).to.deep.equal(drawn)
      expect(Number(entry.deadline)).to.equal((await networkHelpers.time.latest()) + days(1))
      await refuses(audits.draw(audit), world, 'AuditsDrawnTwice')
    })

    it('comes too late after 256 blocks', async () => {
      const world = await built()
      const audit = await begin(world)
      await networkHelpers.mine(260)
      await refuses(world.audits.draw(audit), world, 'AuditsNoBlock')
      await refuses(world.audits.testify(audit, true, 0, '0x'), world, 'AuditsNotNow')
      await refuses(world.audits.testify(audit, false, 0, '0x'), world, 'AuditsNotNow')
    })

    it('never takes the houses of node and challenger, nor an auditor that is switched off', async () => {
      const world = await built()
      const { audits, actors, auditors, hospital, otherHospital, others, target, second } = world
      const off = auditors[0] as Auditor
      for (const [at, house] of [hospital, otherHospital].entries()) {
        const [id, account] = [random16(), others[at] ?? second]
        await actors.registerOperator(id, node.reconstructor, house, account, 'http://x', random32())
        await audits.connect(account).enroll()
      }
      await actors.setOrganizationActive(off.house, false)
      await audits.connect((auditors[1] as Auditor).account).withdraw((auditors[1] as Auditor).house)
      const three = auditors.slice(2).map(({ operator }) => operator)
      for (let day = 0; day < 4; day++) {
        const { auditors: drawn } = await audits.auditOf(await beginDrawn(world))
        expect([...drawn]).to.have.members(three)
        await networkHelpers.time.increase(days(1))
      }
      const audit = await begin(world, target)
      await networkHelpers.mine(3)
      await actors.setOperatorActive(three[0] as string, false)
      await refuses(audits.draw(audit), world, 'AuditsTooFewAuditors')
    })
  })

  describe('a word', () => {
    it('for the node: two before the deadline end it', async () => {
      const world = await built()
      const { audits, auditors, target } = world
      const audit = await beginDrawn(world)
      const { auditors: drawn } = await audits.auditOf(audit)
      await expect(say(world, auditors, { audit, k: 1, shown: true }))
        .to.emit(audits, 'AuditWord')
        .withArgs(audit, drawn[1], true)
      expect((await audits.auditOf(audit)).outcome).to.equal(open)
      await refuses(say(world, auditors, { audit, k: 1, shown: true }), world, 'AuditsSpokenTwice')
      await expect(say(world, auditors, { audit, k: 0, shown: true }))
        .to.emit(audits, 'AuditEnded')
        .withArgs(audit, target.operator, shownWell)
      const { shown, missed, faults, lastMissAt } = await audits.standingOf(target.operator)
      expect([shown, missed, faults, lastMissAt]).to.deep.equal([1n, 0n, 0n, 0n])
      await refuses(say(world, auditors, { audit, k: 2, shown: true }), world, 'AuditsNotNow')
      await passDeadline(world, audit)
      await refuses(say(world, auditors, { audit, k: 2, shown: false }), world, 'AuditsNotNow')
    })

    it('against it: two in the day after the deadline, and not before', async () => {
      const world = await built()
      const { audits, auditors, target } = world
      const audit = await beginDrawn(world)
      await refuses(say(world, auditors, { audit, k: 0, shown: false }), world, 'AuditsNotNow')
      await say(world, auditors, { audit, k: 0, shown: true })
      const deadline = await passDeadline(world, audit)
      await refuses(say(world, auditors, { audit, k: 1, shown: true }), world, 'AuditsNotNow')
      await say(world, auditors, { audit, k: 1, shown: false })
      await refuses(say(world, auditors, { audit, k: 0, shown: false }), world, 'AuditsSpokenTwice')
      await expect(say(world, auditors, { audit, k: 2, shown: false }))
        .to.emit(audits, 'AuditEnded')
        .withArgs(audit, target.operator, silent)
      const { shown, missed, faults, first, second, lastMissAt } = await audits.standingOf(target.operator)
      const at = BigInt(deadline)
      expect([shown, missed, faults, first, second, lastMissAt]).to.deep.equal([0n, 1n, 0n, 0n, at, at])
    })

    it('of one auditor alone counts for nobody, and a day after the deadline none is heard', async () => {
      const world = await built()
      const { audits, auditors, target } = world
      const audit = await beginDrawn(world)
      const deadline = await passDeadline(world, audit)
      await say(world, auditors, { audit, k: 0, shown: false })
      await networkHelpers.time.setNextBlockTimestamp(deadline + days(1))
      await refuses(say(world, auditors, { audit, k: 1, shown: false }), world, 'AuditsNotNow')
      expect((await audits.auditOf(audit)).outcome).to.equal(open)
      expect((await audits.standingOf(target.operator)).missed).to.equal(0n)
    })

    it("is the auditor's own, on this audit, this chunk and this seat", async () => {
      const world = await built()
      const { audits, auditors, second } = world
      const audit = await beginDrawn(world)
      const signature = await wordOf(world, auditors, { audit, k: 0, shown: true })
      const other = await beginDrawn({ ...world, audits: audits.connect(second) })
      await expectRefusals(audits, 'AuditsNotSigned', [
        () => audits.testify(audit, true, 1, signature),
        () => audits.testify(other, true, 0, signature),
        () => audits.testify(audit, true, 0, `0x${'11'.repeat(65)}`),
        () => audits.testify(audit, true, 0, '0x'),
      ])
      await refuses(audits.testify(audit, true, 3, signature), world, 'AuditsSpokenTwice')
      await refuses(audits.testify(random32(), true, 0, signature), world, 'AuditsUnknown')
      await passDeadline(world, audit)
      // What was said for the node is not what is said against it.
      await refuses(audits.testify(audit, false, 0, signature), world, 'AuditsNotSigned')
    })
  })

  describe('misses', () => {
    it('are a fault when three are within 30 days, and used up by it', async () => {
      const world = await built()
      const { audits, auditors, target } = world
      for (const wait of [8, 8]) {
        await miss(world, auditors)
        await networkHelpers.time.increase(days(wait))
      }
      const third = await miss(world, auditors)
      const fault = sha256(concat(lpLabel('share', 'silence'), hex(target.operator), hex(third.audit)))
      expect(await audits.faultIdOf(target.operator, third.audit)).to.equal(fault)
      await expect(third.sent).to.emit(audits, 'AuditFault').withArgs(target.operator, fault, third.audit)
      expect(await audits.isFault(fault)).to.equal(true)
      const { missed, faults, first, second } = await audits.standingOf(target.operator)
      expect([missed, faults, first, second]).to.deep.equal([3n, 1n, 0n, 0n])
      await networkHelpers.time.increase(days(2))
      const fourth = await miss(world, auditors)
      await expect(fourth.sent).not.to.emit(audits, 'AuditFault')
      expect(await audits.isFault(await audits.faultIdOf(target.operator, fourth.audit))).to.equal(false)
    })

    it('are none when the first is older, but the later ones stay', async () => {
      const world = await built()
      const { audits, auditors, target } = world
      const deadlines: number[] = []
      for (const wait of [20, 12, 3]) {
        deadlines.push((await miss(world, auditors)).deadline)
        await networkHelpers.time.increase(days(wait))
      }
      const { faults, first, second } = await audits.standingOf(target.operator)
      expect([faults, Number(first), Number(second)]).to.deep.equal([0n, ...deadlines.slice(1)])
      await expect((await miss(world, auditors)).sent).to.emit(audits, 'AuditFault')
    })

    it('of one outage are one miss, whoever asked', async () => {
      const world = await built()
      const { audits, auditors, second, target } = world
      const other = { ...world, audits: audits.connect(second) }
      const both = [await beginDrawn(world), await beginDrawn(other)]
      const last = await passDeadline(world, both[1] as string)
      // The later one's words come first.
      for (const audit of both.reverse()) for (const k of [0, 1]) await say(world, auditors, { audit, k, shown: false })
      const { missed, lastMissAt } = await audits.standingOf(target.operator)
      expect([missed, Number(lastMissAt)]).to.deep.equal([1n, last])
      for (const audit of both) expect((await audits.auditOf(audit)).outcome).to.equal(silent)
    })
  })

  it('takes the words of contract accounts', async () => {
    const world = await built()
    const { audits, actors, auditors, stranger, others } = world
    const account = await ethers.deployContract('SmartAccount', [stranger])
    for (const { account: key, house } of auditors.slice(3)) await audits.connect(key).withdraw(house)
    const [third] = auditors.slice(2) as [Auditor]
    const operator = random16()
    await actors.registerOperator(operator, node.reconstructor, third.house, account, 'http://x', random32())
    const asAccount = await ethers.getImpersonatedSigner(String(account.target))
    await networkHelpers.setBalance(asAccount.address, 10n ** 18n)
    await audits.connect(asAccount).enroll()
    const audit = await beginDrawn(world)
    const { i, auditors: drawn } = await audits.auditOf(audit)
    const k = [...drawn].indexOf(operator)
    const domain = await domainOf(audits)
    const sign = (who: typeof stranger) => who.signTypedData(domain, wordTypes, { audit, i, shown: true })
    const forged = await sign(others[0])
    await refuses(audits.testify(audit, true, k, forged), world, 'AuditsNotSigned')
    await expect(audits.testify(audit, true, k, await sign(stranger))).to.emit(audits, 'AuditWord')
  })
})
