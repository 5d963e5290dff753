import {
  activeEpoch,
  type Chain,
  ceremonyOf,
  type Epoch,
  latestCeremony,
  logKeysOf,
  openCeremony,
} from '@sharewell/sdk/chain'
import { planResharing } from '@sharewell/sdk/flow/committee'
import { expect } from 'chai'
import { startCommittee, type TestKeyNode } from '../../helpers/committee.ts'
import { hearLog } from '../../helpers/heard-log.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'
import { turnedClock } from '../../helpers/turned-clock.ts'
import { until } from '../../helpers/until.ts'

/** Seconds that people have, and that each seat waits longer than the one before. */
const [patience, turn] = [600, 60]

describe('what key nodes do without being asked', function () {
  this.timeout(400_000)
  let net: TestNetwork
  let started: Awaited<ReturnType<typeof startCommittee>>
  let chain: Chain
  const log = hearLog()
  const time = turnedClock()
  const { clock } = time
  const wait = async (seconds: number) => await time.pass(net, seconds)

  before(async () => {
    net = await startNetwork()
    started = await startCommittee(net, { h: 3, k: 2, clock, log, ceremonyInterval: 500 })
    chain = await net.as(net.admin)
  })
  after(async () => {
    await started.close()
    await net.close()
  })

  /** Waits until the node in this seat, counted from 0, saw what waits. */
  const seenBy = async (what: string, seat: number) =>
    await log.next(({ message, fields }) => message === 'a duty waits' && fields.what === what && fields.seat === seat)
  const epochAfter = async (epoch: number): Promise<Epoch | undefined> => {
    const serving = await activeEpoch(chain)
    return serving && serving.epoch > epoch ? serving : undefined
  }
  const logKeyOf = async (epoch: number) => (await logKeysOf(chain)).find((key) => key.epoch === epoch)

  it('makes the key for checkpoints of an epoch that has none; where the first does not, the next one', async () => {
    const [first] = started.nodes as [TestKeyNode]
    await first.restart({ ceremonyInterval: 600_000 })
    await seenBy('key for checkpoints of 1', 1)
    expect(await logKeyOf(1)).to.equal(undefined)
    await wait(patience + turn + 1)
    expect((await until(() => logKeyOf(1))).k).to.equal(2)
    await first.restart()
  })

  it('carries the messages of a ceremony that nobody carries, and makes its key for checkpoints', async () => {
    const before = (await activeEpoch(chain)) as Epoch
    await openCeremony(chain, await planResharing({ chain, k: 3, window: 86_400 }))
    const ceremony = await latestCeremony(chain)
    await seenBy(`ceremony ${ceremony}`, 0)
    expect((await ceremonyOf(chain, { ceremony }))?.state).to.equal('open')
    await wait(patience + 1)
    expect(await until(() => epochAfter(before.epoch))).to.include({ k: 3, groupKey: before.groupKey })
    expect((await ceremonyOf(chain, { ceremony }))?.state).to.equal('done')
    await seenBy('key for checkpoints of 2', 0)
    await wait(patience + 1)
    const key = await until(() => logKeyOf(2))
    expect(key.k).to.equal(3)
    expect(key.groupKey).to.not.equal((await logKeyOf(1))?.groupKey)
  })
})
