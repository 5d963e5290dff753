import { type Bytes, toHex } from '@sharewell/sdk/bytes'
import type { AbortOptions } from '@sharewell/sdk/place'
import { recordOfTerms } from '@sharewell/sdk/share'
import type { Authority, Standing } from './authority.ts'
import { ForbiddenError } from './problem.ts'

/** A step that somebody asks for who may read the record, and the record as it stands. */
export type ReadersAsk<Ask> = { readonly ask: Ask; readonly standing: Standing }

/**
 * Takes a step from who may read the record that its terms are of, and so the share of this node: no coordinator as such.
 * The body is read once the ticket is one of a reader.
 * Errors: `TicketError`, `ForbiddenError`, those of `read` and of the chain's decision.
 */
export async function readersAsk<Ask extends { readonly terms: Bytes }>(
  authority: Pick<Authority, 'read' | 'current'>,
  ticket: string | undefined,
  read: () => Promise<Ask>,
  options: AbortOptions,
): Promise<ReadersAsk<Ask>> {
  // An auditor's ticket lets it read one chunk, and no record.
  if (typeof (await authority.read(ticket, [], options)) !== 'boolean')
    throw new ForbiddenError({ reason: 'NO_RECORD', hint: 'Ask with a ticket to read a record.' })
  const ask = await read()
  const recordId = toHex(recordOfTerms(ask.terms))
  if ((await authority.read(ticket, [recordId], options)) !== true)
    throw new ForbiddenError({ reason: 'WRONG_PSEUDONYM', hint: 'Ask with a ticket to read this record.' })
  return { ask, standing: await authority.current(recordId, options) }
}
