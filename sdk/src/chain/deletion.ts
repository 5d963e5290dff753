import { type Address, type Hex, isAddressEqual } from 'viem'
import { BaseError } from '../errors.ts'
import { organizationOf } from './actors.ts'
import type { Chain } from './connect.ts'
import { view } from './head.ts'
import { SignerMissingError } from './messages.ts'
import { patientOf } from './patients.ts'
import { type AnchoredRecord, recordOf } from './records.ts'
import { type Ticket, verifyTicket } from './tickets.ts'
import type { WaitOptions } from './wait.ts'

/** What is to be deleted: everything of a record up to and including a version. */
export type DeletionScope = { readonly recordId: Hex; readonly version: number }

/** As a version: all that an erased record had and could have. */
export const allVersions = 0xffff_ffff

/** Checks who asks a node to delete versions of a record, and that nobody reads them any more: the pseudonym's
 * controller or its provider's own account signed, whoever shows the ticket holds its reply key and speaks to `node`,
 * and at the final and at the latest block a later version is the current one, or the record is erased.
 * No key that only deposits may ask: together with `supersede` it could destroy what a hospital deposited.
 * Throws {@link DeletionRefusedError}, `TicketError`, `TicketPossessionError`, `StaleHeadError`, `ChainCallError`.
 * @example
 * const { recordId, version } = await checkDeletion(chain, ticket, { node: operator }) */
export async function checkDeletion(
  chain: Chain,
  ticket: Ticket<'DeleteTicket'>,
  { node, signal }: WaitOptions & { node: Hex },
): Promise<DeletionScope> {
  const at = await view(chain, { signal })
  const signer = await verifyTicket(chain, ticket, { at, node, signal })
  const { recordId, version } = ticket.message
  const [final, latest] = await Promise.all(
    [at.final, at.latest].map(({ number }) => recordOf(chain, { recordId }, { block: number, signal })),
  )
  if (!final || !latest) throw new DeletionRefusedError({ reason: 'UNKNOWN_RECORD' })
  if (!(await isRightful(chain, latest, signer, { signal }))) throw new DeletionRefusedError({ reason: 'NOT_RIGHTFUL' })
  if (![final, latest].every((record) => isVoid(record, version)))
    throw new DeletionRefusedError({ reason: 'STILL_CURRENT' })
  return { recordId, version }
}

/** Makes sure that the connection's account may have a record deleted, before anything is begun.
 * Throws {@link DeletionRefusedError}, `SignerMissingError`. */
export async function mayDelete(chain: Chain, record: AnchoredRecord, options: WaitOptions = {}): Promise<void> {
  if (!chain.wallet) throw new SignerMissingError({})
  const { address } = chain.wallet.account
  if (!(await isRightful(chain, record, address, options))) throw new DeletionRefusedError({ reason: 'NOT_RIGHTFUL' })
}

const isVoid = ({ erased, version: current }: AnchoredRecord, version: number): boolean => erased || version < current

/** Those who may erase the record: the contract's own rule. */
async function isRightful(
  chain: Chain,
  { pseudonym }: AnchoredRecord,
  signer: Address,
  options: WaitOptions,
): Promise<boolean> {
  const patient = await patientOf(chain, { pseudonym }, options)
  if (!patient) return false
  if (isAddressEqual(patient.controller, signer)) return true
  const provider = await organizationOf(chain, { organization: patient.provider }, options)
  return provider !== undefined && isAddressEqual(provider.account, signer)
}

const hints: Readonly<Record<string, string>> = {
  UNKNOWN_RECORD: 'Check the record id; wait until its block is final.',
  NOT_RIGHTFUL: 'Sign as the patient, or with the own account of the provider.',
  STILL_CURRENT: 'Supersede the version or erase the record first, and wait until that block is final.',
}

/** Thrown when a node may not delete what it is asked to; `reason` says why. */
export class DeletionRefusedError extends BaseError<'DELETION_REFUSED'> {
  override readonly name = 'DeletionRefusedError'
  readonly reason: string
  constructor({ reason = 'STILL_CURRENT' }: { reason?: string }) {
    super('DELETION_REFUSED', `Nothing is deleted: ${reason}.`, {
      hints: [hints[reason] ?? 'Read the reason.'],
      docs: 'rekey.md#deleting',
    })
    this.reason = reason
  }
}
