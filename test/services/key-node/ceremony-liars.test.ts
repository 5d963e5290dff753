import { type Hex, toHex } from '@sharewell/sdk/bytes'
import {
  acceptResult,
  activeEpoch,
  answerComplaint,
  type Chain,
  ceremonyOf,
  commitPackage,
  complain,
  complaintsOf,
  latestCeremony,
  type Operator,
  openCeremony,
  packageHash,
  registerOperator,
  revealPackage,
} from '@sharewell/sdk/chain'
import { runCeremony } from '@sharewell/sdk/flow/committee'
import { randomBytes } from '@sharewell/sdk/primitives'
import { drawPolynomial, packageOf } from '@sharewell/sdk/release'
import { expect } from 'chai'
import { viewCeremony } from '../../../services/key-node/src/ceremony-view.ts'
import { asJson } from '../../helpers/as-json.ts'
import { type Hospital, newAccount, registerHospitals, startKeyNodes } from '../../helpers/committee.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'
import { turnedClock } from '../../helpers/turned-clock.ts'

const window = 600

/** Three honest nodes and a fourth party that has no node, only an account and bad intentions. */
describe('a liar among key nodes', () => {
  let net: TestNetwork
  let started: Awaited<ReturnType<typeof startKeyNodes>>
  let chain: Chain
  let liar: Chain
  const liarId = toHex(randomBytes(16))
  const time = turnedClock()
  const { clock } = time
  const wait = async (seconds: number) => await time.pass(net, seconds)

  beforeEach(async () => {
    time.ahead = 0
    net = await startNetwork()
    const hospitals = await registerHospitals(net, 4)
    started = await startKeyNodes(net, hospitals.slice(0, 3), { clock, ceremonyInterval: 600_000 })
    chain = await net.as(net.admin)
    const account = newAccount()
    liar = await net.as(account)
    const { id: organization } = hospitals[3] as Hospital
    const said = { account: account.address, endpoint: 'http://127.0.0.1:9', hpkeKeyHash: toHex(randomBytes(32)) }
    await registerOperator(chain, { id: liarId, kind: 'key', organization, ...said })
  })
  afterEach(async () => {
    await started.close()
    await net.close()
  })

  const honest = () => started.operators.map(({ id }: Operator) => id)

  /** Has the honest nodes act until none of them finds anything to do. */
  async function actAll(ceremony: number): Promise<string[]> {
    const all: string[] = []
    for (;;) {
      const acts = await Promise.all(
        started.nodes.map(async ({ url }) => {
          const init = { method: 'POST', headers: asJson, body: JSON.stringify({ ceremony }) }
          const answer = (await (await fetch(`${url}/v1/ceremony/act`, init)).json()) as { did?: string[] }
          return answer.did ?? []
        }),
      )
      if (acts.flat().length === 0) return all
      all.push(...acts.flat())
    }
  }

  /** A new key of 2 of 4, up to where everybody showed a package, the liar's altered at will. */
  async function dealt(alter: (proof: Uint8Array) => Uint8Array = (proof) => proof) {
    const members = [...honest(), liarId]
    await openCeremony(chain, { generation: true, k: 2, dealers: [], members, window })
    const ceremony = await latestCeremony(chain)
    const { frame } = await viewCeremony(liar, { ceremony, own: liarId })
    const polynomial = drawPolynomial(2)
    const { commitment, proof } = packageOf(frame, 4, polynomial)
    const shown = { commitment: commitment.map(toHex), proof: toHex(alter(proof)) }
    await commitPackage(liar, { ceremony, hash: packageHash(ceremony, liarId, shown) })
    await actAll(ceremony)
    await revealPackage(liar, { ceremony, ...shown })
    return { ceremony }
  }

  async function expectEpochOfTheHonest(ceremony: number): Promise<void> {
    const epoch = await runCeremony({ chain, ceremony }, { interval: 20 })
    expect(epoch.members).to.deep.equal(honest())
    expect(await activeEpoch(chain)).to.deep.equal(epoch)
  }

  it('is excluded for a package whose proof does not hold', async () => {
    const { ceremony } = await dealt((proof) => proof.map((byte, at) => (at === 40 ? byte ^ 1 : byte)))
    expect(await actAll(ceremony)).to.include('excluded')
    expect((await ceremonyOf(chain, { ceremony }))?.state).to.equal('begun-again')
    await expectEpochOfTheHonest(ceremony + 1)
  })

  it('is excluded for a wrong share, which it published itself', async () => {
    const { ceremony } = await dealt()
    await wait(2 * window + 1)
    expect(await actAll(ceremony)).to.include('complained')
    const [first, second, third] = honest() as [Hex, Hex, Hex]
    const against = async () => (await complaintsOf(chain, { ceremony })).filter(({ dealer }) => dealer === liarId)
    expect((await against()).map(({ level }) => level)).to.deep.equal([1, 1, 1])
    for (const member of [first, second, third])
      await answerComplaint(liar, { ceremony, member, data: toHex(randomBytes(1168)) })
    await actAll(ceremony)
    expect((await against()).map(({ level }) => level)).to.deep.equal([3, 3, 3])
    expect((await ceremonyOf(chain, { ceremony }))?.state).to.equal('open')
    await answerComplaint(liar, { ceremony, member: first, data: toHex(randomBytes(32)) })
    expect(await actAll(ceremony)).to.include('excluded')
    const next = await ceremonyOf(chain, { ceremony: ceremony + 1 })
    expect(next?.members).to.deep.equal(honest())
    expect(next?.dealers).to.deep.equal(honest())
    await expectEpochOfTheHonest(ceremony + 1)
  })

  it('is struck when it answers no complaint at all', async () => {
    const { ceremony } = await dealt()
    await wait(2 * window + 1)
    await actAll(ceremony)
    await wait(2 * window)
    await expectEpochOfTheHonest(ceremony)
  })

  it('frames nobody: what it complains of is answered, in clear at last, and the others accept', async () => {
    const { ceremony } = await dealt()
    const [victim] = honest() as [Hex]
    await complain(liar, { ceremony, dealer: victim, key: toHex(randomBytes(1216)) })
    await actAll(ceremony)
    await complain(liar, { ceremony, dealer: victim, key: '0x' })
    expect(await actAll(ceremony)).to.deep.equal(['answered'])
    expect(await actAll(ceremony)).to.deep.equal([])
    const [complaint] = await complaintsOf(chain, { ceremony })
    expect(complaint).to.include({ dealer: victim, member: liarId, level: 4 })
    expect((await ceremonyOf(chain, { ceremony }))?.state).to.equal('open')
    // It never accepts: that is silence, and its own.
    await wait(2 * window + 1)
    await actAll(ceremony)
    await wait(3 * window)
    await expectEpochOfTheHonest(ceremony)
  })

  it('is excluded for accepting another result than the packages give', async () => {
    const { ceremony } = await dealt()
    const verifyingShares = [1, 2, 3, 4].map(() => toHex(randomBytes(32)))
    const [groupKey, transcriptHash] = [toHex(randomBytes(32)), toHex(randomBytes(32))]
    await acceptResult(liar, { ceremony, groupKey, verifyingShares, transcriptHash })
    expect(await actAll(ceremony)).to.include('excluded')
    await expectEpochOfTheHonest(ceremony + 1)
  })
})
