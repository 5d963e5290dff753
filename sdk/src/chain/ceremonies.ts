import { encodeAbiParameters, type Hex, keccak256, type TransactionReceipt } from 'viem'
import { keyCommitteeAbi } from './abi.ts'
import { type ReadOptions, read, write } from './call.ts'
import type { Chain } from './connect.ts'
import { type EventOptions, events } from './events.ts'
import type { WaitOptions } from './wait.ts'

/** What became of a ceremony; each word stands where the contract has its number. */
export const ceremonyStates = ['none', 'open', 'begun-again', 'failed', 'replaced', 'done'] as const

/** One of {@link ceremonyStates}. */
export type CeremonyState = (typeof ceremonyStates)[number]

/** What the administration opens: who deals, who will hold, and how many of them release. */
export type CeremonyPlan = {
  /** A new key; otherwise the key that serves is shared anew. */
  readonly generation: boolean
  readonly k: number
  /** In a resharing, operators of the epoch that serves, at least its k. Empty in a generation: every member deals. */
  readonly dealers: readonly Hex[]
  readonly members: readonly Hex[]
  /** Seconds that each step has: 60 to 604,800. */
  readonly window: number
}

/** A ceremony as it was opened, and what became of it. */
export type Ceremony = CeremonyPlan & {
  /** A refresh that a member opened: it fails rather than cost anybody a seat. */
  readonly byMember: boolean
  readonly ceremony: number
  /** The epoch that it makes. */
  readonly epoch: number
  readonly state: CeremonyState
  readonly startedAt: number
  readonly startBlock: bigint
}

/** How far the parties are, in the ceremony's order. */
export type CeremonyProgress = {
  /** Hash that each dealer committed to. */
  readonly packages: readonly (Hex | undefined)[]
  readonly revealed: readonly boolean[]
  /** Hash of the result that each member accepted. */
  readonly accepted: readonly (Hex | undefined)[]
}

/** A complaint; odd levels wait for the dealer. */
export type Complaint = {
  readonly dealer: Hex
  readonly member: Hex
  /** 1 nothing came, 2 answered sealed, 3 that is bad too, 4 answered in clear. */
  readonly level: number
}

/** What a dealer showed. */
export type ShownPackage = { readonly commitment: readonly Hex[]; readonly proof: Hex }

/** What a member accepts. */
export type AcceptedResult = {
  readonly groupKey: Hex
  readonly verifyingShares: readonly Hex[]
  readonly transcriptHash: Hex
}

/** Opens the ceremony of the next epoch. Only the network's administration. */
export async function openCeremony(
  chain: Chain,
  plan: CeremonyPlan,
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  return await write(chain, { ...committee(chain), functionName: 'openCeremony', args: openArgs(plan) }, options)
}

/** Opens a refresh: the same members and k, other shares. By a member, a day after the last ceremony began. */
export async function openRefresh(
  chain: Chain,
  { dealers }: Pick<CeremonyPlan, 'dealers'>,
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  return await write(chain, { ...committee(chain), functionName: 'openRefresh', args: [dealers] }, options)
}

/** The arguments of `openCeremony`, in order. */
export const openArgs = ({ generation, k, dealers, members, window }: CeremonyPlan) =>
  [generation, k, dealers, members, window] as const

/** Commits to a package by its {@link packageHash}. By a dealer. */
export async function commitPackage(
  chain: Chain,
  { ceremony, hash }: { ceremony: number; hash: Hex },
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  return await write(chain, { ...committee(chain), functionName: 'commit', args: [ceremony, hash] }, options)
}

/** Shows the package that was committed to. By a dealer, once all committed. */
export async function revealPackage(
  chain: Chain,
  { ceremony, commitment, proof }: ShownPackage & { ceremony: number },
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  const args = [ceremony, commitment, proof] as const
  return await write(chain, { ...committee(chain), functionName: 'reveal', args }, options)
}

/** Complains about a dealer's share, with the X-Wing key to seal it to. By a member. */
export async function complain(
  chain: Chain,
  { ceremony, dealer, key }: { ceremony: number; dealer: Hex; key: Hex },
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  return await write(chain, { ...committee(chain), functionName: 'complain', args: [ceremony, dealer, key] }, options)
}

/** Answers a complaint. By the dealer. */
export async function answerComplaint(
  chain: Chain,
  { ceremony, member, data }: { ceremony: number; member: Hex; data: Hex },
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  return await write(chain, { ...committee(chain), functionName: 'answer', args: [ceremony, member, data] }, options)
}

/** Accepts a ceremony's result; with the last member its epoch serves. By a member. */
export async function acceptResult(
  chain: Chain,
  { ceremony, groupKey, verifyingShares, transcriptHash }: AcceptedResult & { ceremony: number },
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  const args = [ceremony, groupKey, verifyingShares, transcriptHash] as const
  return await write(chain, { ...committee(chain), functionName: 'accept', args }, options)
}

/** Holds a party to be at fault; k members together begin again without it. By a member. */
export async function excludeParty(
  chain: Chain,
  { ceremony, culprit }: { ceremony: number; culprit: Hex },
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  return await write(chain, { ...committee(chain), functionName: 'exclude', args: [ceremony, culprit] }, options)
}

