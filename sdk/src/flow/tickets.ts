import type { Hex } from '../bytes.ts'
import { type Chain, encodeTicket, type Message, SignerMissingError, signMessage, type Ticket } from '../chain/index.ts'

/** Seconds that a ticket is made for, and how long before its end a new one is signed. */
const lifetime = 600
const margin = 60

/** A signature under way or done, and when the ticket ends: whoever comes meanwhile waits for the same one. */
type Kept<T> = { readonly notAfter: number; readonly ticket: Promise<T> }

/** By connection, so that a reader who opens ten records of one patient signs one ticket. */
const readTickets = new WeakMap<object, Map<string, Kept<Ticket<'ReadTicket'>>>>()

/** A reader's ticket for one pseudonym and purpose; signed once and kept until a minute before it ends. */
export async function readTicket(
  chain: Chain,
  { pseudonym, purpose }: { pseudonym: Hex; purpose: number },
): Promise<Ticket<'ReadTicket'>> {
  const { wallet } = chain
  if (!wallet) throw new SignerMissingError({})
  const tickets = readTickets.get(wallet) ?? new Map<string, Kept<Ticket<'ReadTicket'>>>()
  readTickets.set(wallet, tickets)
  const reader = wallet.account.address
  return await keep(chain, tickets, `${pseudonym} ${purpose}`, async (notAfter) => {
    const message: Message<'ReadTicket'> = { reader, pseudonym, purpose, notAfter }
    return { kind: 'ReadTicket', message, signature: await signMessage(chain, 'ReadTicket', message) }
  })
}

/** Gives the `Authorization` of a depositor for one record on n nodes, signing a new ticket when the old one ends.
 * `subject` shows that the record id is of the depositor's own pseudonym, where a patient deposits. */
export function writeAuthorization(
  chain: Chain,
  what: Omit<Message<'WriteTicket'>, 'notAfter'> & {
    readonly operators: readonly Hex[]
    readonly subject?: { readonly pseudonym: Hex; readonly salt: Hex } | undefined
  },
): () => Promise<string> {
  const { operators, subject, ...fields } = what
  const tickets = new Map<string, Kept<string>>()
  return () =>
    keep(chain, tickets, 'write', async (notAfter) => {
      const message = { ...fields, notAfter }
      const signature = await signMessage(chain, 'WriteTicket', message)
      return encodeTicket({
        kind: 'WriteTicket',
        message,
        signature,
        extra: { operators, ...(subject && { subject }) },
      })
    })
}

function keep<T>(
  chain: Chain,
  tickets: Map<string, Kept<T>>,
  name: string,
  sign: (notAfter: number) => Promise<T>,
): Promise<T> {
  const known = tickets.get(name)
  if (known && known.notAfter > chain.clock() + margin) return known.ticket
  const notAfter = chain.clock() + lifetime
  const ticket = sign(notAfter)
  tickets.set(name, { notAfter, ticket })
  ticket.catch(() => tickets.delete(name))
  return ticket
}
