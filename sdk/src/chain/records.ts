import type { Hex, TransactionReceipt } from 'viem'
import { recordRegistryAbi } from './abi.ts'
import { type ReadOptions, read, write } from './call.ts'
import type { Chain } from './connect.ts'
import { type EventOptions, events, type Occurrence } from './events.ts'
import type { WaitOptions } from './wait.ts'

/** A record as it stands on chain. */
export type AnchoredRecord = {
  readonly recordId: Hex
  readonly pseudonym: Hex
  /** Who deposited the current version; all zero for the patient. */
  readonly author: Hex
  /** Bit 0..31 of the pseudonym's own permutation. */
  readonly category: number
  readonly n: number
  readonly t: number
  readonly r: number
  /** The current version, from 1. */
  readonly version: number
  readonly erased: boolean
  readonly manifestHash: Hex
  readonly placementHash: Hex
}

/** What a depositor puts on chain for a version. */
export type VersionHashes = {
  readonly manifestHash: Hex
  readonly placementHash: Hex
  readonly ptCommit: Hex
  readonly n: number
  readonly t: number
  readonly r: number
}

/** A version's deposit, from its event. */
export type Deposit = {
  readonly recordId: Hex
  readonly pseudonym: Hex
  readonly author: Hex
  readonly version: number
  readonly category: number
  readonly manifestHash: Hex
  readonly placementHash: Hex
  readonly ptCommit: Hex
} & Occurrence

/** Anchors the first version of a record, for the provider of the pseudonym or as its controller.
 * @example
 * await anchor(chain, { pseudonym, salt, category: 3, manifestHash, placementHash, ptCommit, n: 5, t: 3, r: 0 }) */
export async function anchor(
  chain: Chain,
  deposit: VersionHashes & { pseudonym: Hex; salt: Hex; category: number },
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  return await write(chain, { ...registry(chain), functionName: 'anchor', args: [deposit] }, options)
}

/** Adds the next version of a record. */
export async function supersede(
  chain: Chain,
  { recordId, ...next }: VersionHashes & { recordId: Hex; version: number },
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  return await write(chain, { ...registry(chain), functionName: 'supersede', args: [recordId, next] }, options)
}

/** Says where the shares of the current version lie now. */
export async function relocate(
  chain: Chain,
  { recordId, version, placementHash }: { recordId: Hex; version: number; placementHash: Hex },
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  const args = [recordId, version, placementHash] as const
  return await write(chain, { ...registry(chain), functionName: 'relocate', args }, options)
}

/** Names a newer key header of the current version. */
export async function rewrap(
  chain: Chain,
  { recordId, version, keyHeaderHash }: { recordId: Hex; version: number; keyHeaderHash: Hex },
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  const args = [recordId, version, keyHeaderHash] as const
  return await write(chain, { ...registry(chain), functionName: 'rewrap', args }, options)
}

/** Erases a record for good. By the pseudonym's controller or the provider's own account. */
export async function erase(
  chain: Chain,
  { recordId }: { recordId: Hex },
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  return await write(chain, { ...registry(chain), functionName: 'erase', args: [recordId] }, options)
}

/** A record as it stands, or undefined where there is none. */
export async function recordOf(
  chain: Chain,
  { recordId }: { recordId: Hex },
  options?: ReadOptions,
): Promise<AnchoredRecord | undefined> {
  const record = await read(chain, { ...registry(chain), functionName: 'recordOf', args: [recordId] }, options)
  return record.version === 0 ? undefined : { recordId, ...record }
}

/** The manifest hash of any version, or undefined where there is none. It never changes once set. */
export async function manifestHashOf(
  chain: Chain,
  { recordId, version }: { recordId: Hex; version: number },
  options?: ReadOptions,
): Promise<Hex | undefined> {
  const call = { ...registry(chain), functionName: 'manifestHashOf', args: [recordId, version] } as const
  const hash = await read(chain, call, options)
  return BigInt(hash) === 0n ? undefined : hash
}

/** Every version deposited for a pseudonym, or by an organization, or of one record, oldest first. */
export async function depositsOf(
  chain: Chain,
  {
    pseudonym,
    recordId,
    author,
  }: { pseudonym?: Hex | undefined; recordId?: Hex | undefined; author?: Hex | undefined },
  options?: EventOptions,
): Promise<Deposit[]> {
  const args = { ...(pseudonym && { pseudonym }), ...(recordId && { recordId }), ...(author && { author }) }
  return await events(chain, { ...registry(chain), eventName: 'Anchored', args }, options)
}

/** The records of a pseudonym, or of which an organization deposited a version, as they stand; erased ones left out,
 * newest first. */
export async function recordsOf(
  chain: Chain,
  of: { readonly pseudonym: Hex } | { readonly author: Hex },
  options?: WaitOptions,
): Promise<(AnchoredRecord & { readonly depositedAt: number })[]> {
  const deposits = await depositsOf(chain, of, options)
  const newest = new Map(deposits.map((deposit) => [deposit.recordId, deposit]))
  const records = await Promise.all(
    [...newest].map(async ([recordId, { time }]) => {
      const record = await recordOf(chain, { recordId }, options)
      return record && { ...record, depositedAt: time }
    }),
  )
  const live = records.filter((record) => record !== undefined).filter((record) => !record.erased)
  return live.sort((a, b) => b.depositedAt - a.depositedAt)
}

/** The hashes of newer key headers of a record, oldest first; empty while the manifest's own is the only one. */
export async function rewrapsOf(
  chain: Chain,
  { recordId }: { recordId: Hex },
  options?: EventOptions,
): Promise<({ readonly recordId: Hex; readonly version: number; readonly keyHeaderHash: Hex } & Occurrence)[]> {
  return await events(chain, { ...registry(chain), eventName: 'Rewrapped', args: { recordId } }, options)
}

const registry = (chain: Chain) =>
  ({ address: chain.network.contracts.recordRegistry, abi: recordRegistryAbi }) as const
