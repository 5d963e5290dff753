'use client'

import type { ConsentReceipt } from '@sharewell/sdk/chain'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { Hex } from 'viem'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { learnGrantee } from '@/lib/grantees.ts'
import { names } from '@/lib/names.ts'
import { keepShown, shownTo } from '@/lib/shown-receipts.ts'
import { useSession } from './useSession.ts'

/** Consent receipts that patients handed to the connected account. */
export function useShownReceipts(): {
  readonly shown: readonly ConsentReceipt[]
  readonly keep: (text: string) => Promise<ConsentReceipt>
} {
  const { network } = useNetwork()
  const { address } = useSession()
  const queries = useQueryClient()
  const queryKey = ['shown', network.networkId, address]
  const { data } = useQuery({
    queryKey,
    enabled: !!address,
    queryFn: async () => {
      const shown = address ? await shownTo(address, network) : []
      for (const { grantee, salt } of shown) learnGrantee(names, grantee, salt)
      return shown
    },
  })
  return {
    shown: data ?? [],
    keep: async (text) => {
      const receipt = await keepShown(text, network, address ?? '0x')
      await queries.invalidateQueries({ queryKey })
      return receipt
    },
  }
}

/** The salts under which this account may read a patient's records. */
export const saltsFor = (shown: readonly ConsentReceipt[], pseudonym: Hex): readonly Hex[] => [
  ...new Set(shown.filter((receipt) => receipt.pseudonym === pseudonym).map(({ salt }) => salt)),
]
