import { activeEpoch } from '@sharewell/sdk/chain'
import { CommitteeError, generateCommitteeKey } from '@sharewell/sdk/flow/committee'
import { expect } from 'chai'
import { registerHospitals, startKeyNodes } from '../../helpers/committee.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'

type Started = Awaited<ReturnType<typeof startKeyNodes>>
const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )

describe('key generation over HTTP', () => {
  let net: TestNetwork
  let started: Started
  before(async () => {
    net = await startNetwork()
    started = await startKeyNodes(net, await registerHospitals(net, 5))
  })
  after(async () => {
    await started.close()
    await net.close()
  })

  it('stops and names the node that does not answer', async () => {
    const [first, second] = started.operators
    if (!first || !second) throw new Error('no operators')
    const nodes = [first, { ...second, endpoint: 'http://127.0.0.1:9' }]
    const error = await failure(generateCommitteeKey({ chain: await net.as(net.admin), nodes, k: 2 }))
    expect(error).to.be.instanceOf(CommitteeError)
    expect((error as Error).message).to.match(/node 2/)
  })

  it('refuses a member that the registry does not know', async () => {
    const [first, second] = started.operators
    if (!first || !second) throw new Error('no operators')
    const nodes = [first, { ...second, id: `0x${'ee'.repeat(16)}` as const }]
    expect(await failure(generateCommitteeKey({ chain: await net.as(net.admin), nodes, k: 2 }))).to.be.instanceOf(
      CommitteeError,
    )
  })

  it('makes five nodes one key, of which any three serve, and every node confirms it itself', async () => {
    const chain = await net.as(net.admin)
    const made = await generateCommitteeKey({ chain, nodes: started.operators, k: 3 })
    const epoch = await activeEpoch(chain)
    expect(epoch).to.deep.equal(made)
    expect(epoch?.members).to.deep.equal(started.operators.map(({ id }) => id))
    expect(epoch?.confirmations).to.equal(5)
    expect(new Set(epoch?.verifyingShares).size).to.equal(5)
    const status = await (await fetch(`${started.nodes[0]?.url}/v1/status`)).json()
    expect(status).to.include({ keyEpoch: 1, k: 3, h: 5, operator: started.operators[0]?.id })
  })

  it('does not confirm a proposal of which it knows nothing', async () => {
    const response = await fetch(`${started.nodes[0]?.url}/v1/dkg/confirm`, {
      method: 'POST',
      body: JSON.stringify({ epoch: 7 }),
    })
    expect(response.status).to.equal(409)
    expect(await response.json()).to.include({ code: 'DKG_STATE' })
  })
})
