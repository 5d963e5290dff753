import { type Grant, type Grantee, granteeOf, type Terms } from '@sharewell/sdk/chain'
import type { Hex } from 'viem'

/** A grant as the patient fills it in. */
export type GrantDraft = {
  readonly grantees: readonly Grantee[]
  readonly categories: readonly number[]
  readonly purpose: number
  readonly span: string
  /** A day, where the span is a day of the patient's choice: `2026-05-01`. */
  readonly day: string
  /** Keeps from the public ledger who may read. */
  readonly hidden: boolean
}

const day = 86_400

/** How long a grant lasts; the shortest that serves is the best. */
export const spans = [
  { value: 'day', label: 'One day', hint: 'For one visit', seconds: day },
  { value: 'week', label: 'One week', hint: 'For a course of tests', seconds: 7 * day },
  { value: 'month', label: '30 days', hint: 'For a treatment', seconds: 30 * day },
  { value: 'year', label: 'One year', hint: 'For the family doctor', seconds: 365 * day },
] as const

/** As many as one batch takes. */
const mostGrantees = 64

/** What is still missing, in words, or undefined when the grant can be reviewed. */
export function problemOf(
  draft: GrantDraft,
  { oneRecord, now }: { oneRecord: boolean; now: number },
): string | undefined {
  if (draft.grantees.length === 0) return 'Choose who may see it.'
  if (draft.grantees.length > mostGrantees) return `Choose at most ${mostGrantees} at once.`
  if (!oneRecord && draft.categories.length === 0) return 'Choose at least one kind of record.'
  return untilOf(draft, now) > now ? undefined : 'Choose an end that lies in the future.'
}

/** The terms that are signed. It starts a little before now, because clocks differ. */
export function termsOf(draft: GrantDraft, { mask, now }: { mask: number; now: number }): Terms {
  return { from: now - 60, until: untilOf(draft, now), purposes: 1 << draft.purpose, categories: mask }
}

/** One permission of a draft: whom it names, under which salt, and what is signed about them. */
export type Drafted = { readonly grantee: Grantee; readonly salt: Hex | undefined; readonly consent: Grant }

/** The permissions that a draft means; `saltFor` draws the salt of each where they are to stay hidden. */
export function permissionsOf(
  { grantees, hidden }: GrantDraft,
  { terms, recordId, saltFor }: { terms: Terms; recordId: Hex | undefined; saltFor: (grantee: Grantee) => Hex },
): readonly Drafted[] {
  return grantees.map((grantee) => {
    const salt = hidden ? saltFor(grantee) : undefined
    return { grantee, salt, consent: { granteeId: granteeOf(grantee, salt), recordId, terms } }
  })
}

/** Whether two name the same. */
export const isSameGrantee = (one: Grantee, other: Grantee): boolean => granteeOf(one) === granteeOf(other)

function untilOf({ span, day: chosen }: GrantDraft, now: number): number {
  const seconds = spans.find(({ value }) => value === span)?.seconds
  if (seconds) return now + seconds
  // The end of the chosen day, where the patient is.
  const end = new Date(`${chosen}T23:59:59`).getTime()
  return Number.isNaN(end) ? 0 : Math.floor(end / 1000)
}
