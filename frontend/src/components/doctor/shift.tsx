'use client'

import type { ReactElement } from 'react'
import type { Hex } from 'viem'
import { Note } from '@/components/ui/note.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import { useShift } from '@/hooks/useShift.ts'
import { ShiftForm } from './shift-form.tsx'
import { ShiftMark } from './shift-mark.tsx'

/** The shift that runs, above everything else, and what kept it from ending on the public ledger. */
export function RunningShift({ account }: { account: Hex }): ReactElement | null {
  const { running, locked, end } = useShift()
  if (running) return <ShiftMark shift={running} busy={end.isPending} onEnd={() => end.mutate(account)} />
  if (end.error) return <Problem error={end.error} />
  if (!locked) return null
  return (
    <Note title="Your shift has ended" live>
      Nobody touched this page for ten minutes, so it forgot the key of your shift.
    </Note>
  )
}

/** Where a shift begins, while none runs. */
export function NewShift({ account }: { account: Hex }): ReactElement | null {
  const { running, begin } = useShift()
  if (running) return null
  return <ShiftForm busy={begin.isPending} error={begin.error} onBegin={(plan) => begin.mutate({ account, ...plan })} />
}