/** Begins again without who is silent past its time. By any account. */
export async function beginAgain(
  chain: Chain,
  { ceremony }: { ceremony: number },
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  return await write(chain, { ...committee(chain), functionName: 'beginAgain', args: [ceremony] }, options)
}

/** The number of the newest ceremony; 0 before the first. */
export async function latestCeremony(chain: Chain, options?: ReadOptions): Promise<number> {
  return await read(chain, { ...committee(chain), functionName: 'latestCeremony', args: [] }, options)
}

/** A ceremony, or undefined where there is none. */
export async function ceremonyOf(
  chain: Chain,
  { ceremony }: { ceremony: number },
  options?: ReadOptions,
): Promise<Ceremony | undefined> {
  const entry = await read(chain, { ...committee(chain), functionName: 'ceremonyOf', args: [ceremony] }, options)
  const state = ceremonyStates[entry.state] ?? 'none'
  return state === 'none' ? undefined : { ...entry, ceremony, state }
}

/** How far the parties of a ceremony are. */
export async function ceremonyProgress(
  chain: Chain,
  { ceremony }: { ceremony: number },
  options?: ReadOptions,
): Promise<CeremonyProgress> {
  const found = await read(chain, { ...committee(chain), functionName: 'progressOf', args: [ceremony] }, options)
  const { packages, revealed, accepted } = found
  return { packages: packages.map(present), revealed, accepted: accepted.map(present) }
}

/** The complaints of a ceremony. */
export async function complaintsOf(
  chain: Chain,
  { ceremony }: { ceremony: number },
  options?: ReadOptions,
): Promise<readonly Complaint[]> {
  return await read(chain, { ...committee(chain), functionName: 'complaintsOf', args: [ceremony] }, options)
}

/** Who is silent past its time. */
export async function silentIn(
  chain: Chain,
  { ceremony }: { ceremony: number },
  options?: ReadOptions,
): Promise<{ readonly dealers: readonly Hex[]; readonly members: readonly Hex[] }> {
  const [dealers, members] = await read(
    chain,
    { ...committee(chain), functionName: 'silentIn', args: [ceremony] },
    options,
  )
  return { dealers, members }
}

/** Who was silent past its time in a ceremony, or was shown to be at fault: the evidence stands in its events. */
export async function struckIn(
  chain: Chain,
  { ceremony, startBlock }: Pick<Ceremony, 'ceremony' | 'startBlock'>,
  options?: WaitOptions,
): Promise<readonly { readonly operator: Hex; readonly silent: boolean }[]> {
  const query = { ...committee(chain), eventName: 'Struck', args: { ceremony } } as const
  const found = await events(chain, query, { ...options, fromBlock: startBlock })
  return found.map(({ operator, silent }) => ({ operator, silent }))
}

/** The packages that were shown, by dealer. */
export async function shownPackages(
  chain: Chain,
  { ceremony }: { ceremony: number },
  options?: EventOptions,
): Promise<ReadonlyMap<Hex, ShownPackage>> {
  const query = { ...committee(chain), eventName: 'PackageRevealed', args: { ceremony } } as const
  const found = await events(chain, query, options)
  return new Map(found.map(({ dealer, commitment, proof }) => [dealer, { commitment, proof }]))
}

/** The X-Wing keys that complaints named, and what dealers answered. */
export async function complaintMessages(
  chain: Chain,
  { ceremony }: { ceremony: number },
  options?: EventOptions,
): Promise<readonly (Complaint & { readonly data: Hex })[]> {
  const [complaints, answers] = await Promise.all([
    events(chain, { ...committee(chain), eventName: 'Complained', args: { ceremony } } as const, options),
    events(chain, { ...committee(chain), eventName: 'Answered', args: { ceremony } } as const, options),
  ])
  return [...complaints.map(({ key: data, ...rest }) => ({ ...rest, data })), ...answers].map(
    ({ dealer, member, level, data }) => ({ dealer, member, level, data }),
  )
}

/** What a dealer commits to: its package under this ceremony and its own name. */
export function packageHash(ceremony: number, dealer: Hex, { commitment, proof }: ShownPackage): Hex {
  const parameters = [{ type: 'uint32' }, { type: 'bytes16' }, { type: 'bytes32[]' }, { type: 'bytes' }] as const
  return keccak256(encodeAbiParameters(parameters, [ceremony, dealer, commitment, proof]))
}

/** What the contract keeps of an accepted result. */
export function resultHash({ groupKey, verifyingShares, transcriptHash }: AcceptedResult): Hex {
  const parameters = [{ type: 'bytes32' }, { type: 'bytes32[]' }, { type: 'bytes32' }] as const
  return keccak256(encodeAbiParameters(parameters, [groupKey, verifyingShares, transcriptHash]))
}

const present = (hash: Hex): Hex | undefined => (BigInt(hash) === 0n ? undefined : hash)

const committee = (chain: Chain) => ({ address: chain.network.contracts.keyCommittee, abi: keyCommitteeAbi }) as const
