'use client'

import { grantsTo, personId, recordsOf, registrations } from '@sharewell/sdk/chain'
import { useQuery } from '@tanstack/react-query'
import type { Hex } from 'viem'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { date } from '@/lib/format.ts'
import { lower, names } from '@/lib/names.ts'
import { useSession } from './useSession.ts'

/** Records that the connected accounts have to do with: own ones, and those of patients who gave access. */
export function useMyRecords(): readonly { readonly recordId: Hex; readonly title: string }[] {
  const { chain } = useNetwork()
  const { addresses } = useSession()
  const { data } = useQuery({
    queryKey: ['my records', addresses],
    enabled: addresses.length > 0,
    refetchInterval: 10_000,
    queryFn: async ({ signal }) => {
      const found = await Promise.all(
        addresses.map(async (account) => {
          const own = await registrations(chain, { controller: account }, { signal })
          const given = await grantsTo(chain, { granteeId: personId(account) }, { signal })
          return [...own, ...given].map(({ pseudonym }) => pseudonym)
        }),
      )
      const pseudonyms = [...new Set(found.flat())]
      const records = await Promise.all(pseudonyms.map((pseudonym) => recordsOf(chain, { pseudonym }, { signal })))
      return records.flat().map(({ recordId, depositedAt }) => ({
        recordId,
        title:
          names.records.get(lower(recordId))?.text ??
          `Record ${recordId.slice(2, 6).toUpperCase()} of ${date(depositedAt)}`,
      }))
    },
  })
  return data ?? []
}
