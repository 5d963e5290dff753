'use client'

import { type AnchoredRecord, type DecisionCode, decide, patientOf, recordsOf } from '@sharewell/sdk/chain'
import { useQuery } from '@tanstack/react-query'
import type { Hex } from 'viem'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { useSession } from './useSession.ts'

/** One record of a patient, and whether this reader may open it now. */
export type SeenRecord = AnchoredRecord & { readonly depositedAt: number; readonly decision: DecisionCode }

/** The chain's word on a pseudonym: where it is registered, and what this reader may open for a purpose. */
export function useFoundPatient(pseudonym: Hex | undefined, purpose: number) {
  const { chain } = useNetwork()
  const { address } = useSession()
  return useQuery({
    queryKey: ['found', pseudonym, purpose, address],
    enabled: !!pseudonym && !!address,
    refetchInterval: 4000,
    queryFn: async ({ signal }) => {
      if (!pseudonym || !address) return null
      const patient = await patientOf(chain, { pseudonym }, { signal })
      if (!patient) return null
      const records = await recordsOf(chain, { pseudonym }, { signal })
      const seen = await Promise.all(
        records.map(async (record): Promise<SeenRecord> => {
          const query = { pseudonym, recordId: record.recordId, categoryBit: record.category, reader: address, purpose }
          return { ...record, decision: (await decide(chain, query, { signal })).code }
        }),
      )
      return { patient, records: seen }
    },
  })
}
