import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  ContractRefusalError,
  connect,
  NetworkError,
  operators,
  organizations,
  registerOrganization,
  StaleHeadError,
  view,
} from '@sharewell/sdk/chain'
import { expect } from 'chai'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )

describe('connection to the chain', () => {
  let net: TestNetwork
  before(async () => {
    net = await startNetwork()
  })
  after(() => net.close())

  it('opens the pinned network and reads it', async () => {
    const chain = await connect(net.network)
    expect(await organizations(chain)).to.deep.equal([])
    expect(await operators(chain)).to.deep.equal([])
  })

  it('refuses a chain with another id or another genesis block', async () => {
    expect(await failure(connect({ ...net.network, chainId: 5 }))).to.be.instanceOf(NetworkError)
    const genesisHash = `0x${'ab'.repeat(32)}` as const
    expect(await failure(connect({ ...net.network, genesisHash }))).to.be.instanceOf(NetworkError)
  })

  it('goes on with a second chain client when the first does not answer', async () => {
    const rpcUrls = ['http://127.0.0.1:9', ...net.network.rpcUrls]
    const chain = await connect({ ...net.network, rpcUrls }, { timeout: 2_000 })
    expect((await view(chain)).latest.number > 0n).to.equal(true)
  })

  it('says so when no chain client answers', async () => {
    const error = await failure(connect({ ...net.network, rpcUrls: ['http://127.0.0.1:9'] }, { timeout: 2_000 }))
    expect(error).to.be.instanceOf(NetworkError)
  })

  it('waits for a chain client that is still starting, as long as it was told to', async () => {
    const late = createServer()
    await new Promise<void>((resolve) => late.listen(0, '127.0.0.1', resolve))
    const { port } = late.address() as AddressInfo
    await new Promise((resolve) => late.close(resolve))
    const rpcUrls = [`http://127.0.0.1:${port}`]
    const waiting = connect({ ...net.network, rpcUrls }, { patience: 10_000 })
    late.on('request', (incoming, response) => {
      const [target = ''] = net.network.rpcUrls
      const forwarded = request(target, { method: 'POST', headers: incoming.headers }, (answer) =>
        answer.pipe(response),
      )
      incoming.pipe(forwarded)
    })
    await new Promise<void>((resolve) => late.listen(port, '127.0.0.1', resolve))
    expect((await waiting).network.rpcUrls).to.deep.equal(rpcUrls)
    late.closeAllConnections()
    await new Promise((resolve) => late.close(resolve))
  })

  it('does not hang on a chain client that takes the call and never answers', async () => {
    const hanging = createServer(() => undefined)
    await new Promise<void>((resolve) => hanging.listen(0, '127.0.0.1', resolve))
    const rpcUrls = [`http://127.0.0.1:${(hanging.address() as AddressInfo).port}`]
    const error = await failure(connect({ ...net.network, rpcUrls }, { timeout: 100 }))
    expect(error).to.be.instanceOf(NetworkError)
    hanging.closeAllConnections()
    hanging.close()
  })

  it('stops at once when told to', async () => {
    const signal = AbortSignal.abort(new Error('enough'))
    expect(await failure(connect(net.network, { signal }))).to.have.property('message', 'enough')
  })

  it('sends for nothing where gas is free, and names the contract error of a refusal', async () => {
    const admin = await net.as(net.admin)
    const hospital = { id: `0x${'11'.repeat(16)}`, kind: 'hospital', directoryHash: `0x${'22'.repeat(32)}` } as const
    const account = net.accounts[1]?.address ?? '0x'
    const receipt = await registerOrganization(admin, { ...hospital, account })
    expect(receipt.effectiveGasPrice).to.equal(0n)
    expect(await organizations(admin)).to.have.length(1)
    const again = await failure(registerOrganization(admin, { ...hospital, account }))
    expect(again).to.be.instanceOf(ContractRefusalError)
    expect(again).to.have.property('reason', 'ActorOrganizationExists')
    expect((again as ContractRefusalError).hints).to.have.length(1)
  })

  it('sends many transactions at once without mixing up their order', async () => {
    const admin = await net.as(net.admin)
    await Promise.all(
      [3, 4, 5, 6].map((i) =>
        registerOrganization(admin, {
          id: `0x${`0${i}`.repeat(16)}`,
          kind: 'host',
          account: net.accounts[i]?.address ?? '0x',
          directoryHash: `0x${'33'.repeat(32)}`,
        }),
      ),
    )
    expect(await organizations(admin)).to.have.length(5)
  })

  it('refuses to answer from a head older than a minute', async () => {
    const clock = () => Math.floor(Date.now() / 1000) + 120
    const chain = await connect(net.network, { clock })
    expect(await failure(view(chain))).to.be.instanceOf(StaleHeadError)
  })

  it('counts a block as final only under the depth that the network names', async () => {
    await net.mine(5)
    const chain = await connect({ ...net.network, finality: { mode: 'depth', depth: 3 } })
    const { latest, final } = await view(chain)
    expect(latest.number - final.number).to.equal(3n)
  })
})
