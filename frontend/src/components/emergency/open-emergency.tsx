'use client'

import type { GlassWindow } from '@sharewell/sdk/chain'
import { encodeGlassAsk } from '@sharewell/sdk/flow'
import { LockOpen } from 'lucide-react'
import type { ReactElement } from 'react'
import { useState } from 'react'
import type { Hex } from 'viem'
import { Actor } from '@/components/ui/actor.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { CodeInput } from '@/components/ui/code-input.tsx'
import { More } from '@/components/ui/facts.tsx'
import { Note } from '@/components/ui/note.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import type { Emergency } from '@/hooks/useEmergency.ts'
import { moment } from '@/lib/format.ts'
import { lower } from '@/lib/names.ts'
import { HandOver } from './hand-over.tsx'

export type OpenEmergencyProps = {
  readonly emergency: Pick<Emergency, 'held' | 'open' | 'close' | 'leave' | 'run'>
  readonly window: GlassWindow
  readonly account: Hex
}

/** Both have signed: the clinician takes what the officer handed back, reads, and closes. */
export function OpenEmergency({ emergency, window, account }: OpenEmergencyProps): ReactElement {
  const { held, open, close, leave, run } = emergency
  const [text, setText] = useState('')
  const { windowId, guardian, until, reviewBy } = window
  const end = (): void => close.mutate({ account, windowId }, { onSuccess: () => leave.mutate() })
  return (
    <Card title="An emergency is open" className="border-danger">
      <div className="grid gap-4">
        <Note tone="bad" live title={`You can read the emergency summary until ${moment(until)}`}>
          <Actor account={lower(guardian)} /> agreed. The patient was told. It is reviewed by {moment(reviewBy)}: keep
          your reason at hand.
        </Note>
        {!held && (
          <p>It was declared on another device, which has the key for it. Go on there, or close it and begin anew.</p>
        )}
        {held && !held.parts && (
          <form
            className="grid gap-3"
            onSubmit={(event) => {
              event.preventDefault()
              open.mutate(text)
            }}
          >
            <CodeInput
              label="What the officer handed back"
              hint="Only this device can use it."
              value={text}
              onChange={setText}
            />
            <OpenButton busy={open.isPending} disabled={text.trim() === ''} />
          </form>
        )}
        {held?.parts && run.status === 'idle' && (
          <form
            onSubmit={(event) => {
              event.preventDefault()
              open.mutate(undefined)
            }}
          >
            <OpenButton busy={open.isPending} />
          </form>
        )}
        {[open.error, close.error, leave.error].map((error) => error && <Problem key={error.name} error={error} />)}
        {held && (
          <More label="The request, for officer and reviewers">
            <HandOver label="The request" text={encodeGlassAsk(held.ask)} fileName="emergency-request.png" />
          </More>
        )}
        <div>
          <Button kind="danger" busy={close.isPending || leave.isPending} onClick={end}>
            Close the emergency
          </Button>
        </div>
      </div>
    </Card>
  )
}

function OpenButton({ busy, disabled = false }: { busy: boolean; disabled?: boolean }): ReactElement {
  return (
    <div>
      <Button type="submit" busy={busy} disabled={disabled}>
        <LockOpen aria-hidden className="size-4" />
        Open the emergency summary
      </Button>
    </div>
  )
}
