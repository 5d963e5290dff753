'use client'

import { type AccessRequest, type Consent, consentsOf, requestsOf } from '@sharewell/sdk/chain'
import { useQuery } from '@tanstack/react-query'
import type { Hex } from 'viem'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { learnGrantee } from '@/lib/grantees.ts'
import { lower, names } from '@/lib/names.ts'

const soon = 4000

/** What a pseudonym's consents say now, latest decision first. */
export function useConsents(pseudonym: Hex) {
  const { chain } = useNetwork()
  return useQuery({
    queryKey: ['consents', pseudonym],
    refetchInterval: soon,
    queryFn: async ({ signal }) => {
      const consents = await consentsOf(chain, { pseudonym }, { signal })
      for (const consent of consents) {
        const stands = consent.state === 'permit' && consent.until > chain.clock()
        if (stands) names.standing.set(lower(consent.key), consent)
        else names.standing.delete(lower(consent.key))
      }
      return consents
    },
  })
}

/** Questions to a pseudonym that nothing answers yet, newest first. */
export function useWaitingRequests(pseudonym: Hex, consents: readonly Consent[] | undefined) {
  const { chain } = useNetwork()
  const { data, error } = useQuery({
    queryKey: ['requests', pseudonym],
    refetchInterval: soon,
    queryFn: async ({ signal }) => {
      const requests = await requestsOf(chain, { pseudonym }, { signal })
      for (const { reader } of requests) learnGrantee(names, { kind: 'person', account: reader })
      return requests
    },
  })
  return { waiting: consents && data ? waitingOf(data, consents) : undefined, all: data ?? [], error }
}

/** The newest question of each reader for each purpose, unless a later decision about that reader answered it. */
export function waitingOf(requests: readonly AccessRequest[], consents: readonly Consent[]): readonly AccessRequest[] {
  const newest = new Map(requests.map((request) => [`${request.reader}${request.purpose}`, request]))
  const answered = ({ reader, time }: AccessRequest): boolean =>
    consents.some(({ granteeId, changedAt }) => isPerson(granteeId, reader) && changedAt >= time)
  return [...newest.values()].filter((request) => !answered(request)).toReversed()
}

/** Whether a consent names this person, hidden or not. */
function isPerson(granteeId: Hex, account: Hex): boolean {
  const grantee = names.grantees.get(lower(granteeId))
  return grantee?.kind === 'person' && lower(grantee.account) === lower(account)
}
