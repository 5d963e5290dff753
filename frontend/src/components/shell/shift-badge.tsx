'use client'

import Link from 'next/link'
import type { ReactElement } from 'react'
import { useCallback, useEffect } from 'react'
import { isAddressEqual } from 'viem'
import { useIdleLock } from '@/hooks/useIdleLock.ts'
import { useSession } from '@/hooks/useSession.ts'
import { useShiftState } from '@/hooks/useShift.ts'
import { clockTime } from '@/lib/format.ts'
import { shifts } from '@/lib/shifts.ts'
import { useNetwork } from './network-context.tsx'

/** Milliseconds without a touch after which a shift ends by itself. */
const idle = 10 * 60 * 1_000

/** Says on every page that a shift runs, and ends it when nobody is there or the wallet is somebody else's. */
export function ShiftBadge(): ReactElement | null {
  const { chain } = useNetwork()
  const { address } = useSession()
  const { running } = useShiftState()
  const lock = useCallback(() => shifts.lock(chain), [chain])
  useIdleLock(running && lock, idle)
  const left = running && !(address && isAddressEqual(running.reader, address))
  useEffect(() => {
    if (left) lock()
  }, [left, lock])

  if (!running || left) return null
  return (
    <Link
      href="/doctor"
      className="flex min-h-11 items-center gap-2 rounded-lg px-2 text-sm whitespace-nowrap text-accent hover:bg-sunken"
    >
      <span aria-hidden className="size-2.5 shrink-0 animate-breathe rounded-full bg-accent" />
      <span className="max-sm:sr-only">On shift until</span> {clockTime(running.until)}
    </Link>
  )
}
