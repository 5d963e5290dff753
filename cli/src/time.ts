import { UsageError } from './command.ts'

const seconds: Readonly<Record<string, number>> = { m: 60, h: 3600, d: 86_400, w: 604_800, y: 31_536_000 }

/** Reads a moment: `30d` from `now` (m, h, d, w, y), a date, or a date with a time. In seconds since 1970. */
export function parseMoment(text: string, now: number): number {
  const [, amount, unit] = /^(\d{1,6})([mhdwy])$/.exec(text) ?? []
  if (amount !== undefined && unit !== undefined) return now + Number(amount) * (seconds[unit] ?? 0)
  const date = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2})?Z?)?$/.test(text) ? Date.parse(text) : Number.NaN
  if (Number.isNaN(date))
    throw new UsageError({
      problem: `${text} is no time`,
      hints: ['write 12h, 30d, 2w, 1y, or a date such as 2027-01-31'],
    })
  return Math.floor(date / 1000)
}

/** A moment as everybody reads it: `2027-01-31 09:30 UTC`. */
export function formatMoment(time: number): string {
  return `${new Date(time * 1000).toISOString().slice(0, 16).replace('T', ' ')} UTC`
}
