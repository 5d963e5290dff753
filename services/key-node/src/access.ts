import { fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import {
  type Chain,
  consentSaltOf,
  controllerOf,
  decide,
  recordOf,
  type Ticket,
  verifyReaderTicket,
  verifyTicket,
  view,
  type WaitOptions,
} from '@sharewell/sdk/chain'
import { parseKeyHeader } from '@sharewell/sdk/release'
import type { ObjectStore } from './files.ts'
import { RefusalError } from './refusals.ts'
import type { Transfer } from './transfer/watch.ts'

/** What a node is asked with: the time it may take, and its own operator id, for which a ticket must be meant. */
type Asked = WaitOptions & { readonly node: Hex }

/** Checks that a ticket was signed by the account that decides for its pseudonym. Refuses with BAD_SIGNATURE,
 * UNKNOWN_PSEUDONYM or NOT_THE_PATIENT. */
export async function checkController(
  chain: Chain,
  ticket: Ticket<'ReadTicket'>,
  { node, signal }: Asked,
): Promise<Hex> {
  const at = await view(chain, { signal })
  const account = await verifyTicket(chain, ticket, { at, node, signal })
  const { pseudonym } = ticket.message
  const controller = await controllerOf(chain, { pseudonym }, { block: at.latest.number, signal })
  if (!controller) throw new RefusalError({ refusal: 'UNKNOWN_PSEUDONYM' })
  if (controller.toLowerCase() !== account.toLowerCase()) throw new RefusalError({ refusal: 'NOT_THE_PATIENT' })
  return pseudonym
}

/** Gives a key header to the patient it is of, or to a reader whom the patient's consent lets read the record now. A
 * session key asks as a reader only. */
export async function readHeader(
  { chain, objects, transfer }: { chain: Chain; objects: ObjectStore; transfer: Pick<Transfer, 'find' | 'last'> },
  { hash, ticket }: { hash: Hex; ticket: Ticket<'ReadTicket'> },
  { node, signal }: Asked,
) {
  const at = await view(chain, { signal })
  const { reader, purpose } = ticket.message
  const session = await verifyReaderTicket(chain, ticket, { at, node, signal, reader, purpose })
  // Whoever asks proved nothing yet: others are asked for it only as long as this node has not taken all they have.
  const bytes = (await objects.get('headers', hash)) ?? (transfer.last() ? undefined : await transfer.find(hash))
  if (!bytes) throw new RefusalError({ refusal: 'UNKNOWN_HEADER' })
  const { header } = parseKeyHeader(bytes, { networkId: fromHex(chain.network.networkId, 32) })
  const recordId = toHex(header.recordId)
  const record = await recordOf(chain, { recordId }, { block: at.latest.number, signal })
  if (!record) throw new RefusalError({ refusal: 'UNKNOWN_RECORD' })
  if (record.erased) throw new RefusalError({ refusal: 'ERASED' })
  const { pseudonym, category: categoryBit } = record
  if (pseudonym !== ticket.message.pseudonym) throw new RefusalError({ refusal: 'WRONG_PSEUDONYM' })
  const controller = await controllerOf(chain, { pseudonym }, { block: at.latest.number, signal })
  if (!session && controller?.toLowerCase() === reader) return bytes
  const query = { pseudonym, recordId, categoryBit, reader, purpose, salt: consentSaltOf(ticket) }
  const { gathers, code } = await decide(chain, query, { at, signal })
  // Of a consent that is used up too: a header opens nothing, and what does is counted.
  if (!gathers && code !== 'PERMIT') throw new RefusalError({ refusal: code })
  return bytes
}
