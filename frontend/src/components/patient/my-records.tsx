'use client'

import { type AnchoredRecord, recordsOf } from '@sharewell/sdk/chain'
import { useQuery } from '@tanstack/react-query'
import { FileHeart } from 'lucide-react'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { OpenedPanel } from '@/components/journey/opened-panel.tsx'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Empty, Waiting } from '@/components/ui/note.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import { useMail } from '@/hooks/useMail.ts'
import type { Place } from '@/hooks/usePlaces.ts'
import { useRetrieve } from '@/hooks/useRetrieve.ts'
import { useSignAt } from '@/hooks/useSignAt.ts'
import { date, plural } from '@/lib/format.ts'
import { paths } from '@/lib/journey.ts'
import { lower, names } from '@/lib/names.ts'
import { GrantDialog } from './grant-dialog.tsx'

type Chosen = { readonly recordId: AnchoredRecord['recordId']; readonly title: string }

/** The patient's own records at one place. They open without anybody's permission: the key was sealed to the patient. */
export function MyRecords({ place }: { place: Place }): ReactElement {
  const { chain } = useNetwork()
  const signAt = useSignAt()
  const { mail } = useMail(place)
  const run = useRetrieve()
  const [opened, setOpened] = useState<Chosen>()
  const [sharing, setSharing] = useState<Chosen>()
  const records = useQuery({
    queryKey: ['records', place.pseudonym],
    refetchInterval: 5000,
    queryFn: async ({ signal }) => await recordsOf(chain, { pseudonym: place.pseudonym }, { signal }),
  })
  const titleOf = ({ category, recordId }: AnchoredRecord): string =>
    mail?.categories?.ofBit(category) ?? `Record ${recordId.slice(2, 6).toUpperCase()}`
  const rank = mail?.categories?.rank
  const sorted = (records.data ?? []).toSorted((a, b) => (rank ? rank(a.category) - rank(b.category) : 0))
  const open = (chosen: Chosen): void => {
    setOpened(chosen)
    void run.open(signAt(place), chosen.recordId, { kind: 'patient', selfSeed: place.keys.self.seed })
  }
  for (const record of records.data ?? [])
    names.records.set(lower(record.recordId), { text: titleOf(record), verified: true })

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
        {records.error && <Problem error={records.error} />}
        {records.isLoading && <Waiting>Reading the chain…</Waiting>}
        {records.data?.length === 0 && <Empty title="No records yet">{place.name} has not deposited any.</Empty>}
        <ul className="grid gap-2 sm:grid-cols-2 lg:grid-cols-3">
          {sorted.map((record) => {
            const chosen = { recordId: record.recordId, title: titleOf(record) }
            return (
              <li
                key={record.recordId}
                className="flex flex-wrap items-center justify-between gap-2 rounded-xl border border-line p-3"
              >
                <span className="flex min-w-0 items-center gap-3">
                  <FileHeart aria-hidden className="size-5 shrink-0 text-accent" />
                  <span>
                    <span className="block font-medium">{chosen.title}</span>
                    <span className="text-sm text-muted">
                      {date(record.depositedAt)} · {plural(record.n, 'share')}
                    </span>
                  </span>
                </span>
                <span className="flex gap-1">
                  <Button kind="quiet" onClick={() => open(chosen)} aria-label={`Open ${chosen.title}`}>
                    Open
                  </Button>
                  <Button kind="quiet" onClick={() => setSharing(chosen)} aria-label={`Share ${chosen.title}`}>
                    Share
                  </Button>
                </span>
              </li>
            )
          })}
        </ul>
      </Card>
      {sharing && <GrantDialog place={place} record={sharing} onClose={() => setSharing(undefined)} />}
    </>
  )
}
