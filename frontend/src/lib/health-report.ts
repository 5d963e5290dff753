import type { Hex } from 'viem'
import { plural } from './format.ts'
import { lower } from './names.ts'

/** How many records of an organization are how well, as a caretaker's node tells. */
export type HealthReport = {
  readonly organization: Hex
  /** When it last looked at all of them, in seconds, and how many seconds it leaves between two looks. */
  readonly checkedAt: number
  readonly interval: number
  readonly counts: Readonly<Record<HealthLevel, number>>
  /** After how many seconds it has shares refreshed that hide something, and of how many records that is due. */
  readonly refresh?: { readonly every: number; readonly due: number } | undefined
}

/** Worst last; `unknown` is what could not be looked at. */
export const healthLevels = ['healthy', 'weakened', 'unknown', 'endangered', 'lost'] as const

/** One of {@link healthLevels}. */
export type HealthLevel = (typeof healthLevels)[number]

/** Reads what a node says of itself; nothing where it looks after nobody's records, or says so in another form. */
export function healthReport(status: Readonly<Record<string, unknown>>): HealthReport | undefined {
  const { health } = status
  if (typeof health !== 'object' || health === null) return undefined
  const said = health as Record<string, unknown>
  const { organization } = said
  if (typeof organization !== 'string' || !/^0x[0-9a-fA-F]{32}$/.test(organization)) return undefined
  const [checkedAt, interval, ...counts] = ['checkedAt', 'interval', ...healthLevels].map((name) => said[name])
  if (!isCount(checkedAt) || !isCount(interval) || !counts.every(isCount)) return undefined
  const [healthy, weakened, unknown, endangered, lost] = counts as [number, number, number, number, number]
  return {
    organization: lower(organization),
    checkedAt,
    interval,
    counts: { healthy, weakened, unknown, endangered, lost },
    refresh: refreshOf(said.refresh),
  }
}

function refreshOf(said: unknown): HealthReport['refresh'] {
  if (typeof said !== 'object' || said === null) return undefined
  const { every, due } = said as Record<string, unknown>
  return isCount(every) && isCount(due) ? { every, due } : undefined
}

/** How shares are refreshed; nothing where nobody does. */
export function refreshWords({ refresh }: HealthReport): string | undefined {
  if (!refresh) return undefined
  const days = Math.max(1, Math.round(refresh.every / 86_400))
  const due = refresh.due === 0 ? 'none due' : `${plural(refresh.due, 'record')} due`
  return `Shares that hide something are made anew every ${days === 1 ? 'day' : `${days} days`}: ${due}`
}

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0

/** Whether nobody looked for three rounds: then nothing can be said of now. */
export const isStale = ({ checkedAt, interval }: HealthReport, now: number): boolean => now > checkedAt + 3 * interval

/** What it comes to, and how much of a worry it is. */
export function judgement(
  report: HealthReport,
  now: number,
): { readonly tone: 'good' | 'warn' | 'bad'; words: string } {
  const { healthy, weakened, unknown, endangered, lost } = report.counts
  const all = healthy + weakened + unknown + endangered + lost
  if (isStale(report, now)) return { tone: 'bad', words: 'Nobody has looked since' }
  if (lost > 0) return { tone: 'bad', words: `${plural(lost, 'record')} cannot be rebuilt now` }
  if (endangered > 0) return { tone: 'bad', words: `${plural(endangered, 'record')} endangered` }
  if (unknown > 0) return { tone: 'warn', words: `${plural(unknown, 'record')} could not be looked at` }
  if (weakened > 0) return { tone: 'warn', words: `${plural(weakened, 'record')} weakened` }
  return { tone: 'good', words: all === 0 ? 'No records yet' : `All ${plural(all, 'record')} healthy` }
}
