import { type Hex, BaseError as ViemError } from 'viem'
import { BaseError } from '../errors.ts'
import { type Chain, isSyncing } from './connect.ts'
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
  if (syncing) throw new StaleHeadError({ syncing: true })
  if (now - latest.time > chain.maxHeadAge) throw new StaleHeadError({ age: now - latest.time })
  const final = tagged ?? (finality.mode === 'depth' ? await below(chain, latest, finality.depth, options) : latest)
  return { latest, final, earlier: Math.min(now, latest.time), later: Math.max(now, latest.time) }
}

/** One block by number or tag. */
export async function blockAt(
  chain: Chain,
  at: { blockNumber: bigint } | { blockTag: 'latest' | 'finalized' },
  options: WaitOptions = {},
): Promise<BlockMark> {
  const block = await ask(chain, 'eth_getBlockByNumber', chain.client.getBlock(at), options)
  return {
    number: block.number ?? 0n,
    hash: block.hash ?? '0x',
    time: Number(block.timestamp),
    baseFee: block.baseFeePerGas,
  }
}

/** Awaits one RPC call under the chain's timeout and turns the client's failures into {@link ChainCallError}. */
export async function ask<T>(chain: Chain, what: string, call: Promise<T>, options: WaitOptions = {}): Promise<T> {
  try {
    return await within(call, what, { signal: options.signal, timeout: chain.timeout })
  } catch (error) {
    if (error instanceof ViemError) throw new ChainCallError({ what, cause: error })
    throw error
  }
}

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

/** Thrown when the chain client fails a call for a reason that is not the contract's. */
export class ChainCallError extends BaseError<'CHAIN_CALL'> {
  override readonly name = 'ChainCallError'
  constructor({ what, cause }: { what?: string; cause?: unknown }) {
    super('CHAIN_CALL', `The chain client failed ${what ?? 'a call'}.`, {
      cause,
      hints: ['Check that the chain client is up.'],
      docs: '/chain#errors',
    })
  }
}
