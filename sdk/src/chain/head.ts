import { type Hex, RpcRequestError, BaseError as ViemError } from 'viem'
import { BaseError } from '../errors.ts'
import { type Chain, isSyncing } from './connect.ts'
import { ResetChainError } from './network.ts'
import { type WaitOptions, within } from './wait.ts'

/** The little of a block that checks need. */
export type BlockMark = {
  readonly number: bigint
  readonly hash: Hex
  readonly time: number
  readonly baseFee: bigint | null
}

/** Where the chain stands now, seen by both clocks. */
export type View = {
  readonly latest: BlockMark
  /** The newest block that counts as final under the network's finality mode. */
  readonly final: BlockMark
  /** Earlier and later of the own clock and the head's time, in seconds. */
  readonly earlier: number
  readonly later: number
}

/** Looks at the head and at the final block. A head older than `maxHeadAge` is a refusal, not an answer.
 * Errors: {@link StaleHeadError}, `ChainTimeoutError`, {@link ChainCallError}. */
export async function view(chain: Chain, options: WaitOptions = {}): Promise<View> {
  const { finality } = chain.network
  const [syncing, latest, tagged] = await Promise.all([
    ask(chain, 'eth_syncing', isSyncing(chain.client), options),
    blockAt(chain, { blockTag: 'latest' }, options),
    finality.mode === 'tag' ? blockAt(chain, { blockTag: 'finalized' }, options) : undefined,
  ])
  const now = chain.clock()
  const { pin } = chain
  if (pin && latest.number < pin.head) pin.checkedAt = 0
  await checkPin(chain, options)
  if (pin) pin.head = latest.number
  if (syncing) throw new StaleHeadError({ syncing: true })
  if (now - latest.time > chain.maxHeadAge) throw new StaleHeadError({ age: now - latest.time })
  const final = tagged ?? (finality.mode === 'depth' ? await below(chain, latest, finality.depth, options) : latest)
  return { latest, final, earlier: Math.min(now, latest.time), later: Math.max(now, latest.time) }
}

/** Seconds for which a chain is believed to be the pinned one; a head that went back is looked at at once. */
const pinLifetime = 5

/**
 * Makes sure now and then that the chain is still the pinned one: one that was reset while one is connected has the
 * contracts at the same addresses, and nothing else.
 * Errors: {@link ResetChainError}.
 */
export async function checkPin(chain: Chain, options: WaitOptions = {}): Promise<void> {
  const { pin, network } = chain
  if (!pin || Math.abs(chain.clock() - pin.checkedAt) < pinLifetime) return
  const { hash } = await blockAt(chain, { blockNumber: 0n }, options)
  if (hash !== network.genesisHash) throw new ResetChainError({})
  pin.checkedAt = chain.clock()
}

/** One block by number or tag. */
export async function blockAt(
  chain: Chain,
  at: { blockNumber: bigint } | { blockTag: 'latest' | 'finalized' },
  options: WaitOptions = {},
): Promise<BlockMark> {
  const block = await ask(chain, 'eth_getBlockByNumber', chain.client.getBlock(at), options)
  const { number, hash, timestamp, baseFeePerGas: baseFee } = block
  const time = Number(timestamp)
  // A block without a time would be younger than any limit.
  if (typeof number !== 'bigint' || !/^0x[0-9a-f]{64}$/.test(hash ?? '') || !Number.isSafeInteger(time))
    throw new ChainCallError({ what: 'eth_getBlockByNumber: a block without number, hash or time' })
  return { number, hash, time, baseFee }
}

/** Awaits one RPC call under the chain's timeout and turns the client's failures into {@link ChainCallError}. */
export async function ask<T>(chain: Chain, what: string, call: Promise<T>, options: WaitOptions = {}): Promise<T> {
  try {
    return await within(call, what, { signal: options.signal, timeout: chain.timeout })
  } catch (error) {
    if (isClientFailure(error)) throw new ChainCallError({ what, cause: error })
    throw error
  }
}

/** {@link ask}, of a chain that is still the pinned one: of another one no answer counts, not even that it failed. */
export async function askPinned<T>(chain: Chain, what: string, call: Promise<T>, options: WaitOptions): Promise<T> {
  const [answer, pinned] = await Promise.allSettled([ask(chain, what, call, options), checkPin(chain, options)])
  if (pinned.status === 'rejected') throw pinned.reason
  if (answer.status === 'rejected') throw answer.reason
  return answer.value
}

/** Whether the chain client failed, or said what nobody can read. */
export const isClientFailure = (error: unknown): error is Error =>
  error instanceof ViemError ||
  error instanceof TypeError ||
  error instanceof RangeError ||
  error instanceof SyntaxError

async function below(chain: Chain, latest: BlockMark, depth: number, options: WaitOptions): Promise<BlockMark> {
  const number = latest.number - BigInt(depth)
  return await blockAt(chain, { blockNumber: number > 0n ? number : 0n }, options)
}

/** Thrown (`E_STALE`) when the chain client is behind: its head is too old, or it is still synchronising. */
export class StaleHeadError extends BaseError<'STALE_HEAD'> {
  override readonly name = 'StaleHeadError'
  constructor({ age, syncing }: { age?: number; syncing?: boolean }) {
    const why = syncing ? 'is still synchronising' : `has a head that is ${age ?? 0} s old`
    super('STALE_HEAD', `The chain client ${why}.`, {
      hints: ['Wait until the chain client has caught up.', 'Check the clock of this machine.'],
      docs: '/chain#time',
    })
  }
}

/** The client's own words, as far as they fit into a line. */
function saidBy(cause: unknown): string {
  const rpc = cause instanceof ViemError ? cause.walk((each) => each instanceof RpcRequestError) : undefined
  const said: unknown = (rpc as { details?: unknown } | null | undefined)?.details
  return typeof said === 'string' && said !== '' ? ` (${said.split('\n', 1)[0]?.slice(0, 200).replace(/\.$/, '')})` : ''
}

/** Thrown when the chain client fails a call for a reason that is not the contract's. */
export class ChainCallError extends BaseError<'CHAIN_CALL'> {
  override readonly name = 'ChainCallError'
  constructor({ what, cause }: { what?: string; cause?: unknown }) {
    super('CHAIN_CALL', `The chain client failed ${what ?? 'a call'}${saidBy(cause)}.`, {
      cause,
      hints: ['Check that the chain client is up, then try again.'],
      docs: '/chain#errors',
    })
  }
}
