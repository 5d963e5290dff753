'use client'

import type { ReaderSession } from '@sharewell/sdk/chain'
import { LogOut } from 'lucide-react'
import type { ReactElement } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { clockTime, list } from '@/lib/format.ts'
import { purposesIn } from '@/lib/purposes.ts'

/** Says that a shift runs, until when and for what; one tap ends it. */
export function ShiftMark({
  shift,
  busy,
  onEnd,
}: {
  shift: Pick<ReaderSession, 'purposes' | 'until'>
  busy: boolean
  onEnd: () => void
}): ReactElement {
  const what = list(purposesIn(shift.purposes).map(({ label }) => label.toLowerCase()))
  return (
    <section
      aria-label="Your shift"
      className="flex flex-wrap items-center justify-between gap-3 rounded-2xl border border-accent/40 bg-accent-soft px-5 py-3"
    >
      <p role="status" className="flex items-center gap-3">
        <span aria-hidden className="size-2.5 shrink-0 animate-breathe rounded-full bg-accent" />
        <span>
          <span className="font-semibold">Your shift runs until {clockTime(shift.until)}</span>
          <span className="text-muted">, for {what}. Records open without asking you again.</span>
        </span>
      </p>
      <Button kind="secondary" disabled={busy} onClick={onEnd}>
        <LogOut aria-hidden className="size-4" />
        End my shift
      </Button>
    </section>
  )
}
