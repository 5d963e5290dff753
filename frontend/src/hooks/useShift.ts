'use client'

import type { Chain } from '@sharewell/sdk/chain'
import { useMutation } from '@tanstack/react-query'
import { useCallback, useSyncExternalStore } from 'react'
import { type Hex, isAddressEqual } from 'viem'
import { type ShiftPlan, type ShiftState, shifts } from '@/lib/shifts.ts'
import { useSession } from './useSession.ts'

const nothing: ShiftState = { locked: false }

/** The shift of this tab, whoever began it. */
export function useShiftState(): ShiftState {
  return useSyncExternalStore(shifts.subscribe, shifts.current, () => nothing)
}

/** Begins and ends a doctor's shift, and gives the connection that signs by it. */
export function useShift() {
  const { address, chainAs } = useSession()
  const { running: kept, locked } = useShiftState()
  const running = kept && address && isAddressEqual(kept.reader, address) ? kept : undefined
  const begin = useMutation({
    mutationFn: async ({ account, ...plan }: ShiftPlan & { account: Hex }) =>
      await shifts.begin(await chainAs(account), plan),
  })
  const end = useMutation({ mutationFn: async (account: Hex) => await shifts.end(await chainAs(account)) })
  const reading = useCallback(
    async (account: Hex): Promise<Chain> => ({ ...(await chainAs(account)), session: running }),
    [chainAs, running],
  )
  return { running, locked, begin, end, reading }
}
