import type { Address, Hex } from 'viem'
import { fromBase64url, fromUtf8, toBase64url, utf8 } from '../bytes.ts'
import { BaseError } from '../errors.ts'
import type { Chain } from './connect.ts'
import type { View } from './head.ts'
import { messageToJson, parseMessage, type SignedMessage, signerOf, verifyMessage } from './messages.ts'
import { checkPossession, clockSkew, type Possession, readPossession, TicketPossessionError } from './possession.ts'
import { type ReaderSigned, verifyReader } from './session-signature.ts'
import type { WaitOptions } from './wait.ts'

/** The messages that travel as tickets. */
export type TicketKind =
  | 'WriteTicket'
  | 'ReadTicket'
  | 'OperatorTicket'
  | 'RebuildRequest'
  | 'DeleteTicket'
  | 'AuditTicket'

/** A signed message that authorises HTTP calls for a few minutes. */
export type Ticket<kind extends TicketKind = TicketKind> = SignedMessage<kind> & {
  /** Named where the signer is a contract account (ERC-1271); else the signature tells. */
  readonly signer?: Address | undefined
  /** What makes a ReadTicket, RebuildRequest or DeleteTicket count at one node: its reply key names that node. */
  readonly possession?: Possession | undefined
  /** What travels beside the message, unsigned (a WriteTicket's list of operators, a reader's `consentSalt`). */
  readonly extra?: Readonly<Record<string, unknown>> | undefined
}

/** The value of an `Authorization` header that carries a ticket.
 * @example
 * fetch(url, { headers: { authorization: encodeTicket({ kind: 'ReadTicket', message, signature, extra: {} }) } }) */
export function encodeTicket(ticket: Ticket): string {
  return `${scheme} ${toBase64url(utf8(JSON.stringify(ticketToJson(ticket))))}`
}

/** A ticket as plain JSON, for the calls that carry it in their body. */
export function ticketToJson(ticket: Ticket): Record<string, unknown> {
  const { kind, message, signature, signer, possession, extra } = ticket
  const json = { ...extra, kind, message: messageToJson(message), signature }
  return { ...json, ...(signer && { signer }), ...(possession && { possession }) }
}

/** Reads an `Authorization` header. `kinds` are those that the caller takes. Throws {@link TicketError},
 * `TicketPossessionError`. */
export function parseTicket<kind extends TicketKind>(
  header: string | undefined | null,
  kinds: readonly kind[],
): Ticket<kind> {
  if (!header?.startsWith(`${scheme} `) || header.length > maxHeader) throw new TicketError({ reason: 'there is none' })
  try {
    return ticketFromJson(JSON.parse(fromUtf8(fromBase64url(header.slice(scheme.length + 1)))), kinds)
  } catch (error) {
    if (error instanceof TicketError || error instanceof TicketPossessionError) throw error
    throw new TicketError({ reason: 'it cannot be read', cause: error })
  }
}

/** Reads a ticket from JSON. Throws {@link TicketError}, `TicketPossessionError`. */
export function ticketFromJson<kind extends TicketKind>(json: unknown, kinds: readonly kind[]): Ticket<kind> {
  if (typeof json !== 'object' || json === null) throw new TicketError({ reason: 'it is no object' })
  const { kind: named, message, signature, signer, possession: proof, ...extra } = json as Record<string, unknown>
  const kind = kinds.find((one) => one === named)
  if (!kind) throw new TicketError({ reason: `it is not a ${kinds.join(' or ')}` })
  if (typeof signature !== 'string' || !/^0x(?:[0-9a-f]{2}){65,1024}$/i.test(signature))
    throw new TicketError({ reason: 'it is not signed' })
  if (signer !== undefined && (typeof signer !== 'string' || !/^0x[0-9a-f]{40}$/i.test(signer)))
    throw new TicketError({ reason: 'its signer is no account' })
  const possession = proof === undefined ? undefined : readPossession(proof)
  return { kind, message: readMessage(kind, message), signature, signer, possession, extra } as unknown as Ticket<kind>
}

/** The salt of the consent under which a ticket reads, where it names one; it travels beside the message, unsigned: with
 * another one the reader is merely refused. Throws {@link TicketError}. */
