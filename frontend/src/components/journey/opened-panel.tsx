'use client'

import type { Step } from '@sharewell/sdk/flow'
import { X } from 'lucide-react'
import type { ReactElement } from 'react'
import { useLayoutEffect, useRef } from 'react'
import type { Hex } from 'viem'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { More } from '@/components/ui/facts.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import type { Run } from '@/hooks/useJourney.ts'
import type { OpenedRecord } from '@/hooks/useRetrieve.ts'
import { focusHeading } from '@/lib/focus-home.ts'
import { JourneyPicture } from './journey-picture.tsx'
import { RecordView } from './record-view.tsx'

export type OpenedPanelProps = {
  title: string
  recordId: Hex
  run: Run<OpenedRecord>
  path: readonly Step[]
  onClose: () => void
  onRetry: () => void
}

/** One opening: its journey while it runs, then the record; the journey stays at hand for those who want to look. */
export function OpenedPanel({ title, recordId, run, path, onClose, onRetry }: OpenedPanelProps): ReactElement {
  const { status, journey, result, error, stop } = run
  const ref = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const opener = document.activeElement
    const heading = ref.current?.querySelector('h2')
    if (heading) focusHeading(heading)
    ref.current?.scrollIntoView({ block: 'start' })
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus()
    }
  }, [])
  return (
    <div ref={ref} className="scroll-mt-24">
      <Card
        title={title}
        action={
          status === 'running' ? (
            <Button kind="secondary" onClick={stop}>
              Stop
            </Button>
          ) : (
            <Button kind="quiet" onClick={onClose}>
              <X aria-hidden className="size-4" />
              Close
            </Button>
          )
        }
      >
        <div className="grid gap-4">
          {error !== undefined && (
            <Problem
              error={error}
              action={
                <Button kind="secondary" onClick={onRetry}>
                  Try again
                </Button>
              }
            />
          )}
          {result ? (
            <>
              <RecordView recordId={recordId} record={result} />
              <More label="How it came together">
                <div className="pt-2">
                  <JourneyPicture journey={journey} path={path} />
                </div>
              </More>
            </>
          ) : (
            // What failed before its first step has nothing to show but the reason.
            (error === undefined || Object.keys(journey).length > 0) && <JourneyPicture journey={journey} path={path} />
          )}
        </div>
      </Card>
    </div>
  )
}
