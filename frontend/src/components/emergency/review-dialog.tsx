'use client'

import { type GlassWindow, type Verdict, verdicts } from '@sharewell/sdk/chain'
import { Download } from 'lucide-react'
import type { ReactElement } from 'react'
import { useId, useState } from 'react'
import { Actor } from '@/components/ui/actor.tsx'
import { Button } from '@/components/ui/button.tsx'
import { RadioCards } from '@/components/ui/choice.tsx'
import { CodeInput } from '@/components/ui/code-input.tsx'
import { Dialog } from '@/components/ui/dialog.tsx'
import { Facts, More } from '@/components/ui/facts.tsx'
import { TextArea } from '@/components/ui/field.tsx'
import { Note } from '@/components/ui/note.tsx'
import { OrCancel } from '@/components/ui/or-cancel.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import type { Finding } from '@/hooks/useReviews.ts'
import { save } from '@/lib/files.ts'
import { moment } from '@/lib/format.ts'
import { lower } from '@/lib/names.ts'

export type ReviewDialogProps = {
  readonly window: GlassWindow
  readonly done: Finding | undefined
  readonly busy: boolean
  readonly error: unknown
  /** The clinician's, once a request that fits was given. */
  readonly reason: string | undefined
  readonly reasonError: unknown
  readonly onReadReason: (request: string) => void
  readonly onReview: (found: { verdict: Verdict; finding: string }) => void
  readonly onClose: () => void
}

const words = { justified: 'It was justified', unjustified: 'It was not justified' } as const

/** One review: what is known, the clinician's reason, the verdict and why. */
export function ReviewDialog(props: ReviewDialogProps): ReactElement {
  const { done, busy, error, window, onReview, onClose } = props
  const form = useId()
  const [verdict, setVerdict] = useState<Verdict>()
  const [finding, setFinding] = useState('')
  const ready = verdict !== undefined && finding.trim() !== ''
  if (done) return <Reviewed found={done} onClose={onClose} />
  return (
    <Dialog
      title="Review an emergency"
      onClose={onClose}
      footer={
        <OrCancel onClose={onClose}>
          <Button type="submit" form={form} busy={busy} disabled={!ready}>
            Sign the review
          </Button>
        </OrCancel>
      }
    >
      <Known window={window} />
      <Reason {...props} />
      <form
        id={form}
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (verdict && ready) onReview({ verdict, finding: finding.trim() })
        }}
      >
        <RadioCards
          legend="What do you find?"
          name="verdict"
          options={verdicts.map((one) => ({ value: one, label: words[one] }))}
          value={verdict}
          onChange={setVerdict}
        />
        <TextArea
          label="Why? (required)"
          hint="The public ledger gets a fingerprint of it, not the words. You keep them for those who may ask."
          required
          maxLength={2000}
          value={finding}
          onChange={({ target }) => setFinding(target.value)}
        />
      </form>
      <p className="text-sm text-muted">It stands for good, in your name. The patient sees it at once.</p>
      {error !== undefined && error !== null && <Problem error={error} />}
    </Dialog>
  )
}

function Known({ window }: { window: GlassWindow }): ReactElement {
  const { clinician, guardian, openedAt, until, closedAt = until, reviewBy } = window
  const facts = [
    { label: 'Clinician', value: <Actor account={lower(clinician)} /> },
    { label: 'Officer', value: <Actor account={lower(guardian)} /> },
    { label: 'Open', value: `from ${moment(openedAt)} to ${moment(closedAt)}` },
    { label: 'Review by', value: moment(reviewBy) },
  ]
  return <Facts facts={facts} />
}

function Reason({ reason, reasonError, onReadReason }: ReviewDialogProps): ReactElement {
  const [text, setText] = useState('')
  if (reason !== undefined)
    return (
      <Note live title="The reason that was given then">
        {reason}
      </Note>
    )
  return (
    <More label="Read the clinician’s reason">
      <form
        className="grid gap-3 pt-2"
        onSubmit={(event) => {
          event.preventDefault()
          onReadReason(text)
        }}
      >
        <CodeInput
          label="The request that was signed"
          hint="Clinician and officer have it. It is compared with the public ledger."
          value={text}
          onChange={setText}
        />
        {reasonError !== undefined && reasonError !== null && <Problem error={reasonError} />}
        <div>
          <Button type="submit" kind="secondary" disabled={text.trim() === ''}>
            Read it
          </Button>
        </div>
      </form>
    </More>
  )
}

function Reviewed({ found, onClose }: { found: Finding; onClose: () => void }): ReactElement {
  const keepIt = (): void =>
    save(
      new Blob([JSON.stringify(found, null, 2)], { type: 'application/json' }),
      `review-${found.windowId.slice(2, 10)}.json`,
    )
  return (
    <Dialog title="Reviewed" onClose={onClose} footer={<Button onClick={onClose}>Done</Button>}>
      <p>Your verdict stands in the public ledger, and the patient sees it.</p>
      <p>
        Keep why you found so: with this file you can show later that these were your words. Nobody else has them, and
        closing this window forgets them.
      </p>
      <div>
        <Button kind="secondary" onClick={keepIt}>
          <Download aria-hidden className="size-4" />
          Save what I found
        </Button>
      </div>
    </Dialog>
  )
}
