'use client'

import { closeGlass, type GlassScope, type GlassWindow, glassWindows } from '@sharewell/sdk/chain'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Hex } from 'viem'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { useSession } from './useSession.ts'

/** Emergencies as the public ledger has them, newest first; and how one of their two closes one. */
export function useWindows({ pseudonym }: GlassScope = {}) {
  const { chain } = useNetwork()
  const { chainAs } = useSession()
  const queries = useQueryClient()
  const key = ['glass windows', pseudonym]
  const { data = [], error } = useQuery({
    queryKey: key,
    refetchInterval: 3_000,
    queryFn: async ({ signal }): Promise<readonly GlassWindow[]> =>
      (await glassWindows(chain, { pseudonym }, { signal })).reverse(),
  })
  const reread = async (): Promise<void> => await queries.invalidateQueries({ queryKey: ['glass windows'] })
  const close = useMutation({
    mutationFn: async ({ account, windowId }: { account: Hex; windowId: Hex }) =>
      await closeGlass(await chainAs(account), { windowId }),
    onSuccess: reread,
  })
  return { windows: data, error, close, reread, now: chain.clock() }
}
