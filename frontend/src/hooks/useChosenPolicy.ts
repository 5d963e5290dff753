'use client'

import type { Policy } from '@sharewell/sdk/share'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { forget, keep, kept } from '@/lib/device-store.ts'

/** How many choices can be undone, one after the other. */
const remembered = 20

/** The policy that deposits of this device take on this network, where one was chosen. */
export function useChosenPolicy(): {
  chosen: Policy | undefined
  isLoading: boolean
  use: (policy: Policy) => void
  undo: () => void
  error: unknown
} {
  const { network } = useNetwork()
  const queries = useQueryClient()
  const queryKey = ['chosen-policy', network.networkId]
  const { data, isLoading, error } = useQuery({
    queryKey,
    queryFn: async () => (await kept('policies', network.networkId)) ?? [],
  })
  const history = data ?? []
  const change = useMutation({
    mutationFn: async (next: readonly Policy[]) => {
      if (next.length === 0) await forget('policies', network.networkId)
      else await keep('policies', next.slice(-remembered), network.networkId)
    },
    onSuccess: async () => await queries.invalidateQueries({ queryKey }),
  })
  return {
    chosen: history.at(-1),
    isLoading,
    use: ({ n, t, r }) => change.mutate([...history, { n, t, r }]),
    undo: () => change.mutate(history.slice(0, -1)),
    error: error ?? change.error ?? undefined,
  }
}
