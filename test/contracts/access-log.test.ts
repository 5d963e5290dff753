import { expect } from 'chai'
import { acceptAll, committee, dealAll, generation, window } from './committee.ts'
import { expectRefusals, networkHelpers, node, none32, oneRecord, purpose, random16, random32 } from './fixture.ts'

const { loadFixture, time } = networkHelpers

async function readyNetwork() {
  return await committee(await oneRecord())
}

describe('AccessLog', () => {
  describe('request', () => {
    it('asks for one record, for categories, or for what the note names', async () => {
      const { log, doctor, pseudonym, recordId } = await loadFixture(readyNetwork)
      const note = random32()
      for (const [record, categories] of [
        [recordId, 0],
        [none32, 9],
        [none32, 0],
      ] as const) {
        await expect(log.connect(doctor).request(pseudonym, record, purpose.treat, categories, note))
          .to.emit(log, 'Requested')
          .withArgs(pseudonym, doctor.address, record, purpose.treat, categories, note)
      }
    })

    it('refuses strangers, and a doctor whose affiliation ended or expired', async () => {
      const { log, actors, first, doctor, stranger, hospital, pseudonym } = await loadFixture(readyNetwork)
      const ask = (who = doctor) => log.connect(who).request(pseudonym, none32, purpose.treat, 1, none32)
      await expectRefusals(log, 'AccessLogNotAttested', [() => ask(stranger)])
      const until = (await time.latest()) + 3_600
      await actors.connect(first).attest(doctor, hospital, 1, until, random32())
      await ask()
      await time.setNextBlockTimestamp(until)
      await expectRefusals(log, 'AccessLogNotAttested', [ask])
      await actors.connect(first).attest(doctor, hospital, 1, until + 100, random32())
      await ask()
      await actors.connect(first).retract(doctor, hospital)
      await expectRefusals(log, 'AccessLogNotAttested', [ask])
    })

    it('refuses unknown pseudonyms, unknown purposes, break-glass, and a record with categories', async () => {
      const { log, doctor, pseudonym, recordId } = await loadFixture(readyNetwork)
      const mine = log.connect(doctor)
      await expectRefusals(log, 'AccessLogUnknownPseudonym', [
        () => mine.request(random32(), recordId, purpose.treat, 0, none32),
      ])
      await expectRefusals(log, 'AccessLogBadPurpose', [
        () => mine.request(pseudonym, recordId, purpose.breakGlass, 0, none32),
        () => mine.request(pseudonym, recordId, 8, 0, none32),
      ])
      await expectRefusals(log, 'AccessLogBadScope', [
        () => mine.request(pseudonym, recordId, purpose.treat, 1, none32),
      ])
    })
  })

  describe('logReleaseRequest', () => {
    it('logs a hash for anyone, and no empty one', async () => {
      const { log, doctor, stranger } = await loadFixture(readyNetwork)
      const hash = random32()
      for (const sender of [doctor, stranger]) {
        await expect(log.connect(sender).logReleaseRequest(hash))
          .to.emit(log, 'ReleaseRequested')
          .withArgs(hash, sender.address)
      }
      await expectRefusals(log, 'AccessLogEmptyHash', [() => log.logReleaseRequest(none32)])
    })
  })

  describe('logReleased', () => {
    it('logs each release of a key node by the name of its operator', async () => {
      const { log, keyAccounts, operators } = await loadFixture(readyNetwork)
      const hashes = [random32(), random32()]
      const logged = expect(log.connect(keyAccounts[2]).logReleased(hashes))
      for (const hash of hashes) await logged.to.emit(log, 'Released').withArgs(hash, operators[2])
    })

    it('logs what a key node released before it left, and nothing of one that never had a seat', async () => {
      const world = await loadFixture(readyNetwork)
      const { log, committee, keyAccounts, operators, made } = world
      const [first, ...rest] = operators
      const [leaver, ...stayers] = keyAccounts
      await committee.openCeremony(false, 3, rest, rest, window)
      await dealAll(world, { ceremony: 2, k: 3, firsts: made.verifyingShares, dealers: [1, 2, 3, 4] })
      await acceptAll({ committee, keyAccounts: stayers }, 2, { ...generation(rest), groupKey: made.groupKey })
      expect(await committee.isMember(first)).to.equal(false)
      const hash = random32()
      await expect(log.connect(leaver).logReleased([hash]))
        .to.emit(log, 'Released')
        .withArgs(hash, first)
    })

    it('refuses strangers, storage nodes, and key nodes that never were members or are switched off', async () => {
      const { log, actors, keyAccounts, operators, memberHospitals, stranger, others } = await loadFixture(readyNetwork)
      const [storage, outsider] = [others[6], others[7]]
      const [home] = memberHospitals
      await actors.registerOperator(random16(), node.storage, home, storage, 'http://x', random32())
      await actors.registerOperator(random16(), node.key, home, outsider, 'http://x', random32())
      await actors.setOperatorActive(operators[0], false)
      for (const account of [stranger, storage, outsider, keyAccounts[0]]) {
        await expect(log.connect(account).logReleased([random32()]))
          .to.be.revertedWithCustomError(log, 'AccessLogNotKeyNode')
          .withArgs(account.address)
      }
    })

    it('refuses empty and oversized batches, and empty hashes', async () => {
      const { log, keyAccounts } = await loadFixture(readyNetwork)
      const mine = log.connect(keyAccounts[0])
      await expectRefusals(log, 'AccessLogBadBatch', [
        () => mine.logReleased([]),
        () => mine.logReleased(Array(257).fill(random32())),
      ])
      await expectRefusals(log, 'AccessLogEmptyHash', [() => mine.logReleased([random32(), none32])])
    })
  })
})
