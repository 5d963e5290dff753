import {
  activeEpoch,
  type Chain,
  connect,
  decide,
  depositsOf,
  operators,
  receiptOf,
  recordOf,
  registerOrganization,
  view,
} from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import { expect } from 'chai'
import {
  type FailingChain,
  hangs,
  hangsUp,
  type Interceptor,
  type RpcCall,
  startFailingChain,
} from '../../helpers/failing-chain.ts'
import { randomHex } from '../../helpers/ids.ts'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )

/** Everything that a client asks a chain. */
const questions: readonly [string, (chain: Chain) => Promise<unknown>][] = [
  ['where it stands', (chain) => view(chain)],
  ['for a record', (chain) => recordOf(chain, { recordId: randomHex(32) })],
  ['for a list', (chain) => operators(chain)],
  ['for the committee', (chain) => activeEpoch(chain)],
  ['for events', (chain) => depositsOf(chain, { pseudonym: randomHex(32) })],
  [
    'for a decision',
    (chain) => {
      const query = { pseudonym: randomHex(32), recordId: randomHex(32), categoryBit: 0, purpose: 0 }
      return decide(chain, { ...query, reader: randomHex(20) })
    },
  ],
  [
    'to send',
    (chain) => {
      const organization = { id: randomHex(16), kind: 'host', directoryHash: randomHex(32) } as const
      return registerOrganization(chain, { ...organization, account: randomHex(20) })
    },
  ],
]

const result =
  (value: unknown): Interceptor =>
  ({ id }) => ({ jsonrpc: '2.0', id, result: value })
const failures: readonly [string, Interceptor][] = [
  ['answers never', () => hangs],
  ['hangs up', () => hangsUp],
  ['answers no JSON', () => '<html>Bad gateway</html>'],
  ['answers nothing', () => ''],
  ['answers null', () => 'null'],
  ['answers a list', () => []],
  ['answers another call', ({ id }) => ({ jsonrpc: '2.0', id: Number(id) + 7, result: '0x' })],
  ['answers neither result nor error', ({ id }) => ({ jsonrpc: '2.0', id })],
  ['answers with an error of its own', ({ id }) => ({ jsonrpc: '2.0', id, error: { code: -32603, message: 'oops' } })],
  ['answers with an error that is none', ({ id }) => ({ jsonrpc: '2.0', id, error: 'oops' })],
  ['gives null', result(null)],
  ['gives an empty object', result({})],
  ['gives a number', result(7)],
  ['gives words', result('hello')],
  ['gives no bytes', result('0x')],
  ['gives too many bytes', result(`0x${'ff'.repeat(4096)}`)],
  ['gives a list of nonsense', result([{ topics: 7 }, null])],
  ['gives a block of nonsense', result({ number: 'x', timestamp: -1, hash: [] })],
]

