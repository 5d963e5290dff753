'use client'

import type { ReactElement, ReactNode } from 'react'
import { useState } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { Badge, Empty } from '@/components/ui/note.tsx'
import type { Entry } from '@/lib/fhir.ts'
import { date, plural } from '@/lib/format.ts'

const page = 25

/** A clinical list: the active ones marked, the long tail folded away. */
export function EntryList({ entries, nothing }: { entries: readonly Entry[]; nothing: string }): ReactElement {
  const [shown, show] = useState(page)
  if (entries.length === 0) return <Empty title={nothing} />
  return (
    <div className="grid gap-3">
      <ul className="divide-y divide-line">
        {entries.slice(0, shown).map((entry) => (
          <EntryRow key={`${entry.kind}-${entry.id}`} entry={entry} />
        ))}
      </ul>
      {shown < entries.length && (
        <Button kind="quiet" onClick={() => show(shown + 100)}>
          Show {plural(Math.min(100, entries.length - shown), 'more', 'more')} of {entries.length}
        </Button>
      )}
    </div>
  )
}

function EntryRow({ entry }: { entry: Entry }): ReactElement {
  return (
    <li className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 py-2.5">
      <div className="min-w-0 flex-1 basis-64">
        <span className={entry.active ? 'font-medium' : ''}>{entry.title}</span>
        {entry.detail && <span className="block text-sm text-muted">{entry.detail}</span>}
      </div>
      <span className="flex items-center gap-2 text-sm text-muted">
        {entry.status && <Badge tone={entry.active ? 'good' : 'plain'}>{entry.status}</Badge>}
        <Span from={entry.from} to={entry.to} />
      </span>
    </li>
  )
}

function Span({ from, to }: { from?: string | undefined; to?: string | undefined }): ReactNode {
  if (!from) return null
  const [start, end] = [date(from), to ? date(to) : undefined]
  return (
    <span className="whitespace-nowrap tabular-nums">
      {start}
      {end && end !== start && ` – ${end}`}
    </span>
  )
}
