import { concat, fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import {
  type AnchoredRecord,
  blockAt,
  type Chain,
  checkDeletion,
  checkRebuild,
  consentSaltOf,
  controllerOf,
  type DeletionScope,
  decide,
  type Operator,
  operatorInfo,
  parseMessage,
  parseTicket,
  patientOf,
  providerOf,
  recordIdOf,
  recordOf,
  type Ticket,
  type View,
  verifyReaderTicket,
  verifyTicket,
  view,
} from '@sharewell/sdk/chain'
import { type AbortOptions, pause, withDeadline } from '@sharewell/sdk/place'
import { sha256 } from '@sharewell/sdk/primitives'
import { type Address, isAddressEqual } from 'viem'
import * as z from 'zod'
import { type AuditScope, checkAudit } from './audit-right.ts'
import { createMemo } from './memo.ts'
import { ForbiddenError } from './problem.ts'

/** Who may write and read here. The real one asks the chain; tests bring their own. */
export type Authority = {
  /** Lets a depositor write one record's blocks. Errors: `TicketError`, `ForbiddenError`. */
  write(header: string | undefined, options?: AbortOptions): Promise<WriteGrant>
  /** Whether a block that belongs to these records may be read; for no record at all only a reconstructor may. To an
   * auditor, what its audit is about.
   * Errors: `TicketError`, `TicketPossessionError`, `ForbiddenError` and `RebuildRefusedError` with the chain's reason. */
  read(header: string | undefined, records: readonly Hex[], options?: AbortOptions): Promise<boolean | AuditScope>
  /** What the patient or the provider itself may have deleted here.
   * Errors: `TicketError`, `TicketPossessionError`, `DeletionRefusedError` with the chain's reason. */
  erase(header: string | undefined, options?: AbortOptions): Promise<DeletionScope>
  /** The record of a depositor's ticket as it stands at the final and at the latest block alike.
   * Errors: `TicketError`, `ForbiddenError`. */
  standing(header: string | undefined, options?: AbortOptions): Promise<Standing>
  /** The same of a record, whoever asks. Errors: `ForbiddenError`. */
  current(recordId: Hex, options?: AbortOptions): Promise<Standing>
  /** Account and HPKE key of an active storage operator; undefined where there is none. */
  keeper(operator: Hex, options?: AbortOptions): Promise<Keeper | undefined>
  /** Whether the chain lets this account relocate the record. */
  relocates(account: Hex, recordId: Hex, options?: AbortOptions): Promise<boolean>
  /** The newest block. */
  head(options?: AbortOptions): Promise<number>
  /** The hash of a block, once it is final; undefined where it is not within half a minute. */
  finalHash(block: number, options?: AbortOptions): Promise<Hex | undefined>
}

/** Blocks of this version of a record, up to so many bytes. */
export type WriteGrant = { readonly recordId: Hex; readonly version: number; readonly maxBytes: number }

/** A record's current version as the chain fixes it. */
export type Standing = {
  readonly recordId: Hex
  readonly version: number
  /** The anchored manifest. */
  readonly manifestHash: Hex
  readonly placementHash: Hex
  /** What the ticket lets write. */
  readonly maxBytes: number
}

/** What the registry says of a node that keeps a share. */
export type Keeper = Pick<Operator, 'account' | 'hpkeKeyHash'>

/** Asks the chain, and remembers each answer for a moment: a write for 30 s, a read for 1 s, so that a revocation counts
 * from the next second on. */
export function chainAuthority(chain: Chain, { operator }: { operator: Hex }): Authority {
  const writes = createMemo<WriteGrant>(chain, 30)
  const reads = createMemo<boolean | AuditScope>(chain, 1)
  return {
    async write(header, options = {}) {
      const ticket = parseTicket(header, ['WriteTicket'])
      const answer = writes(header ?? '', ticket, () => checkWrite(chain, ticket, operator))
      return await withDeadline('the chain', checkTimeout, options, () => answer)
    },
    async read(header, records, options = {}) {
      const ticket = parseTicket(header, ['OperatorTicket', 'ReadTicket', 'RebuildRequest', 'AuditTicket'])
      const key = [header, ...records].join()
      const answer = reads(key, ticket, () => checkRead(chain, ticket, records, operator))
      return await withDeadline('the chain', checkTimeout, options, () => answer)
    },
    async erase(header, options = {}) {
      const ticket = parseTicket(header, ['DeleteTicket'])
      return await withDeadline('the chain', checkTimeout, options, (signal) =>
        checkDeletion(chain, ticket, { node: operator, signal }),
      )
    },
    async standing(header, options = {}) {
      const ticket = parseTicket(header, ['WriteTicket'])
      return await withDeadline('the chain', checkTimeout, options, async (signal) => {
        const grant = await checkWrite(chain, ticket, operator, { signal })
        return await standingOf(chain, grant, { signal })
      })
    },
    async current(recordId, options = {}) {
      return await withDeadline('the chain', checkTimeout, options, async (signal) => {
        const version = (await recordOf(chain, { recordId }, { signal }))?.version ?? 0
        return await standingOf(chain, { recordId, version, maxBytes: 0 }, { signal })
      })
    },
    async keeper(id, options = {}) {
      return await withDeadline('the chain', checkTimeout, options, async (signal) => {
        const info = await operatorInfo(chain, { operator: id }, { signal })
        return info?.active && info.kind === 'storage' ? info : undefined
      })
    },
    async relocates(signer, recordId, options = {}) {
      return await withDeadline('the chain', checkTimeout, options, async (signal) => {
        const record = await recordOf(chain, { recordId }, { signal })
        return !!record && (await mayDeposit(chain, { signer, recordId, record }, { signal }))
      })
    },
    async head(options = {}) {
      return await withDeadline('the chain', checkTimeout, options, async (signal) => {
        const { latest } = await view(chain, { signal })
        return Number(latest.number)
      })
    },
    async finalHash(block, options = {}) {
      return await withDeadline('the chain', checkTimeout, options, (signal) => finalHashOf(chain, block, { signal }))
    },
  }
}

/** Milliseconds that all questions to the chain about one ticket may take together. */
const checkTimeout = 60_000

const hex = (size: number) =>
  z
    .string()
    .regex(new RegExp(`^0x[0-9a-fA-F]{${2 * size}}$`))
    .transform((text) => text.toLowerCase() as Hex)
const writeExtra = z.object({
  operators: z.array(hex(16)).min(1).max(300),
  subject: z.object({ pseudonym: hex(32), salt: hex(32) }).optional(),
})
const rebuildExtra = z.object({
  record: z.object({ recordId: hex(32) }),
  releaseRequest: z.object({ message: z.unknown(), signature: z.string() }).optional(),
})

async function checkWrite(
  chain: Chain,
  ticket: Ticket<'WriteTicket'>,
  operator: Hex,
  options: AbortOptions = {},
): Promise<WriteGrant> {
  const { operators, subject } = extraOf(ticket, writeExtra)
  const { recordId, version, operatorsHash, maxBytes } = ticket.message
  if (toHex(sha256(concat(...operators.map((id) => fromHex(id, 16))))) !== operatorsHash)
    throw new ForbiddenError({
      reason: 'OTHER_OPERATORS',
      hint: 'Send the list of operators that operatorsHash is of.',
    })
  if (!operators.includes(operator))
    throw new ForbiddenError({ reason: 'OTHER_NODE', hint: 'This node is not among them.' })
  const signer = await verifyTicket(chain, ticket, { at: await view(chain, options), node: operator, ...options })
  const record = await recordOf(chain, { recordId }, options)
  if (!(await mayDeposit(chain, { signer, recordId, subject, record }, options)))
    throw new ForbiddenError({ reason: 'NOT_A_DEPOSITOR', hint: 'Sign as an active provider, or as the controller.' })
  // What another version has is not deleted with this one: nobody binds blocks to one that never comes.
  if (record && version > record.version + 1)
    throw new ForbiddenError({ reason: 'OTHER_VERSION', hint: 'Write the current version, or the next one.' })
  return { recordId, version, maxBytes: Number(maxBytes) }
}

async function standingOf(
  chain: Chain,
  { recordId, version, maxBytes }: WriteGrant,
  { signal }: AbortOptions,
): Promise<Standing> {
  const at = await view(chain, { signal })
  const [final, latest] = await Promise.all(
    [at.final, at.latest].map(({ number }) => recordOf(chain, { recordId }, { block: number, signal })),
  )
  const same = final && latest && final.placementHash === latest.placementHash
  if (!same || final.version !== version || latest.version !== version)
    throw new ForbiddenError({ reason: 'NOT_STANDING', hint: 'Wait until the block of the placement is final.' })
  const { manifestHash, placementHash } = latest
  return { recordId, version, manifestHash, placementHash, maxBytes }
}

/** Milliseconds in which a block must be final, and between two looks. */
const finalWithin = 30_000
const lookAgain = 250

async function finalHashOf(chain: Chain, block: number, { signal }: AbortOptions): Promise<Hex | undefined> {
  for (let waited = 0; waited <= finalWithin; waited += lookAgain) {
    const { final } = await view(chain, { signal })
    if (final.number >= BigInt(block)) return (await blockAt(chain, { blockNumber: BigInt(block) }, { signal })).hash
    await pause(lookAgain, { signal })
  }
  return undefined
}

type Depositing = {
  readonly signer: Address
  readonly recordId: Hex
  readonly subject?: { readonly pseudonym: Hex; readonly salt: Hex } | undefined
  readonly record: AnchoredRecord | undefined
}

/** As the contract: an anchored record is its provider's and its patient's to deposit. Of one that is not, no provider can
 * be told from another; a patient's id is a hash of the pseudonym, so naming another's gives another id. */
async function mayDeposit(
  chain: Chain,
  { signer, recordId, subject, record }: Depositing,
  options: AbortOptions,
): Promise<boolean> {
  const provider = await providerOf(chain, { account: signer }, options)
  if (provider && !record) return true
  const pseudonym = record?.pseudonym ?? subject?.pseudonym
  if (!pseudonym) return false
  if (!record && subject && recordIdOf(chain.network.networkId, pseudonym, subject.salt) !== recordId) return false
  const patient = await patientOf(chain, { pseudonym }, options)
  return patient !== undefined && (patient.provider === provider || isAddressEqual(patient.controller, signer))
}

async function checkRead(
  chain: Chain,
  ticket: Ticket<'OperatorTicket' | 'ReadTicket' | 'RebuildRequest' | 'AuditTicket'>,
  records: readonly Hex[],
  operator: Hex,
  options: AbortOptions = {},
): Promise<boolean | AuditScope> {
  if (ticket.kind === 'AuditTicket') return await checkAudit(chain, ticket, operator, options)
  if (ticket.kind === 'OperatorTicket') return await checkOperator(chain, ticket, operator, options)
  if (ticket.kind === 'RebuildRequest') return await checkClaim(chain, ticket, records, { ...options, node: operator })
  const at = await view(chain, options)
  const { reader, purpose } = ticket.message
  const session = await verifyReaderTicket(chain, ticket, { at, node: operator, ...options, reader, purpose })
  const asked = { ...options, at, inPerson: session === undefined }
  const reasons = await Promise.all(records.map((recordId) => whyNot(chain, ticket, recordId, asked)))
  if (reasons.includes(undefined)) return true
  const reason = reasons.find((one) => one !== 'WRONG_PSEUDONYM') ?? reasons[0]
  if (reason) throw new ForbiddenError({ reason, hint: 'Ask the patient for a grant that covers this.' })
  return false
}

/** Only reconstructors read whatever they ask for; a storage node has no business with another node's shares, and must
 * not get them by the ticket that a reconstructor showed it. */
async function checkOperator(
  chain: Chain,
  ticket: Ticket<'OperatorTicket'>,
  operator: Hex,
  options: AbortOptions,
): Promise<boolean> {
  if (ticket.message.node !== operator)
    throw new ForbiddenError({ reason: 'OTHER_NODE', hint: 'Sign a ticket that names this node.' })
  const signer = await verifyTicket(chain, ticket, { at: await view(chain, options), node: operator, ...options })
  const info = await operatorInfo(chain, { operator: ticket.message.operator }, options)
  const good = info?.active && info.kind === 'reconstructor' && isAddressEqual(info.account, signer)
  if (!good) throw new ForbiddenError({ reason: 'NOT_A_RECONSTRUCTOR', hint: "Sign with the reconstructor's account." })
  return true
}

/** The request that a reconstructor would take lets its reader gather directly. */
async function checkClaim(
  chain: Chain,
  ticket: Ticket<'RebuildRequest'>,
  records: readonly Hex[],
  options: AbortOptions & { readonly node: Hex },
): Promise<boolean> {
  const { record, releaseRequest } = extraOf(ticket, rebuildExtra)
  const { recordId } = record
  const { message: request, signature, signer, possession } = ticket
  const release = releaseRequest && {
    message: parseMessage('KeyRequest', releaseRequest.message),
    signature: releaseRequest.signature as Hex,
  }
  const claim = {
    recordId,
    request,
    signature,
    signer,
    possession,
    releaseRequest: release,
    consentSalt: consentSaltOf(ticket),
  }
  await checkRebuild(chain, claim, options)
  return records.includes(recordId)
}

/** Why the reader may not read the record; undefined where the chain permits, or the reader is the patient in person: a
 * session key asks as a reader only. */
async function whyNot(
  chain: Chain,
  ticket: Ticket<'ReadTicket'>,
  recordId: Hex,
  { inPerson, ...options }: AbortOptions & { readonly at: View; readonly inPerson: boolean },
): Promise<string | undefined> {
  const salt = consentSaltOf(ticket)
  const { reader, pseudonym, purpose } = ticket.message
  const record = await recordOf(chain, { recordId }, options)
  if (!record || record.erased) return 'UNKNOWN_RECORD'
  if (record.pseudonym !== pseudonym) return 'WRONG_PSEUDONYM'
  const controller = await controllerOf(chain, { pseudonym }, options)
  if (inPerson && controller && isAddressEqual(controller, reader)) return undefined
  const query = { pseudonym, recordId, categoryBit: record.category, reader, purpose, salt }
  const { gathers, code } = await decide(chain, query, options)
  return gathers ? undefined : code
}

function extraOf<T>(ticket: Ticket, shape: z.ZodType<T>): T {
  const parsed = shape.safeParse(ticket.extra ?? {})
  if (!parsed.success)
    throw new ForbiddenError({ reason: 'INCOMPLETE_TICKET', hint: 'See docs/spec/storage-node.md, tickets.' })
  return parsed.data
}
