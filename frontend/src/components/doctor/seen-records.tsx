'use client'

import { Lock, LockOpen } from 'lucide-react'
import type { ReactElement } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { More } from '@/components/ui/facts.tsx'
import { Badge, Empty } from '@/components/ui/note.tsx'
import type { SeenRecord } from '@/hooks/useFoundPatient.ts'
import { plural } from '@/lib/format.ts'
import { decisionWords } from '@/lib/problems.ts'
import { leftText } from '@/lib/uses.ts'
import { titleOf } from './record-title.ts'

/** The patient's records: those that may be opened, then the others, by the reason why not. */
export function SeenRecords({ records, onOpen }: SeenRecordsProps): ReactElement {
  const open = records.filter(({ decision }) => decision === 'PERMIT')
  const closed = Map.groupBy(
    records.filter(({ decision }) => decision !== 'PERMIT'),
    ({ decision }) => decision,
  )
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
      <div className="grid gap-4" aria-live="polite">
        <ul className="grid gap-2 empty:hidden">
          {open.map((record) => (
            <Row key={record.recordId} record={record} onOpen={onOpen} />
          ))}
        </ul>
        {/* What somebody unfolded stays unfolded when the reason changes meanwhile. */}
        {[...closed].map(([decision, group]) => (
          <Closed key={group[0]?.recordId} decision={decision} records={group} onOpen={onOpen} />
        ))}
      </div>
    </Card>
  )
}

export type SeenRecordsProps = { records: readonly SeenRecord[]; onOpen: (record: SeenRecord) => void }

function Closed({ decision, records, onOpen }: SeenRecordsProps & { decision: string }): ReactElement {
  const { title, what, todo } = decisionWords(decision)
  return (
    <section className="grid gap-2 rounded-xl border border-line p-4">
      <h3 className="flex items-center gap-2 font-semibold">
        <Lock aria-hidden className="size-4 text-muted" />
        {title}
        <Badge>{plural(records.length, 'record')}</Badge>
      </h3>
      <p className="text-sm">
        {what} {todo && <b className="font-medium">{todo}</b>}
      </p>
      <More label={plural(records.length, 'closed record')}>
        <ul className="grid gap-2 pt-1">
          {records.map((record) => (
            <Row key={record.recordId} record={record} onOpen={onOpen} />
          ))}
        </ul>
      </More>
    </section>
  )
}

function Row({ record, onOpen }: { record: SeenRecord; onOpen: (record: SeenRecord) => void }): ReactElement {
  const allowed = record.decision === 'PERMIT'
  const Icon = allowed ? LockOpen : Lock
  const left = record.uses && leftText(record.uses)
  return (
    <li
      className={`flex flex-wrap items-center justify-between gap-2 rounded-xl border bg-surface p-3 ${allowed ? 'border-accent/40' : 'border-line'}`}
    >
      <span className="flex min-w-0 items-center gap-3">
        <Icon aria-hidden className={`size-5 shrink-0 ${allowed ? 'text-accent' : 'text-muted'}`} />
        <span>
          <span className="block font-medium">{titleOf(record)}</span>
          {left && <span className="block text-sm font-medium">{left}</span>}
          <span className="text-sm text-muted">
            {plural(record.n, 'share')}, any {record.t} rebuild it
          </span>
        </span>
      </span>
      <Button
        kind={allowed ? 'primary' : 'quiet'}
        onClick={() => onOpen(record)}
        aria-label={`${allowed ? 'Open' : 'Try to open'} ${titleOf(record)}`}
      >
        {allowed ? 'Open' : 'Try'}
      </Button>
    </li>
  )
}
