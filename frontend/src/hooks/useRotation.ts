'use client'

import { cancelPending, executePending, guardiansOf, pendingOf } from '@sharewell/sdk/chain'
import { rotationOf } from '@sharewell/sdk/flow/recovery'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { lower } from '@/lib/names.ts'
import type { Place } from './usePlaces.ts'
import { useSession } from './useSession.ts'
import { useSignAt } from './useSignAt.ts'

/** What guardians can do and want at one place, and how to stop or finish it. */
export function useRotation(place: Place) {
  const { pseudonym, own, registered, controller, privateKey } = place
  const { chain } = useNetwork()
  const { addresses } = useSession()
  const signAt = useSignAt()
  const queries = useQueryClient()
  const { data, error } = useQuery({
    queryKey: ['rotation', pseudonym],
    enabled: registered,
    refetchInterval: 10_000,
    queryFn: async ({ signal }) => {
      const [rotation, pending, circle] = await Promise.all([
        rotationOf(chain, { pseudonym, to: own.address }, { signal }),
        pendingOf(chain, { pseudonym }, { signal }),
        guardiansOf(chain, { pseudonym }, { signal }),
      ])
      return { rotation, pending, circle }
    },
  })
  const onSuccess = async (): Promise<void> => {
    await queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey.includes(pseudonym) })
    await queries.invalidateQueries({ queryKey: ['places'] })
  }
  const veto = useMutation({
    mutationFn: async () => await cancelPending(await signAt({ controller, privateKey }), { pseudonym }),
    onSuccess,
  })
  const finish = useMutation({
    mutationFn: async () =>
      await executePending(await signAt({ controller: own.address, privateKey: own.privateKey }), { pseudonym }),
    onSuccess,
  })
  /** The account that decides is neither in this wallet nor the vault's own. */
  const lost = registered && !privateKey && !addresses.some((one) => lower(one) === lower(controller))
  return { ...data, error, veto, finish, lost, refresh: onSuccess }
}
