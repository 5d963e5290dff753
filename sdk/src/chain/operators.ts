import type { Address, Hex, TransactionReceipt } from 'viem'
import { actorRegistryAbi } from './abi.ts'
import { type ReadOptions, read, write } from './call.ts'
import type { Chain } from './connect.ts'
import type { WaitOptions } from './wait.ts'

/** What an operator's node does. */
export const operatorKinds = ['storage', 'reconstructor', 'key'] as const

/** One of {@link operatorKinds}. */
export type OperatorKind = (typeof operatorKinds)[number]

/** A node's operator as the registry knows it. */
export type Operator = {
  readonly id: Hex
  readonly kind: OperatorKind
  /** Who answers for the node. */
  readonly organization: Hex
  /** The node's chain key: it signs what the node says. */
  readonly account: Address
  /** Base URL. */
  readonly endpoint: string
  /** SHA-256 of the node's X-Wing public key; 0 where it needs none. */
  readonly hpkeKeyHash: Hex
  readonly active: boolean
}

/** An operator, or undefined where there is none. */
export async function operatorInfo(
  chain: Chain,
  { operator }: { operator: Hex },
  options?: ReadOptions,
): Promise<Operator | undefined> {
  const call = { ...registry(chain), functionName: 'operatorInfo', args: [operator] } as const
  const { account, kind, organization, endpoint, hpkeKeyHash, active } = await read(chain, call, options)
  if (BigInt(account) === 0n) return undefined
  return { id: operator, kind: operatorKinds[kind] ?? 'storage', organization, account, endpoint, hpkeKeyHash, active }
}

/** All operators, or those of one kind, in order of admission; inactive ones are among them. */
export async function operators(
  chain: Chain,
  { kind }: { kind?: OperatorKind | undefined } = {},
  options?: ReadOptions,
): Promise<Operator[]> {
  const ids = await read(chain, { ...registry(chain), functionName: 'operatorIds', args: [] }, options)
  const all = await Promise.all(ids.map((operator) => operatorInfo(chain, { operator }, options)))
  return all.filter((operator) => operator !== undefined).filter((operator) => !kind || operator.kind === kind)
}

/** The active operator whose node signs with `account`, or undefined. */
export async function operatorOf(
  chain: Chain,
  { account }: { account: Address },
  options?: ReadOptions,
): Promise<Hex | undefined> {
  const id = await read(chain, { ...registry(chain), functionName: 'operatorOf', args: [account] }, options)
  return BigInt(id) === 0n ? undefined : id
}

/** Admits the operator of a node. Only the network's administration. */
export async function registerOperator(
  chain: Chain,
  { id, kind, organization, account, endpoint, hpkeKeyHash = noHash }: registerOperator.Args,
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  const args = [id, operatorKinds.indexOf(kind), organization, account, endpoint, hpkeKeyHash] as const
  return await write(chain, { ...registry(chain), functionName: 'registerOperator', args }, options)
}
export declare namespace registerOperator {
  type Args = {
    id: Hex
    kind: OperatorKind
    organization: Hex
    account: Address
    endpoint: string
    hpkeKeyHash?: Hex | undefined
  }
}

/** Switches an operator on or off. Only the network's administration. */
export async function setOperatorActive(
  chain: Chain,
  { operator, active }: { operator: Hex; active: boolean },
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  return await write(
    chain,
    { ...registry(chain), functionName: 'setOperatorActive', args: [operator, active] },
    options,
  )
}

/** Moves a node or renews its HPKE key. By the operator's account. */
export async function setOperatorEndpoint(
  chain: Chain,
  { operator, endpoint, hpkeKeyHash = noHash }: { operator: Hex; endpoint: string; hpkeKeyHash?: Hex | undefined },
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  const args = [operator, endpoint, hpkeKeyHash] as const
  return await write(chain, { ...registry(chain), functionName: 'setOperatorEndpoint', args }, options)
}

const noHash: Hex = `0x${'00'.repeat(32)}`

const registry = (chain: Chain) => ({ address: chain.network.contracts.actorRegistry, abi: actorRegistryAbi }) as const