describe('a chain client that fails', function () {
  this.timeout(120_000)
  let net: TestNetwork
  let proxy: FailingChain
  let chain: Chain
  /** Seconds by which the client's own clock is ahead. */
  let ahead = 0

  before(async () => {
    net = await startNetwork()
    proxy = await startFailingChain(net.network.rpcUrls[0] ?? '')
  })
  after(async () => {
    await proxy?.close()
    await net?.close()
  })
  beforeEach(async () => {
    proxy.intercept = undefined
    ahead = 0
    const clock = () => Math.floor(Date.now() / 1000) + ahead
    chain = await connect({ ...net.network, rpcUrls: [proxy.url] }, { account: net.admin, clock, timeout: 1_000 })
  })

  for (const [name, intercept] of failures)
    describe(name, () => {
      for (const [asked, ask] of questions)
        it(`when it is asked ${asked}: an error with a code and a hint, and afterwards it is asked again`, async () => {
          proxy.intercept = intercept
          const error = await failure(ask(chain))
          // A few answers of nonsense say something: that there is no such record, or nothing in a list.
          if (error !== undefined) {
            expect(error).to.be.instanceOf(BaseError)
            expect((error as BaseError).code).to.be.oneOf([
              'CHAIN_CALL',
              'CHAIN_TIMEOUT',
              'STALE_HEAD',
              'CONTRACT_REFUSAL',
              'NETWORK',
            ])
            expect((error as BaseError).hints).not.to.deep.equal([])
          }
          proxy.intercept = undefined
          expect((await view(chain)).latest.number > 0n).to.equal(true)
        })

      it('is an error to each of several questions that were sent together', async () => {
        const together = await connect(
          { ...net.network, rpcUrls: [proxy.url] },
          { account: net.admin, timeout: 1_000, batch: true },
        )
        proxy.intercept = intercept
        const asked = questions.map(([, ask]) => failure(ask(together)))
        for (const error of await Promise.all(asked)) if (error !== undefined) expect(error).to.be.instanceOf(BaseError)
        proxy.intercept = undefined
        expect((await view(together)).latest.number > 0n).to.equal(true)
      })

      it('is no network to connect to', async () => {
        proxy.intercept = intercept
        const error = await failure(connect({ ...net.network, rpcUrls: [proxy.url] }, { timeout: 1_000 }))
        expect(error).to.have.property('code', 'NETWORK')
      })
    })

  it('is asked many questions of one moment in few requests, where it should be', async () => {
    const numbersOf = async (batch: boolean) => {
      const one = await connect({ ...net.network, rpcUrls: [proxy.url] }, { batch })
      proxy.requests = 0
      const blocks = await Promise.all(
        Array.from({ length: 40 }, (_, at) => one.client.getBlock({ blockNumber: BigInt(at % 4) })),
      )
      expect(blocks.map(({ number }) => Number(number))).to.deep.equal(Array.from({ length: 40 }, (_, at) => at % 4))
      return proxy.requests
    }
    expect(await numbersOf(false)).to.equal(40)
    expect(await numbersOf(true)).to.equal(2)
  })

  it('that hangs is asked last where there is another one, and answers again when it can', async () => {
    const rpcUrls = [proxy.url, ...net.network.rpcUrls]
    const two = await connect({ ...net.network, rpcUrls }, { timeout: 2_000 })
    proxy.intercept = () => hangs
    for (let i = 0; i < 3; i++) expect((await view(two)).latest.number > 0n).to.equal(true)
  })

  it('that ends a connection as one connects is asked once more', async () => {
    const met = new Set<string>()
    proxy.intercept = ({ method }) => {
      if (met.has(method)) return undefined
      met.add(method)
      return hangsUp
    }
    const again = await connect({ ...net.network, rpcUrls: [proxy.url] })
    expect([...met]).to.have.members(['eth_chainId', 'eth_getBlockByNumber', 'eth_syncing'])
    expect((await view(again)).latest.number > 0n).to.equal(true)
  })

  it('is told apart from a chain that was reset, which names the cure', async () => {
    const other = await startNetwork()
    try {
      proxy.target = other.network.rpcUrls[0] ?? ''
      const late = await failure(connect({ ...net.network, rpcUrls: [proxy.url] }))
      expect(late).to.have.property('code', 'NETWORK')
      expect(String(late)).to.include('reset').and.to.include('network.json')
      // Also where one was connected before: it looks again every few seconds.
      ahead = 10
      const error = await failure(view(chain))
      expect(error).to.have.property('code', 'NETWORK')
      expect(String(error)).to.include('reset')
    } finally {
      proxy.target = net.network.rpcUrls[0] ?? ''
      await other.close()
    }
    expect((await view(chain)).latest.number > 0n).to.equal(true)
  })

  it('is told apart from a wallet that counts its transactions from before a reset', async () => {
    proxy.intercept = refusing('eth_sendRawTransaction', 'Nonce too high. Expected nonce to be 3 but got 17.')
    const [, send] = questions.find(([name]) => name === 'to send') ?? []
    const error = await failure(send?.(chain) ?? Promise.resolve())
    expect(error).to.have.property('code', 'WALLET_NONCE')
    expect((error as BaseError).hints.join(' ')).to.include('activity')
  })

  it('says what it said', async () => {
    proxy.intercept = refusing('eth_sendRawTransaction', 'No space left in the journal.')
    const [, send] = questions.find(([name]) => name === 'to send') ?? []
    const error = await failure(send?.(chain) ?? Promise.resolve())
    expect(error).to.have.property('code', 'CHAIN_CALL')
    expect(String(error)).to.include('No space left in the journal')
  })

  it('that does not mine leaves the hash of what was sent', async () => {
    const hash = randomHex(32)
    const error = await failure(receiptOf(chain, hash, 'anchor', { timeout: 100 }))
    expect(error).to.have.property('code', 'CHAIN_TIMEOUT')
    expect(String(error)).to.include(hash)
  })
})

const refusing =
  (refused: string, message: string): Interceptor =>
  ({ id, method }: RpcCall) =>
    method === refused ? { jsonrpc: '2.0', id, error: { code: -32000, message } } : undefined
