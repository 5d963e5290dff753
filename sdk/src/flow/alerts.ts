import type { Hex } from '../bytes.ts'
import { type GlassWindow, purposes } from '../chain/index.ts'
import { type AlertRule, type Day, days, type HoursRule, type RushRule } from './alert-rules.ts'
import type { Accounting } from './disclosures.ts'

const breakGlass = purposes.indexOf('BTG')

/** One access as far as whoever looks knows it: a patient knows all of it, a hospital of its staff's less. */
export type Access = {
  readonly at: number
  readonly reader: Hex
  /** Of the request; of a window in which the glass was broken, its id. */
  readonly requestHash: Hex
  readonly pseudonym?: Hex | undefined
  readonly recordId?: Hex | undefined
  readonly organization?: Hex | undefined
  /** Index, as consents number purposes. */
  readonly purpose?: number | undefined
}

/** What a patient's accounting tells as accesses: openings, and windows in which the glass was broken. */
export const accessesOf = ({ disclosures, emergencies }: Pick<Accounting, 'disclosures' | 'emergencies'>): Access[] => [
  ...disclosures,
  ...emergencies.map(accessOfWindow),
]

/** A window as an access: of the clinician, at the time at which it was opened, to whatever can be opened in it. */
export const accessOfWindow = ({ windowId, pseudonym, clinician, institution, openedAt }: GlassWindow): Access => ({
  at: openedAt,
  reader: clinician.toLowerCase() as Hex,
  requestHash: windowId,
  pseudonym,
  organization: institution,
  purpose: breakGlass,
})

/** A rule that an access broke. */
export type Alert = {
  /** The rule's id. */
  readonly rule: string
  readonly kind: AlertRule['kind']
  readonly access: Access
  /** What a rush counted. */
  readonly count?: number | undefined
}

/**
 * Every alert that these accesses give rise to, newest first; the same rules and accesses give the same alerts. What is
 * not known of an access breaks no rule: without its patient nobody is new to a patient.
 * @example
 * const alerts = evaluateAlerts(defaultAlertRules, accessesOf(accounting), { timeZone: 'Europe/Zurich' })
 */
export function evaluateAlerts(
  rules: readonly AlertRule[],
  accesses: readonly Access[],
  { timeZone = 'UTC' }: { readonly timeZone?: string | undefined } = {},
): Alert[] {
  const inOrder = [...accesses].sort((a, b) => a.at - b.at || (a.requestHash < b.requestHash ? -1 : 1))
  return rules.flatMap((rule) => brokenBy(inOrder, rule, { rules, timeZone })).sort((a, b) => b.access.at - a.access.at)
}

function brokenBy(
  accesses: readonly Access[],
  rule: AlertRule,
  { rules, timeZone }: { readonly rules: readonly AlertRule[]; readonly timeZone: string },
): Alert[] {
  switch (rule.kind) {
    case 'hours':
      return outside(rule, rules, accesses, timeZone)
    case 'rush':
      return rushes(rule, accesses)
    case 'new-reader':
      return newReaders(rule, accesses)
    case 'break-glass':
      return accesses.filter(({ purpose }) => purpose === breakGlass).map(as(rule))
  }
}

const hour = 3_600
const dayLength = 86_400
const minutesOfDay = 24 * 60

const as =
  ({ id, kind }: AlertRule, count?: number) =>
  (access: Access): Alert => ({ rule: id, kind, access, ...(count !== undefined && { count }) })

function outside(rule: HoursRule, rules: readonly AlertRule[], accesses: readonly Access[], zone: string): Alert[] {
  const own = new Set(rules.flatMap((one) => (one.kind === 'hours' && one.organization) || []))
  const clock = localClock(rule.timeZone ?? zone)
  const concerns = ({ organization }: Access): boolean =>
    rule.organization === undefined
      ? organization === undefined || !own.has(organization)
      : organization === rule.organization
  return accesses.filter((access) => concerns(access) && !isInside(rule, clock(access.at))).map(as(rule))
}

/** Hours past midnight belong to the day on which they began. */
function isInside({ days: named, from, until }: HoursRule, { day, before, minute }: LocalTime): boolean {
  if (from < until) return named.includes(day) && minute >= from && minute < until
  return (named.includes(day) && minute >= from) || (named.includes(before) && minute < until)
}

type LocalTime = { readonly day: Day; readonly before: Day; readonly minute: number }

function localClock(timeZone: string): (at: number) => LocalTime {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  return (at) => {
    const named = new Map(parts.formatToParts(new Date(at * 1_000)).map(({ type, value }) => [type, value]))
    const number = days.indexOf(named.get('weekday')?.toLowerCase() as Day)
    const minute = (Number(named.get('hour')) * 60 + Number(named.get('minute'))) % minutesOfDay
    return { day: days[number] ?? 'sun', before: days[(number + 6) % 7] ?? 'sat', minute }
  }
}

/** One alert for each thing above the limit, when it is first opened within an hour of the others. */
function rushes(rule: RushRule, accesses: readonly Access[]): Alert[] {
  const what = { patients: 'pseudonym', records: 'recordId', requests: 'requestHash' } as const
  const recent = new Map<Hex, { at: number; thing: Hex }[]>()
  return accesses.flatMap((access) => {
    const thing = access[what[rule.of]]
    if (thing === undefined) return []
    const kept = (recent.get(access.reader) ?? []).filter(({ at }) => at > access.at - hour)
    const isNew = !kept.some((one) => one.thing === thing)
    recent.set(access.reader, [...kept, { at: access.at, thing }])
    const count = new Set(kept.map((one) => one.thing)).size + 1
    return isNew && count > rule.most ? [as(rule, count)(access)] : []
  })
}

function newReaders(rule: Extract<AlertRule, { kind: 'new-reader' }>, accesses: readonly Access[]): Alert[] {
  const last = new Map<string, number>()
  return accesses.flatMap((access) => {
    if (access.pseudonym === undefined) return []
    const name = `${access.reader} ${access.pseudonym}`
    const before = last.get(name)
    last.set(name, access.at)
    const forgotten = rule.days !== undefined && before !== undefined && access.at - before > rule.days * dayLength
    return before === undefined || forgotten ? [as(rule)(access)] : []
  })
}
