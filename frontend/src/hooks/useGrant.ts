'use client'

import type { Bytes } from '@sharewell/sdk/bytes'
import type { AccessRequest, Carried, Consent, Grantee } from '@sharewell/sdk/chain'
import { categoriesOfMask, categoryMask } from '@sharewell/sdk/record'
import { useState } from 'react'
import type { Hex } from 'viem'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { type Drafted, draftOf, type GrantDraft, permissionsOf, problemOf, termsOf } from '@/lib/grant-draft.ts'
import { learnGrantee } from '@/lib/grantees.ts'
import { lower, names } from '@/lib/names.ts'
import { askedFor } from '@/lib/note.ts'
import { saltAmong } from '@/lib/salts.ts'
import { type Decision, useDecision } from './useDecision.ts'
import { useGiven } from './useGiven.ts'
import { useMail } from './useMail.ts'
import type { Place } from './usePlaces.ts'

/** A receipt to be handed over, and whom it is for. */
export type HandedOver = { readonly grantee: Grantee; readonly text: string }

type GrantOptions = {
  readonly request?: AccessRequest | undefined
  /** The permission that stands, and is changed. */
  readonly changes?: Consent | undefined
  readonly recordId?: Hex | undefined
  readonly categoryKey: Bytes | undefined
  /** Once it counts, and nothing is left to hand over. */
  readonly onDone: () => void
}

/** A permission on its way: filled in, reviewed, signed, sent on, and where it is hidden handed over. */
export function useGrant(place: Place, { request, changes, recordId, categoryKey, onDone }: GrantOptions) {
  const { chain } = useNetwork()
  const { mail } = useMail(place)
  const { given, keep } = useGiven(place)
  const decision: Decision = useDecision(place)
  const [draft, setDraft] = useState<GrantDraft>(
    () =>
      (changes && draftToChange(changes, categoryKey)) ?? {
        grantees: request ? [{ kind: 'person', account: lower(request.reader) }] : [],
        categories: askedFor(request && mail?.notes.get(request.noteHash)?.text),
        purposes: 1 << (request?.purpose ?? 0),
        span: 'week',
        day: '',
        often: 'any',
        times: '',
        hidden: false,
      },
  )
  const [complaint, setComplaint] = useState<string>()
  const [receipts, setReceipts] = useState<readonly HandedOver[]>()

  const finish = async (permissions: readonly Drafted[], { transactionHash }: Carried): Promise<void> => {
    const hidden = permissions.flatMap(({ grantee, salt, consent: { terms } }) =>
      salt ? [{ grantee, salt, recordId, terms, proof: { transaction: transactionHash } }] : [],
    )
    const kept = await Promise.all(hidden.map(async (one) => ({ grantee: one.grantee, text: await keep(one) })))
    if (kept.length > 0) setReceipts(kept)
    else onDone()
  }
  const review = (): void => {
    const now = chain.clock()
    const problem = problemOf(draft, { oneRecord: !!recordId, now })
    setComplaint(problem)
    if (problem) return
    const mask = recordId || !categoryKey ? 0 : categoryMask(categoryKey, draft.categories)
    const terms = termsOf(draft, { mask, now })
    // What is changed keeps its number.
    const own = given.filter(({ granteeId }) => lower(granteeId) === lower(changes?.granteeId ?? ''))
    const permissions = permissionsOf(draft, { terms, recordId, saltFor: saltAmong([...own, ...given]) })
    // The review names whom a hidden number stands for.
    for (const { grantee, salt } of permissions) learnGrantee(names, grantee, salt)
    const consents = permissions.map(({ consent }) => consent)
    const [first, ...others] = consents
    if (!first) return
    decision.decide(others.length > 0 ? { kind: 'GrantMany', consents } : { kind: 'Grant', ...first }, (carried) => {
      void finish(permissions, carried)
    })
  }
  const change = (part: Partial<GrantDraft>): void => {
    setDraft({ ...draft, ...part })
    setComplaint(undefined)
  }
  return { draft, change, complaint, review, decision, receipts }
}

/** A permission that stands as a draft; undefined where this page does not know whom it names. */
function draftToChange(consent: Consent, categoryKey: Bytes | undefined): GrantDraft | undefined {
  const grantee = names.grantees.get(lower(consent.granteeId))
  const categories = categoriesOfMask(consent.categories, categoryKey) ?? []
  return grantee && draftOf(consent, { grantee, hidden: grantee.hidden, categories })
}
