'use client'

import {
  type Chain,
  credentialsOf,
  granteeOf,
  grantsTo,
  organizationOf,
  patientOf,
  personId,
  requestsOf,
} from '@sharewell/sdk/chain'
import { useQuery } from '@tanstack/react-query'
import type { Hex } from 'viem'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { roles } from '@/lib/grantees.ts'
import { useShownReceipts } from './useShownReceipts.ts'

/** A patient whom an account asked, or who gave it access, by itself or through a team. */
export type MyPatient = {
  readonly pseudonym: Hex
  readonly time: number
  readonly granted: boolean
  readonly provider: Hex | undefined
}

/** Patients to come back to without their code. */
export function useMyPatients(account: Hex): readonly MyPatient[] | undefined {
  const { chain } = useNetwork()
  const { shown } = useShownReceipts()
  const { data } = useQuery({
    queryKey: ['asked', account, shown.map(({ granteeId }) => granteeId)],
    refetchInterval: 5000,
    queryFn: async ({ signal }) => {
      const [asked, ids] = await Promise.all([
        requestsOf(chain, { reader: account }, { signal }),
        granteeIdsOf(chain, account, signal),
      ])
      const hidden = shown.map(({ granteeId }) => granteeId)
      const granted = await Promise.all(
        [...ids, ...hidden].map((granteeId) => grantsTo(chain, { granteeId }, { signal })),
      )
      const newest = new Map<Hex, { time: number; granted: boolean }>()
      for (const { pseudonym, time } of asked) newest.set(pseudonym, { time, granted: false })
      for (const { pseudonym, time } of granted.flat()) newest.set(pseudonym, { time, granted: true })
      const latest = [...newest].sort(([, one], [, other]) => other.time - one.time)
      return await Promise.all(
        latest.map(async ([pseudonym, last]): Promise<MyPatient> => {
          const patient = await patientOf(chain, { pseudonym }, { signal })
          return { pseudonym, ...last, provider: patient?.provider }
        }),
      )
    },
  })
  return data
}

/** Depth of the tree of organizations; the contract takes no deeper one. */
const levels = 4

/** Every id by which a public consent can name this account: itself, its organizations upward, its roles there. */
async function granteeIdsOf(chain: Chain, account: Hex, signal: AbortSignal): Promise<readonly Hex[]> {
  const ids = [personId(account)]
  for (const { organization: own, roles: mask } of await credentialsOf(chain, { account }, { signal })) {
    let organization = own
    for (let level = 0; level < levels && BigInt(organization) !== 0n; level++) {
      ids.push(granteeOf({ kind: 'organization', organization }))
      for (const { index } of roles)
        if ((mask >> index) & 1) ids.push(granteeOf({ kind: 'role', organization, role: index }))
      organization = (await organizationOf(chain, { organization }, { signal }))?.parent ?? '0x00'
    }
  }
  return [...new Set(ids)]
}
