import pino from 'pino'

/** How much a service says. */
export type LogLevel = 'silent' | 'error' | 'warn' | 'info' | 'debug'

/** Where a service says what it did: counts and codes, never an id, an account or a byte of content. */
export type Log = {
  debug(fields: Record<string, unknown>, message: string): void
  info(fields: Record<string, unknown>, message: string): void
  warn(fields: Record<string, unknown>, message: string): void
  error(fields: Record<string, unknown>, message: string): void
}

/** A log of JSON lines on standard output. */
export function createLog({ service, level }: { service: string; level: LogLevel }): Log {
  return pino({ level, base: { service } })
}
