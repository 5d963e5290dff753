'use client'

import type { encodeConsentReceipt } from '@sharewell/sdk/chain'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { type GivenReceipt, givenAt, keepGiven } from '@/lib/given-receipts.ts'
import { learnGrantee } from '@/lib/grantees.ts'
import { names } from '@/lib/names.ts'
import type { Place } from './usePlaces.ts'

/** Receipts of private consents that the patient gave at a place, kept on this device. */
export function useGiven({ pseudonym, keys }: Place): {
  readonly given: readonly GivenReceipt[]
  readonly keep: (receipt: Omit<encodeConsentReceipt.Receipt, 'networkId' | 'pseudonym'>) => Promise<string>
} {
  const { network } = useNetwork()
  const queries = useQueryClient()
  const queryKey = ['given', pseudonym]
  const { data } = useQuery({
    queryKey,
    queryFn: async () => {
      const given = await givenAt({ network, keys })
      for (const { grantee, salt } of given) learnGrantee(names, grantee, salt)
      return given
    },
  })
  return {
    given: data ?? [],
    keep: async (receipt) => {
      const text = await keepGiven({ network, keys }, receipt)
      await queries.invalidateQueries({ queryKey })
      return text
    },
  }
}
