'use client'

import { Lock, LockOpen } from 'lucide-react'
import type { ReactElement } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Empty } from '@/components/ui/note.tsx'
import type { SeenRecord } from '@/hooks/useFoundPatient.ts'
import { plural } from '@/lib/format.ts'
import { decisionWords } from '@/lib/problems.ts'
import { titleOf } from './record-title.ts'

/** The patient's records, those that may be opened first; each of the others says why not. */
export function SeenRecords({
  records,
  onOpen,
}: {
  records: readonly SeenRecord[]
  onOpen: (record: SeenRecord) => void
}): ReactElement {
  const open = records.filter(({ decision }) => decision === 'PERMIT')
  const closed = records.filter(({ decision }) => decision !== 'PERMIT')
  return (
    <Card
      title="Records"
      hint={
        open.length > 0
          ? `The patient lets you open ${open.length} of ${plural(records.length, 'record')} for this purpose.`
          : 'Of which kind a record is, only the patient and the hospital can tell until you open it.'
      }
    >
      {records.length === 0 && <Empty title="No records yet" />}
      <ul className="grid gap-2" aria-live="polite">
        {[...open, ...closed].map((record) => (
          <Row key={record.recordId} record={record} onOpen={onOpen} />
        ))}
      </ul>
    </Card>
  )
}

function Row({ record, onOpen }: { record: SeenRecord; onOpen: (record: SeenRecord) => void }): ReactElement {
  const allowed = record.decision === 'PERMIT'
  const Icon = allowed ? LockOpen : Lock
  return (
    <li
      className={`flex flex-wrap items-center justify-between gap-2 rounded-xl border p-3 ${allowed ? 'border-accent/40 bg-accent-soft/40' : 'border-line'}`}
    >
      <span className="flex min-w-0 items-center gap-3">
        <Icon aria-hidden className={`size-5 shrink-0 ${allowed ? 'text-accent' : 'text-muted'}`} />
        <span>
          <span className="block font-medium">{titleOf(record)}</span>
          <span className="text-sm text-muted">
            {allowed ? `${plural(record.n, 'share')}, any ${record.t} rebuild it` : decisionWords(record.decision)}
          </span>
        </span>
      </span>
      {allowed ? (
        <Button onClick={() => onOpen(record)} aria-label={`Open ${titleOf(record)}`}>
          Open
        </Button>
      ) : (
        <Button kind="quiet" onClick={() => onOpen(record)} aria-label={`Why can I not open ${titleOf(record)}?`}>
          Why?
        </Button>
      )}
    </li>
  )
}
