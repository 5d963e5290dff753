'use client'

import type { Bytes } from '@sharewell/sdk/bytes'
import type { Profile } from '@sharewell/sdk/person'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Hex } from 'viem'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { lower } from '@/lib/names.ts'
import { hasVault, type OpenVault, restore, unlock, withProfile } from '@/lib/vault-session.ts'
import { useSession } from './useSession.ts'

const keyOf = (networkId: Hex, address: Hex | undefined) => ['vault', networkId, address && lower(address)] as const

/** The patient's vault: closed until the wallet signs, then open in this tab until it is reloaded. */
export function useVault() {
  const { network } = useNetwork()
  const { address, person, chainAs } = useSession()
  const queries = useQueryClient()
  const key = keyOf(network.networkId, address)
  const set = (open: OpenVault): void => {
    queries.setQueryData(key, open)
  }

  const open = useQuery<OpenVault | null>({
    queryKey: key,
    queryFn: () => null,
    enabled: false,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
  })
  const exists = useQuery({
    queryKey: ['vault exists', ...key],
    enabled: !!address,
    queryFn: async () => (address ? await hasVault(network.networkId, address) : false),
  })
  const unlocking = useMutation({
    mutationFn: async (account: Hex) => await unlock(await chainAs(account), person),
    onSuccess: set,
  })
  const adding = useMutation({
    mutationFn: async (profile: Profile) => {
      if (!open.data) throw new Error('The vault is closed.')
      return await withProfile(open.data, profile)
    },
    onSuccess: set,
  })
  const restoring = useMutation({
    mutationFn: async (seed: Bytes) => {
      if (!address) throw new Error('No wallet is connected.')
      return await restore(await chainAs(address), seed)
    },
    onSuccess: set,
  })
  return { open: open.data ?? undefined, exists: exists.data, unlocking, adding, restoring }
}
