'use client'

import {
  type AnchoredRecord,
  type Chain,
  type DecideQuery,
  type DecisionCode,
  decide,
  decisions,
  patientOf,
  recordsOf,
  type Uses,
  usesOf,
} from '@sharewell/sdk/chain'
import { useQuery } from '@tanstack/react-query'
import type { Hex } from 'viem'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { useSession } from './useSession.ts'

/** One record of a patient, and whether this reader may open it now. */
export type SeenRecord = AnchoredRecord & {
  readonly depositedAt: number
  readonly decision: DecisionCode
  /** Of the private consent that says so. */
  readonly consentSalt?: Hex | undefined
  /** How often it permits, and was used; undefined where it does not permit. */
  readonly uses?: Uses | undefined
}

/**
 * The chain's word on a pseudonym: where it is registered, and what this reader may open for a purpose; `salts` are
 * those of the consent receipts that the patient handed over. The reader is the wallet's first account where none is named.
 */
export function useFoundPatient(
  pseudonym: Hex | undefined,
  purpose: number,
  salts: readonly Hex[],
  reader?: Hex | undefined,
) {
  const { chain } = useNetwork()
  const session = useSession()
  const address = reader ?? session.address
  return useQuery({
    queryKey: ['found', pseudonym, purpose, address, salts],
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
          return { ...record, ...(await bestDecision(chain, query, salts, signal)) }
        }),
      )
      return { patient, records: seen }
    },
  })
}

const order: readonly DecisionCode[] = decisions

/** What the registry says without and with each salt: a permit, or else the answer that says most. */
async function bestDecision(chain: Chain, query: DecideQuery, salts: readonly Hex[], signal: AbortSignal) {
  const answers = await Promise.all(
    [undefined, ...salts].map(async (salt) => {
      const { code, key } = await decide(chain, { ...query, salt }, { signal })
      return { decision: code, consentSalt: salt, key }
    }),
  )
  const rank = (code: DecisionCode): number => (code === 'PERMIT' ? order.length : order.indexOf(code))
  const { key, ...best } = answers.reduce((best, one) => (rank(one.decision) > rank(best.decision) ? one : best))
  return { ...best, uses: best.decision === 'PERMIT' ? await usesOf(chain, { key }, { signal }) : undefined }
}
