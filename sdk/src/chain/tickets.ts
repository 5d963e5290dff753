import type { Address } from 'viem'
import { fromBase64url, fromUtf8, toBase64url, utf8 } from '../bytes.ts'
import { BaseError } from '../errors.ts'
import type { Chain } from './connect.ts'
import type { View } from './head.ts'
import { messageToJson, parseMessage, type SignedMessage, signerOf, verifyMessage } from './messages.ts'
import type { WaitOptions } from './wait.ts'

/** The messages that travel as tickets. */
export type TicketKind = 'WriteTicket' | 'ReadTicket' | 'OperatorTicket' | 'RebuildRequest'

/** A signed message that authorises HTTP calls for a few minutes. */
export type Ticket<kind extends TicketKind = TicketKind> = SignedMessage<kind> & {
  /** Named where the signer is a contract account (ERC-1271); else the signature tells. */
  readonly signer?: Address | undefined
  /** What travels beside the message, unsigned (a WriteTicket's list of operators). */
  readonly extra?: Readonly<Record<string, unknown>> | undefined
}

/** The value of an `Authorization` header that carries a ticket.
 * @example
 * fetch(url, { headers: { authorization: encodeTicket({ kind: 'ReadTicket', message, signature, extra: {} }) } }) */
export function encodeTicket(ticket: Ticket): string {
  const { kind, message, signature, signer, extra } = ticket
  const json = { ...extra, kind, message: messageToJson(message), signature, ...(signer && { signer }) }
  return `${scheme} ${toBase64url(utf8(JSON.stringify(json)))}`
}

/** A ticket as plain JSON, for the calls that carry it in their body. */
export function ticketToJson({ kind, message, signature, signer, extra }: Ticket): Record<string, unknown> {
  return { ...extra, kind, message: messageToJson(message), signature, ...(signer && { signer }) }
}

/** Reads an `Authorization` header. `kinds` are those that the caller takes. Throws {@link TicketError}. */
export function parseTicket<kind extends TicketKind>(
  header: string | undefined | null,
  kinds: readonly kind[],
): Ticket<kind> {
  if (!header?.startsWith(`${scheme} `) || header.length > maxHeader) throw new TicketError({ reason: 'there is none' })
  try {
    return ticketFromJson(JSON.parse(fromUtf8(fromBase64url(header.slice(scheme.length + 1)))), kinds)
  } catch (error) {
    if (error instanceof TicketError) throw error
    throw new TicketError({ reason: 'it cannot be read', cause: error })
  }
}

/** Reads a ticket from JSON. Throws {@link TicketError}. */
export function ticketFromJson<kind extends TicketKind>(json: unknown, kinds: readonly kind[]): Ticket<kind> {
  if (typeof json !== 'object' || json === null) throw new TicketError({ reason: 'it is no object' })
  const { kind: named, message, signature, signer, ...extra } = json as Record<string, unknown>
  const kind = kinds.find((one) => one === named)
  if (!kind) throw new TicketError({ reason: `it is not a ${kinds.join(' or ')}` })
  if (typeof signature !== 'string' || !/^0x(?:[0-9a-f]{2}){65,1024}$/i.test(signature))
    throw new TicketError({ reason: 'it is not signed' })
  if (signer !== undefined && (typeof signer !== 'string' || !/^0x[0-9a-f]{40}$/i.test(signer)))
    throw new TicketError({ reason: 'its signer is no account' })
  return { kind, message: readMessage(kind, message), signature, signer, extra } as unknown as Ticket<kind>
}

/** Checks a ticket's signature and its time against both clocks; returns who signed it.
 * What the signer may do with it is the service's question to the chain. Throws {@link TicketError}. */
export async function verifyTicket(
  chain: Chain,
  ticket: Ticket,
  { at, signal, ahead = defaultAhead }: WaitOptions & { at: View; ahead?: number },
): Promise<Address> {
  const { notAfter } = ticket.message
  if (notAfter < at.later) throw new TicketError({ reason: 'it has expired' })
  if (notAfter > at.earlier + ahead + clockSkew) throw new TicketError({ reason: `it runs more than ${ahead} s ahead` })
  const claimed = ticket.kind === 'ReadTicket' ? ticket.message.reader : ticket.signer
  try {
    if (!claimed) return await signerOf(chain.network, ticket)
    await verifyMessage(chain, { ...ticket, signer: claimed }, { at: at.final, signal })
    return claimed
  } catch (error) {
    if (!(error instanceof BaseError) || error.code !== 'SIGNATURE') throw error
    throw new TicketError({ reason: 'its signature does not hold', cause: error })
  }
}

const scheme = 'Sharewell'
const maxHeader = 16_384
/** Seconds that a ticket may live: 15 minutes; a signer's clock may be a minute off. */
const defaultAhead = 900
const clockSkew = 60

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
