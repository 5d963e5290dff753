import { type Address, type Hex, isAddressEqual, type TransactionReceipt, zeroAddress } from 'viem'
import { delegationsAbi } from './abi.ts'
import { type ReadOptions, read, write } from './call.ts'
import type { Chain } from './connect.ts'
import { type EventOptions, events } from './events.ts'
import type { WaitOptions } from './wait.ts'

/** What a delegate (a carer, a parent) may do for a pseudonym. */
export type DelegationTerms = {
  /** First second after. */
  readonly until: number
  /** Bits of the purposes for which the delegate may read; 0: it may not. */
  readonly reads: number
  /** Bits of the purposes for which it may let others read; 0: it may not. */
  readonly grants: number
  /** Mask in the pseudonym's permutation. */
  readonly categories: number
}

/** What was said last about an account. */
export type Delegation = DelegationTerms & {
  readonly account: Address
  /** `none` where nothing was ever said, `over` where its time is. */
  readonly state: 'none' | 'live' | 'over' | 'ended'
  /** The key under which `decide` permits a delegate to read. */
  readonly key: Hex
  readonly changedAt: number
}

type Scope = { readonly pseudonym: Hex; readonly account: Address }

/** Names a delegate, or replaces its terms. By the pseudonym's controller. A delegate never names another, never
 * widens what it may do, and never undoes a denial (docs/spec/delegation.md).
 * @example
 * await delegate(chain, { pseudonym, account: parent, terms: { until, reads: 1 << 6, grants: 1, categories } }) */
export async function delegate(
  chain: Chain,
  { pseudonym, account, terms }: Scope & { readonly terms: DelegationTerms },
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  const { until, reads, grants, categories } = terms
  const args = [pseudonym, account, { until, reads, grants, categories }] as const
  return await write(chain, { ...delegations(chain), functionName: 'delegate', args }, options)
}

/** Ends a delegation at once. By the controller, or by the delegate itself. What the delegate granted stays until it is
 * revoked; what it signed and nobody carried is void. */
export async function endDelegation(
  chain: Chain,
  { pseudonym, account }: Scope,
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  const args = [pseudonym, account] as const
  return await write(chain, { ...delegations(chain), functionName: 'endDelegation', args }, options)
}

/** What the controller that decides now said about an account. */
export async function delegationOf(
  chain: Chain,
  { pseudonym, account }: Scope,
  options?: ReadOptions,
): Promise<Delegation> {
  const scope = [pseudonym, account] as const
  const [said, [, key]] = await Promise.all([
    read(chain, { ...delegations(chain), functionName: 'delegationOf', args: scope }, options),
    read(chain, { ...delegations(chain), functionName: 'wordOf', args: scope }, options),
  ])
  const { until, reads, grants, categories, changedAt } = said
  const ended = until === 0 ? 'ended' : until <= chain.clock() ? 'over' : 'live'
  return { account, until, reads, grants, categories, changedAt, key, state: changedAt === 0 ? 'none' : ended }
}

/** Whether `key`, as `decide` answered it, is this reader's delegation and no consent. */
export async function isDelegationKey(
  chain: Chain,
  { pseudonym, account, key }: Scope & { readonly key: Hex },
  options?: ReadOptions,
): Promise<boolean> {
  if (isAddressEqual(chain.network.contracts.delegations, zeroAddress)) return false
  const args = [pseudonym, account] as const
  const [word, own] = await read(chain, { ...delegations(chain), functionName: 'wordOf', args }, options)
  return word !== 0n && own === key
}

/** Everybody whom the controller that decides now ever named, in the order in which they were named first. */
export async function delegatesOf(
  chain: Chain,
  { pseudonym }: { readonly pseudonym: Hex },
  options: EventOptions = {},
): Promise<Delegation[]> {
  const query = { ...delegations(chain), eventName: 'Delegated', args: { pseudonym } } as const
  const accounts = new Set((await events(chain, query, options)).map(({ account }) => account))
  const all = await Promise.all([...accounts].map((account) => delegationOf(chain, { pseudonym, account }, options)))
  return all.filter(({ state }) => state !== 'none')
}

/** For whom an account may read or consent now: every pseudonym whose controller named it, and what it may do there. */
export async function delegationsTo(
  chain: Chain,
  { account }: { readonly account: Address },
  options: EventOptions = {},
): Promise<(Delegation & { readonly pseudonym: Hex })[]> {
  const query = { ...delegations(chain), eventName: 'Delegated', args: { account } } as const
  const pseudonyms = new Set((await events(chain, query, options)).map(({ pseudonym }) => pseudonym))
  const all = await Promise.all(
    [...pseudonyms].map(async (pseudonym) => ({
      ...(await delegationOf(chain, { pseudonym, account }, options)),
      pseudonym,
    })),
  )
  return all.filter(({ state }) => state === 'live')
}

const delegations = (chain: Chain) => ({ address: chain.network.contracts.delegations, abi: delegationsAbi }) as const
