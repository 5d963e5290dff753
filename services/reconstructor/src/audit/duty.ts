import type { Log } from '@sharewell/host'
import type { Hex } from '@sharewell/sdk/bytes'
import { auditRefusalOf, type Chain, drawAudit, type FollowedAudit, signAuditWord, testify } from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import type { FaultStore } from '../fault-store.ts'
import { nextStep } from './judge.ts'
import { type DrawnAudit, type Look, lookAt } from './look.ts'
import type { Note, Notes } from './notes.ts'

/** What an auditor works with. */
export type AuditorParts = {
  /** Connected with the operator's account: it signs words and sends them. */
  readonly chain: Chain
  readonly faults: FaultStore
  readonly log: Log
}

/** How its duty is done. */
export type DutyOptions = {
  /** Id of the reconstructor. */
  readonly operator: Hex
  readonly notes: Notes
  /** Milliseconds that a node may take for each of the blocks that it is asked for. */
  readonly timeout: number
  readonly signal: AbortSignal
}

/** What an auditor does about one audit after the other, and has done. */
export type Duty = {
  /** Does what comes next; whether anything is left to do. Nodes are asked beside it. */
  attend(audit: FollowedAudit): Promise<boolean>
  /** Words that were given. */
  readonly words: Readonly<Record<'shown' | 'silent', number>>
  /** What came of asking nodes. */
  readonly looks: Readonly<Record<'answered' | 'unanswered', number>>
  /** Ends when no node is being asked. */
  settled(): Promise<void>
}

/** Nodes that are asked at once; each answer is a chunk and a leaf list in memory. */
const mostLooks = 8

/** The duty of one auditor: docs/spec/audits.md. */
export function createDuty({ chain, faults, log }: AuditorParts, options: DutyOptions): Duty {
  const { operator, notes, timeout, signal } = options
  const looking = new Map<Hex, Promise<void>>()
  /** Audits that this auditor cannot judge. */
  const beyond = new Set<Hex>()
  const words = { shown: 0, silent: 0 }
  const looks = { answered: 0, unanswered: 0 }
  const heard = hearer(log, signal)

  async function say(audit: DrawnAudit, note: Note, shown: boolean): Promise<void> {
    const k = audit.drawn.auditors.indexOf(operator)
    const { signature } = note.word ?? (await signAuditWord(chain, { audit: audit.audit, i: audit.drawn.i, shown }))
    // The word is on the disk before anybody has it, so that no restart says another one.
    if (!note.word) await notes.write({ ...note, word: { shown, signature } })
    await testify(chain, { audit: audit.audit, shown, signature, k }, { signal })
    words[shown ? 'shown' : 'silent'] += 1
    log.info({ shown }, 'gave its word')
  }

  async function look(audit: DrawnAudit): Promise<void> {
    const seen = await lookAt(chain, audit, { timeout, signal })
    if (!seen) return void beyond.add(audit.audit)
    const before = (await notes.read(audit.audit)) ?? newNote(audit)
    if ('response' in seen) {
      looks.answered += 1
      return await say(audit, { ...before, response: seen.response }, true)
    }
    looks.unanswered += 1
    const { first = chain.clock(), count = 0 } = before.looks ?? {}
    await notes.write({ ...before, looks: { count: count + 1, first, last: chain.clock(), reason: cut(seen) } })
    if (seen.lie) await faults.add(seen.lie, chain.clock())
  }

  /** Beside the rounds, so that no slow node keeps a draw waiting. */
  function beginLook(audit: DrawnAudit): void {
    if (looking.size >= mostLooks) return
    const done = look(audit).catch(heard)
    looking.set(
      audit.audit,
      done.finally(() => looking.delete(audit.audit)),
    )
  }

  async function step(audit: FollowedAudit): Promise<boolean> {
    const k = audit.drawn?.auditors.indexOf(operator) ?? -1
    const note = k < 0 ? undefined : await notes.read(audit.audit)
    const next = nextStep({ state: audit.state, audit, k, note, now: chain.clock() })
    if (next === 'draw') await drawAudit(chain, audit, { signal })
    if (!isDrawn(audit)) return next !== 'forget'
    if (next === 'look') beginLook(audit)
    if (next === 'say shown' || next === 'say silent') await say(audit, note ?? newNote(audit), next === 'say shown')
    return next !== 'forget'
  }

  return {
    words,
    looks,
    async attend(audit) {
      if (beyond.delete(audit.audit)) return false
      if (looking.has(audit.audit)) return true
      return await step(audit).catch((error: unknown) => {
        heard(error)
        return true
      })
    },
    settled: async () => void (await Promise.all(looking.values())),
  }
}

/** Tells what went wrong. Others draw and testify too: who comes second lost nothing. */
const hearer = (log: Log, signal: AbortSignal) => (error: unknown) => {
  if (signal.aborted || hurried.some((refusal) => refusal === auditRefusalOf(error))) return
  log.warn({ code: error instanceof BaseError ? error.code : 'UNKNOWN' }, 'an audit was not attended to')
}

const hurried = ['AuditsDrawnTwice', 'AuditsNotNow', 'AuditsSpokenTwice'] as const

const isDrawn = (audit: FollowedAudit): audit is DrawnAudit => audit.drawn !== undefined

const cut = ({ reason }: Extract<Look, { reason: string }>): string => reason.slice(0, 300)

const newNote = ({ audit, operator, recordId, manifestHash, j, drawn: { i, deadline } }: DrawnAudit): Note => ({
  ...{ audit, operator, recordId, manifestHash, j, i, deadline },
})
