import { UsageError } from './command.ts'

const seconds: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 86_400, w: 604_800, y: 31_536_000 }

/** Reads a moment: `30d` from `now` (m, h, d, w, y), a date, or a date with a time in UTC. In seconds since 1970. */
export function parseMoment(text: string, now: number): number {
  const time = relative(text, now) ?? absolute(text)
  if (time !== undefined && time <= latest) return time
  throw new UsageError({
    problem: `${text} is no time`,
    hints: ['write 12h, 30d, 2w, 1y, or a date such as 2027-01-31, up to the year 9999'],
  })
}

/** The end of 9999: what comes later has no date that everybody can read. */
const latest = 253_402_300_799

function relative(text: string, now: number): number | undefined {
  const [, amount, unit] = /^(\d{1,6})([mhdwy])$/.exec(text) ?? []
  return amount === undefined || unit === undefined ? undefined : now + Number(amount) * (seconds[unit] ?? 0)
}

function absolute(text: string): number | undefined {
  const [, day] = /^(\d{4}-\d{2}-\d{2})(?:T\d{2}:\d{2}(?::\d{2})?Z?)?$/.exec(text) ?? []
  if (day === undefined) return undefined
  // In UTC, whatever the zone of this machine: so a command means the same everywhere.
  const time = Date.parse(text.includes('T') && !text.endsWith('Z') ? `${text}Z` : text)
  // 30 February would become 2 March.
  const exists = !Number.isNaN(Date.parse(day)) && new Date(Date.parse(day)).toISOString().startsWith(day)
  return Number.isNaN(time) || !exists ? undefined : Math.floor(time / 1000)
}

/** A moment as everybody reads it: `2027-01-31 09:30 UTC`. */
export function formatMoment(time: number): string {
  return `${new Date(time * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}

/** A moment on the clock of who reads it, where a day is not to be missed: `Sat, 28 Nov 2026, 10:45 CET`; or on that of a zone. */
export function formatLocal(time: number, zone?: string): string {
  return new Date(time * 1000).toLocaleString('en-GB', {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    timeZoneName: 'short',
    timeZone: zone,
  })
}
