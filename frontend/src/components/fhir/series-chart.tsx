'use client'

import type { ReactElement } from 'react'
import { CartesianGrid, Line, LineChart, ReferenceArea, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import { More } from '@/components/ui/facts.tsx'
import type { Series } from '@/lib/fhir.ts'
import { date, quantity } from '@/lib/format.ts'
import { boundsInWords, type Reference, standing } from '@/lib/lab-references.ts'
import { StandingBadge } from './standing-badge.tsx'

/** One quantity over time, with the band in which it is usual; the same values stand in a table beneath. */
export function SeriesChart({ series }: { series: Series }): ReactElement {
  const { name, unit, points, reference } = series
  const last = points.at(-1)
  return (
    <figure className="grid gap-3">
      <figcaption className="grid gap-1">
        <span className="text-base font-semibold">{name}</span>
        {last && (
          <span className="flex flex-wrap items-center gap-2 text-sm text-muted">
            <span className="text-2xl font-semibold text-ink tabular-nums">{quantity(last.value)}</span> {unit}
            <StandingBadge standing={standing(last.value, reference)} /> on {date(last.date)}
          </span>
        )}
        {reference && <ReferenceWords reference={reference} unit={unit} />}
      </figcaption>
      {points.length > 1 && <Curve series={series} />}
      <More label="All values as a table">
        <ValueTable series={series} />
      </More>
    </figure>
  )
}

function ReferenceWords({ reference, unit }: { reference: Reference; unit: string }): ReactElement {
  const source = reference.source === 'record' ? 'given by the laboratory' : 'typical for adults, not from this record'
  return (
    <span className="text-sm text-muted">
      Usual: {boundsInWords(reference)} {unit} <span className="whitespace-nowrap">({source})</span>
    </span>
  )
}

function Curve({ series: { name, unit, points, reference } }: { series: Series }): ReactElement {
  const data = points.map(({ date: at, value }) => ({ at: new Date(at).getTime(), value }))
  return (
    <div
      role="img"
      aria-label={`${name} over time, ${points.length} values from ${date(points[0]?.date)}`}
      className="h-56"
    >
      <ResponsiveContainer width="100%" height="100%">
        <LineChart data={data} margin={{ top: 8, right: 12, bottom: 0, left: 0 }} accessibilityLayer={false}>
          <CartesianGrid stroke="var(--line)" vertical={false} />
          <XAxis
            dataKey="at"
            type="number"
            scale="time"
            domain={['dataMin', 'dataMax']}
            tickFormatter={(at: number) => String(new Date(at).getFullYear())}
            tick={{ fill: 'var(--muted)', fontSize: 12 }}
            stroke="var(--line)"
            minTickGap={40}
          />
          <YAxis
            domain={['auto', 'auto']}
            width={44}
            tickFormatter={(value: number) => quantity(value)}
            tick={{ fill: 'var(--muted)', fontSize: 12 }}
            stroke="var(--line)"
          />
          {reference && (
            <ReferenceArea
              {...(reference.low !== undefined && { y1: reference.low })}
              {...(reference.high !== undefined && { y2: reference.high })}
              ifOverflow="extendDomain"
              fill="var(--accent-soft)"
              fillOpacity={0.8}
              strokeOpacity={0}
            />
          )}
          <Tooltip
            formatter={(value) => [`${quantity(Number(value))} ${unit}`, name]}
            labelFormatter={(at) => date(Number(at) / 1000)}
            contentStyle={{
              background: 'var(--surface)',
              border: '1px solid var(--line)',
              borderRadius: 10,
              color: 'var(--ink)',
            }}
          />
          <Line
            dataKey="value"
            stroke="var(--accent)"
            strokeWidth={2.2}
            dot={{ r: 3.5, fill: 'var(--surface)', stroke: 'var(--accent)', strokeWidth: 2 }}
            activeDot={{ r: 5 }}
            isAnimationActive={false}
          />
        </LineChart>
      </ResponsiveContainer>
    </div>
  )
}

function ValueTable({ series: { name, unit, points, reference } }: { series: Series }): ReactElement {
  return (
    <table className="w-full text-sm tabular-nums">
      <caption className="sr-only">{name}</caption>
      <thead className="text-left text-muted">
        <tr>
          <th scope="col" className="py-1 font-medium">
            Date
          </th>
          <th scope="col" className="py-1 font-medium">
            {unit || 'Value'}
          </th>
          <th scope="col" className="py-1 font-medium">
            <span className="sr-only">How it stands</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {points.toReversed().map(({ date: at, value }) => (
          <tr key={`${at}-${value}`} className="border-t border-line">
            <td className="py-1">{date(at)}</td>
            <td className="py-1">{quantity(value)}</td>
            <td className="py-1">
              <StandingBadge standing={standing(value, reference)} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
