import { atLeast, chanceWords, nineWords, type Policy } from '@sharewell/sdk/share'
import type { ReactElement } from 'react'
import { More } from '@/components/ui/facts.tsx'
import { quantity } from '@/lib/format.ts'
import { availabilities } from '@/lib/policy-draft.ts'

const [width, height] = [560, 260]
const [left, right, top, bottom] = [46, 14, 14, 54]
const mostNines = 9
/** Even steps between 50 % and 99.99 % in nines: where it matters there is room. */
const [from, to] = [-Math.log10(0.5), 4]

const xOf = (availability: number): number =>
  left + ((-Math.log10(1 - availability) - from) / (to - from)) * (width - left - right)
const yOf = (nines: number): number =>
  height - bottom - (Math.min(nines, mostNines) / mostNines) * (height - top - bottom)

/** Chance that a record opens, against how often a node is up; the same stands in a table beneath. */
export function ChanceCurve({
  policy: { n, t },
  availability,
}: {
  policy: Policy
  availability: number
}): ReactElement {
  const here = atLeast(n, t, availability)
  const points = Array.from({ length: 81 }, (_, i) => 1 - 10 ** -(from + ((to - from) * i) / 80))
  const path = points.map((p) => `${xOf(p).toFixed(1)},${yOf(atLeast(n, t, p).nines).toFixed(1)}`).join(' ')
  return (
    <figure className="grid gap-3">
      <svg
        viewBox={`0 0 ${width} ${height}`}
        role="img"
        aria-label={`With nodes up ${quantity(availability * 100)} % of the time a record opens ${chanceWords(here)} of the time.`}
        className="w-full"
      >
        <Axes />
        <polyline points={path} className="fill-none stroke-accent" strokeWidth="3" strokeLinejoin="round" />
        <line
          x1={xOf(availability)}
          x2={xOf(availability)}
          y1={top}
          y2={height - bottom}
          strokeDasharray="3 5"
          className="stroke-edge"
        />
        <circle
          cx={xOf(availability)}
          cy={yOf(here.nines)}
          r="7"
          strokeWidth="3"
          className="fill-surface stroke-accent"
        />
      </svg>
      <More label="The same as a table">
        <ChanceTable n={n} t={t} />
      </More>
    </figure>
  )
}

function Axes(): ReactElement {
  return (
    <g className="fill-muted text-[14px] max-sm:text-[22px]">
      {[0, 3, 6, 9].map((nines) => (
        <g key={nines}>
          <line x1={left} x2={width - right} y1={yOf(nines)} y2={yOf(nines)} className="stroke-line" />
          <text x={left - 8} y={yOf(nines) + 5} textAnchor="end">
            {nines}
            {nines === mostNines && '+'}
          </text>
        </g>
      ))}
      {[0.5, 0.9, 0.99, 0.999, 0.9999].map((p) => (
        <text key={p} x={xOf(p)} y={height - bottom + 24} textAnchor={p > 0.999 ? 'end' : 'middle'}>
          {quantity(p * 100)} %
        </text>
      ))}
      <text x={(left + width - right) / 2} y={height - 5} textAnchor="middle">
        how often a node is up
      </text>
      <text
        x={14}
        y={(top + height - bottom) / 2}
        textAnchor="middle"
        transform={`rotate(-90 14 ${(top + height - bottom) / 2})`}
      >
        nines
      </text>
    </g>
  )
}

function ChanceTable({ n, t }: { n: number; t: number }): ReactElement {
  return (
    <table className="w-full text-sm tabular-nums">
      <caption className="sr-only">How surely a record opens</caption>
      <thead className="text-left text-muted">
        <tr>
          {['Node is up', 'Record opens', 'Nines'].map((head) => (
            <th key={head} scope="col" className="py-1 font-medium">
              {head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {availabilities.map((p) => {
          const chance = atLeast(n, t, p)
          return (
            <tr key={p} className="border-t border-line">
              <td className="py-1">{quantity(p * 100)} %</td>
              <td className="py-1">{chanceWords(chance)}</td>
              <td className="py-1">{nineWords(chance).split(' ', 1)}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}
