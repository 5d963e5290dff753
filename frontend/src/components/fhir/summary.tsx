import type { ReactElement } from 'react'
import { Note } from '@/components/ui/note.tsx'
import {
  allergiesOf,
  type Bundle,
  conditionsOf,
  type Entry,
  findingsOf,
  medicationsOf,
  seriesOf,
  shortName,
  timelineOf,
} from '@/lib/fhir.ts'
import { date, list, quantity } from '@/lib/format.ts'
import { standing } from '@/lib/lab-references.ts'
import { StandingBadge } from './standing-badge.tsx'

/** One look: what to beware of, what is being treated, what was out of the usual, what happened last. */
export function Summary({ bundle }: { bundle: Bundle }): ReactElement {
  const allergies = allergiesOf(bundle)
  const active = (entries: Entry[]): Entry[] => entries.filter((entry) => entry.active)
  const findings = findingsOf(bundle)
  return (
    <div className="grid gap-5">
      {allergies.length > 0 && (
        <Note tone="warn" title={`Allergies: ${list(allergies.map(({ title }) => title))}`}>
          <ul>
            {allergies.map(({ id, title, detail, status }) => (
              <li key={id}>
                {title}
                {detail && `: ${detail.toLowerCase()}`}
                {status && ` (${status})`}
              </li>
            ))}
          </ul>
        </Note>
      )}
      <div className="grid gap-5 md:grid-cols-2">
        <Column title="Active conditions" entries={active(conditionsOf(bundle))} />
        <Column title="Current medications" entries={active(medicationsOf(bundle))} />
        <OutOfUsual bundle={bundle} />
        <Column title="Latest findings" entries={findings.slice(0, 6)} />
        <Column title="What happened last" entries={timelineOf(bundle).slice(0, 6)} />
      </div>
    </div>
  )
}

function Column({ title, entries }: { title: string; entries: readonly Entry[] }): ReactElement | null {
  if (entries.length === 0) return null
  return (
    <section className="grid content-start gap-1.5">
      <h3 className="text-sm font-semibold text-muted">{title}</h3>
      <ul className="grid gap-1.5">
        {entries.slice(0, 12).map((entry) => (
          <li key={`${entry.kind}-${entry.id}`} className="leading-snug">
            {entry.title}{' '}
            <span className="text-sm text-muted">
              {[entry.detail, entry.from && date(entry.from)].filter(Boolean).join(' · ')}
            </span>
          </li>
        ))}
      </ul>
      {entries.length > 12 && <p className="text-sm text-muted">and {entries.length - 12} more</p>}
    </section>
  )
}

function OutOfUsual({ bundle }: { bundle: Bundle }): ReactElement | null {
  const latest = seriesOf(bundle).flatMap((series) => {
    const last = series.points.at(-1)
    const stands = last && standing(last.value, series.reference)
    return last && (stands === 'low' || stands === 'high') ? [{ series, last, stands }] : []
  })
  if (latest.length === 0) return null
  return (
    <section className="grid content-start gap-1.5">
      <h3 className="text-sm font-semibold text-muted">Latest values out of the usual</h3>
      <ul className="grid gap-1.5">
        {latest.slice(0, 10).map(({ series, last, stands }) => (
          <li key={`${series.code}-${series.unit}`} className="leading-snug">
            {shortName(series.name)}{' '}
            <span className="inline-flex items-center gap-1.5 whitespace-nowrap tabular-nums">
              <b>{quantity(last.value)}</b> {series.unit} <StandingBadge standing={stands} />
            </span>{' '}
            <span className="text-sm text-muted">{date(last.date)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
