import { type Consent, type Grant, type Grantee, granteeOf, type Terms } from '@sharewell/sdk/chain'
import type { Hex } from 'viem'
import { usesLeft } from './uses.ts'

/** A grant as the patient fills it in. */
export type GrantDraft = {
  readonly grantees: readonly Grantee[]
  readonly categories: readonly number[]
  /** Mask of purposes. */
  readonly purposes: number
  /** One of {@link spans}, `date` for a day of the patient's choice, or `keep` for the end that stands. */
  readonly span: string
  /** A day, where the span is a day of the patient's choice: `2026-05-01`. */
  readonly day: string
  /** Any number of times, once, or so many times. */
  readonly often: Often
  /** How many times, as it is typed. */
  readonly times: string
  /** Keeps from the public ledger who may read. */
  readonly hidden: boolean
  /** When the permission begins and ends that this one takes the place of. */
  readonly before?: { readonly from: number; readonly until: number } | undefined
}

/** How often records may be opened. */
export type Often = 'any' | 'once' | 'times'

/** A permission that stands, to be changed. How often starts with what is left, so that keeping it gives nothing more. */
export function draftOf(
  consent: Consent,
  { grantee, hidden, categories }: { grantee: Grantee; hidden: boolean; categories: readonly number[] },
): GrantDraft {
  const { from, until, purposes } = consent
  const left = usesLeft(consent)
  const often = left === undefined ? 'any' : left > 1 ? 'times' : 'once'
  const rest = { grantees: [grantee], categories, purposes, day: '', hidden }
  return { ...rest, span: 'keep', often, times: often === 'times' ? `${left}` : '', before: { from, until } }
}

/** The terms under which a permission that was stopped can be given again as it was; undefined where it was used up. */
export function termsAgain(consent: Consent, now: number): Terms | undefined {
  const left = usesLeft(consent)
  if (left === 0) return undefined
  const { until, purposes, categories } = consent
  return { from: now - 60, until, purposes, categories, useLimit: left ?? 0 }
}

const day = 86_400

/** How long a grant lasts; the shortest that serves is the best. */
export const spans = [
  { value: 'day', label: 'One day', hint: 'For one visit', seconds: day },
  { value: 'week', label: 'One week', hint: 'For a course of tests', seconds: 7 * day },
  { value: 'month', label: '30 days', hint: 'For a treatment', seconds: 30 * day },
  { value: 'year', label: 'One year', hint: 'For the family doctor', seconds: 365 * day },
] as const

/** As often as a permission can count. */
const mostTimes = 65_535

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
  const times = limitOf(draft)
  if (!(times >= 0 && times <= mostTimes)) return 'Write how often: a whole number of times, from 1.'
  return endOf(draft, now) > now ? undefined : 'Choose an end that lies in the future.'
}

/** 0 for any number of times; NaN where no number was typed. */
function limitOf({ often, times }: Pick<GrantDraft, 'often' | 'times'>): number {
  if (often !== 'times') return often === 'once' ? 1 : 0
  return /^[1-9]\d{0,5}$/.test(times.trim()) ? Number(times) : Number.NaN
}

/** The terms that are signed. It starts a little before now, because clocks differ; or with what it takes the place of. */
export function termsOf(draft: GrantDraft, { mask, now }: { mask: number; now: number }): Terms {
  const { purposes, before } = draft
  const from = before?.from ?? now - 60
  return { from, until: endOf(draft, now), purposes, categories: mask, useLimit: limitOf(draft) }
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

/** When something ends that is to last as long as was chosen; 0 where no day was. */
export function endOf({ span, day: chosen, before }: Pick<GrantDraft, 'span' | 'day' | 'before'>, now: number): number {
  if (span === 'keep') return before?.until ?? 0
  const seconds = spans.find(({ value }) => value === span)?.seconds
  if (seconds) return now + seconds
  // The end of the chosen day, where the patient is.
  const end = new Date(`${chosen}T23:59:59`).getTime()
  return Number.isNaN(end) ? 0 : Math.floor(end / 1000)
}
