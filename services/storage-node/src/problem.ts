import { BaseError } from '@sharewell/sdk/errors'

/** HTTP status of each code; everything else is this node's own failure. */
export const statuses: Readonly<Record<string, number>> = {
  CID: 400,
  CID_MISMATCH: 400,
  HEADER: 400,
  SHARE_MISMATCH: 400,
  CBOR: 400,
  CBOR_FIELD: 400,
  MANIFEST: 400,
  PLACEMENT: 400,
  SIGNED_OBJECT: 400,
  LEAF_LIST: 400,
  POLICY: 400,
  TICKET: 401,
  TICKET_POSSESSION: 401,
  SIGNATURE: 401,
  SESSION: 401,
  MESSAGE: 401,
  FORBIDDEN: 403,
  REBUILD_REFUSED: 403,
  DELETION_REFUSED: 403,
  BLOCK_NOT_FOUND: 404,
  BLOCKS_UNAVAILABLE: 404,
  BLOCK_SHARED: 409,
  INCOMPLETE_SHARE: 409,
  RENEW: 409,
  VERSION_DELETED: 410,
  BLOCK_SIZE: 413,
  QUOTA: 413,
  STALE_HEAD: 503,
  // The chain at its client is another one than this network's: it was reset.
  NETWORK: 503,
  CHAIN_CALL: 503,
  // A view that reverts: no transaction is sent from here, so it is the chain client's failure.
  CONTRACT_REFUSAL: 503,
  CHAIN_TIMEOUT: 503,
  PLACE_TIMEOUT: 504,
}

/** Thrown when a ticket holds, but does not cover what is asked. */
export class ForbiddenError extends BaseError<'FORBIDDEN'> {
  override readonly name = 'ForbiddenError'
  readonly reason: string
  constructor({ reason = 'NOT_COVERED', hint }: { reason?: string; hint?: string }) {
    super('FORBIDDEN', `The ticket does not cover this: ${reason}.`, {
      hints: [hint ?? 'Sign a ticket for this record, node and act.'],
      docs: 'storage-node.md#refusals',
    })
    this.reason = reason
  }
}
