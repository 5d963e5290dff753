import { type Address, type Hex, isAddressEqual, zeroHash } from 'viem'
import { BaseError } from '../errors.ts'
import { releaseRequestsOf } from './access-log.ts'
import type { Chain } from './connect.ts'
import { decide } from './decide.ts'
import { type View, view } from './head.ts'
import { hashMessage, SignatureError } from './messages.ts'
import { controllerOf } from './patients.ts'
import { checkPossession, type Possession } from './possession.ts'
import { type AnchoredRecord, recordOf } from './records.ts'
import { verifyReader } from './session-signature.ts'
import { TicketError, verifyReaderTicket, verifyTicket } from './tickets.ts'
import type { Message } from './typed-data.ts'
import type { WaitOptions } from './wait.ts'

/** What a reader shows to have chunks of a record gathered or rebuilt. */
export type RebuildClaim = {
  readonly recordId: Hex
  readonly request: Message<'RebuildRequest'>
  readonly signature: Hex
  /** The word of the request's reply key for the one service that checks. */
  readonly possession?: Possession | undefined
  /** The logged KeyRequest; absent where the pseudonym's controller reads. */
  readonly releaseRequest?: { readonly message: Message<'KeyRequest'>; readonly signature: Hex } | undefined
  /** Of the grantee id that the consent names, where it has one. */
  readonly consentSalt?: Hex | undefined
  /** Named where the signer is a contract account. */
  readonly signer?: Address | undefined
}

/** A claim that holds now. */
export type RebuildAccess = { readonly record: AnchoredRecord; readonly reader: Address }

/** Seconds that a logged release request stays good. */
const releaseAge = 600

/** Checks what a reconstructor, or a storage node that a reader asks directly, must know before it answers: the reader,
 * or a session key of theirs that lives for the purpose, signed this request, and its reply key says that it is shown to `node`, the one that checks; the release request was
 * logged in a final block less than 10 minutes ago and is the same reader's for this manifest, and consent permits now;
 * without a release request the signer controls the pseudonym.
 * Errors: {@link RebuildRefusedError}, `TicketError`, `TicketPossessionError`, `SignatureError`, `SessionError`,
 * `StaleHeadError`, `ChainCallError`. */
export async function checkRebuild(
  chain: Chain,
  claim: RebuildClaim,
  { node, signal }: WaitOptions & { node: Hex },
): Promise<RebuildAccess> {
  const { recordId, request, signature, signer, possession } = claim
  const at = await view(chain, { signal })
  const record = await recordOf(chain, { recordId }, { signal })
  if (!record || record.erased) throw new RebuildRefusedError({ reason: 'UNKNOWN_RECORD' })
  if (record.manifestHash !== request.manifestHash) throw new RebuildRefusedError({ reason: 'OTHER_MANIFEST' })
  const ticket = { kind: 'RebuildRequest' as const, message: request, signature, signer, possession }
  if (request.releaseRequest !== zeroHash) {
    const { message } = checkedRelease(chain, claim, record)
    const { reader, purpose } = message
    await verifyReaderTicket(chain, ticket, { at, node, signal, reader, purpose }).catch(async (error: unknown) => {
      const stranger = error instanceof TicketError && error.cause instanceof SignatureError
      if (!stranger) throw error
      await checkPossession(chain.network, ticket, { node, at })
      // Whoever signed the claim has no part in the release request.
      throw new RebuildRefusedError({ reason: 'OTHER_REQUEST' })
    })
    await checkRelease(chain, claim, record, { at, signal })
    return { record, reader }
  }
  const reader = await verifyTicket(chain, ticket, { at, node, signal })
  await checkController(chain, record, reader, { signal })
  return { record, reader }
}

/** The KeyRequest beside a claim, if it is the one that the claim names, for this record. */
function checkedRelease(
  { network }: Chain,
  { request, releaseRequest }: RebuildClaim,
  { recordId, manifestHash }: AnchoredRecord,
) {
  if (!releaseRequest) throw new RebuildRefusedError({ reason: 'NO_RELEASE_REQUEST' })
  const { message } = releaseRequest
  const same =
    hashMessage(network, 'KeyRequest', message) === request.releaseRequest &&
    message.networkId === network.networkId &&
    message.recordId === recordId &&
    message.manifestHash === manifestHash
  if (!same) throw new RebuildRefusedError({ reason: 'OTHER_REQUEST' })
  return releaseRequest
}

async function checkController(chain: Chain, { pseudonym }: AnchoredRecord, reader: Address, options: WaitOptions) {
  const controller = await controllerOf(chain, { pseudonym }, options)
  if (!controller || !isAddressEqual(controller, reader)) throw new RebuildRefusedError({ reason: 'NOT_CONTROLLER' })
}

async function checkRelease(
  chain: Chain,
  claim: RebuildClaim,
  record: AnchoredRecord,
  { at, signal }: WaitOptions & { at: View },
): Promise<void> {
  const { message, signature } = checkedRelease(chain, claim, record)
  const { reader, purpose } = message
  const { releaseRequest: requestHash } = claim.request
  await verifyReader(chain, { kind: 'KeyRequest', message, signature, reader, purpose }, { at, signal })
  const logged = await releaseRequestsOf(chain, { requestHash }, { signal, toBlock: at.final.number })
  if (!logged.some(({ time }) => at.later - time < releaseAge)) throw new RebuildRefusedError({ reason: 'NOT_LOGGED' })
  const { pseudonym, recordId, category: categoryBit } = record
  const query = { pseudonym, recordId, categoryBit, reader, purpose, salt: claim.consentSalt }
  const { gathers, code } = await decide(chain, query, { at, signal })
  if (!gathers) throw new RebuildRefusedError({ reason: code })
}

const hints: Readonly<Record<string, string>> = {
  UNKNOWN_RECORD: 'Check the record id; an erased record is gone.',
  OTHER_MANIFEST: 'Read the current manifest hash of the record from the chain.',
  NOT_CONTROLLER: "Without a release request only the pseudonym's controller reads.",
  NO_RELEASE_REQUEST: 'Send the KeyRequest that was logged, with its signature.',
  OTHER_REQUEST: 'The KeyRequest must be the logged one, for this record, by the same reader.',
  NOT_LOGGED: 'Log the release request first; it counts for 10 minutes from a final block on.',
}

/** Thrown when the chain does not let this reader have the record; `reason` is a code, among them those of `decide`. */
export class RebuildRefusedError extends BaseError<'REBUILD_REFUSED'> {
  override readonly name = 'RebuildRefusedError'
  readonly reason: string
  constructor({ reason = 'NO_CONSENT' }: { reason?: string }) {
    super('REBUILD_REFUSED', `The record is not given out: ${reason}.`, {
      hints: [hints[reason] ?? 'Ask the patient for a grant that covers this record, purpose and time.'],
      docs: '/rebuild#checks',
    })
    this.reason = reason
  }
}
