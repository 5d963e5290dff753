import type { Hex } from '@sharewell/sdk/bytes'
import { type AnchoredRecord, recordOf, recordsOf } from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import {
  type Level,
  levels,
  type RecordHealth,
  recordHealth,
  repairRecord,
  type ShareHealth,
  type ShareState,
  shareStates,
} from '@sharewell/sdk/flow/health'
import type { CareParts } from './parts.ts'
import type { Seen } from './refresh.ts'

/** How a round is made. */
export type RoundOptions = {
  /** Whose records. */
  readonly organization: Hex
  /** Since when operators answer nothing, in seconds; a round keeps it up to date. */
  readonly silentSince: Map<Hex, number>
  /** How often an operator was given its share of a record again, by both; a round keeps it up to date. */
  readonly refills: Map<string, number>
  /** Seconds after which a silent node will not come back. */
  readonly silence: number
  readonly samples?: number | undefined
  readonly spare?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** How often a share may be lost before it is given to somebody else: whoever acknowledges and keeps nothing would cost a
 * repair each round for ever. */
const mostRefills = 3
/** Shares of which that is remembered; forgetting only gives more chances. */
const mostKept = 100_000

/** What a round found, after its repairs. */
export type Round = {
  /** Records by level; `unknown`: not examined, for whatever reason. */
  readonly records: Readonly<Record<Level | 'unknown', number>>
  readonly shares: Readonly<Record<ShareState, number>>
  /** Those that are not healthy, worst first. */
  readonly affected: readonly RecordHealth[]
  readonly repaired: number
  readonly failed: number
  /** Every record. */
  readonly seen: readonly Seen[]
}

/** Repairs worst first: another loss may come while the others wait. */
const order: readonly Level[] = ['endangered', 'lost', 'weakened', 'healthy']

/** Examines every record that the organization deposited, and repairs what is not healthy where there is a depositor. One
 * record is under way at a time; one that fails does not keep the others waiting. */
export async function careRound(parts: CareParts, options: RoundOptions): Promise<Round> {
  const { chain, depositor, log } = parts
  const { organization, signal } = options
  const found = new Map<Hex, RecordHealth | undefined>()
  const records = await recordsOf(chain, { author: organization }, { signal })
  for (const record of records) found.set(record.recordId, await examined(parts, record, options))
  noteSilence(chain.clock(), [...found.values()], options.silentSince)
  const bad = affectedOf(found)
  let [repaired, failed] = [0, 0]
  for (const { recordId } of depositor ? bad : []) {
    const outcome = await repairOne(parts, recordId, options)
    if (outcome === 'failed') failed += 1
    if (outcome !== 'done') continue
    repaired += 1
    const now = await recordOf(chain, { recordId }, { signal })
    if (now) found.set(recordId, await examined(parts, now, options))
  }
  const seen = records.map(({ recordId, version, depositedAt }) => {
    return { recordId, version, depositedAt, health: found.get(recordId) }
  })
  const round = { ...countsOf(found), affected: affectedOf(found), repaired, failed, seen }
  const { endangered, lost, unknown } = round.records
  if (endangered + lost + unknown > 0)
    log.warn({ code: 'RECORDS_ENDANGERED', endangered, lost, unknown }, 'records need repair')
  return round
}

async function examined(
  { chain, read, log }: CareParts,
  record: AnchoredRecord,
  { samples, spare, signal }: RoundOptions,
): Promise<RecordHealth | undefined> {
  try {
    return await recordHealth(chain, record, { read, samples, spare, signal })
  } catch (error) {
    signal?.throwIfAborted()
    log.warn({ code: codeOf(error) }, 'a record was not examined')
    return undefined
  }
}

async function repairOne(
  { depositor, read, log }: CareParts,
  recordId: Hex,
  { samples, spare, silentSince, silence, refills, signal }: RoundOptions,
): Promise<'done' | 'nothing' | 'failed'> {
  if (!depositor) return 'nothing'
  const isGone = ({ operator, state }: ShareHealth) =>
    state === 'missing'
      ? (refills.get(`${recordId} ${operator}`) ?? 0) >= mostRefills
      : (silentSince.get(operator) ?? Number.POSITIVE_INFINITY) + silence <= depositor.clock()
  try {
    const options = { read, samples, spare, isGone, signal }
    const { before, refilled, moved, liars } = await repairRecord(depositor, { recordId }, options)
    for (const { operator } of before.shares.filter(({ index }) => refilled.includes(index))) {
      const key = `${recordId} ${operator}`
      refills.set(key, (refills.get(key) ?? 0) + 1)
    }
    if (refills.size > mostKept) refills.clear()
    for (const operator of liars) log.warn({ code: 'REPAIR_LIAR', operator }, 'a helper of a repair lied')
    if (refilled.length + moved.length === 0) return 'nothing'
    log.info({ refilled: refilled.length, moved: moved.length }, 'repaired a record')
    return 'done'
  } catch (error) {
    signal?.throwIfAborted()
    log.warn({ code: codeOf(error) }, 'a record was not repaired')
    return 'failed'
  }
}

const codeOf = (error: unknown): string => (error instanceof BaseError ? error.code : 'UNKNOWN')

/** An operator is silent while none of the shares that it should hold is answered for. */
function noteSilence(now: number, found: readonly (RecordHealth | undefined)[], since: Map<Hex, number>): void {
  const shares = found.flatMap((health) => health?.shares ?? [])
  const silent = new Set(shares.filter(({ state }) => state === 'silent').map(({ operator }) => operator))
  for (const { operator, state } of shares) if (state !== 'silent' && state !== 'unproved') silent.delete(operator)
  for (const operator of since.keys()) if (!silent.has(operator)) since.delete(operator)
  for (const operator of silent) if (!since.has(operator)) since.set(operator, now)
}

function affectedOf(found: ReadonlyMap<Hex, RecordHealth | undefined>): RecordHealth[] {
  const bad = [...found.values()].filter((health) => health !== undefined).filter(({ level }) => level !== 'healthy')
  return bad.sort((a, b) => order.indexOf(a.level) - order.indexOf(b.level) || a.staying - a.t - (b.staying - b.t))
}

function countsOf(found: ReadonlyMap<Hex, RecordHealth | undefined>): Pick<Round, 'records' | 'shares'> {
  const all = [...found.values()]
  const known = all.filter((health) => health !== undefined)
  const records = levels.map((level) => [level, known.filter((health) => health.level === level).length])
  const states = known.flatMap(({ shares }) => shares.map(({ state }) => state))
  const shares = shareStates.map((state) => [state, states.filter((one) => one === state).length])
  return {
    records: { ...Object.fromEntries(records), unknown: all.length - known.length },
    shares: Object.fromEntries(shares),
  }
}
