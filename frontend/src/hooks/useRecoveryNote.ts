'use client'

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { keepNote, noNote, type RecoveryNote, readNote } from '@/lib/recovery-note.ts'
import { useVault } from './useVault.ts'

/** What this device remembers about getting back; `change` keeps what a function makes of it. */
export function useRecoveryNote() {
  const { network } = useNetwork()
  const { open } = useVault()
  const queries = useQueryClient()
  const key = ['recovery note', network.networkId, open?.owner] as const
  const { data } = useQuery({
    queryKey: key,
    enabled: !!open,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => (open ? await readNote(open, network.networkId) : noNote),
  })
  const { mutateAsync, error } = useMutation({
    mutationFn: async (change: (note: RecoveryNote) => RecoveryNote) => {
      if (!open) throw new Error('The vault is closed.')
      return await keepNote(open, change(await readNote(open, network.networkId)))
    },
    onSuccess: (note) => queries.setQueryData(key, note),
  })
  return { note: data, change: mutateAsync, error }
}
