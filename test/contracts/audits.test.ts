import { concat, fromHex, type Hex, toHex, u16 } from '@sharewell/sdk/bytes'
import { encode } from '@sharewell/sdk/cbor'
import { lpLabel } from '@sharewell/sdk/labels'
import { chunkCount } from '@sharewell/sdk/share'
import { expect } from 'chai'
import { newAccount } from '../helpers/parties.ts'
import { sealedRecord } from '../helpers/sealed-record.ts'
import {
  type Audited,
  type Auditor,
  ask,
  begin,
  fiveHouses,
  manifestOf,
  promise,
  seatAuditors,
} from './audits-world.ts'
import { days, deposit, ethers, kind, networkHelpers, node, none16, random16, random32 } from './fixture.ts'

const { sha256 } = ethers
const open = 0n

const built = () => networkHelpers.loadFixture(fiveHouses)
const hex = (value: string) => fromHex(value as Hex)
const refuses = (sent: Promise<unknown>, { audits }: Pick<Audited, 'audits'>, error: string) =>
  expect(sent, error).to.be.revertedWithCustomError(audits, error)
const number = (value: bigint, bytes: number) => fromHex(`0x${value.toString(16).padStart(2 * bytes, '0')}`)

describe('audits: who asks, and whom', () => {
  describe('auditors', () => {
    it('are active reconstructors, one for a house', async () => {
      const world = await built()
      const { audits, actors, auditors, target, stranger } = world
      const [first] = auditors as [Auditor]
      const { houses, operators } = await audits.auditors()
      expect(houses).to.deep.equal(auditors.map(({ house }) => house))
      expect(operators).to.deep.equal(auditors.map(({ operator }) => operator))
      await refuses(audits.connect(stranger).enroll(), world, 'AuditsNotReconstructor')
      const storage = target.account.connect(ethers.provider)
      await networkHelpers.setBalance(storage.address, 10n ** 18n)
      await refuses(audits.connect(storage).enroll(), world, 'AuditsNotReconstructor')
      await actors.setOperatorActive(first.operator, false)
      await refuses(audits.connect(first.account).enroll(), world, 'AuditsNotReconstructor')
      // A department's reconstructor takes the place of its house's.
      const [ward, next] = [random16(), random16()]
      await actors.registerOrganization(ward, kind.department, first.house, world.others[0], random32())
      await actors.registerOperator(next, node.reconstructor, ward, stranger, 'http://x', random32())
      await expect(audits.connect(stranger).enroll()).to.emit(audits, 'AuditorEnrolled').withArgs(next, first.house)
      expect((await audits.auditors()).operators[0]).to.equal(next)
      expect((await audits.auditors()).houses).to.have.length(5)
    })

    it('withdraw by the account that sits, though its node is switched off', async () => {
      const world = await built()
      const { audits, actors, auditors, stranger } = world
      const [first, second] = auditors as [Auditor, Auditor]
      await refuses(audits.connect(stranger).withdraw(first.house), world, 'AuditsNotAuditor')
      await refuses(audits.connect(second.account).withdraw(first.house), world, 'AuditsNotAuditor')
      await refuses(audits.connect(first.account).withdraw(random16()), world, 'AuditsNotAuditor')
      await actors.setOperatorActive(first.operator, false)
      await expect(audits.connect(first.account).withdraw(first.house))
        .to.emit(audits, 'AuditorWithdrawn')
        .withArgs(first.operator, first.house)
      const rest = auditors.slice(1).map(({ house }) => house)
      expect((await audits.auditors()).houses).to.have.members(rest)
      await refuses(audits.connect(first.account).withdraw(first.house), world, 'AuditsNotAuditor')
      for (const { account, house } of auditors.slice(1)) await audits.connect(account).withdraw(house)
      expect((await audits.auditors()).houses).to.deep.equal([])
    })

    it('are 64 at most', async () => {
      const world = await built()
      await seatAuditors(world, 59, random32)
      await refuses(seatAuditors(world, 1, random32), world, 'AuditsFull')
      await world.audits.connect((world.auditors[0] as Auditor).account).enroll()
    }).timeout(60_000)
  })

  describe('a challenge', () => {
    it('has an id of everything that was asked, and of nothing else', async () => {
      const world = await built()
      const { audits, target, desk, recordId, hospital } = world
      const { promised } = target
      const { chainId } = await ethers.provider.getNetwork()
      const idOf = (count: bigint) => {
        const who = concat(number(chainId, 32), hex(String(audits.target)), hex(desk.address), hex(target.operator))
        const what = concat(hex(promised.manifestHash), u16(promised.index), number(count, 32))
        return sha256(concat(lpLabel('share', 'challenge'), who, what))
      }
      const first = idOf(1n)
      await expect(ask(world))
        .to.emit(audits, 'AuditChallenged')
        .withArgs(first, target.operator, hospital, recordId, promised.manifestHash, promised.index)
      const entry = await audits.auditOf(first)
      expect([entry.operator, entry.challenger, entry.j, entry.chunks, entry.deadline, entry.outcome]).to.deep.equal([
        ...[target.operator, hospital, 2n, 10n, 0n, open],
      ])
      await networkHelpers.time.increase(days(1))
      expect(await begin(world)).to.equal(idOf(2n))
    })

    it('takes the manifests that depositors make', async () => {
      const world = await built()
      const { records, audits, desk, pseudonym, target, networkId } = world
      const anchored = deposit(pseudonym)
      const recordId = (await records.recordIdOf(pseudonym, anchored.salt)) as Hex
      const shape = { networkId: networkId as Hex, uploader: newAccount(), policy: { n: 3, t: 2, r: 0 } }
      const operators = [target.operator as Hex, random16() as Hex, random16() as Hex]
      const record = await sealedRecord({ ...shape, operators, recordId })
      const { manifestHash, placementHash } = record
      await records.connect(desk).anchor({ ...anchored, n: 3, t: 2, manifestHash, placementHash })
      const promised = { ...target.promised, manifestHash, placementHash }
      const manifest = toHex(record.blocks.manifest)
      const audit = await begin(world, { ...target, promised, manifest })
      expect((await audits.auditOf(audit)).chunks).to.equal(BigInt(chunkCount(record.manifest)))
    })

    it('comes from providers, reconstructors, and practitioners whose credential lives', async () => {
      const world = await built()
      const { audits, actors, doctor, first, stranger, auditors, hospital, patient, target } = world
      await refuses(ask({ ...world, audits: audits.connect(stranger) }), world, 'AuditsNotChallenger')
      await refuses(ask({ ...world, audits: audits.connect(patient) }), world, 'AuditsNotChallenger')
      const credential = await actors.credentialId(doctor, hospital)
      await refuses(ask({ ...world, audits: audits.connect(stranger) }, { credential }), world, 'AuditsNotChallenger')
      await refuses(ask(world, { credential: random32() }), world, 'AuditsNotChallenger')
      await refuses(ask({ ...world, audits: audits.connect(doctor) }), world, 'AuditsNotChallenger')
      const worker = auditors[0] as Auditor
      await ask({ ...world, audits: audits.connect(worker.account) })
      await ask({ ...world, audits: audits.connect(doctor) }, { credential })
      // The doctor's hospital has asked for today, whoever of it asks.
      await refuses(ask(world), world, 'AuditsTooSoon')
      await actors.connect(first).retract(doctor, hospital)
      await networkHelpers.time.increase(days(1))
      await refuses(ask({ ...world, audits: audits.connect(doctor) }, { credential }), world, 'AuditsNotChallenger')
      await actors.setOperatorActive(worker.operator, false)
      await refuses(ask({ ...world, audits: audits.connect(worker.account) }), world, 'AuditsNotChallenger')
      const storage = target.account.connect(ethers.provider)
      await networkHelpers.setBalance(storage.address, 10n ** 18n)
      await refuses(ask({ ...world, audits: audits.connect(storage) }), world, 'AuditsNotChallenger')
    })

    it('names an active storage node that acknowledged exactly this', async () => {
      const world = await built()
      const { actors, auditors, target } = world
      const change = async (promised: object, error: string) => {
        const signature = await promise(world)
        await refuses(ask(world, { promised, signature }), world, error)
      }
      for (const name of ['manifestHash', 'placementHash', 'shareRoot'])
        await change({ [name]: random32() }, 'AuditsNotPromised')
      for (const name of ['index', 'size', 'time']) await change({ [name]: 77 }, 'AuditsNotPromised')
      await refuses(ask(world, { signature: '0x' }), world, 'AuditsNotPromised')
      const worker = auditors[0] as Auditor
      for (const operator of [random16(), none16, worker.operator])
        await refuses(ask(world, { operator }), world, 'AuditsNotStorage')
      const other = random16()
      await actors.registerOperator(other, node.storage, world.hospital, world.stranger, 'http://x', random32())
      await refuses(ask(world, { operator: other }), world, 'AuditsNotPromised')
      await actors.setOperatorActive(target.operator, false)
      await refuses(ask(world), world, 'AuditsNotStorage')
    })

    it('is of a record that stands where the node acknowledged it', async () => {
      const world = await built()
      const { records, desk, patient, recordId } = world
      const moved = await networkHelpers.takeSnapshot()
      await records.connect(desk).relocate(recordId, 1, random32())
      await refuses(ask(world), world, 'AuditsNotStanding')
      await moved.restore()
      await records.connect(patient).erase(recordId)
      await refuses(ask(world), world, 'AuditsNotStanding')
    })

    it('cannot bring a deleted version back under another id', async () => {
      const world = await built()
      const { records, desk, recordId, pseudonym, target } = world
      const { n, t, r, ptCommit, ...rest } = deposit(pseudonym)
      const { manifestHash, placementHash } = rest
      await records.connect(desk).supersede(recordId, { version: 2, manifestHash, placementHash, ptCommit, n, t, r })
      await records.connect(desk).anchor({ ...deposit(pseudonym), ...onlyHashes(target.promised) })
      await refuses(ask(world), world, 'AuditsNotStanding')
    })

    it('is refused with any other manifest, or one that does not say what it is of', async () => {
      const world = await built()
      const { target, recordId } = world
      await refuses(ask(world, { manifest: manifestOf(recordId, random32) }), world, 'AuditsOtherManifest')
      const wrong = [
        toHex(encode('text')),
        toHex(encode(['text'])),
        toHex(encode([encode('text')])),
        toHex(encode([Uint8Array.of(0xa1, 0x01, 0x01)])),
        ...[{ chunkLog2: 0 }, { chunkLog2: 32 }, { chunkLog2: 'x' }, { sealedLen: 272 }, { sealedLen: 'x' }].map(
          (one) => manifestOf(recordId, random32, one),
        ),
        manifestOf(recordId, random32, { sealedLen: 2 ** 47, chunkLog2: 16 }),
      ]
      for (const manifest of wrong) {
        const promised = { ...target.promised, manifestHash: sha256(manifest) }
        await refuses(ask(world, {}, { ...target, manifest, promised }), world, 'AuditsOtherManifest')
      }
      for (const recordless of [{ recordId: hex(random16()) }, { recordId: 'x' }, { recordId: hex(random32()) }]) {
        const manifest = manifestOf(recordId, random32, recordless)
        const promised = { ...target.promised, manifestHash: sha256(manifest) }
        await refuses(ask(world, {}, { ...target, manifest, promised }), world, 'AuditsNotStanding')
      }
      const cut = target.manifest.slice(0, 200)
      const promised = { ...target.promised, manifestHash: sha256(cut) }
      await expect(ask(world, {}, { ...target, manifest: cut as Hex, promised })).to.be.revert(ethers)
    })

    it("comes once a day from one house, and is in no other one's way", async () => {
      const world = await built()
      const { audits, first, second } = world
      await ask(world)
      await refuses(ask(world), world, 'AuditsTooSoon')
      await refuses(ask({ ...world, audits: audits.connect(first) }), world, 'AuditsTooSoon')
      await ask({ ...world, audits: audits.connect(second) })
      await networkHelpers.time.increase(days(1))
      await ask(world)
    })

    it('needs three houses with auditors', async () => {
      const world = await built()
      const { audits, auditors } = world
      for (const { account, house } of auditors.slice(2)) await audits.connect(account).withdraw(house)
      await refuses(ask(world), world, 'AuditsTooFewAuditors')
    })
  })
})

/** What an attacker would anchor again. */
const onlyHashes = ({ manifestHash, placementHash }: { manifestHash: string; placementHash: string }) => ({
  manifestHash,
  placementHash,
})
