import { type Address, encodeAbiParameters, type Hex, keccak256, type TransactionReceipt, toHex, zeroHash } from 'viem'
import { labelText } from '../labels.ts'
import { patientRegistryAbi } from './abi.ts'
import { type ReadOptions, read, write } from './call.ts'
import type { Chain } from './connect.ts'
import { type EventOptions, events } from './events.ts'
import type { WaitOptions } from './wait.ts'

/** Guardians as PatientRegistry takes them: how many act together, and a commitment to each. */
export type Circle = { readonly needed: number; readonly places: readonly Hex[] }

/** A guardian who acts: what opens the commitment at `place`, and the signature. */
export type Approval = {
  readonly guardian: Address
  readonly place: number
  readonly salt: Hex
  readonly signature: Hex
}

/** What waits for a pseudonym, and the round that guardians sign for. */
export type Pending = {
  readonly kind: 'nothing' | 'recovery' | 'handover' | 'guardians'
  /** Who is to decide, for a recovery or a handover. */
  readonly to: Address
  /** Second from which it can be done. */
  readonly readyAt: number
  readonly round: number
}

/** Nobody guards: what drops the guardians. */
export const noGuardians: Circle = { needed: 0, places: [] }

/** Names guardians, or {@link noGuardians}; the first count at once, others after seven days. By the controller. */
export async function nameGuardians(
  chain: Chain,
  { pseudonym, circle }: { pseudonym: Hex; circle: Circle },
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  return await write(chain, { ...registry(chain), functionName: 'nameGuardians', args: [pseudonym, circle] }, options)
}

/** Proposes to hand a guarded pseudonym on; it waits seven days. By the controller. */
export async function proposeHandover(
  chain: Chain,
  { pseudonym, to }: { pseudonym: Hex; to: Address },
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  return await write(chain, { ...registry(chain), functionName: 'proposeHandover', args: [pseudonym, to] }, options)
}

/** Proposes another controller, with what guardians signed; it waits seven days. By anyone. */
export async function proposeRecovery(
  chain: Chain,
  { pseudonym, to, deadline, circle, approvals }: ByGuardians & { readonly to: Address },
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  const args = [pseudonym, to, deadline, circle, ascending(approvals)] as const
  return await write(chain, { ...registry(chain), functionName: 'proposeRecovery', args }, options)
}

/** Ends what waits, a recovery included: the veto. By the controller. */
export async function cancelPending(
  chain: Chain,
  { pseudonym }: { pseudonym: Hex },
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  return await write(chain, { ...registry(chain), functionName: 'cancel', args: [pseudonym] }, options)
}

/** Ends what waits, with what guardians signed. By anyone. */
export async function cancelByGuardians(
  chain: Chain,
  { pseudonym, deadline, circle, approvals }: ByGuardians,
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  const args = [pseudonym, deadline, circle, ascending(approvals)] as const
  return await write(chain, { ...registry(chain), functionName: 'cancelByGuardians', args }, options)
}
type ByGuardians = {
  readonly pseudonym: Hex
  readonly deadline: number
  readonly circle: Circle
  readonly approvals: readonly Approval[]
}

/** Does what has waited long enough. By anyone; a recovery by the controller at any time, who thereby agrees. */
export async function executePending(
  chain: Chain,
  { pseudonym }: { pseudonym: Hex },
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  return await write(chain, { ...registry(chain), functionName: 'execute', args: [pseudonym] }, options)
}

/** What waits for a pseudonym. */
export async function pendingOf(
  chain: Chain,
  { pseudonym }: { pseudonym: Hex },
  options?: ReadOptions,
): Promise<Pending> {
  const answer = await read(chain, { ...registry(chain), functionName: 'pendingOf', args: [pseudonym] }, options)
  const { kind, to, readyAt, round } = answer
  return { kind: kinds[kind] ?? 'nothing', to, readyAt, round }
}
const kinds = ['nothing', 'recovery', 'handover', 'guardians'] as const

/** The guardians who count now, as their patient named them; undefined where nobody guards. */
export async function guardiansOf(
  chain: Chain,
  { pseudonym }: { pseudonym: Hex },
  options?: ReadOptions & EventOptions,
): Promise<Circle | undefined> {
  const circle = await read(chain, { ...registry(chain), functionName: 'circleOf', args: [pseudonym] }, options)
  if (circle === zeroHash) return undefined
  const query = { ...registry(chain), eventName: 'GuardiansNamed', args: { pseudonym, circle } } as const
  const [named] = await events(chain, query, options)
  return named && { needed: named.needed, places: named.places }
}

/** The hash that stands on chain for guardians of a pseudonym. */
export function circleHash(pseudonym: Hex, { needed, places }: Circle): Hex {
  const words = [{ type: 'bytes32' }, { type: 'bytes32' }, { type: 'uint8' }, { type: 'bytes32[]' }] as const
  const domain = keccak256(toHex(labelText('person', 'guardians')))
  return keccak256(encodeAbiParameters(words, [domain, pseudonym, needed, places]))
}

/** The order that the contract wants, so that nobody counts twice. */
export const ascending = (approvals: readonly Approval[]): Approval[] =>
  [...approvals].sort((a, b) => (BigInt(a.guardian) < BigInt(b.guardian) ? -1 : 1))

const registry = (chain: Chain) =>
  ({ address: chain.network.contracts.patientRegistry, abi: patientRegistryAbi }) as const
