import type { Hex } from '@sharewell/sdk/bytes'
import {
  type Audit,
  auditOf,
  type BlockMark,
  type Chain,
  challenges,
  operatorInfo,
  type Ticket,
  verifyTicket,
  view,
} from '@sharewell/sdk/chain'
import type { AbortOptions } from '@sharewell/sdk/place'
import { isAddressEqual } from 'viem'
import { ForbiddenError } from './problem.ts'

/** What an auditor may see: one chunk of one share, and by what it is known. */
export type AuditScope = { readonly manifestHash: Hex; readonly index: number; readonly chunk: number }

/** What the audit of a ticket is about, where the signer was drawn for it and is active, at the final and at the latest block alike.
 * Errors: `TicketError`, `ForbiddenError`. */
export async function checkAudit(
  chain: Chain,
  ticket: Ticket<'AuditTicket'>,
  operator: Hex,
  options: AbortOptions = {},
): Promise<AuditScope> {
  const at = await view(chain, options)
  const signer = await verifyTicket(chain, ticket, { at, node: operator, ...options })
  const { audit } = ticket.message
  const seen = await Promise.all([at.final, at.latest].map((block) => openAt(chain, audit, { ...options, block })))
  const [final, latest] = seen
  if (!final || !latest || final.drawn.i !== latest.drawn.i)
    throw new ForbiddenError({ reason: 'NO_OPEN_AUDIT', hint: 'Wait until the draw is final; it ends with the audit.' })
  if (at.later >= Math.min(final.drawn.deadline, latest.drawn.deadline))
    throw new ForbiddenError({ reason: 'AUDIT_OVER', hint: 'A chunk is shown before the deadline of its audit.' })
  if (final.operator !== operator)
    throw new ForbiddenError({ reason: 'OTHER_NODE', hint: 'Ask the node that the audit names.' })
  const drawn = final.drawn.auditors.filter((id) => latest.drawn.auditors.includes(id))
  const known = await Promise.all(drawn.map((id) => operatorInfo(chain, { operator: id }, options)))
  if (!known.some((info) => info?.active && isAddressEqual(info.account, signer)))
    throw new ForbiddenError({
      reason: 'NOT_AN_AUDITOR',
      hint: 'Sign with the account of an active auditor that was drawn.',
    })
  const blocks = { fromBlock: final.madeIn, toBlock: final.madeIn }
  const [challenge] = await challenges(chain, { audit }, { ...options, ...blocks })
  if (!challenge)
    throw new ForbiddenError({ reason: 'NO_OPEN_AUDIT', hint: 'The chain does not tell what the audit is about.' })
  return { manifestHash: challenge.manifestHash, index: final.j, chunk: final.drawn.i }
}

type OpenAudit = Audit & { readonly drawn: NonNullable<Audit['drawn']> }

async function openAt(
  chain: Chain,
  audit: Hex,
  { block, signal }: AbortOptions & { readonly block: BlockMark },
): Promise<OpenAudit | undefined> {
  const found = await auditOf(chain, { audit }, { block: block.number, signal })
  return found?.drawn && found.outcome === 'open' ? { ...found, drawn: found.drawn } : undefined
}
