import { toHex } from '@sharewell/sdk/bytes'
import {
  type Chain,
  connect,
  logReleaseRequest,
  releaseRequestsOf,
  signerOf,
  signMessage,
  WalletChainError,
  WalletRefusedError,
  walletSigner,
} from '@sharewell/sdk/chain'
import { randomBytes } from '@sharewell/sdk/primitives'
import { expect } from 'chai'
import type { Address, EIP1193Provider } from 'viem'
import { startNetwork, type TestNetwork } from '../../helpers/network.ts'

const failure = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  )

/** A browser wallet: signs with the accounts that Hardhat holds. */
type TestWallet = { refuse: boolean; chainId: string | undefined; readonly asked: string[] }

describe('a browser wallet as signer', () => {
  const wallet: TestWallet = { refuse: false, chainId: undefined, asked: [] }
  let net: TestNetwork
  let chain: Chain
  let address: Address

  before(async () => {
    net = await startNetwork()
    address = net.accounts[7]?.address ?? '0x'
    chain = await connect(net.network, { account: walletSigner(providerOf(net, wallet), address) })
  })
  after(() => net.close())

  const ticket = () => ({ operator: toHex(randomBytes(16)), node: toHex(randomBytes(16)), notAfter: 2_000_000_000 })

  it('signs messages and transactions', async () => {
    const message = ticket()
    const signature = await signMessage(chain, 'OperatorTicket', message)
    expect(await signerOf(net.network, { kind: 'OperatorTicket', message, signature })).to.equal(address)
    const requestHash = toHex(randomBytes(32))
    await logReleaseRequest(chain, { requestHash })
    expect((await releaseRequestsOf(chain, { requestHash })).map(({ sender }) => sender)).to.deep.equal([address])
    expect(wallet.asked).to.include.members(['eth_signTypedData_v4', 'eth_sendTransaction'])
  })

  it('may say no, and nothing is sent', async () => {
    wallet.refuse = true
    expect(await failure(signMessage(chain, 'OperatorTicket', ticket()))).to.be.instanceOf(WalletRefusedError)
    const requestHash = toHex(randomBytes(32))
    expect(await failure(logReleaseRequest(chain, { requestHash }))).to.be.instanceOf(WalletRefusedError)
    expect(await releaseRequestsOf(chain, { requestHash })).to.deep.equal([])
    wallet.refuse = false
  })

  it('is asked to switch when it is on another chain', async () => {
    wallet.chainId = '0x1'
    expect(await failure(logReleaseRequest(chain, { requestHash: toHex(randomBytes(32)) }))).to.be.instanceOf(
      WalletChainError,
    )
    wallet.chainId = undefined
  })
})

function providerOf(net: TestNetwork, wallet: TestWallet): EIP1193Provider {
  const request = async ({ method, params }: { method: string; params?: unknown }) => {
    wallet.asked.push(method)
    if (method === 'eth_chainId' && wallet.chainId) return wallet.chainId
    if (wallet.refuse && /sign|sendTransaction/.test(method))
      throw Object.assign(new Error('User rejected'), { code: 4001 })
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })
    const answer = await (await fetch(net.network.rpcUrls[0] ?? '', { method: 'POST', body })).json()
    if (answer.error) throw Object.assign(new Error(answer.error.message), answer.error)
    return answer.result
  }
  return { request } as unknown as EIP1193Provider
}
