'use client'

import type { AnchoredRecord } from '@sharewell/sdk/chain'
import { FileHeart } from 'lucide-react'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { OpenedPanel } from '@/components/journey/opened-panel.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Empty, Waiting } from '@/components/ui/note.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import type { Place } from '@/hooks/usePlaces.ts'
import { useRecords } from '@/hooks/useRecords.ts'
import { useRetrieve } from '@/hooks/useRetrieve.ts'
import { useSignAt } from '@/hooks/useSignAt.ts'
import { date } from '@/lib/format.ts'
import { paths } from '@/lib/journey.ts'
import { EraseDialog } from './erase-dialog.tsx'
import { GrantDialog } from './grant-dialog.tsx'

type Chosen = { readonly recordId: AnchoredRecord['recordId']; readonly title: string }

/** The patient's own records at one place. They open without anybody's permission: the key was sealed to the patient. */
export function MyRecords({ place }: { place: Place }): ReactElement {
  const signAt = useSignAt()
  const run = useRetrieve()
  const [opened, setOpened] = useState<Chosen>()
  const [sharing, setSharing] = useState<Chosen>()
  const [erasing, setErasing] = useState<Chosen>()
  const { records, error, isLoading } = useRecords(place)
  const open = (chosen: Chosen): void => {
    setOpened(chosen)
    void run.open(signAt(place), chosen.recordId, { kind: 'patient', selfSeed: place.keys.self.seed })
  }

  return (
    <>
      {opened && (
        <OpenedPanel
          title={opened.title}
          recordId={opened.recordId}
          run={run}
          path={paths.patient}
          onClose={() => {
            run.reset()
            setOpened(undefined)
          }}
          onRetry={() => open(opened)}
        />
      )}
      <Card title="My records" hint="Each kind is a record of its own, so that you can share one and keep the others.">
        {error && <Problem error={error} />}
        {isLoading && <Waiting>Reading the public ledger…</Waiting>}
        {records?.length === 0 && <Empty title="No records yet">{place.name} has not deposited any.</Empty>}
        <ul className="grid gap-2 sm:grid-cols-2 lg:grid-cols-3">
          {records?.map(({ recordId, title, depositedAt, sensitive }) => {
            const chosen = { recordId, title }
            return (
              <li
                key={recordId}
                className="flex flex-wrap items-center justify-between gap-2 rounded-xl border border-line p-3"
              >
                <span className="flex min-w-0 items-center gap-3">
                  <FileHeart aria-hidden className="size-5 shrink-0 text-accent" />
                  <span>
                    <span className="block font-medium">{chosen.title}</span>
                    <span className="text-sm text-muted">
                      {sensitive && 'sensitive, '}kept since {date(depositedAt)}
                    </span>
                  </span>
                </span>
                <span className="flex flex-wrap gap-1">
                  <Button kind="quiet" onClick={() => open(chosen)} aria-label={`Open ${chosen.title}`}>
                    Open
                  </Button>
                  <Button kind="quiet" onClick={() => setSharing(chosen)} aria-label={`Share ${chosen.title}`}>
                    Share
                  </Button>
                  <Button
                    kind="quiet"
                    aria-haspopup="dialog"
                    onClick={() => setErasing(chosen)}
                    aria-label={`Erase ${chosen.title}`}
                  >
                    Erase
                  </Button>
                </span>
              </li>
            )
          })}
        </ul>
      </Card>
      {erasing && <EraseDialog place={place} record={erasing} onClose={() => setErasing(undefined)} />}
      {sharing && <GrantDialog place={place} record={sharing} onClose={() => setSharing(undefined)} />}
    </>
  )
}
