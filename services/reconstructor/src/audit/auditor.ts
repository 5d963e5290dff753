import { setTimeout as pause } from 'node:timers/promises'
import type { Hex } from '@sharewell/sdk/bytes'
import {
  auditSeats,
  challenges,
  enrollAuditor,
  type FollowedAudit,
  firstOpenBlock,
  followed,
  view,
} from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import { type AuditorParts, createDuty, type Duty } from './duty.ts'
import { openNotes } from './notes.ts'

/** What `audit` in the config says. */
export type AuditorOptions = {
  /** Id of the reconstructor. */
  readonly operator: Hex
  /** Where it keeps what it saw, in `audits`. */
  readonly folder: string
  /** Milliseconds from one look at the chain to the next. */
  readonly interval: number
  /** Milliseconds that a node may take for each of the blocks that it is asked for: 10,000. */
  readonly timeout?: number | undefined
}

/** What an auditor did since it was started. */
export type AuditorReport = Pick<Duty, 'words' | 'looks'> & {
  /** Whether it sits for its house. */
  readonly enrolled: boolean
  /** Audits that it follows. */
  readonly open: number
}

/** A reconstructor that judges for its house whether nodes are silent. */
export type Auditor = {
  report(): AuditorReport
  close(): Promise<void>
}

/** Audits that are followed; a house asks one node once a day. */
const mostFollowed = 10_000

/** Enrols the reconstructor and does its duty until it is closed: docs/spec/audits.md. */
export function startAuditor(parts: AuditorParts, options: AuditorOptions): Auditor {
  const { chain, log } = parts
  const { operator, folder, interval, timeout = 10_000 } = options
  const stop = new AbortController()
  const { signal } = stop
  const notes = openNotes(folder)
  const duty = createDuty(parts, { operator, notes, timeout, signal })
  const open = new Map<Hex, FollowedAudit>()
  let enrolled = false
  let nextBlock: bigint | undefined

  const warn = (what: string) => (error: unknown) => {
    if (!signal.aborted) log.warn({ code: error instanceof BaseError ? error.code : 'UNKNOWN' }, what)
  }

  /** Once: another one of the house that sits later was meant to. */
  async function enroll(): Promise<void> {
    const seats = await auditSeats(chain, { signal })
    if (!seats.some((seat) => seat.operator === operator)) await enrollAuditor(chain, { signal })
    enrolled = true
    log.info({}, 'sits as an auditor')
  }

  /** Learns of new audits, and of what became of those that it follows. */
  async function follow(): Promise<void> {
    const { final } = await view(chain, { signal })
    const fromBlock = nextBlock ?? (await firstOpenBlock(chain, { signal }))
    const fresh = await challenges(chain, {}, { fromBlock, signal })
    const asked = new Map([...open.values(), ...fresh].map((one) => [one.audit, one]))
    const now = await followed(chain, [...asked.values()].slice(0, mostFollowed), { signal })
    open.clear()
    for (const one of now) open.set(one.audit, one)
    nextBlock = final.number + 1n
  }

  async function round(): Promise<void> {
    if (!enrolled) await enroll()
    await follow()
    for (const audit of open.values()) if (!(await duty.attend(audit))) open.delete(audit.audit)
  }

  async function run(): Promise<void> {
    await notes.forget(chain.clock()).catch(warn('old notes were not removed'))
    while (!signal.aborted) {
      await round().catch(warn('audits were not attended to'))
      await pause(interval, undefined, { signal, ref: false }).catch(() => undefined)
    }
  }
  const running = run()
  return {
    report: () => ({ enrolled, open: open.size, words: duty.words, looks: duty.looks }),
    async close() {
      stop.abort()
      await running
      await duty.settled()
    },
  }
}
