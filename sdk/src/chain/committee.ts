import type { Hex } from 'viem'
import { keyCommitteeAbi } from './abi.ts'
import { type ReadOptions, read } from './call.ts'
import type { Chain } from './connect.ts'
import { events } from './events.ts'
import type { WaitOptions } from './wait.ts'

/** One generation of the release key: who holds its shares. */
export type Epoch = {
  readonly epoch: number
  /** Partials that open. */
  readonly k: number
  /** Operator ids; member number i is `members[i - 1]`. */
  readonly members: readonly Hex[]
  readonly groupKey: Hex
  /** Of the same order. */
  readonly verifyingShares: readonly Hex[]
  readonly transcriptHash: Hex
  readonly confirmations: number
  readonly active: boolean
}

/** An epoch that serves or served; undefined where there is none. */
export async function epochOf(
  chain: Chain,
  { epoch }: { epoch: number },
  options?: ReadOptions,
): Promise<Epoch | undefined> {
  const answer = await read(chain, { ...committee(chain), functionName: 'epochOf', args: [epoch] }, options)
  return answer.k === 0 ? undefined : { epoch, ...answer }
}

/** The epoch that serves, or undefined before the first. */
export async function activeEpoch(chain: Chain, options?: ReadOptions): Promise<Epoch | undefined> {
  const epoch = await read(chain, { ...committee(chain), functionName: 'activeEpoch', args: [] }, options)
  return epoch === 0 ? undefined : await epochOf(chain, { epoch }, options)
}

/** When an epoch began to serve, in seconds; undefined where it never did. */
export async function activatedAt(
  chain: Chain,
  { epoch }: { epoch: number },
  options?: WaitOptions,
): Promise<number | undefined> {
  const query = { ...committee(chain), eventName: 'Activated', args: { epoch } } as const
  return (await events(chain, query, options))[0]?.time
}

const committee = (chain: Chain) => ({ address: chain.network.contracts.keyCommittee, abi: keyCommitteeAbi }) as const