export function consentSaltOf({ extra }: Ticket<'ReadTicket' | 'RebuildRequest'>): Hex | undefined {
  const salt = extra?.consentSalt
  if (salt === undefined) return undefined
  if (typeof salt !== 'string' || !/^0x[0-9a-f]{64}$/i.test(salt))
    throw new TicketError({ reason: 'its consentSalt is not 32 bytes in hex' })
  return salt.toLowerCase() as Hex
}

/** Checks a ticket's signature and its time against both clocks, and that whoever shows a ReadTicket, a
 * RebuildRequest or a DeleteTicket holds its reply key and speaks to `node`, the operator that checks; returns who signed the ticket.
 * What the signer may do with it is the service's question to the chain.
 * Throws {@link TicketError}, `TicketPossessionError`. */
export async function verifyTicket(chain: Chain, ticket: Ticket, options: verifyTicket.Options): Promise<Address> {
  const signer = await signerOfTicket(chain, ticket, options)
  // A ticket that its reader showed to one node must be worth nothing to that node elsewhere.
  if (ticket.kind === 'ReadTicket' || ticket.kind === 'RebuildRequest' || ticket.kind === 'DeleteTicket')
    await checkPossession(chain.network, ticket, options)
  return signer
}

/** Checks a ticket to read as {@link verifyTicket} does, and takes the word of the reader's session key for it too. For
 * routes where `decide` has the last word: what the account may do as a patient, only its own signature opens.
 * Returns the session key, undefined where the reader signed. Throws {@link TicketError}, `TicketPossessionError`,
 * `SessionError`. */
export async function verifyReaderTicket(
  chain: Chain,
  ticket: Ticket<'ReadTicket' | 'RebuildRequest'>,
  { reader, purpose, ...options }: verifyTicket.Options & { reader: Address; purpose: number },
): Promise<Address | undefined> {
  checkTimes(ticket, options)
  const { kind, message, signature } = ticket
  const signed = { kind, message, signature, reader, purpose } as ReaderSigned
  const session = await verifyReader(chain, signed, options).catch(refuseUnsigned)
  await checkPossession(chain.network, ticket, options)
  return session
}

export declare namespace verifyTicket {
  type Options = WaitOptions & {
    at: View
    /** Operator id of the node that checks. */
    node: Hex
    /** Seconds that a ticket may live: 900. */
    ahead?: number | undefined
  }
}

async function signerOfTicket(
  chain: Chain,
  ticket: Ticket,
  { at, signal, ahead }: verifyTicket.Options,
): Promise<Address> {
  checkTimes(ticket, { at, ahead })
  const claimed = ticket.kind === 'ReadTicket' ? ticket.message.reader : ticket.signer
  try {
    if (!claimed) return await signerOf(chain.network, ticket)
    await verifyMessage(chain, { ...ticket, signer: claimed }, { at: at.final, signal })
    return claimed
  } catch (error) {
    return refuseUnsigned(error)
  }
}

function checkTimes(
  { message: { notAfter } }: Ticket,
  { at, ahead = defaultAhead }: Pick<verifyTicket.Options, 'at' | 'ahead'>,
): void {
  if (notAfter < at.later) throw new TicketError({ reason: 'it has expired' })
  if (notAfter > at.earlier + ahead + clockSkew) throw new TicketError({ reason: `it runs more than ${ahead} s ahead` })
}

function refuseUnsigned(error: unknown): never {
  if (!(error instanceof BaseError) || error.code !== 'SIGNATURE') throw error
  throw new TicketError({ reason: 'its signature does not hold', cause: error })
}

const scheme = 'Sharewell'
const maxHeader = 16_384
/** Seconds that a ticket may live: 15 minutes. */
const defaultAhead = 900

function readMessage(kind: TicketKind, message: unknown) {
  try {
    return parseMessage(kind, message)
  } catch (error) {
    throw new TicketError({ reason: 'its message is not complete', cause: error })
  }
}

/** Thrown when a call comes without a ticket that holds. */
export class TicketError extends BaseError<'TICKET'> {
  override readonly name = 'TicketError'
  constructor({ reason, cause }: { reason?: string; cause?: unknown }) {
    super('TICKET', `This ticket does not hold: ${reason ?? 'unknown'}.`, {
      cause,
      hints: ['Sign a new ticket; it lives 15 minutes.', 'Check the clock of this machine.'],
      docs: '/chain#tickets',
    })
  }
}
