import { expect } from 'chai'
import { committee } from './committee.ts'
import { expectRefusals, networkHelpers, node, none32, oneRecord, random16, random32 } from './fixture.ts'

const { loadFixture, time } = networkHelpers

async function readyNetwork() {
  return await committee(await oneRecord())
}

describe('Checkpoints', () => {
  describe('confirmLogKey', () => {
    it('tells which member holds a share of which key', async () => {
      const { log, keyAccounts, operators } = await loadFixture(readyNetwork)
      const [key, transcript] = [random32(), random32()]
      await expect(log.connect(keyAccounts[1]).confirmLogKey(1, 2, key, transcript))
        .to.emit(log, 'LogKeyConfirmed')
        .withArgs(1, key, operators[1], 2, transcript)
    })

    it('refuses other epochs, missing fields, and everybody who is no active member', async () => {
      const { log, actors, keyAccounts, operators, memberHospitals, stranger, others } = await loadFixture(readyNetwork)
      const mine = log.connect(keyAccounts[0])
      const key = random32()
      await expectRefusals(log, 'CheckpointsWrongEpoch', [
        () => mine.confirmLogKey(0, 2, key, key),
        () => mine.confirmLogKey(2, 2, key, key),
      ])
      await expectRefusals(log, 'CheckpointsEmptyField', [
        () => mine.confirmLogKey(1, 1, key, key),
        () => mine.confirmLogKey(1, 2, none32, key),
        () => mine.confirmLogKey(1, 2, key, none32),
      ])
      const outsider = others[7]
      await actors.registerOperator(random16(), node.key, memberHospitals[0], outsider, 'http://x', random32())
      await actors.setOperatorActive(operators[0], false)
      for (const account of [stranger, outsider, keyAccounts[0]])
        await expect(log.connect(account).confirmLogKey(1, 2, key, key))
          .to.be.revertedWithCustomError(log, 'CheckpointsNotKeyNode')
          .withArgs(account.address)
    })
  })

  describe('checkpoint', () => {
    it('publishes what the committee signed, by the member that sends it', async () => {
      const { log, keyAccounts, operators } = await loadFixture(readyNetwork)
      const [key, root, r, z] = [random32(), random32(), random32(), random32()]
      const at = await time.latest()
      await expect(log.connect(keyAccounts[2]).checkpoint(key, at, 9, root, r, z))
        .to.emit(log, 'Checkpointed')
        .withArgs(key, operators[2], at, 9, root, r, z)
    })

    it('refuses strangers, the future and missing fields', async () => {
      const { log, keyAccounts, stranger } = await loadFixture(readyNetwork)
      const mine = log.connect(keyAccounts[0])
      const some = random32()
      const at = await time.latest()
      await expectRefusals(log, 'CheckpointsNotKeyNode', [
        () => log.connect(stranger).checkpoint(some, at, 9, some, some, some),
      ])
      await expectRefusals(log, 'CheckpointsInFuture', [() => mine.checkpoint(some, at + 3_600, 9, some, some, some)])
      await expectRefusals(log, 'CheckpointsEmptyField', [
        () => mine.checkpoint(none32, at, 9, some, some, some),
        () => mine.checkpoint(some, at, 0, some, some, some),
        () => mine.checkpoint(some, at, 9, none32, some, some),
        () => mine.checkpoint(some, at, 9, some, none32, some),
        () => mine.checkpoint(some, at, 9, some, some, none32),
      ])
    })
  })
})
