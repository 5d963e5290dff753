import { type Address, type Hex, type TransactionReceipt, zeroHash } from 'viem'
import { breakGlassAbi } from './abi.ts'
import { type ReadOptions, read, write } from './call.ts'
import type { Chain } from './connect.ts'
import { hasBreakGlass } from './emergency-keys.ts'
import { type EventOptions, events, type Occurrence } from './events.ts'
import type { View } from './head.ts'
import { hashMessage } from './messages.ts'
import type { Message } from './typed-data.ts'
import type { WaitOptions } from './wait.ts'

/** What clinician and guardian sign; its digest is the id of the window. */
export type GlassOpening = Message<'BreakGlass'>

/** What a review found, from the contract's 1 on. */
export const verdicts = ['justified', 'unjustified'] as const
export type Verdict = (typeof verdicts)[number]

/** A window in which the glass is, or was, broken. */
export type GlassWindow = {
  readonly windowId: Hex
  readonly pseudonym: Hex
  /** All zero: every record that has an emergency wrap. */
  readonly recordId: Hex
  readonly clinician: Address
  readonly credentialId: Hex
  readonly guardian: Address
  readonly reasonCommit: Hex
  /** Uppermost organization of the clinician's affiliation: it owes the review. */
  readonly institution: Hex
  readonly openedAt: number
  /** First second after. */
  readonly until: number
  readonly closedAt: number | undefined
  readonly reviewBy: number
  readonly review: { readonly verdict: Verdict; readonly reviewer: Address; readonly reviewedAt: number } | undefined
}

/** Why break-glass, which asks no consent, does not permit. */
export type EmergencyCode = 'NO_WINDOW' | 'OTHER_WINDOW' | 'WINDOW_CLOSED' | 'WINDOW_OVER' | 'NOT_THE_CLINICIAN'

/** What break-glass says of one reader: as `decide` answers. */
type EmergencyDecision = {
  readonly permit: boolean
  readonly gathers: boolean
  readonly code: EmergencyCode | 'PERMIT'
  readonly key: Hex
}

/** How a window stands at a time. `overdue`: nobody reviewed it in time, and its institution opens no other. */
export type GlassState = 'open' | 'unreviewed' | 'overdue' | 'reviewed'

/** Opens the window that both signed, for 24 hours. By anyone who has both signatures.
 * Errors: `ContractRefusalError`, those of every transaction. */
export async function openGlass(
  chain: Chain,
  { opening, clinician, guardian }: { readonly opening: GlassOpening; readonly clinician: Hex; readonly guardian: Hex },
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  const args = [opening, clinician, guardian] as const
  return await write(chain, { ...glass(chain), functionName: 'openBreakGlass', args }, options)
}

/** Closes a window before its time. By its clinician, its guardian or the patient's controller. */
export async function closeGlass(
  chain: Chain,
  { windowId }: { readonly windowId: Hex },
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  return await write(chain, { ...glass(chain), functionName: 'closeBreakGlass', args: [windowId] }, options)
}

/** Records the review of a window that is over or closed. By a reviewer who took no part in it. */
export async function reviewGlass(
  chain: Chain,
  { windowId, credentialId, verdict, findingCommit = zeroHash }: reviewGlass.Args,
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  const args = [windowId, credentialId, verdicts.indexOf(verdict) + 1, findingCommit] as const
  return await write(chain, { ...glass(chain), functionName: 'reviewBreakGlass', args }, options)
}
export declare namespace reviewGlass {
  type Args = {
    readonly windowId: Hex
    /** The reviewer's affiliation. */
    readonly credentialId: Hex
    readonly verdict: Verdict
    readonly findingCommit?: Hex | undefined
  }
}

/** The id of the window that an opening opens. */
export const windowIdOf = ({ network }: Pick<Chain, 'network'>, opening: GlassOpening): Hex =>
  hashMessage(network, 'BreakGlass', opening)

/** A window; undefined where there is none. */
export async function glassWindow(
  chain: Chain,
  { windowId }: { readonly windowId: Hex },
  options?: ReadOptions,
): Promise<GlassWindow | undefined> {
  const { closedAt, verdict, reviewer, reviewedAt, ...entry } = await read(
    chain,
    { ...glass(chain), functionName: 'windowOf', args: [windowId] },
    options,
  )
  if (entry.openedAt === 0) return undefined
  const found = verdicts[verdict - 1]
  const review = found && { verdict: found, reviewer, reviewedAt }
  return { windowId, ...entry, closedAt: closedAt === 0 ? undefined : closedAt, review }
}

/** Whose windows: of a patient, of an institution, or all. */
export type GlassScope = { readonly pseudonym?: Hex | undefined; readonly institution?: Hex | undefined }

/** Windows as they stand now, oldest first. */
export async function glassWindows(
  chain: Chain,
  { pseudonym, institution }: GlassScope = {},
  options: EventOptions = {},
): Promise<(GlassWindow & Occurrence)[]> {
  if (!hasBreakGlass(chain)) return []
  const args = { ...(pseudonym && { pseudonym }), ...(institution && { institution }) }
  const broken = await events(chain, { ...glass(chain), eventName: 'GlassBroken', args }, options)
  const found = broken.map(async ({ windowId, block, time, transaction }) => {
    const entry = await glassWindow(chain, { windowId }, { signal: options.signal })
    return entry ? [{ ...entry, block, time, transaction }] : []
  })
  return (await Promise.all(found)).flat()
}

/** How a window stands at `now`, seconds. */
export function glassStateOf({ closedAt, until, reviewBy, review }: GlassWindow, now: number): GlassState {
  if (review) return 'reviewed'
  if (now > reviewBy) return 'overdue'
  return closedAt === undefined && now < until ? 'open' : 'unreviewed'
}

/**
 * What `decide` says for break-glass, in the place of consents: a window of this clinician that covers the record stands
 * open at the final block and is not closed at the latest one. Its guardian gathers what is sealed, and gets no key.
 */
export async function decideEmergency(
  chain: Chain,
  {
    pseudonym,
    recordId,
    reader,
  }: { readonly pseudonym: Hex; readonly recordId?: Hex | undefined; readonly reader: Hex },
  { at: { final, latest, earlier, later }, signal }: WaitOptions & { readonly at: View },
): Promise<EmergencyDecision> {
  const account = reader as Address
  const args = [pseudonym, account] as const
  const [asClinician, asGuardian] = await read(
    chain,
    { ...glass(chain), functionName: 'windowsOf', args },
    { block: final.number, signal },
  )
  const judged = async (windowId: Hex): Promise<EmergencyDecision['code']> => {
    if (windowId === zeroHash) return 'NO_WINDOW'
    const entry = await glassWindow(chain, { windowId }, { block: latest.number, signal })
    if (!entry || entry.openedAt > later) return 'NO_WINDOW'
    const whole = entry.recordId === zeroHash || recordId === undefined || BigInt(recordId) === 0n
    if (!whole && entry.recordId !== recordId) return 'OTHER_WINDOW'
    if (entry.closedAt !== undefined) return 'WINDOW_CLOSED'
    return Math.max(earlier, later) < entry.until ? 'PERMIT' : 'WINDOW_OVER'
  }
  const code = await judged(asClinician)
  if (code === 'PERMIT') return { permit: true, gathers: true, code, key: asClinician }
  const guards = (await judged(asGuardian)) === 'PERMIT'
  return { permit: false, gathers: guards, code: guards ? 'NOT_THE_CLINICIAN' : code, key: zeroHash }
}

const glass = ({ network }: Chain) => ({ address: network.contracts.breakGlass, abi: breakGlassAbi }) as const
