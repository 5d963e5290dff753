import { BaseError } from '@sharewell/sdk/errors'
import type { Context } from 'hono'
import type { Logger } from 'pino'

/** HTTP status of each code; everything else is this worker's own failure. */
const statuses: Readonly<Record<string, number>> = {
  REQUEST: 400,
  CHUNK_RANGE: 400,
  MESSAGE: 400,
  TICKET: 401,
  SIGNATURE: 401,
  REBUILD_REFUSED: 403,
  NOT_FOUND: 404,
  REPLAY: 409,
  BODY_SIZE: 413,
  INCONSISTENT_RECORD: 422,
  MANIFEST: 502,
  PLACEMENT: 502,
  LEAF_LIST: 502,
  TOO_FEW_SHARES: 503,
  BLOCKS_UNAVAILABLE: 503,
  BUSY: 503,
  STALE_HEAD: 503,
  CHAIN_CALL: 503,
  CHAIN_TIMEOUT: 503,
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
    detail: known?.message.split('\n', 1)[0] ?? 'The reconstructor failed.',
    hint: known?.hints.join(' ') || 'Ask another reconstructor.',
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
      hints: ['Compare it with docs/spec/rebuild.md.'],
      docs: 'rebuild.md#request',
    })
  }
}

/** Thrown when a body is longer than any request. */
export class BodySizeError extends BaseError<'BODY_SIZE'> {
  override readonly name = 'BodySizeError'
  constructor({ limit }: { limit?: number }) {
    super('BODY_SIZE', `The body is longer than ${limit ?? 0} bytes.`, {
      hints: ['Send one request with its signature and nothing else.'],
      docs: 'rebuild.md#request',
    })
  }
}

/** Thrown for a path that the reconstructor does not have. */
export class NotFoundError extends BaseError<'NOT_FOUND'> {
  override readonly name = 'NotFoundError'
  constructor(_: Record<string, never> = {}) {
    super('NOT_FOUND', 'There is no such route.', {
      hints: ['Compare the path with docs/spec/rebuild.md.'],
      docs: 'rebuild.md',
    })
  }
}

/** Thrown when as many jobs run as the worker takes at once. */
export class BusyError extends BaseError<'BUSY'> {
  override readonly name = 'BusyError'
  constructor(_: Record<string, never> = {}) {
    super('BUSY', 'The reconstructor runs as many jobs as it takes at once.', {
      hints: ['Try again in a second, or ask another one.'],
      docs: 'rebuild.md#limits',
    })
  }
}
