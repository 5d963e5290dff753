import { forever } from './consent.ts'
import type { Element } from './element.ts'

/** First second after the year 9999, which FHIR cannot write. */
const afterYears = 253_402_300_800
const dayLength = 86_400

/** A day of the Gregorian calendar. */
type Day = readonly [year: number, month: number, day: number]

/** Days since 1970-01-01. Years are counted from March, so that the leap day is a year's last. */
function dayNumber([year, month, day]: Day): number {
  const y = month > 2 ? year : year - 1
  const era = Math.floor(y / 400)
  const ofEra = y - era * 400
  const ofYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468
}

/** The day with that number. */
function dayOf(number: number): Day {
  const shifted = number + 719_468
  const era = Math.floor(shifted / 146_097)
  const ofEra = shifted - era * 146_097
  const years = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  )
  const ofYear = ofEra - (365 * years + Math.floor(years / 4) - Math.floor(years / 100))
  const fromMarch = Math.floor((5 * ofYear + 2) / 153)
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
  return [years + era * 400 + (month < 3 ? 1 : 0), month, ofYear - Math.floor((153 * fromMarch + 2) / 5) + 1]
}

const digits = (value: number, length = 2): string => `${value}`.padStart(length, '0')
const dayText = ([year, month, day]: Day): string => `${digits(year, 4)}-${digits(month)}-${digits(day)}`

/** A second as FHIR `dateTime`; undefined after the year 9999. */
export function toDateTime(second: number): string | undefined {
  if (second >= afterYears) return undefined
  const left = second % dayLength
  const [hours, minutes] = [Math.floor(left / 3600), Math.floor(left / 60) % 60]
  return `${dayText(dayOf(Math.floor(second / dayLength)))}T${digits(hours)}:${digits(minutes)}:${digits(left % 60)}Z`
}

/** The second at which a day, `2026-05-01`, begins where its author is. */
export type StartOfDay = (day: string) => number

/**
 * A FHIR Period as first second and first second after. Time on chain has whole seconds, so a bound that is finer falls
 * where the same whole ones lie inside. A day without a time needs to be told where it is.
 */
export function readPeriod(
  period: Element | undefined,
  startOfDay: StartOfDay | undefined,
): { readonly from: number; readonly until: number } {
  const { start, end } = period?.fields(['start', 'end']) ?? {}
  const from = start && bounds(start, startOfDay)?.first
  const until = end && bounds(end, startOfDay)?.after
  const read = { from: Math.max(from ?? 0, 0), until: until ?? forever }
  if (period && read.from >= read.until) period.refuse('it ends before it begins, or before 1970')
  return read
}

const day = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?$/u
const moment = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(\.\d+)?(?:Z|([+-])(\d\d):(\d\d))$/u

/** The seconds that a dateTime covers: the first, and the first after. */
function bounds(
  element: Element,
  startOfDay: StartOfDay | undefined,
): { readonly first: number; readonly after: number } | undefined {
  const text = element.text()
  if (text === undefined) return undefined
  const days = daysOf(text)
  if (days === undefined) {
    const at = secondsOf(text)
    return at === undefined ? element.refuse('it is no date') : { first: Math.ceil(at), after: Math.floor(at) + 1 }
  }
  if (startOfDay === undefined) return element.refuse('a day without a time zone begins nowhere in particular')
  return { first: startOfDay(dayText(days[0])), after: startOfDay(dayText(days[1])) }
}

/** The first day of a year, a month or a day, and the first after it. */
function daysOf(text: string): readonly [Day, Day] | undefined {
  const [, year, month, date] = day.exec(text)?.map(Number) ?? []
  if (year === undefined) return undefined
  if (Number.isNaN(month))
    return [
      [year, 1, 1],
      [year + 1, 1, 1],
    ]
  const first = [year, month ?? 1, Number.isNaN(date) ? 1 : (date ?? 1)] as const
  if (!isDay(first)) return undefined
  const next = Number.isNaN(date) ? ([year, first[1] + 1, 1] as const) : dayOf(dayNumber(first) + 1)
  return [first, next[1] > 12 ? [year + 1, 1, 1] : next]
}

/** The second of a dateTime with its time, with what is finer. */
function secondsOf(text: string): number | undefined {
  const [, year, month, date, hours, minutes, seconds, finer, sign, hoursOff, minutesOff] = moment.exec(text) ?? []
  const days = [Number(year), Number(month), Number(date)] as const
  const [h, m, s] = [Number(hours), Number(minutes), Number(seconds)]
  const [offHours, offMinutes] = [Number(hoursOff ?? 0), Number(minutesOff ?? 0)]
  if (year === undefined || !isDay(days) || h > 23 || m > 59 || s > 59 || offHours > 14 || offMinutes > 59)
    return undefined
  const offset = (offHours * 60 + offMinutes) * (sign === '-' ? -60 : 60)
  return dayNumber(days) * dayLength + h * 3600 + m * 60 + s - offset + Number(finer ?? 0)
}

const isDay = (one: Day): boolean => one.every((part, at) => dayOf(dayNumber(one))[at] === part)
