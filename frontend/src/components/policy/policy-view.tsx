'use client'

import type { Policy } from '@sharewell/sdk/share'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { Card } from '@/components/ui/card.tsx'
import { Note } from '@/components/ui/note.tsx'
import { firstDraft, outcomeOf, type PolicyDraft } from '@/lib/policy-draft.ts'
import { ChanceCurve } from './chance-curve.tsx'
import { NodePicture } from './node-picture.tsx'
import { Outcome } from './outcome.tsx'
import { PolicyForm } from './policy-form.tsx'
import { RehearsalCard } from './rehearsal-card.tsx'
import { UseChoice } from './use-choice.tsx'

export type PolicyViewProps = {
  /** Storage nodes of each organization; undefined while the network is asked. */
  operators: readonly number[] | undefined
  /** What deposits of this device use, where it was chosen. */
  chosen: Policy | undefined
  onUse: (policy: Policy) => void
  onUndo: () => void
}

/** Sliders, what follows from them, and the choice. */
export function PolicyView({ operators, chosen, onUse, onUndo }: PolicyViewProps): ReactElement {
  const [draft, setDraft] = useState<PolicyDraft>({ ...firstDraft, ...chosen })
  const { prospects, warnings } = outcomeOf(draft, operators)
  return (
    <div className="grid items-start gap-5 lg:grid-cols-[2fr_3fr]">
      <div className="grid min-w-0 gap-5">
        <PolicyForm draft={draft} onChange={setDraft} />
        <UseChoice draft={draft} operators={operators} chosen={chosen} onUse={onUse} onUndo={onUndo} />
      </div>
      <div className="grid min-w-0 gap-5">
        <Card title="What it means">
          <div className="grid gap-5">
            <Outcome draft={draft} prospects={prospects} />
            <div className="grid gap-2.5 empty:-mt-5" aria-live="polite">
              {warnings.map(({ code, level, problem, cure }) => (
                <Note key={code} tone={level === 'unwise' ? 'bad' : 'warn'} title={problem}>
                  {cure}
                </Note>
              ))}
            </div>
          </div>
        </Card>
        <Card title="Who holds what">
          <NodePicture policy={draft} />
        </Card>
        <Card
          title="How surely it opens"
          hint="Nodes count as independent of one another; one building or one operator would make it worse."
        >
          <ChanceCurve policy={draft} availability={draft.availability} />
        </Card>
        <RehearsalCard policy={draft} />
      </div>
    </div>
  )
}
