import type { Log, LogLevel } from '@sharewell/host'

/** One line of a log. */
export type LogLine = { readonly level: LogLevel; readonly fields: Record<string, unknown>; readonly message: string }

/** A log that a test reads; `next` waits for a line. */
export type HeardLog = Log & {
  readonly lines: readonly LogLine[]
  next(match: (line: LogLine) => boolean): Promise<LogLine>
}

/** Makes a log that keeps its lines. */
export function hearLog(): HeardLog {
  const lines: LogLine[] = []
  const waiting = new Set<() => void>()
  const take = (level: LogLevel) => (fields: Record<string, unknown>, message: string) => {
    lines.push({ level, fields, message })
    for (const look of waiting) look()
  }
  return {
    lines,
    debug: take('debug'),
    info: take('info'),
    warn: take('warn'),
    error: take('error'),
    next: (match) =>
      new Promise((resolve) => {
        const look = () => {
          const line = lines.find(match)
          if (!line) return
          waiting.delete(look)
          resolve(line)
        }
        waiting.add(look)
        look()
      }),
  }
}
