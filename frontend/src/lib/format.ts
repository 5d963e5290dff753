const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium' })
const minute = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short' })

/** A date in words, from an ISO text, seconds or a Date: "3 Mar 2026". */
export function date(value: string | number | bigint | Date | undefined): string {
  const parsed = toDate(value)
  return parsed ? day.format(parsed) : 'no date'
}

/** A date with its time. */
export function moment(value: string | number | bigint | Date | undefined): string {
  const parsed = toDate(value)
  return parsed ? minute.format(parsed) : 'no date'
}

const hour = new Intl.DateTimeFormat('en-GB', { timeStyle: 'short' })

/** The time of day of a second since 1970: "16:05". */
export function clockTime(seconds: number): string {
  return hour.format(new Date(seconds * 1000))
}

function toDate(value: string | number | bigint | Date | undefined): Date | undefined {
  if (value === undefined) return undefined
  const parsed =
    typeof value === 'number' || typeof value === 'bigint' ? new Date(Number(value) * 1000) : new Date(value)
  return Number.isNaN(parsed.getTime()) ? undefined : parsed
}

/** A number of bytes: "1.4 MB". */
export function bytes(count: number): string {
  if (count < 1000) return `${count} B`
  const power = Math.min(3, Math.floor(Math.log10(count) / 3))
  const value = count / 1000 ** power
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${['B', 'kB', 'MB', 'GB'][power]}`
}

/** A measured value as a person writes it: three digits behind the point at most. */
export function quantity(value: number): string {
  return new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 4, useGrouping: false }).format(value)
}

/** "1 record", "3 records". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

/** "kidneys, heart and lungs". */
export function list(parts: readonly string[]): string {
  return new Intl.ListFormat('en-GB').format(parts)
}
