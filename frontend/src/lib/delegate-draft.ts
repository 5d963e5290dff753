import type { Delegation, DelegationTerms } from '@sharewell/sdk/chain'
import type { Hex } from 'viem'
import { endOf, type GrantDraft } from './grant-draft.ts'
import { lower } from './names.ts'

/** What somebody may do for a patient. */
export type DelegateTask = 'read' | 'decide'

/** Somebody who is to act for the patient, as it is filled in. */
export type DelegateDraft = Pick<GrantDraft, 'span' | 'day' | 'before' | 'categories'> & {
  /** Their account, as it was pasted or scanned. */
  readonly account: string
  readonly tasks: readonly DelegateTask[]
  /** Mask of the purposes for which they may let others read. */
  readonly purposes: number
}

/** Those who act for a patient open records at the patient's request. */
export const actingPurpose = 6

/** An account in a text or in what a wallet shows as a picture (EIP-681); undefined where there is none. */
export function accountIn(text: string): Hex | undefined {
  const [, found] = /^(?:ethereum:)?(0x[0-9a-fA-F]{40})(?:@\d+)?$/.exec(text.trim()) ?? []
  return found && !/^0x0+$/.test(found) ? lower(found) : undefined
}

/** What is still missing, in words, or undefined when it can be reviewed. */
export function delegateProblem(
  draft: DelegateDraft,
  { own, now }: { own: readonly Hex[]; now: number },
): string | undefined {
  const account = accountIn(draft.account)
  if (!account) return 'Paste the account of that person: 0x and 40 digits.'
  if (own.some((one) => lower(one) === account)) return 'That is your own account.'
  if (draft.tasks.length === 0) return 'Choose what they may do.'
  if (draft.categories.length === 0) return 'Choose at least one kind of record.'
  if (draft.tasks.includes('decide') && draft.purposes === 0) return 'Choose what others may read for.'
  return endOf(draft, now) > now ? undefined : 'Choose an end that lies in the future.'
}

/** The terms that are signed. */
export function delegationTerms(draft: DelegateDraft, { mask, now }: { mask: number; now: number }): DelegationTerms {
  const { tasks, purposes } = draft
  return {
    until: endOf(draft, now),
    reads: tasks.includes('read') ? 1 << actingPurpose : 0,
    grants: tasks.includes('decide') ? purposes : 0,
    categories: mask,
  }
}

/** Nobody yet, or somebody who acts for the patient already and is given other limits. */
export function delegateDraft(
  given: { readonly delegation: Delegation; readonly categories: readonly number[] } | undefined,
): DelegateDraft {
  if (!given) return { account: '', tasks: ['read'], categories: [], purposes: 1, span: 'month', day: '' }
  const { account, reads, grants, until } = given.delegation
  const tasks: DelegateTask[] = [...(reads ? (['read'] as const) : []), ...(grants ? (['decide'] as const) : [])]
  const { categories } = given
  return { account, tasks, categories, purposes: grants || 1, span: 'keep', day: '', before: { from: 0, until } }
}
