import { type Hex, parseEventLogs, type TransactionReceipt, zeroHash } from 'viem'
import { BaseError } from '../errors.ts'
import { auditsAbi } from './abi.ts'
import { hasAudits } from './audits.ts'
import { ContractRefusalError, write } from './call.ts'
import type { Chain } from './connect.ts'
import { signMessage } from './messages.ts'
import type { Message } from './typed-data.ts'
import type { WaitOptions } from './wait.ts'

/** Why the contract refuses something about audits. */
export type AuditRefusal = Extract<(typeof auditsAbi)[number], { type: 'error'; name: `Audits${string}` }>['name']

/** Which of the contract's own reasons an error is; undefined for anything else.
 * @example
 * if (auditRefusalOf(error) === 'AuditsDrawnTwice') return // somebody was quicker */
export function auditRefusalOf(error: unknown): AuditRefusal | undefined {
  if (!(error instanceof ContractRefusalError)) return undefined
  return refusals.find((name) => name === error.reason)
}

/** Makes the caller's reconstructor the auditor of its house, in place of who was. By the operator's account.
 * Errors: {@link NoAuditsError}, `ContractRefusalError` with AuditsNotReconstructor or AuditsFull. */
export async function enrollAuditor(chain: Chain, options?: WaitOptions): Promise<TransactionReceipt> {
  return await write(chain, { ...contract(chain), functionName: 'enroll', args: [] }, options)
}

/** Ends that. By the account of the operator that sits. Errors: {@link NoAuditsError}, `ContractRefusalError` with
 * AuditsNotAuditor. */
export async function withdrawAuditor(
  chain: Chain,
  { house }: { readonly house: Hex },
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  return await write(chain, { ...contract(chain), functionName: 'withdraw', args: [house] }, options)
}

/** Asks a node for what it acknowledged. By a provider or a key that deposits for it, an active reconstructor, or a
 * practitioner whose live `credential` is named. Returns the id of the audit.
 * Errors: {@link NoAuditsError}, `ContractRefusalError` with AuditsNotChallenger, AuditsNotStorage, AuditsNotPromised,
 * AuditsTooFewAuditors, AuditsTooSoon, AuditsOtherManifest or AuditsNotStanding.
 * @example
 * const { audit } = await challengeNode(chain, { operator, acknowledgement, signature, manifest }) */
export async function challengeNode(
  chain: Chain,
  { operator, acknowledgement, signature, manifest, credential = zeroHash }: challengeNode.Args,
  options?: WaitOptions,
): Promise<{ readonly audit: Hex; readonly receipt: TransactionReceipt }> {
  const { bytes: size, ...promised } = acknowledgement
  const args = [operator, { ...promised, size }, signature, manifest, credential] as const
  const receipt = await write(chain, { ...contract(chain), functionName: 'challenge', args }, options)
  const logs = parseEventLogs({ abi: auditsAbi, eventName: 'AuditChallenged', logs: receipt.logs })
  const audit = logs[0]?.args.audit
  if (audit === undefined) throw new ContractRefusalError({ reason: 'it asked nobody', args: [] })
  return { audit, receipt }
}
export declare namespace challengeNode {
  type Args = {
    /** Who signed the acknowledgement. */
    readonly operator: Hex
    readonly acknowledgement: Message<'Acknowledgement'>
    readonly signature: Hex
    /** The signed manifest that it is about. */
    readonly manifest: Hex
    readonly credential?: Hex | undefined
  }
}

/** Draws chunk and auditors. By anybody. Errors: {@link NoAuditsError}, `ContractRefusalError` with AuditsUnknown,
 * AuditsDrawnTwice, AuditsNoBlock or AuditsTooFewAuditors. */
export async function drawAudit(
  chain: Chain,
  { audit }: { readonly audit: Hex },
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  return await write(chain, { ...contract(chain), functionName: 'draw', args: [audit] }, options)
}

/** An auditor's word. By its account. Errors: `SignerMissingError`, `WalletRefusedError`. */
export async function signAuditWord(
  chain: Pick<Chain, 'network' | 'wallet'>,
  word: Message<'AuditWord'>,
): Promise<AuditWord> {
  return { ...word, signature: await signMessage(chain, 'AuditWord', word) }
}

/** What an auditor says, and its signature. */
export type AuditWord = Message<'AuditWord'> & { readonly signature: Hex }

/** Sends the word of auditor `k`: shown before the deadline, or silence in the day after it. By anybody.
 * Errors: {@link NoAuditsError}, `ContractRefusalError` with AuditsUnknown, AuditsNotNow, AuditsSpokenTwice or
 * AuditsNotSigned. */
export async function testify(
  chain: Chain,
  { audit, shown, signature, k }: Omit<AuditWord, 'i'> & { readonly k: number },
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  const args = [audit, shown, k, signature] as const
  return await write(chain, { ...contract(chain), functionName: 'testify', args }, options)
}

const refusals = auditsAbi.flatMap((entry) =>
  entry.type === 'error' && entry.name.startsWith('Audits') ? [entry.name as AuditRefusal] : [],
)

function contract(chain: Chain) {
  if (!hasAudits(chain)) throw new NoAuditsError({})
  return { address: chain.network.contracts.audits, abi: auditsAbi } as const
}

/** Thrown when the network's description names no contract for audits. */
export class NoAuditsError extends BaseError<'NO_AUDITS'> {
  override readonly name = 'NoAuditsError'
  constructor(_: object) {
    super('NO_AUDITS', 'This network has no audits.', {
      hints: ['Use the network.json of a network that began with the contract Audits.'],
      docs: 'audits.md',
    })
  }
}
