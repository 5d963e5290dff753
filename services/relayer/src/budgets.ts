import { LimitError } from './refusals.ts'

/** What a message does. Of a patient: lets somebody do more, less, or brings a new pseudonym. Of a reader: begins or ends
 * a session, or says that a record is about to be opened. Each has budgets of its own, so that no flood of one keeps
 * another from getting through. */
export type Act = 'opening' | 'closing' | 'registration' | ReaderAct
type ReaderAct = 'beginning' | 'ending' | 'asking'

/** How much is carried: for one pseudonym or one reader in a minute and a day, and in all in a minute, by act. */
export type Limits = {
  readonly patientMinute: number
  readonly patientDay: number
  readonly readerMinute: number
  readonly readerDay: number
  readonly minute: Readonly<Record<Act, number>>
}

/** Whose budget a message uses: that of a pseudonym, or of a reader's account. */
export type Spender = { readonly act: Act; readonly subject: string }

/** Sliding windows over what was carried, in memory: a restart forgets them. */
export type Budgets = {
  /** Refuses when a budget is used up. Errors: {@link LimitError}. */
  check(spender: Spender): void
  /** Checks, and counts one more, in one step. Errors: {@link LimitError}. */
  take(spender: Spender): void
}

/** Makes budgets. `clock` tells seconds that never go back. */
export function createBudgets(limits: Limits, clock: () => number = monotonic): Budgets {
  const subjectMinute = createWindow(minute, clock)
  const subjectDay = createWindow(day, clock)
  const total = createWindow(minute, clock)

  function check({ act, subject }: Spender): void {
    const key = `${act} ${subject}`
    const { limit, inMinute, inDay } = isReaderAct(act)
      ? ({ limit: 'BUDGET_READER', inMinute: limits.readerMinute, inDay: limits.readerDay } as const)
      : ({ limit: 'BUDGET_PATIENT', inMinute: limits.patientMinute, inDay: limits.patientDay } as const)
    const wait = Math.max(subjectMinute.wait(key, inMinute), subjectDay.wait(key, inDay))
    if (wait > 0) throw new LimitError({ limit, seconds: wait })
    const inAll = total.wait(act, limits.minute[act])
    if (inAll > 0) throw new LimitError({ limit: 'BUDGET_TOTAL', seconds: inAll })
  }

  return {
    check,
    take(spender) {
      check(spender)
      const key = `${spender.act} ${spender.subject}`
      subjectMinute.count(key)
      subjectDay.count(key)
      total.count(spender.act)
    },
  }
}

const isReaderAct = (act: Act): act is ReaderAct => act === 'beginning' || act === 'ending' || act === 'asking'

const minute = 60
const day = 86_400
const monotonic = () => performance.now() / 1000

/** Times by key, each forgotten after `seconds`. */
function createWindow(seconds: number, clock: () => number) {
  const times = new Map<string, number[]>()
  let swept = clock()

  /** What is over is forgotten once a window long, so that memory holds no more than two windows. */
  function sweep(now: number): void {
    if (now - swept < seconds) return
    swept = now
    for (const [key, all] of times) if ((all.at(-1) ?? 0) <= now - seconds) times.delete(key)
  }

  return {
    /** Whole seconds until `key` is below `limit` again; 0 where it is. */
    wait(key: string, limit: number): number {
      const now = clock()
      const live = (times.get(key) ?? []).filter((time) => time > now - seconds)
      const oldest = live[live.length - limit]
      return oldest === undefined ? 0 : Math.max(1, Math.ceil(oldest + seconds - now))
    },
    count(key: string): void {
      const now = clock()
      sweep(now)
      times.set(key, [...(times.get(key) ?? []).filter((time) => time > now - seconds), now])
    },
  }
}
