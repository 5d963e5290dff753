'use client'

import type { ReactElement } from 'react'
import { useState } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { CodeInput } from '@/components/ui/code-input.tsx'
import { Dialog } from '@/components/ui/dialog.tsx'
import { More } from '@/components/ui/facts.tsx'
import { Note } from '@/components/ui/note.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import { QrView } from '@/components/ui/qr-view.tsx'
import { useAskGuardians } from '@/hooks/useAskGuardians.ts'
import type { Place } from '@/hooks/usePlaces.ts'
import { plural } from '@/lib/format.ts'

export type AskGuardiansDialogProps = { place: Place; needed: number; onClose: () => void }

/** A request for each guardian to sign, and their answers; with enough of them the seven days begin. */
export function AskGuardiansDialog({ place, needed, onClose }: AskGuardiansDialogProps): ReactElement {
  const { kept, ask, answer, propose } = useAskGuardians(place)
  const [code, setCode] = useState('')
  const [approval, setApproval] = useState('')
  const missing = needed - kept.approvals.length
  const error = ask.error ?? propose.error
  return (
    <Dialog
      title={`Ask my guardians: ${place.name}`}
      onClose={onClose}
      footer={
        missing <= 0 && (
          <Button busy={propose.isPending} onClick={() => propose.mutate(undefined, { onSuccess: onClose })}>
            Begin the seven days
          </Button>
        )
      }
    >
      <p>
        Ask each guardian for the code first, then hand over the request: in person, or over a line that nobody else
        reads. What you collect here stays on this device; you can close this and go on another day.
      </p>
      <Note
        tone={missing > 0 ? 'info' : 'good'}
        live
        title={missing > 0 ? `${plural(missing, 'signature')} to go` : 'Enough guardians signed'}
      >
        {missing > 0
          ? 'One request a guardian; each good for ten days.'
          : 'After seven days you can finish it. Until then whoever has the old account can stop it.'}
      </Note>
      <CodeInput label="Code of a guardian" value={code} onChange={setCode} />
      <div>
        <Button
          kind="secondary"
          busy={ask.isPending}
          disabled={code.trim() === ''}
          onClick={() => ask.mutate(code, { onSuccess: () => setCode('') })}
        >
          Make the request
        </Button>
      </div>
      {kept.requests.map((request, at) => (
        <More key={request} label={`Request ${at + 1}`}>
          <QrView label={`Request ${at + 1} as a QR code`} code={request} fileName={`request-${at + 1}.png`} />
        </More>
      ))}
      {kept.requests.length > 0 && (
        <>
          <CodeInput
            label="Answer of a guardian"
            value={approval}
            error={
              answer.error
                ? 'This answers no request from this device. Ask the guardian to sign the right one.'
                : undefined
            }
            onChange={(text) => {
              setApproval(text)
              answer.reset()
            }}
          />
          <div>
            <Button
              kind="secondary"
              busy={answer.isPending}
              disabled={approval.trim() === ''}
              onClick={() => answer.mutate(approval, { onSuccess: () => setApproval('') })}
            >
              Take the answer
            </Button>
          </div>
        </>
      )}
      {error && <Problem error={error} />}
    </Dialog>
  )
}
