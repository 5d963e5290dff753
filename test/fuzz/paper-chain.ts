import { type Hex, toHex } from '@sharewell/sdk/bytes'
import { type Chain, type Network, withAccount } from '@sharewell/sdk/chain'
import { createPublicClient, custom, defineChain, type LocalAccount } from 'viem'
import { createRandom } from './random.ts'

/** A chain client that answers without a chain: heads are new, and contracts say whatever comes to mind. */
export function paperChain(network: Network, account?: LocalAccount): Chain {
  const random = createRandom(7)
  const words = (count: number): Hex => toHex(random.bytes(32 * count))
  const small = (): Hex => `0x${random.below(3).toString(16).padStart(64, '0')}`
  /** What a view returns: nothing, a small number, noise, or a refusal. */
  const answer = (): Hex => {
    const kind = random.below(6)
    if (kind === 0) throw Object.assign(new Error('execution reverted'), { code: 3, data: words(1).slice(0, 10) })
    if (kind === 1) return '0x'
    if (kind === 2) return words(1 + random.below(30))
    return small()
  }
  const block = () => ({
    number: '0x10',
    hash: `0x${'ab'.repeat(32)}`,
    parentHash: `0x${'cd'.repeat(32)}`,
    timestamp: `0x${Math.floor(Date.now() / 1000).toString(16)}`,
    baseFeePerGas: '0x0',
    gasLimit: '0x1c9c380',
    gasUsed: '0x0',
    difficulty: '0x0',
    size: '0x1',
    transactions: [],
    uncles: [],
  })
  const log = () => ({
    address: network.contracts.accessLog,
    topics: [words(1), words(1)],
    data: words(random.below(4)),
    blockNumber: '0x10',
    blockHash: `0x${'ab'.repeat(32)}`,
    transactionHash: words(1),
    transactionIndex: '0x0',
    logIndex: '0x0',
    removed: false,
  })
  const answers: Readonly<Record<string, () => unknown>> = {
    eth_chainId: () => `0x${network.chainId.toString(16)}`,
    eth_syncing: () => false,
    eth_blockNumber: () => '0x10',
    eth_getBlockByNumber: block,
    eth_call: answer,
    eth_getCode: () => random.pick(['0x', '0x6000']),
    eth_getLogs: () => (random.once(2) ? [] : [log()]),
    eth_gasPrice: () => '0x0',
    eth_getTransactionCount: () => '0x0',
    eth_estimateGas: () => '0x10000',
    eth_sendRawTransaction: () => words(1),
    eth_getTransactionReceipt: () => null,
    eth_getTransactionByHash: () => null,
  }
  const request = async ({ method }: { method: string }) => {
    const say = answers[method]
    if (!say) throw Object.assign(new Error(`no method ${method}`), { code: -32601 })
    return say()
  }
  const chain = defineChain({
    id: network.chainId,
    name: 'Paper',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [] } },
  })
  const client = createPublicClient({ chain, transport: custom({ request }, { retryCount: 0 }), cacheTime: 0 })
  const clock = () => Math.floor(Date.now() / 1000)
  const bare: Chain = { network, client, clock, timeout: 5_000, maxHeadAge: 60, queue: { last: Promise.resolve() } }
  return account ? withAccount(bare, account) : bare
}
