import type { NotPlacedError } from '@sharewell/sdk/place'
import { cidOfBlock } from '@sharewell/sdk/share'
import { expect } from 'chai'
import { type FailingChain, hangs, type Interceptor, startFailingChain } from '../helpers/failing-chain.ts'
import { type Host, hostHere, type Service } from '../helpers/hosts.ts'
import { randomHex } from '../helpers/ids.ts'
import { byDoctor, byPatient, depositBytes, open, permit, someBytes } from '../helpers/journeys.ts'
import { startNetwork, type TestNetwork } from '../helpers/network.ts'
import { writeTicket } from '../helpers/storage-network.ts'
import { startWholeNetwork, type WholeNetwork } from '../helpers/whole-network.ts'

/** Every service asks this chain client; those who ask them have the honest one. */
describe('services whose chain client fails', function () {
  this.timeout(180_000)
  let whole: WholeNetwork
  let chain: FailingChain
  let reset: TestNetwork
  let recordId: `0x${string}`
  const bytes = someBytes(2_000)

  before(async () => {
    let opening: Promise<FailingChain> | undefined
    const host: Host = async (service, lies) => {
      const { network } = service.config as { network: TestNetwork['network'] }
      opening ??= startFailingChain(network.rpcUrls[0] ?? '')
      chain = await opening
      const config = { ...service.config, network: { ...network, rpcUrls: [chain.url] } }
      return await hostHere({ ...service, config } as Service, lies)
    }
    whole = await startWholeNetwork({ storage: 5, keys: 3, k: 2, workers: 1, host })
    reset = await startNetwork()
    recordId = (await depositBytes(whole, bytes)).recordId
    await permit(whole, recordId)
  })
  after(async () => {
    await whole?.close()
    await chain?.close()
    await reset?.close()
  })
  afterEach(() => {
    chain.intercept = undefined
    chain.target = whole.net.network.rpcUrls[0] ?? ''
  })

  const modes: readonly [string, () => { intercept?: Interceptor; target?: string }][] = [
    ['says what nobody can read', () => ({ intercept: () => '<html>Bad gateway</html>' })],
    ['gives nonsense', () => ({ intercept: ({ id }) => ({ jsonrpc: '2.0', id, result: {} }) })],
    ['is that of a chain that was reset', () => ({ target: reset.network.rpcUrls[0] ?? '' })],
  ]
  for (const [name, mode] of modes)
    it(`refuse with a code while it ${name}, and go on without a restart`, async () => {
      Object.assign(chain, mode())
      // A head that went back is looked at: from then on nothing is read of that chain.
      const ready = await Promise.all(whole.keys.map(({ url }) => fetch(`${url}/readyz`)))
      expect(ready.map(({ status }) => status)).to.deep.equal([503, 503, 503])
      const placed = (await depositBytes(whole, bytes).catch((error: unknown) => error)) as NotPlacedError
      expect(placed).to.have.property('code').that.is.oneOf(['NOT_PLACED', 'KEY_NODES'])
      expect(String(placed))
        .to.match(/CHAIN_|NETWORK|STALE_HEAD/)
        .and.not.include('INTERNAL')
      const opened = await open(byDoctor(whole.doctor, recordId)).catch((error: unknown) => error)
      expect(opened).to.be.instanceOf(Error)
      expect(String(opened)).not.to.include('INTERNAL')

      chain.intercept = undefined
      chain.target = whole.net.network.rpcUrls[0] ?? ''
      expect((await open(byDoctor(whole.doctor, recordId))).bytes).to.deep.equal(bytes)
      expect((await open(byPatient(whole.patient, (await depositBytes(whole, bytes)).recordId))).bytes).to.deep.equal(
        bytes,
      )
    })

  it('answer in time while it hangs, and go on without a restart', async () => {
    const [node] = whole.storage
    const [key] = whole.keys
    const parties = whole.storage.map(({ operator, account }) => ({ operator, account }))
    const authorization = await writeTicket(whole.hospital, parties as never, { recordId: randomHex(32) })
    const block = someBytes(100)
    const put = () =>
      fetch(`${node?.url}/v1/blocks/${cidOfBlock(block)}`, { method: 'PUT', body: block, headers: { authorization } })
    chain.intercept = () => hangs
    const answers = await Promise.all([put(), fetch(`${key?.url}/v1/status`), fetch(`${key?.url}/readyz`)])
    expect(answers.map(({ status }) => status)).to.deep.equal([503, 503, 503])
    const codes = await Promise.all(answers.map(async (one) => ((await one.json()) as { code: string }).code))
    expect(codes).to.deep.equal(['CHAIN_TIMEOUT', 'CHAIN_UNAVAILABLE', 'CHAIN_UNAVAILABLE'])
    chain.intercept = undefined
    expect((await put()).status).to.equal(201)
    expect((await fetch(`${key?.url}/readyz`)).status).to.equal(200)
  })
})
