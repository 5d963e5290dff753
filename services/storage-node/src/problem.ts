import { BaseError } from '@sharewell/sdk/errors'
import type { Context } from 'hono'
import type { Logger } from 'pino'

/** HTTP status of each code; everything else is this node's own failure. */
const statuses: Readonly<Record<string, number>> = {
  REQUEST: 400,
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
  SIGNATURE: 401,
  MESSAGE: 401,
  FORBIDDEN: 403,
  REBUILD_REFUSED: 403,
  BLOCK_NOT_FOUND: 404,
  NOT_FOUND: 404,
  BODY_TIMEOUT: 408,
  INCOMPLETE_SHARE: 409,
  BLOCK_SIZE: 413,
  QUOTA: 413,
  BUSY: 503,
  STALE_HEAD: 503,
  CHAIN_CALL: 503,
  CHAIN_TIMEOUT: 503,
  PLACE_TIMEOUT: 504,
}

/** Answers an error as problem+json (RFC 9457). An error without a code of ours says nothing but 500. */
export function problem(c: Context, error: unknown, log: Logger): Response {
  const known = error instanceof BaseError ? error : undefined
  const status = known ? (statuses[known.code] ?? 500) : 500
  if (status >= 500) log.error({ code: known?.code ?? 'INTERNAL', path: c.req.routePath }, 'failed')
  const body = {
    type: known ? `https://docs.example/errors#${known.code}` : 'about:blank',
    title: known?.name ?? 'Internal error',
    status,
    code: known?.code ?? 'INTERNAL',
    detail: known?.message.split('\n', 1)[0] ?? 'The node failed.',
    hint: known?.hints[0] ?? 'Try another node.',
  }
  const headers = { 'content-type': 'application/problem+json', ...(status === 503 && { 'retry-after': '1' }) }
  return new Response(JSON.stringify(body), { status, headers })
}

/** Thrown when a request does not have the form that the route takes. */
export class RequestError extends BaseError<'REQUEST'> {
  override readonly name = 'RequestError'
  constructor({ reason, cause }: { reason?: string; cause?: unknown }) {
    super('REQUEST', `The request cannot be read: ${reason ?? 'wrong form'}.`, {
      cause,
      hints: ['Compare it with docs/spec/storage-node.md.'],
      docs: 'storage-node.md',
    })
  }
}

/** Thrown for a path that the node does not have. */
export class NotFoundError extends BaseError<'NOT_FOUND'> {
  override readonly name = 'NotFoundError'
  constructor(_: Record<string, never> = {}) {
    super('NOT_FOUND', 'There is no such route.', {
      hints: ['Compare the path with docs/spec/storage-node.md.'],
      docs: 'storage-node.md',
    })
  }
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

/** Thrown when the node serves as many requests as it takes at once. */
export class BusyError extends BaseError<'BUSY'> {
  override readonly name = 'BusyError'
  constructor(_: Record<string, never> = {}) {
    super('BUSY', 'The node serves as many requests as it takes at once.', {
      hints: ['Try again in a second.'],
      docs: 'storage-node.md#limits',
    })
  }
}
