import { digest } from '#primitives'
import { concat, fromHex, type Hex, toHex } from '../bytes.ts'
import {
  type Chain,
  createReplyKey,
  type DeletionScope,
  encodeTicket,
  hashMessage,
  type Message,
  readerOf,
  sessionFor,
  signAsReader,
  signMessage,
  type Ticket,
} from '../chain/index.ts'

/** Seconds that a ticket is made for, and how long before its end a new one is signed. */
const lifetime = 600
const margin = 60

/** A signature under way or done, and when the ticket ends: whoever comes meanwhile waits for the same one. */
type Kept<T> = { readonly notAfter: number; readonly ticket: Promise<T> }

/** A reader's ticket for one pseudonym and purpose, with the key in memory without which nobody can show it. */
export type ReadPass = {
  readonly pseudonym: Hex
  /** The ticket as one operator's node takes it, and no other. */
  ticketFor(node: Hex): Promise<Ticket<'ReadTicket'>>
}

/** By connection, so that a reader who opens ten records of one patient signs one ticket. */
const readPasses = new WeakMap<object, Map<string, Kept<ReadPass>>>()

/** A reader's pass for one pseudonym and purpose; its ticket is signed once, by the session key where there is a session
 * for the purpose, and kept until a minute before it ends.
 * What a node is shown, it cannot show to another.
 * `consentSalt` travels beside it, where the consent names its grantee with one.
 * @example
 * const pass = await readPass(chain, { pseudonym, purpose })
 * const authorization = encodeTicket(await pass.ticketFor(operator)) */
export async function readPass(
  chain: Chain,
  { pseudonym, purpose, consentSalt }: { pseudonym: Hex; purpose: number; consentSalt?: Hex | undefined },
): Promise<ReadPass> {
  const { network } = chain
  const reader = readerOf(chain)
  // A session of its own: a pass that it signed ends with it.
  const signer = sessionFor(chain, purpose) ?? chain.wallet ?? chain
  const passes = readPasses.get(signer) ?? new Map<string, Kept<ReadPass>>()
  readPasses.set(signer, passes)
  return await keep(chain, passes, `${pseudonym} ${purpose} ${consentSalt}`, async (notAfter) => {
    const key = createReplyKey(chain)
    const message: Message<'ReadTicket'> = { reader, pseudonym, purpose, replyKeyHash: key.hash, notAfter }
    const signature = await signAsReader(chain, 'ReadTicket', message, { purpose })
    const hash = hashMessage(network, 'ReadTicket', message)
    return {
      pseudonym,
      ticketFor: async (node) => ({
        kind: 'ReadTicket',
        message,
        signature,
        possession: await key.prove(hash, node),
        ...(consentSalt && { extra: { consentSalt } }),
      }),
    }
  })
}

/** A ticket of the patient or the provider to delete versions of a record, and the key in memory that shows it. */
export type DeletePass = {
  /** The ticket as one operator's node takes it, and no other. */
  ticketFor(node: Hex): Promise<Ticket<'DeleteTicket'>>
}

/** A pass to have every node delete a record's versions up to `version`. Signed once for all nodes, for ten minutes.
 * @example
 * const pass = await deletePass(chain, { recordId, version: 1 })
 * const authorization = encodeTicket(await pass.ticketFor(operator)) */
export async function deletePass(chain: Chain, { recordId, version }: DeletionScope): Promise<DeletePass> {
  const key = createReplyKey(chain)
  const message = { recordId, version, replyKeyHash: key.hash, notAfter: chain.clock() + lifetime }
  const signature = await signMessage(chain, 'DeleteTicket', message)
  const hash = hashMessage(chain.network, 'DeleteTicket', message)
  return {
    ticketFor: async (node) => ({ kind: 'DeleteTicket', message, signature, possession: await key.prove(hash, node) }),
  }
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

/** What a WriteTicket says of the nodes it is for: SHA-256 over their ids in share order. */
export async function operatorsHash(operators: readonly Hex[]): Promise<Hex> {
  return toHex(await digest(concat(...operators.map((id) => fromHex(id, 16)))))
}

/** Gives the `Authorization` by which `operator`, a reconstructor whose account signs for this connection, reads any block
 * of one storage node. Errors: those of signing.
 * @example
 * const authorize = operatorAuthorization(chain, operator)
 * const store = createHttpStore({ url: endpoint, authorize: () => authorize(node) }) */
export function operatorAuthorization(chain: Chain, operator: Hex): (node: Hex) => Promise<string> {
  const tickets = new Map<string, Kept<string>>()
  return (node) =>
    keep(chain, tickets, node, async (notAfter) => {
      const message = { operator, node, notAfter }
      const signature = await signMessage(chain, 'OperatorTicket', message)
      return encodeTicket({ kind: 'OperatorTicket', message, signature })
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
