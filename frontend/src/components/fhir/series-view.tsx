'use client'

import type { ReactElement } from 'react'
import { useState } from 'react'
import { Empty } from '@/components/ui/note.tsx'
import { type Series, shortName } from '@/lib/fhir.ts'
import { quantity } from '@/lib/format.ts'
import { standing } from '@/lib/lab-references.ts'
import { SeriesChart } from './series-chart.tsx'
import { StandingBadge } from './standing-badge.tsx'

/** All measured quantities: a list to choose from, and the chosen one drawn. */
export function SeriesView({ series }: { series: readonly Series[] }): ReactElement {
  const [chosen, choose] = useState(0)
  const [find, setFind] = useState('')
  const current = series[chosen] ?? series[0]
  if (!current) return <Empty title="No measured values in this record" />
  const found = series
    .map((one, index) => ({ one, index }))
    .filter(({ one }) => one.name.toLowerCase().includes(find.trim().toLowerCase()))

  return (
    <div className="grid gap-5 lg:grid-cols-[18rem_1fr]">
      <div className="grid content-start gap-2">
        <input
          type="search"
          value={find}
          onChange={(event) => setFind(event.target.value)}
          aria-label="Find a measurement"
          placeholder="Find a measurement"
          className="min-h-11 rounded-xl border border-edge bg-surface px-3.5"
        />
        <ul
          className="grid max-h-56 content-start gap-1 overflow-y-auto p-1 lg:max-h-[28rem]"
          aria-label="Measurements"
        >
          {found.map(({ one, index }) => (
            <li key={`${one.code}-${one.unit}`}>
              <button
                type="button"
                aria-pressed={one === current}
                onClick={() => choose(index)}
                className="flex min-h-11 w-full items-center justify-between gap-2 rounded-lg px-2.5 py-1.5 text-left text-sm hover:bg-sunken aria-pressed:bg-accent-soft aria-pressed:font-medium"
              >
                <span className="min-w-0" title={one.name}>
                  {shortName(one.name)}
                </span>
                <Latest series={one} />
              </button>
            </li>
          ))}
          {found.length === 0 && <li className="p-2 text-sm text-muted">Nothing of that name.</li>}
        </ul>
      </div>
      <div aria-live="polite" className="min-w-0">
        <SeriesChart key={`${current.code}-${current.unit}`} series={current} />
      </div>
    </div>
  )
}

function Latest({ series }: { series: Series }): ReactElement | null {
  const last = series.points.at(-1)
  if (!last) return null
  const stands = standing(last.value, series.reference)
  return (
    <span className="flex shrink-0 items-center gap-1.5 tabular-nums">
      {quantity(last.value)}
      {stands !== 'usual' && <StandingBadge standing={stands} />}
    </span>
  )
}
