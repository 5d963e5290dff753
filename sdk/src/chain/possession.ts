import { type Address, encodeAbiParameters, type Hex, keccak256 } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { randomBytes } from '#primitives'
import { toHex } from '../bytes.ts'
import { BaseError } from '../errors.ts'
import type { Chain } from './connect.ts'
import type { View } from './head.ts'
import { hashMessage, parseMessage, type SignedMessage, signerOf } from './messages.ts'
import { type Message, typedData } from './typed-data.ts'

/** What a reply key signs for one node; it travels beside the ticket (as DPoP does beside a token, RFC 9449). */
export type Possession = { readonly message: Message<'Possession'>; readonly signature: Hex }

/** The key that makes a ticket worth something. It lives in memory and nowhere else. */
export type ReplyKey = {
  /** What the ticket names it by. */
  readonly hash: Hex
  /** Says to one node that the holder of the key shows it this ticket; one signature serves a minute. */
  prove(ticketHash: Hex, node: Hex): Promise<Possession>
}

/** The messages that only the holder of their reply key can show. */
export type HeldTicket = Pick<SignedMessage<'ReadTicket' | 'RebuildRequest' | 'DeleteTicket'>, 'kind' | 'message'> & {
  readonly possession?: Possession | undefined
}

/** Seconds that a possession may live, and how long before its end a new one is signed. */
const lifetime = 120
const margin = 60
/** Seconds that a signer's clock may be off. */
export const clockSkew = 60

/** Makes a reply key for one ticket or one request. Needs no wallet: nothing is asked of the reader.
 * @example
 * const key = createReplyKey(chain)
 * const message = { reader, pseudonym, purpose, replyKeyHash: key.hash, notAfter }
 * const possession = await key.prove(hashMessage(chain.network, 'ReadTicket', message), operator) */
export function createReplyKey({ network, clock }: Pick<Chain, 'network' | 'clock'>): ReplyKey {
  const account = privateKeyToAccount(toHex(randomBytes(32)))
  const kept = new Map<string, { readonly notAfter: number; readonly possession: Promise<Possession> }>()
  const sign = async (message: Message<'Possession'>): Promise<Possession> => ({
    message,
    signature: await account.signTypedData(typedData(network, 'Possession', message)),
  })
  return {
    hash: replyKeyHash(account.address),
    prove(ticketHash, node) {
      const name = `${ticketHash} ${node}`
      const known = kept.get(name)
      if (known && known.notAfter > clock() + margin) return known.possession
      const notAfter = clock() + lifetime
      const possession = sign({ ticketHash, node, notAfter })
      kept.set(name, { notAfter, possession })
      return possession
    },
  }
}

/** How a ticket names its reply key: keccak256(abi.encode(address of the key)). */
export function replyKeyHash(account: Address): Hex {
  return keccak256(encodeAbiParameters([{ type: 'address' }], [account]))
}

/** The hash by which a possession names a ticket: its EIP-712 digest. */
export const ticketHashOf = (network: Parameters<typeof hashMessage>[0], { kind, message }: HeldTicket): Hex =>
  hashMessage(network, kind, message as Message<typeof kind>)

/** Checks that whoever shows a ticket holds its reply key and shows it to `node`, now.
 * Throws {@link TicketPossessionError}. */
export async function checkPossession(
  network: Chain['network'],
  ticket: HeldTicket,
  { node, at }: { node: Hex; at: Pick<View, 'earlier' | 'later'> },
): Promise<void> {
  const { possession } = ticket
  if (!possession) throw new TicketPossessionError({ reason: 'there is none' })
  const { message, signature } = possession
  if (message.node !== node.toLowerCase()) throw new TicketPossessionError({ reason: 'it is for another node' })
  if (message.ticketHash !== ticketHashOf(network, ticket))
    throw new TicketPossessionError({ reason: 'it is for another ticket' })
  if (message.notAfter < at.later) throw new TicketPossessionError({ reason: 'it has expired' })
  if (message.notAfter > at.earlier + lifetime + clockSkew)
    throw new TicketPossessionError({ reason: `it runs more than ${lifetime} s ahead` })
  const signer = await signerOf(network, { kind: 'Possession', message, signature }).catch(() => undefined)
  if (!signer || replyKeyHash(signer) !== ticket.message.replyKeyHash)
    throw new TicketPossessionError({ reason: 'another key signed it' })
}

/** Reads a possession from JSON. Throws {@link TicketPossessionError}. */
export function readPossession(json: unknown): Possession {
  const { message, signature, ...more } = (json ?? {}) as Record<string, unknown>
  const signed = typeof signature === 'string' && /^0x[0-9a-f]{130}$/i.test(signature)
  if (!signed || Object.keys(more).length > 0) throw new TicketPossessionError({ reason: 'it cannot be read' })
  try {
    return { message: parseMessage('Possession', message), signature: signature as Hex }
  } catch (cause) {
    throw new TicketPossessionError({ reason: 'it cannot be read', cause })
  }
}

/** Thrown when a ticket comes without a word of its reply key for this very node and moment. */
export class TicketPossessionError extends BaseError<'TICKET_POSSESSION'> {
  override readonly name = 'TicketPossessionError'
  constructor({ reason, cause }: { reason?: string; cause?: unknown }) {
    super('TICKET_POSSESSION', `Nothing shows that the ticket's owner sent it here: ${reason ?? 'unknown'}.`, {
      cause,
      hints: ["Sign a Possession with the ticket's reply key for this node; it lives two minutes.", 'Check the clock.'],
      docs: '/chain#possession',
    })
  }
}
