import type { Hex } from '@sharewell/sdk/bytes'
import {
  type Chain,
  createReplyKey,
  encodeTicket,
  hashMessage,
  type Message,
  type ReplyKey,
  readerOf,
  signAsReader,
  type Ticket,
} from '@sharewell/sdk/chain'
import type { ReadPass } from '@sharewell/sdk/flow/key-nodes'
import { now } from './ids.ts'

/** A reader's pass of any fields, with what a thief of its ticket would have. */
export type TestPass = ReadPass & {
  readonly key: ReplyKey
  /** The ticket as it was signed, without a possession. */
  readonly ticket: Ticket<'ReadTicket'>
  /** The EIP-712 digest of the ticket. */
  readonly hash: Hex
  /** The header for one node. */
  headerFor(node: Hex): Promise<string>
}

/** Signs a ticket to read as the account of `chain`, for ten minutes, with whatever the test changes. */
export async function passOf(
  chain: Chain,
  { consentSalt, ...change }: Partial<Message<'ReadTicket'>> & { readonly pseudonym: Hex; readonly consentSalt?: Hex },
  key: ReplyKey = createReplyKey(chain),
): Promise<TestPass> {
  const reader = readerOf(chain)
  const message = { reader, purpose: 0, replyKeyHash: key.hash, notAfter: now() + 600, ...change }
  const signature = await signAsReader(chain, 'ReadTicket', message, message)
  const extra = { ...(consentSalt && { consentSalt }) }
  return passOn(chain, { kind: 'ReadTicket', message, signature, extra }, key)
}

/** A pass of a ticket that exists already, under any key. */
export function passOn(chain: Chain, ticket: Ticket<'ReadTicket'>, key: ReplyKey): TestPass {
  const hash = hashMessage(chain.network, 'ReadTicket', ticket.message)
  const ticketFor = async (node: Hex): Promise<Ticket<'ReadTicket'>> => ({
    ...ticket,
    possession: await key.prove(hash, node),
  })
  const headerFor = async (node: Hex) => encodeTicket(await ticketFor(node))
  return { pseudonym: ticket.message.pseudonym, key, ticket, hash, ticketFor, headerFor }
}
