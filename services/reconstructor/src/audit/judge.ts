import { type Audit, type AuditState, auditDay } from '@sharewell/sdk/chain'
import type { Note } from './notes.ts'

/** What an auditor does about an audit next: `forget` where nothing is left to do. */
export type Step = 'wait' | 'draw' | 'look' | 'say shown' | 'say silent' | 'forget'

type Facts = {
  readonly state: AuditState
  readonly audit: Pick<Audit, 'drawn' | 'spoken'>
  /** The own seat among the three; -1 for none. */
  readonly k: number
  readonly note: Pick<Note, 'looks' | 'word'> | undefined
  /** Own clock, in seconds. */
  readonly now: number
}

/** The duty of one auditor, as docs/spec/audits.md has it. */
export function nextStep({ state, audit: { drawn, spoken }, k, note, now }: Facts): Step {
  if (state === 'waiting') return 'wait'
  if (state === 'drawable') return 'draw'
  if (!drawn || k < 0 || spoken[k]) return 'forget'
  if (state === 'asking') return whileAsked(note, drawn.deadline, now)
  return state === 'settling' ? afterwards(note, drawn.deadline) : 'forget'
}

function whileAsked(note: Facts['note'], deadline: number, now: number): Step {
  if (note?.word) return note.word.shown ? 'say shown' : 'forget'
  return now >= nextLookAt(note, deadline) ? 'look' : 'wait'
}

/** A word that it saw the chunk, given too late, is worth nothing, and another one is never given. */
function afterwards(note: Facts['note'], deadline: number): Step {
  if (note?.word) return note.word.shown ? 'forget' : 'say silent'
  return lookedOn(note, deadline) ? 'say silent' : 'forget'
}

/** Seconds until a node is asked again: a minute, then ever longer, at most half an hour; and once more at the end. */
export function nextLookAt(note: Facts['note'], deadline: number): number {
  const looks = note?.looks
  if (!looks) return 0
  const usual = looks.last + Math.min(1_800, 60 * 2 ** Math.min(looks.count - 1, 10))
  const atLast = deadline - lastChance / 2
  return looks.last < atLast ? Math.min(usual, atLast) : usual
}

/** Whether this auditor looked well enough to say that there was nothing: from the first half of the day on, more than
 * twice, and near its end again. One that was away itself says nothing. */
export function lookedOn(note: Facts['note'], deadline: number): boolean {
  const looks = note?.looks
  if (!looks) return false
  return looks.count > 2 && looks.first <= deadline - auditDay / 2 && looks.last >= deadline - lastChance
}

/** Seconds before the deadline in which a node must have been asked once more. */
const lastChance = 3_600
