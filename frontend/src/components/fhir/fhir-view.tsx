'use client'

import type { ReactElement } from 'react'
import { useMemo } from 'react'
import { Code } from '@/components/ui/facts.tsx'
import { type Tab, Tabs } from '@/components/ui/tabs.tsx'
import {
  type Bundle,
  type ClinicalNote,
  conditionsOf,
  countsOf,
  findingsOf,
  medicationsOf,
  notesOf,
  seriesOf,
  timelineOf,
} from '@/lib/fhir.ts'
import { date } from '@/lib/format.ts'
import { EntryList } from './entry-list.tsx'
import { SeriesView } from './series-view.tsx'
import { Summary } from './summary.tsx'

const rawLimit = 400_000

/** A FHIR R4 bundle as a person reads it. A sheet stands only for what the record holds; raw is always there. */
export function FhirView({ bundle }: { bundle: Bundle }): ReactElement {
  const tabs = useMemo(() => tabsOf(bundle), [bundle])
  return <Tabs label="Contents of the record" tabs={tabs} />
}

function tabsOf(bundle: Bundle): Tab[] {
  const conditions = conditionsOf(bundle)
  const medications = medicationsOf(bundle)
  const series = seriesOf(bundle)
  const findings = findingsOf(bundle)
  const timeline = timelineOf(bundle)
  const notes = notesOf(bundle)
  const sheets: (Tab & { count?: number })[] = [
    { id: 'summary', label: 'Summary', content: () => <Summary bundle={bundle} /> },
    sheet('conditions', 'Conditions', conditions.length, () => (
      <EntryList entries={conditions} nothing="No conditions" />
    )),
    sheet('medications', 'Medications', medications.length, () => (
      <EntryList entries={medications} nothing="No medications" />
    )),
    sheet('values', 'Values', series.length, () => <SeriesView series={series} />),
    sheet('findings', 'Findings', findings.length, () => <EntryList entries={findings} nothing="No findings" />),
    sheet('timeline', 'Timeline', timeline.length, () => (
      <EntryList entries={timeline} nothing="Nothing with a date" />
    )),
    sheet('notes', 'Notes', notes.length, () => <Notes notes={notes} />),
    { id: 'raw', label: 'Raw', content: () => <Raw bundle={bundle} /> },
  ]
  return sheets.filter(({ count }) => count !== 0)
}

const sheet = (id: string, label: string, count: number, content: () => ReactElement): Tab & { count: number } => ({
  id,
  label: (
    <>
      {label} <span className="text-xs font-normal text-muted tabular-nums">{count}</span>
    </>
  ),
  content,
  count,
})

function Notes({ notes }: { notes: readonly ClinicalNote[] }): ReactElement {
  return (
    <ul className="grid gap-2">
      {notes.map((note, index) => (
        <li key={note.id}>
          <details open={index === 0} className="rounded-xl border border-line p-3.5">
            <summary className="font-medium">
              {note.title} <span className="font-normal text-muted">{date(note.date)}</span>
            </summary>
            <div className="mt-3 max-w-prose text-[0.95rem] whitespace-pre-wrap">{note.text}</div>
          </details>
        </li>
      ))}
    </ul>
  )
}

function Raw({ bundle }: { bundle: Bundle }): ReactElement {
  const text = JSON.stringify(bundle, null, 2)
  return (
    <div className="grid gap-3">
      <ul className="flex flex-wrap gap-1.5 text-sm" aria-label="Resources by type">
        {countsOf(bundle).map(([type, count]) => (
          <li key={type} className="rounded-full bg-sunken px-2.5 py-0.5">
            {type} <b className="tabular-nums">{count}</b>
          </li>
        ))}
      </ul>
      <Code label="FHIR JSON">{text.slice(0, rawLimit)}</Code>
      {text.length > rawLimit && <p className="text-sm text-muted">The rest is in the download.</p>}
    </div>
  )
}
