import type { Hex } from '../bytes.ts'
import { BaseError } from '../errors.ts'

/** Days as a rule names them, from Sunday. */
export const days = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] as const
/** One of the days of a week. */
export type Day = (typeof days)[number]

/** What a rule of every kind has. */
type Common = {
  /** Names it in alerts; each rule of a file has its own. */
  readonly id: string
}

/** Alerts about what happens outside these hours. */
export type HoursRule = Common & {
  readonly kind: 'hours'
  /** Only for what this organization's staff do; it then takes the place of hours rules without one. */
  readonly organization?: Hex | undefined
  readonly days: readonly Day[]
  /** Minutes of the day: the first inside, and the first after. Past midnight where `until` is not later than `from`. */
  readonly from: number
  readonly until: number
  /** IANA zone; the evaluation's own where absent. */
  readonly timeZone?: string | undefined
}

/** Alerts when one reader opens more than `most` different things in an hour. */
export type RushRule = Common & {
  readonly kind: 'rush'
  readonly of: 'patients' | 'records' | 'requests'
  readonly most: number
}

/** Alerts when a reader opens something of a patient for the first time, or for the first time in so many days. */
export type NewReaderRule = Common & { readonly kind: 'new-reader'; readonly days?: number | undefined }

/** Alerts about every break-glass. */
export type BreakGlassRule = Common & { readonly kind: 'break-glass' }

/** One rule of the file. */
export type AlertRule = HoursRule | RushRule | NewReaderRule | BreakGlassRule

/** The rules that hold where nobody wrote others; docs/spec/alerts.md says them in words. */
export const defaultAlertRules: readonly AlertRule[] = [
  { id: 'night', kind: 'hours', days, from: 6 * 60, until: 22 * 60 },
  { id: 'many-patients', kind: 'rush', of: 'patients', most: 20 },
  { id: 'many-records', kind: 'rush', of: 'records', most: 10 },
  { id: 'new-reader', kind: 'new-reader' },
  { id: 'break-glass', kind: 'break-glass' },
]

/**
 * Reads a file of rules: `{v: 1, rules: [..]}`, each field by docs/spec/alerts.md, nothing beside.
 * @throws AlertRulesError naming the first field that is wrong.
 * @example
 * const rules = parseAlertRules(JSON.parse(await readFile('alerts.json', 'utf8')))
 */
export function parseAlertRules(json: unknown): readonly AlertRule[] {
  const { v, rules } = fieldsOf(json, 'file', ['v', 'rules'])
  if (v !== 1) refuse('v', 'it is not 1')
  if (!Array.isArray(rules) || rules.length > 100) return refuse('rules', 'it is no list of at most 100')
  const read = rules.map((rule, at) => readRule(rule, `rules[${at}]`))
  const ids = read.map(({ id }) => id)
  const twice = ids.findIndex((id, at) => ids.indexOf(id) !== at)
  if (twice >= 0) refuse(`rules[${twice}].id`, 'another rule has it')
  return read
}

type Fields = Readonly<Record<string, unknown>>

function readRule(json: unknown, path: string): AlertRule {
  const { kind } = isMap(json) ? json : {}
  const fields = (names: readonly string[]): Fields & { readonly id: string } => {
    const found = fieldsOf(json, path, ['id', 'kind', ...names])
    return { ...found, id: word(found.id, `${path}.id`) }
  }
  switch (kind) {
    case 'hours':
      return readHours(fields(['organization', 'days', 'from', 'until', 'timeZone']), path)
    case 'rush': {
      const { id, of, most } = fields(['of', 'most'])
      if (of !== 'patients' && of !== 'records' && of !== 'requests')
        return refuse(`${path}.of`, 'it is not patients, records or requests')
      return { id, kind, of, most: whole(most, `${path}.most`, 1_000_000) }
    }
    case 'new-reader': {
      const { id, days: after } = fields(['days'])
      return { id, kind, ...(after !== undefined && { days: whole(after, `${path}.days`, 36_500) }) }
    }
    case 'break-glass':
      return { id: fields([]).id, kind }
    default:
      return refuse(`${path}.kind`, 'it is not hours, rush, new-reader or break-glass')
  }
}

function readHours(found: Fields & { readonly id: string }, path: string): HoursRule {
  const { id, organization, timeZone, days: named = days } = found
  if (!Array.isArray(named) || !named.every(isDay) || named.length === 0)
    return refuse(`${path}.days`, `it is no list of ${days.join(', ')}`)
  if (organization !== undefined && !isId(organization))
    return refuse(`${path}.organization`, 'it is no id of an organization')
  if (timeZone !== undefined && !isZone(timeZone)) return refuse(`${path}.timeZone`, 'no such time zone')
  return {
    id,
    kind: 'hours',
    days: named,
    from: minuteOf(found.from, `${path}.from`),
    until: minuteOf(found.until, `${path}.until`),
    ...(organization !== undefined && { organization: organization.toLowerCase() as Hex }),
    ...(timeZone !== undefined && { timeZone }),
  }
}

const isId = (value: unknown): value is string => typeof value === 'string' && /^0x[0-9a-f]{32}$/i.test(value)
const isDay = (value: unknown): value is Day => days.some((day) => day === value)

/** `06:00` as minutes; `24:00` ends a day. */
function minuteOf(value: unknown, path: string): number {
  const [, hours, minutes] = /^([01]\d|2[0-4]):([0-5]\d)$/.exec(typeof value === 'string' ? value : '') ?? []
  const minute = Number(hours) * 60 + Number(minutes)
  return minute <= 24 * 60 ? minute : refuse(path, 'it is no time such as 06:00')
}

function isZone(value: unknown): value is string {
  try {
    return typeof value === 'string' && new Intl.DateTimeFormat('en', { timeZone: value }) !== undefined
  } catch {
    return false
  }
}

function word(value: unknown, path: string): string {
  return typeof value === 'string' && /^[a-z0-9-]{1,40}$/.test(value)
    ? value
    : refuse(path, 'it is no word of a-z, 0-9 and -')
}

function whole(value: unknown, path: string, most: number): number {
  return Number.isInteger(value) && Number(value) >= 1 && Number(value) <= most
    ? Number(value)
    : refuse(path, `it is no whole number from 1 to ${most}`)
}

const isMap = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

function fieldsOf(json: unknown, path: string, names: readonly string[]): Fields {
  if (!isMap(json)) return refuse(path, 'it is no object')
  const beside = Object.keys(json).find((name) => !names.includes(name))
  if (beside !== undefined) refuse(`${path}.${beside.slice(0, 40)}`, 'there is no such field')
  return json
}

function refuse(field: string, reason: string): never {
  throw new AlertRulesError({ field, reason })
}

/** Thrown when a file of alert rules says what no rule can hold. It names the field. */
export class AlertRulesError extends BaseError<'ALERT_RULES'> {
  override readonly name = 'AlertRulesError'
  constructor({ field, reason }: { field?: string; reason?: string }) {
    super('ALERT_RULES', `The alert rules are refused at ${field ?? 'file'}: ${reason ?? 'it is none'}.`, {
      hints: ['Correct the field; docs/spec/alerts.md lists them, with the rules that hold without a file.'],
      docs: 'alerts.md#format',
    })
  }
}
