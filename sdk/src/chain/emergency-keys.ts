import { type Address, type Hex, isAddressEqual, type TransactionReceipt, zeroAddress, zeroHash } from 'viem'
import { breakGlassAbi, keyCommitteeAbi } from './abi.ts'
import { type ReadOptions, read, write } from './call.ts'
import type { Chain } from './connect.ts'
import { type EventOptions, events } from './events.ts'
import type { WaitOptions } from './wait.ts'

/** A key of the key nodes for emergency wraps alone. */
export type EmergencyKey = {
  /** From 1 on. */
  readonly number: number
  /** Partials that open. */
  readonly k: number
  readonly groupKey: Hex
  readonly transcriptHash: Hex
  /** Operator ids; member number i is `members[i - 1]`. */
  readonly members: readonly Hex[]
  /** Of the same order. */
  readonly verifyingShares: readonly Hex[]
}

/** Somebody who holds the guardians' part, with an X-Wing public key. */
export type Officer = { readonly account: Address; readonly publicKey: Hex }

/** Whether the network has break-glass at all. */
export const hasBreakGlass = ({ network }: Pick<Chain, 'network'>): boolean =>
  !isAddressEqual(network.contracts.breakGlass, zeroAddress)

/** Says that the sender holds a share of a key for emergency wraps. By a key node of the epoch that serves; the key
 * serves once all of them did. */
export async function confirmEmergencyKey(
  chain: Chain,
  { k, groupKey, verifyingShares, transcriptHash }: Omit<EmergencyKey, 'number' | 'members'>,
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  const args = [k, groupKey, verifyingShares, transcriptHash] as const
  return await write(chain, { ...glass(chain), functionName: 'confirmEmergencyKey', args }, options)
}

/** The key of a group key, or the newest; undefined where there is none. */
export async function emergencyKeyOf(
  chain: Chain,
  { groupKey }: { readonly groupKey?: Hex | undefined } = {},
  options?: ReadOptions,
): Promise<EmergencyKey | undefined> {
  if (!hasBreakGlass(chain)) return undefined
  const number = groupKey
    ? await read(chain, { ...glass(chain), functionName: 'emergencyKeyNumber', args: [groupKey] }, options)
    : await read(chain, { ...glass(chain), functionName: 'emergencyKeys', args: [] }, options)
  return number === 0 ? undefined : await numbered(chain, number, options)
}

/** The newest key, where it was set since this epoch of the committee serves; undefined where none was. */
export async function emergencyKeySince(
  chain: Chain,
  { epoch }: { readonly epoch: number },
  options: WaitOptions = {},
): Promise<EmergencyKey | undefined> {
  const newest = await emergencyKeyOf(chain, {}, options)
  if (!newest) return undefined
  const { number } = newest
  const committee = { address: chain.network.contracts.keyCommittee, abi: keyCommitteeAbi } as const
  const [set, began] = await Promise.all([
    events(chain, { ...glass(chain), eventName: 'EmergencyKeySet', args: { number } }, options),
    events(chain, { ...committee, eventName: 'Activated', args: { epoch } }, options),
  ])
  return (set.at(-1)?.block ?? 0n) >= (began.at(-1)?.block ?? 0n) ? newest : undefined
}

/** Every key that serves, oldest first: a record keeps the one it was wrapped to. */
export async function emergencyKeys(chain: Chain, options?: ReadOptions): Promise<EmergencyKey[]> {
  if (!hasBreakGlass(chain)) return []
  const count = await read(chain, { ...glass(chain), functionName: 'emergencyKeys', args: [] }, options)
  return await Promise.all(Array.from({ length: count }, (_, at) => numbered(chain, at + 1, options)))
}

/** Names the officers of an institution, in place of those before. By the institution's account. What was wrapped to the
 * officers before opens for nobody any more until its patient wraps it anew.
 * @example
 * await nameOfficers(hospital, { institution, officers: [{ account, publicKey: toHex(publicKeyOf(seed)) }] }) */
export async function nameOfficers(
  chain: Chain,
  { institution, officers }: { readonly institution: Hex; readonly officers: readonly Officer[] },
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  const args = [institution, officers] as const
  return await write(chain, { ...glass(chain), functionName: 'nameOfficers', args }, options)
}

/** The id of the list of an institution's officers' keys; undefined where it has none. */
export async function officersKeyIdOf(
  chain: Chain,
  { institution }: { readonly institution: Hex },
  options?: ReadOptions,
): Promise<Hex | undefined> {
  if (!hasBreakGlass(chain)) return undefined
  const [, keyId] = await read(chain, { ...glass(chain), functionName: 'officersOf', args: [institution] }, options)
  return keyId === zeroHash ? undefined : keyId
}

/** The officers of an institution with their keys, in their order. */
export async function officersOf(
  chain: Chain,
  { institution }: { readonly institution: Hex },
  options: EventOptions = {},
): Promise<readonly Officer[]> {
  if (!hasBreakGlass(chain)) return []
  const named = await events(chain, { ...glass(chain), eventName: 'OfficersNamed', args: { institution } }, options)
  return named.at(-1)?.officers ?? []
}

async function numbered(chain: Chain, number: number, options?: ReadOptions): Promise<EmergencyKey> {
  const key = await read(chain, { ...glass(chain), functionName: 'emergencyKey', args: [number] }, options)
  return { number, ...key }
}

const glass = ({ network }: Chain) => ({ address: network.contracts.breakGlass, abi: breakGlassAbi }) as const
