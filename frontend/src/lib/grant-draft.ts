import type { Terms } from '@sharewell/sdk/chain'
import type { Hex } from 'viem'

/** A grant as the patient fills it in. */
export type GrantDraft = {
  readonly grantee: Hex | undefined
  readonly categories: readonly number[]
  readonly purpose: number
  readonly span: string
  /** A day, where the span is a day of the patient's choice: `2026-05-01`. */
  readonly day: string
}

const day = 86_400

/** How long a grant lasts; the shortest that serves is the best. */
export const spans = [
  { value: 'day', label: 'One day', hint: 'For one visit', seconds: day },
  { value: 'week', label: 'One week', hint: 'For a course of tests', seconds: 7 * day },
  { value: 'month', label: '30 days', hint: 'For a treatment', seconds: 30 * day },
  { value: 'year', label: 'One year', hint: 'For the family doctor', seconds: 365 * day },
] as const

/** What is still missing, in words, or undefined when the grant can be reviewed. */
export function problemOf(
  draft: GrantDraft,
  { oneRecord, now }: { oneRecord: boolean; now: number },
): string | undefined {
  if (!draft.grantee) return 'Choose who may see it.'
  if (!oneRecord && draft.categories.length === 0) return 'Choose at least one kind of record.'
  return untilOf(draft, now) > now ? undefined : 'Choose an end that lies in the future.'
}

/** The terms that are signed. It starts a little before now, because clocks differ. */
export function termsOf(draft: GrantDraft, { mask, now }: { mask: number; now: number }): Terms {
  return { from: now - 60, until: untilOf(draft, now), purposes: 1 << draft.purpose, categories: mask }
}

function untilOf({ span, day: chosen }: GrantDraft, now: number): number {
  const seconds = spans.find(({ value }) => value === span)?.seconds
  if (seconds) return now + seconds
  // The end of the chosen day, where the patient is.
  const end = new Date(`${chosen}T23:59:59`).getTime()
  return Number.isNaN(end) ? 0 : Math.floor(end / 1000)
}
