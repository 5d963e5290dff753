import type { Hex, TransactionReceipt } from 'viem'
import { keyCommitteeAbi } from './abi.ts'
import { type ReadOptions, read, write } from './call.ts'
import type { Chain } from './connect.ts'
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

/** What a coordinator proposes after a key generation. */
export type Proposal = Pick<Epoch, 'epoch' | 'k' | 'members' | 'groupKey' | 'verifyingShares' | 'transcriptHash'>

/** Proposes the key of the next epoch. Only the network's administration. */
export async function propose(chain: Chain, proposal: Proposal, options?: WaitOptions): Promise<TransactionReceipt> {
  const { epoch, k, members, groupKey, verifyingShares, transcriptHash } = proposal
  const args = [epoch, k, members, groupKey, verifyingShares, transcriptHash] as const
  return await write(chain, { ...committee(chain), functionName: 'propose', args }, options)
}

/** Confirms a proposal as one of its members; the last one activates the epoch. */
export async function confirm(
  chain: Chain,
  { epoch, transcriptHash }: { epoch: number; transcriptHash: Hex },
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  return await write(chain, { ...committee(chain), functionName: 'confirm', args: [epoch, transcriptHash] }, options)
}

/** An epoch: proposed, serving or past; undefined where there is none. */
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

/** Whether an operator confirmed the proposal with this transcript. */
export async function hasConfirmed(
  chain: Chain,
  { transcriptHash, operator }: { transcriptHash: Hex; operator: Hex },
  options?: ReadOptions,
): Promise<boolean> {
  const call = { ...committee(chain), functionName: 'hasConfirmed', args: [transcriptHash, operator] } as const
  return await read(chain, call, options)
}

const committee = (chain: Chain) => ({ address: chain.network.contracts.keyCommittee, abi: keyCommitteeAbi }) as const
