import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Chain, connect, type Network, parseNetwork } from '@sharewell/sdk/chain'
import hre from 'hardhat'
import type { Hex, LocalAccount } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import Council from '../../ignition/modules/Council.ts'
import Sharewell from '../../ignition/modules/Sharewell.ts'

/** A chain of its own with the contracts on it, served over HTTP on a free port. */
export type TestNetwork = {
  readonly network: Network
  /** Twenty accounts; the first deployed and administers. Gas is free, so any other key works as well. */
  readonly accounts: readonly LocalAccount[]
  /** The network's administration, until a council is founded. */
  readonly admin: LocalAccount
  /** Founds a council of registered organizations; from then on `admin` has no role, and `network` names the council. */
  foundCouncil(founders: readonly Hex[], threshold: number): Promise<void>
  /** Connects as an account. */
  as(account: LocalAccount): Promise<Chain>
  /** Mines empty blocks. */
  mine(blocks?: number): Promise<void>
  /** Sets the chain's clock forward and mines. */
  increaseTime(seconds: number): Promise<void>
  /** Stops the block every second, so that the head grows old. Transactions are still mined. */
  pause(): Promise<void>
  close(): Promise<void>
}

/**
 * Starts a network for one test file. Needs Hardhat: run it as `npx hardhat test mocha <file>`.
 *
 * @example
 * before(async () => { net = await startNetwork() })
 * after(() => net.close())
 */
export async function startNetwork({ finality = { mode: 'head' } }: startNetwork.Options = {}): Promise<TestNetwork> {
  // Without it the chain begins when Hardhat read its configuration: minutes ago, in a long run of tests.
  const override = { initialDate: new Date().toISOString() }
  const connection = await hre.network.create({ network: 'node', override })
  const { provider } = connection
  const request = (method: string, params: unknown[] = []) => provider.request({ method, params })
  const networkId = `0x${randomBytes(32).toString('hex')}`
  const deployed = await connection.ignition.deploy(Sharewell, { parameters: { Sharewell: { networkId } } })
  const contracts = await Promise.all(
    Object.entries(deployed).map(async ([name, contract]) => [name, await contract.getAddress()]),
  )
  const genesis = (await request('eth_getBlockByNumber', ['0x0', false])) as { hash: string }
  const server = await serve(request)
  let network = parseNetwork({
    networkId,
    chainId: Number(await request('eth_chainId')),
    genesisHash: genesis.hash,
    rpcUrls: [server.url],
    finality,
    contracts: Object.fromEntries(contracts),
    directoryUrls: [],
  })
  const accounts = Array.from({ length: 20 }, (_, addressIndex) => mnemonicToAccount(mnemonic, { addressIndex }))
  return {
    get network() {
      return network
    },
    accounts,
    admin: accounts[0] as LocalAccount,
    async foundCouncil(founders, threshold) {
      const { accessManager, actorRegistry } = network.contracts
      const parameters = { Council: { accessManager, actorRegistry, founders: [...founders], threshold } }
      const { council } = await connection.ignition.deploy(Council, { parameters })
      const address = (await council.getAddress()).toLowerCase() as Hex
      network = { ...network, contracts: { ...network.contracts, council: address } }
    },
    as: (account) => connect(network, { account }),
    mine: async (blocks = 1) => void (await request('hardhat_mine', [`0x${blocks.toString(16)}`])),
    increaseTime: async (seconds) => {
      await request('evm_increaseTime', [seconds])
      await request('hardhat_mine', ['0x1'])
    },
    pause: async () => void (await request('evm_setIntervalMining', [0])),
    close: async () => {
      await server.close()
      await connection.close()
    },
  }
}
export declare namespace startNetwork {
  type Options = {
    /** What counts as final: the head, unless a test compares final with latest by `depth`. */
    finality?: Network['finality']
  }
}

const mnemonic = 'test test test test test test test test test test test junk'

type Request = (method: string, params?: unknown[]) => Promise<unknown>
type Call = { id: number | string; method: string; params?: unknown[] }

/** Serves one in-process chain as JSON-RPC, so that clients and tests turn the same clock. */
async function serve(request: Request): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer(async (incoming, response) => {
    const body = (await json(incoming)) as Call | Call[]
    const answer = Array.isArray(body)
      ? await Promise.all(body.map((call) => answerTo(request, call)))
      : await answerTo(request, body)
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { url: `http://127.0.0.1:${port}`, close }
}

async function answerTo(request: Request, { id, method, params }: Call) {
  try {
    return { jsonrpc: '2.0', id, result: await request(method, params) }
  } catch (error) {
    const {
      code = -32603,
      message = 'Internal error',
      data,
    } = error as { code?: number; message?: string; data?: unknown }
    return { jsonrpc: '2.0', id, error: { code, message, data } }
  }
}

async function json(incoming: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = []
  for await (const part of incoming) parts.push(part as Buffer)
  return JSON.parse(Buffer.concat(parts).toString('utf8'))
}
