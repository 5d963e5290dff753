import { type Address, type Hex, type TransactionReceipt, zeroHash } from 'viem'
import { accessLogAbi } from './abi.ts'
import { write } from './call.ts'
import type { Chain } from './connect.ts'
import { type EventOptions, events, type Occurrence } from './events.ts'
import type { WaitOptions } from './wait.ts'

/** A practitioner's question to the patient. */
export type AccessRequest = {
  readonly pseudonym: Hex
  readonly reader: Address
  /** All zero where categories are asked for. */
  readonly recordId: Hex
  readonly purpose: number
  readonly categories: number
  /** SHA-256 of the sealed note with the reason; all zero for none. */
  readonly noteHash: Hex
} & Occurrence

/** Asks the patient for one record, or for categories. It may wait days for its grant; there is no key in it. */
export async function requestAccess(
  chain: Chain,
  { pseudonym, recordId = zeroHash, purpose, categories = 0, noteHash = zeroHash }: requestAccess.Args,
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  const args = [pseudonym, recordId, purpose, categories, noteHash] as const
  return await write(chain, { ...accessLog(chain), functionName: 'request', args }, options)
}
export declare namespace requestAccess {
  type Args = {
    pseudonym: Hex
    recordId?: Hex | undefined
    purpose: number
    categories?: number | undefined
    noteHash?: Hex | undefined
  }
}

/** Logs the hash of a signed KeyRequest; key nodes answer only what stands in the log. */
export async function logReleaseRequest(
  chain: Chain,
  { requestHash }: { requestHash: Hex },
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  return await write(chain, { ...accessLog(chain), functionName: 'logReleaseRequest', args: [requestHash] }, options)
}

/** Logs what a key node released. By a key node of the committee that serves. */
export async function logReleased(
  chain: Chain,
  { requestHashes }: { requestHashes: readonly Hex[] },
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  return await write(chain, { ...accessLog(chain), functionName: 'logReleased', args: [requestHashes] }, options)
}

/** Questions to a pseudonym, or by a reader, oldest first. */
export async function requestsOf(
  chain: Chain,
  { pseudonym, reader }: { pseudonym?: Hex | undefined; reader?: Address | undefined },
  options?: EventOptions,
): Promise<AccessRequest[]> {
  const args = { ...(pseudonym && { pseudonym }), ...(reader && { reader }) }
  return await events(chain, { ...accessLog(chain), eventName: 'Requested', args }, options)
}

/** When a release request was logged, or each of several, each time it was; the request itself is known to reader and
 * key nodes only. */
export async function releaseRequestsOf(
  chain: Chain,
  { requestHash, sender }: { requestHash?: Hex | readonly Hex[] | undefined; sender?: Address | undefined },
  options?: EventOptions,
): Promise<({ readonly requestHash: Hex; readonly sender: Address } & Occurrence)[]> {
  const args = { ...(requestHash && { requestHash }), ...(sender && { sender }) }
  return await events(chain, { ...accessLog(chain), eventName: 'ReleaseRequested', args }, options)
}

/** Which key nodes say that they answered a release request, or one of several. */
export async function releasesOf(
  chain: Chain,
  { requestHash, operator }: { requestHash?: Hex | readonly Hex[] | undefined; operator?: Hex | undefined },
  options?: EventOptions,
): Promise<({ readonly requestHash: Hex; readonly operator: Hex } & Occurrence)[]> {
  const args = { ...(requestHash && { requestHash }), ...(operator && { operator }) }
  return await events(chain, { ...accessLog(chain), eventName: 'Released', args }, options)
}

const accessLog = (chain: Chain) => ({ address: chain.network.contracts.accessLog, abi: accessLogAbi }) as const
