'use client'

import { closeGlass, type GlassWindow, glassWindows } from '@sharewell/sdk/chain'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNetwork } from '@/components/shell/network-context.tsx'
import type { Place } from './usePlaces.ts'
import { useSignAt } from './useSignAt.ts'

/** Seconds for which a reviewed emergency is still told at the top of the page; later it stands in the history. */
const recent = 30 * 86_400

/** Emergencies declared for a patient at one place that are recent or not reviewed, and how to close one. */
export function useGlass({ pseudonym, registered, controller, privateKey }: Place) {
  const { chain } = useNetwork()
  const signAt = useSignAt()
  const queries = useQueryClient()
  const queryKey = ['glass', pseudonym]
  const { data = [] } = useQuery({
    queryKey,
    enabled: registered,
    refetchInterval: 5_000,
    queryFn: async ({ signal }): Promise<readonly GlassWindow[]> => {
      const all = await glassWindows(chain, { pseudonym }, { signal })
      return all.filter(({ review, openedAt }) => !review || openedAt > chain.clock() - recent).reverse()
    },
  })
  const close = useMutation({
    mutationFn: async (one: GlassWindow) =>
      await closeGlass(await signAt({ controller, privateKey }), { windowId: one.windowId }),
    onSuccess: async () => await queries.invalidateQueries({ queryKey }),
  })
  return { windows: data, close, now: chain.clock() }
}
