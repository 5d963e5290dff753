'use client'

import type { ReactElement } from 'react'
import type { Hex } from 'viem'
import { Note } from '@/components/ui/note.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import { useShift } from '@/hooks/useShift.ts'
import { ShiftForm } from './shift-form.tsx'
import { ShiftMark } from './shift-mark.tsx'

/** The doctor's shift: begun by one signature, shown while it runs, ended by one tap. */
export function Shift({ account }: { account: Hex }): ReactElement {
  const { running, locked, begin, end } = useShift()
  if (running) return <ShiftMark shift={running} busy={end.isPending} onEnd={() => end.mutate(account)} />
  return (
    <div className="grid gap-3">
      {locked && (
        <Note title="Your shift has ended" live>
          Nobody touched this page for ten minutes, so it forgot the key of your shift.
        </Note>
      )}
      {end.error && <Problem error={end.error} />}
      <ShiftForm
        busy={begin.isPending}
        error={begin.error}
        onBegin={(plan) => {
          end.reset()
          begin.mutate({ account, ...plan })
        }}
      />
    </div>
  )
}
