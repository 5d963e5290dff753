import { BaseError, firstLine } from '@sharewell/sdk/errors'

/** What goes wrong, as RFC 9457 says it: `code` is for machines, `detail` and `hint` are for people. */
export type Problem = {
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly hint: string
  /** More header fields of the answer. */
  readonly headers?: Readonly<Record<string, string>>
}

/** Answers with problem details (RFC 9457). docs/errors.md explains each code. */
export function problemResponse({ status, code, detail, hint, headers }: Problem): Response {
  const retry = status === 503 ? { 'retry-after': '1' } : {}
  return new Response(problemText({ status, code, detail, hint }), {
    status,
    headers: { 'content-type': problemType, 'cache-control': 'no-store', ...retry, ...headers },
  })
}

/** Media type of problem details. */
export const problemType = 'application/problem+json'

/** The JSON of a problem. `type` is the code as a URN, because a service knows no address of its documentation. */
export function problemText({ status, code, detail, hint }: Omit<Problem, 'headers'>): string {
  const title = code.charAt(0) + code.slice(1).toLowerCase().replaceAll('_', ' ')
  return JSON.stringify({ type: `urn:sharewell:error:${code}`, title, status, code, detail, hint })
}

/** HTTP status of the errors that every service knows. */
export const commonStatuses: Readonly<Record<string, number>> = {
  BAD_REQUEST: 400,
  NOT_FOUND: 404,
  METHOD: 405,
  BODY_TIMEOUT: 408,
  TOO_LARGE: 413,
  MEDIA_TYPE: 415,
  // No standard has a number for it; nobody reads the answer, only metrics count it.
  CLIENT_GONE: 499,
  BUSY: 503,
  NOT_READY: 503,
  DISK_FULL: 507,
}

/** What an error says on the wire. */
export function problemOfError(error: BaseError, status: number): Problem {
  const allow = error instanceof MethodError ? { headers: { allow: error.allowed.join(', ') } } : {}
  const detail = firstLine(error.message)
  return { status, code: error.code, detail, hint: error.hints.join(' ') || 'See docs/errors.md.', ...allow }
}

/** What a client is told of a failure that is the service's own. */
export const internal: Problem = {
  status: 500,
  code: 'INTERNAL',
  detail: 'Something went wrong here.',
  hint: 'Ask another node, and tell the operator of this one.',
}

/** Thrown when a request does not have the form that its route takes. */
export class BadRequestError extends BaseError<'BAD_REQUEST'> {
  override readonly name = 'BadRequestError'
  constructor({ reason = 'it has another form', hint, cause }: { reason?: string; hint?: string; cause?: unknown }) {
    super('BAD_REQUEST', `The request cannot be read: ${reason}.`, {
      cause,
      hints: [hint ?? "Compare it with the service's page in docs/spec."],
    })
  }
}

/** Thrown for a path that the service does not have. */
export class NotFoundError extends BaseError<'NOT_FOUND'> {
  override readonly name = 'NotFoundError'
  constructor(_: Record<string, never> = {}) {
    super('NOT_FOUND', 'There is no such route.', {
      hints: ["Compare the path with the service's page in docs/spec."],
    })
  }
}

/** Thrown when a path exists, but not for this method. */
export class MethodError extends BaseError<'METHOD'> {
  override readonly name = 'MethodError'
  readonly allowed: readonly string[]
  constructor({ allowed = [] }: { allowed?: readonly string[] }) {
    super('METHOD', 'The path is not asked by this method.', { hints: [`Use ${allowed.join(' or ') || 'another'}.`] })
    this.allowed = allowed
  }
}

/** Thrown when a body is of a kind, or packed in a way, that the route does not take. */
export class MediaTypeError extends BaseError<'MEDIA_TYPE'> {
  override readonly name = 'MediaTypeError'
  constructor({ wanted = 'application/json' }: { wanted?: string }) {
    super('MEDIA_TYPE', 'The body is of another kind than this route takes.', {
      hints: [`Send ${wanted}, not compressed, and say so in Content-Type.`],
    })
  }
}

/** Thrown when a body is longer than anything that the route takes. */
export class TooLargeError extends BaseError<'TOO_LARGE'> {
  override readonly name = 'TooLargeError'
  constructor({ limit }: { limit?: number }) {
    super('TOO_LARGE', `The body is longer than ${limit ?? 0} bytes.`, {
      hints: ['Send what the route asks for alone.'],
    })
  }
}

/** Thrown when a body stops arriving, or arrives too slowly. */
export class BodyTimeoutError extends BaseError<'BODY_TIMEOUT'> {
  override readonly name = 'BodyTimeoutError'
  constructor(_: Record<string, never> = {}) {
    super('BODY_TIMEOUT', 'The body did not arrive in time.', { hints: ['Send it again, without a pause.'] })
  }
}

/** Thrown when a service does as much as it does at once. */
export class BusyError extends BaseError<'BUSY'> {
  override readonly name = 'BusyError'
  constructor(_: Record<string, never> = {}) {
    super('BUSY', 'As many requests are served as are taken at once.', {
      hints: ['Try again in a second, or ask another node.'],
    })
  }
}

/** Thrown when the client hangs up before its answer is complete: the end of the work for it, and nobody's failure. */
export class ClientGoneError extends BaseError<'CLIENT_GONE'> {
  override readonly name = 'ClientGoneError'
  constructor({ cause }: { cause?: unknown } = {}) {
    super('CLIENT_GONE', 'The client hung up.', { cause, hints: ['Ask again, if the answer is still wanted.'] })
  }
}

/** Thrown while a service cannot do its work yet. */
export class NotReadyError extends BaseError<'NOT_READY'> {
  override readonly name = 'NotReadyError'
  constructor({ reason = 'it is starting' }: { reason?: string } = {}) {
    super('NOT_READY', `The service cannot work yet: ${reason}.`, { hints: ['Wait, or ask another node.'] })
  }
}
