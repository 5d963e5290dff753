'use client'

import type { Rehearsal } from '@sharewell/sdk/flow'
import type { Policy } from '@sharewell/sdk/share'
import { Gauge } from 'lucide-react'
import type { ReactElement } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Facts } from '@/components/ui/facts.tsx'
import { Note } from '@/components/ui/note.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import { useRehearsal } from '@/hooks/useRehearsal.ts'
import { bytes, plural } from '@/lib/format.ts'
import { samePolicy } from '@/lib/policy-draft.ts'

/** Deposits and retrieves in this browser, with every node in it, and says how long that takes. */
export function RehearsalCard({ policy }: { policy: Policy }): ReactElement {
  const { state, start, stop } = useRehearsal()
  const running = state && !state.found && state.error === undefined
  return (
    <Card
      title="How long it takes here"
      hint={`Seals, splits, checks and rebuilds random bytes on this device, with ${plural(policy.n, 'node')} in its memory. Network and chain come on top.`}
    >
      <div className="grid gap-4">
        {state && <Measured state={state} current={policy} />}
        {running ? (
          <div className="flex flex-wrap items-center gap-3">
            <progress value={state.part} max={1} aria-label="Measuring" className="h-2 min-w-40 flex-1 accent-accent" />
            <Button kind="secondary" onClick={stop}>
              Stop
            </Button>
          </div>
        ) : (
          <div>
            <Button kind="secondary" onClick={() => start(policy)}>
              <Gauge aria-hidden className="size-4" />
              {state ? 'Measure again' : 'Measure on this device'}
            </Button>
          </div>
        )}
      </div>
    </Card>
  )
}

type MeasuredProps = { state: { policy: Policy; found?: Rehearsal; error?: unknown }; current: Policy }

function Measured({ state: { policy, found, error }, current }: MeasuredProps): ReactElement {
  return (
    <div className="grid gap-3" aria-live="polite">
      {error !== undefined && <Problem error={error} />}
      {found && !samePolicy(policy, current) && (
        <Note>
          Measured for n = {policy.n}, t = {policy.t}, r = {policy.r}. The numbers have changed since.
        </Note>
      )}
      {found && (
        <Facts
          facts={[
            { label: 'Deposit', value: speed(found.bytes, found.depositMs) },
            { label: 'Retrieve', value: speed(found.bytes, found.retrieveMs) },
            { label: 'Tried with', value: `${bytes(found.bytes)}, ${bytes(found.stored)} on all nodes` },
          ]}
        />
      )}
    </div>
  )
}

/** "100 MB in 1.2 s (83 MB/s)". */
function speed(count: number, ms: number): string {
  const seconds = (ms * 1e5) / count
  const words = seconds < 100 ? `${seconds.toFixed(1)} s` : `${Math.round(seconds / 60)} min`
  return `100 MB in ${words} (${bytes((count / ms) * 1000)}/s)`
}
