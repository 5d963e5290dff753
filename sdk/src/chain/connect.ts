import {
  type Account,
  type Address,
  createPublicClient,
  createWalletClient,
  custom,
  defineChain,
  type EIP1193Provider,
  type LocalAccount,
  type PublicClient,
  type Transport,
  type Chain as ViemChain,
  type WalletClient,
} from 'viem'
import { type Network, NetworkError, ResetChainError } from './network.ts'
import { inTurn, rpc } from './transport.ts'
import { pause, type WaitOptions, within } from './wait.ts'

/** Who signs: an account whose key this process holds, or a wallet client (an EIP-1193 wallet of a browser). */
export type Signer = LocalAccount | WalletClient<Transport, ViemChain | undefined, Account>

/** A key in memory that signs a reader's requests until a session ends (docs/spec/session.md). */
export type ReaderSession = {
  readonly reader: Address
  readonly key: LocalAccount
  /** Mask of the purposes for which it signs. */
  readonly purposes: number
  /** Signs before this second. */
  readonly until: number
}

/** A connection to one pinned network. Every action takes it first. */
export type Chain = {
  readonly network: Network
  readonly client: PublicClient
  /** Present when {@link connect} was given a signer. */
  readonly wallet?: WalletClient<Transport, ViemChain, Account> | undefined
  /** What signs the reader's requests where it may; the wallet signs the others. */
  readonly session?: ReaderSession | undefined
  /** Own clock, in seconds. */
  readonly clock: () => number
  /** Milliseconds that one call may take. */
  readonly timeout: number
  /** Oldest head that is still an answer, in seconds. */
  readonly maxHeadAge: number
  /** Sends one transaction after another, so that nonces do not collide. */
  readonly queue: { last: Promise<unknown> }
  /** The newest head that was seen, and when it was last made sure that the chain is the pinned one (seconds). */
  readonly pin?: { head: bigint; checkedAt: number } | undefined
}

/** Connects to `network` and makes sure that it is the pinned one: chain id, genesis hash, not syncing.
 * URLs that do not answer are left out; a URL that answers for another chain is an error.
 * Errors: {@link NetworkError}, `ChainTimeoutError`.
 * @example
 * const chain = await connect(parseNetwork(json), { account: privateKeyToAccount(key) })
 * const record = await recordOf(chain, { recordId }) */
export async function connect(network: Network, options: connect.Options = {}): Promise<Chain> {
  const { account, signal, clock = wallClock, timeout = 10_000, maxHeadAge = 60, patience = 0, batch } = options
  const chain = viemChain(network)
  const pinned = await answeringUrls(network, chain, { signal, timeout, patience })
  const transport = inTurn(pinned, { chain, timeout, batch })
  const client = createPublicClient({ chain, transport, cacheTime: 0, pollingInterval: 250 })
  const wallet = account && walletOver(account, chain, transport)
  const pin = { head: 0n, checkedAt: clock() }
  return { network, client, wallet, clock, timeout, maxHeadAge, pin, queue: { last: Promise.resolve() } }
}

export declare namespace connect {
  type Options = WaitOptions & {
    /** Who signs messages and transactions. */
    account?: Signer | undefined
    /** Own clock in seconds; tests turn it. */
    clock?: (() => number) | undefined
    /** Milliseconds that one call may take: 10,000. */
    timeout?: number | undefined
    /** Seconds that the head may be old: 60. */
    maxHeadAge?: number | undefined
    /** Milliseconds to wait for a chain client that does not answer yet, as when all of a machine starts at once: 0. */
    patience?: number | undefined
    /** Sends the questions of one moment together, for a browser, which sends six requests at a time: no. */
    batch?: boolean | undefined
  }
}

/** A signer from a browser wallet (EIP-1193), for an account that the wallet has already shared.
 * @example
 * const chain = await connect(network, { account: walletSigner(provider, address) }) */
export function walletSigner(provider: EIP1193Provider, address: Address): Signer {
  return createWalletClient({ account: address, transport: custom(provider, { retryCount: 0 }) })
}

/** The same connection, signing as another account. */
export function withAccount(chain: Chain, account: Signer): Chain {
  const transport = custom({ request: chain.client.request } as EIP1193Provider, { retryCount: 0 })
  return {
    ...chain,
    wallet: walletOver(account, viemChain(chain.network), transport),
    queue: { last: Promise.resolve() },
  }
}

const wallClock = () => Math.floor(Date.now() / 1000)

const viemChain = ({ chainId, rpcUrls }: Network) =>
  defineChain({
    id: chainId,
    name: 'Sharewell',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: rpcUrls } },
  })

function walletOver(account: Signer, chain: ViemChain, transport: Transport) {
  if (!('account' in account)) return createWalletClient({ account, chain, transport })
  const provider = custom({ request: account.request } as EIP1193Provider, { retryCount: 0 })
  return createWalletClient({ account: account.account, chain, transport: provider })
}

/** The pinned URLs that answer; while none does, asks again until `patience` ends. Another chain is an error at once. */
async function answeringUrls(
  network: Network,
  chain: ViemChain,
  { patience, ...options }: WaitOptions & { timeout: number; patience: number },
) {
  const deadline = Date.now() + patience
  for (;;) {
    try {
      return await pinnedUrls(network, chain, options)
    } catch (error) {
      if (!(error instanceof NetworkError) || error.cause === undefined || Date.now() >= deadline) throw error
    }
    await pause(retryPause, options)
  }
}

const retryPause = 500

async function pinnedUrls(network: Network, chain: ViemChain, options: WaitOptions & { timeout: number }) {
  const answers = await Promise.allSettled(network.rpcUrls.map((url) => checkPin(network, chain, url, options)))
  options.signal?.throwIfAborted()
  const failures = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []))
  const other = failures.find((failure) => failure instanceof NetworkError)
  if (other) throw other
  const good = network.rpcUrls.filter((_, index) => answers[index]?.status === 'fulfilled')
  if (good.length === 0) throw new NetworkError({ reason: 'no chain client answers', cause: failures[0] })
  return good
}

async function checkPin(network: Network, chain: ViemChain, url: string, options: WaitOptions & { timeout: number }) {
  // Once more where a connection ends: one that was kept open from before may be closed just as it is used again.
  const client = createPublicClient({ chain, transport: rpc(url, { timeout: options.timeout, retryCount: 1 }) })
  const [chainId, genesis, syncing] = await within(
    Promise.all([client.getChainId(), client.getBlock({ blockNumber: 0n }), isSyncing(client)]),
    'the first question',
    options,
  )
  if (chainId !== network.chainId) throw new NetworkError({ reason: `chain id ${chainId}, not ${network.chainId}` })
  if (genesis.hash !== network.genesisHash) throw new ResetChainError({})
  if (syncing) throw new NetworkError({ reason: 'the chain client is still synchronising' })
}

/** Whether the chain client says that it is still catching up. */
export async function isSyncing(client: PublicClient): Promise<boolean> {
  type Schema = { Method: 'eth_syncing'; Parameters?: undefined; ReturnType: false | object }
  return (await client.request<Schema>({ method: 'eth_syncing' })) !== false
}
