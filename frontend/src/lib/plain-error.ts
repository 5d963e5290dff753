/** An error as it crosses from a worker to its page: a copied `Error` would keep its text and lose its code. */
export type PlainError = {
  readonly name: string
  readonly message: string
  readonly code?: unknown
  readonly reason?: unknown
  readonly hints?: unknown
  readonly refusals?: unknown
  readonly cause?: PlainError | undefined
}

/** Long enough for any chain of causes, and an end to one that goes in a circle. */
const depth = 12

/** What of an error can be copied, with its causes. */
export function plainError(error: unknown, left = depth): PlainError {
  if (!(error instanceof Error)) return { name: 'Error', message: String(error) }
  const { name, message, cause } = error
  const { code, reason, hints, refusals } = error as unknown as Record<string, unknown>
  const told = { name, message, ...plain({ code, reason, hints, refusals }) }
  return cause === undefined || left === 0 ? told : { ...told, cause: plainError(cause, left - 1) }
}

/** The error again, with the name and the code by which it is explained. */
export function errorFrom({ message, cause, ...told }: PlainError): Error {
  return Object.assign(new Error(message, cause && { cause: errorFrom(cause) }), told)
}

/** Only values, no functions and no classes: those cannot be copied. */
function plain(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([name, value]) => [name, JSON.parse(JSON.stringify(value)) as unknown]),
  )
}
