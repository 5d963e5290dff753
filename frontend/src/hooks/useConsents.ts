'use client'

import {
  type AccessRequest,
  type Consent,
  type ConsentScope,
  consentsOf,
  deny,
  grant,
  personId,
  requestsOf,
  revoke,
  type Terms,
} from '@sharewell/sdk/chain'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Hex } from 'viem'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { lower, names } from '@/lib/names.ts'
import { useSession } from './useSession.ts'

const soon = 4000

/** What a pseudonym's consents say now, latest decision first. */
export function useConsents(pseudonym: Hex) {
  const { chain } = useNetwork()
  return useQuery({
    queryKey: ['consents', pseudonym],
    refetchInterval: soon,
    queryFn: async ({ signal }) => await consentsOf(chain, { pseudonym }, { signal }),
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
      for (const { reader } of requests) names.grantees.set(lower(personId(reader)), lower(reader))
      return requests
    },
  })
  return { waiting: consents && data ? waitingOf(data, consents) : undefined, all: data ?? [], error }
}

/** The newest question of each reader for each purpose, unless a later decision about that reader answered it. */
export function waitingOf(requests: readonly AccessRequest[], consents: readonly Consent[]): readonly AccessRequest[] {
  const newest = new Map(requests.map((request) => [`${request.reader}${request.purpose}`, request]))
  const answered = ({ reader, time }: AccessRequest): boolean =>
    consents.some(({ granteeId, changedAt }) => granteeId === personId(reader) && changedAt >= time)
  return [...newest.values()].filter((request) => !answered(request)).toReversed()
}

/** The patient's three decisions. Once one is in a block, everything shown about the pseudonym is read again. */
export function useDecisions(controller: Hex, pseudonym: Hex) {
  const { chainAs } = useSession()
  const queries = useQueryClient()
  const onSuccess = async (): Promise<void> => {
    await queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey.includes(pseudonym) })
  }
  const granting = useMutation({
    mutationFn: async ({ scope, terms }: { scope: Omit<ConsentScope, 'pseudonym'>; terms: Terms }) =>
      await grant(await chainAs(controller), { pseudonym, ...scope, terms }),
    onSuccess,
  })
  const stopping = useMutation({
    mutationFn: async ({ granteeId, recordId }: Omit<ConsentScope, 'pseudonym'>) =>
      await revoke(await chainAs(controller), { pseudonym, granteeId, recordId }),
    onSuccess,
  })
  const denying = useMutation({
    mutationFn: async ({ granteeId }: Omit<ConsentScope, 'pseudonym'>) =>
      await deny(await chainAs(controller), { pseudonym, granteeId }),
    onSuccess,
  })
  return { granting, stopping, denying }
}
