'use client'

import { type Delegation, delegatesOf, delegationsTo } from '@sharewell/sdk/chain'
import { useQuery } from '@tanstack/react-query'
import type { Hex } from 'viem'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { useSession } from './useSession.ts'

/** Whom the patient lets act for them at one place, those who no longer may last. */
export function useDelegates(pseudonym: Hex): { readonly delegates: readonly Delegation[]; readonly error: unknown } {
  const { chain } = useNetwork()
  const { data, error } = useQuery({
    queryKey: ['delegates', pseudonym],
    refetchInterval: 5000,
    queryFn: async ({ signal }) => {
      const all = await delegatesOf(chain, { pseudonym }, { signal })
      return all.toSorted((a, b) => Number(b.state === 'live') - Number(a.state === 'live'))
    },
  })
  return { delegates: data ?? [], error }
}

/** Somebody for whom one of the wallet's accounts may act, and within which limits. */
export type ActingFor = Delegation & { readonly pseudonym: Hex }

/** For whom the wallet's accounts may act now. */
export function useActingFor(): readonly ActingFor[] {
  const { chain } = useNetwork()
  const { addresses } = useSession()
  const { data } = useQuery({
    queryKey: ['acting for', addresses],
    enabled: addresses.length > 0,
    refetchInterval: 5000,
    queryFn: async ({ signal }) =>
      (await Promise.all(addresses.map((account) => delegationsTo(chain, { account }, { signal })))).flat(),
  })
  return data ?? []
}
