'use client'

import { type Credential, credentialsOf } from '@sharewell/sdk/chain'
import { useQuery } from '@tanstack/react-query'
import type { Hex } from 'viem'
import { useNetwork } from '@/components/shell/network-context.tsx'

/** Role bits of docs/spec/actors.md that matter in an emergency. */
export const emergencyRoles = { officer: 5, clinician: 8, reviewer: 9 } as const

/** What hospitals attest of an account that matters in an emergency: its live affiliation in each of these roles. */
export function useWork(account: Hex | undefined): Partial<Record<keyof typeof emergencyRoles, Credential>> {
  const { chain } = useNetwork()
  const { data = [] } = useQuery({
    queryKey: ['work', account],
    enabled: !!account,
    staleTime: 60_000,
    queryFn: async ({ signal }) => {
      const held = account ? await credentialsOf(chain, { account }, { signal }) : []
      return held.filter(({ retracted, until }) => !retracted && until > chain.clock())
    },
  })
  const inRole = (role: number): Credential | undefined => data.find(({ roles }) => (roles >>> role) & 1)
  const { officer, clinician, reviewer } = emergencyRoles
  return Object.fromEntries(
    Object.entries({ officer: inRole(officer), clinician: inRole(clinician), reviewer: inRole(reviewer) }).filter(
      ([, found]) => found,
    ),
  )
}
