import type { ReactElement } from 'react'
import type { NodeState } from '@/hooks/useNodes.ts'
import { lower, names, short } from '@/lib/names.ts'
import type { Whereabouts } from '@/lib/where.ts'

const [width, height] = [780, 400]
const [middleX, middleY] = [width / 2, height / 2]

/** Green only while nothing is missing. */
const middles = {
  healthy: 'fill-accent',
  weakened: 'fill-gold',
  endangered: 'fill-danger',
  lost: 'fill-danger',
} as const

/** All storage operators on a ring, and lines to those that keep a share; the same stands beneath in words. */
export function ShareRing({ nodes, where }: { nodes: readonly NodeState[]; where: Whereabouts }): ReactElement {
  const alive = where.shares.filter((share) => share.alive).length
  const summary = `${alive} of ${where.n} shares are there; any ${where.t} rebuild the record${where.r > 0 ? `, any ${where.r} of them learn nothing` : ''}.`
  return (
    <div className="grid items-center gap-5 lg:grid-cols-[3fr_2fr]">
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={summary} className="w-full max-sm:hidden">
        {nodes.map((node, at) => (
          <Spoke key={node.id} node={node} at={at} of={nodes.length} where={where} />
        ))}
        <circle cx={middleX} cy={middleY} r="46" className={middles[where.level]} />
        <text x={middleX} y={middleY - 3} textAnchor="middle" className="fill-on-accent text-[22px] font-semibold">
          {alive}/{where.n}
        </text>
        <text x={middleX} y={middleY + 18} textAnchor="middle" className="fill-on-accent text-[13px]">
          {where.t} needed
        </text>
      </svg>
      <div className="grid gap-3">
        <p className="font-medium">{summary}</p>
        <ul className="grid gap-1 text-sm">
          {where.shares.map(({ index, operator, alive: there }) => (
            <li key={index} className="flex justify-between gap-3 border-b border-line py-1 last:border-0">
              <span>{names.operators.get(lower(operator))?.text ?? `Operator ${short(operator)}`}</span>
              <span className={there ? 'text-accent' : 'text-danger'}>
                share {index + 1} {there ? 'is there' : 'is missing'}
              </span>
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}

type Side = 'start' | 'middle' | 'end'

/** Where a name stands beside its dot: outwards, away from the lines. */
function labelAt(angle: number, x: number, y: number): { side: Side; x: number; y: number } {
  const [right, down] = [Math.cos(angle), Math.sin(angle)]
  if (Math.abs(right) < 0.2) return { side: 'middle', x, y: y + Math.sign(down) * 28 + 4 }
  return right > 0 ? { side: 'start', x: x + 20, y: y + 4 } : { side: 'end', x: x - 20, y: y + 4 }
}

function Spoke({ node, at, of, where }: { node: NodeState; at: number; of: number; where: Whereabouts }): ReactElement {
  const angle = (2 * Math.PI * at) / of - Math.PI / 2
  const [x, y] = [middleX + 185 * Math.cos(angle), middleY + 150 * Math.sin(angle)]
  const label = labelAt(angle, x, y)
  const share = where.shares.find(({ operator }) => lower(operator) === lower(node.id))
  const name = names.operators.get(lower(node.id))?.text ?? node.id.slice(0, 8)
  return (
    <g>
      {share && <Line x={x} y={y} alive={share.alive} />}
      {share ? (
        <circle cx={x} cy={y} r="13" className={share.alive ? 'fill-accent' : 'fill-danger'} />
      ) : (
        <circle cx={x} cy={y} r="9" className="fill-sunken stroke-edge" />
      )}
      <text
        x={label.x}
        y={label.y}
        textAnchor={label.side}
        className={`text-[13px] ${share ? 'fill-ink font-semibold' : 'fill-muted'}`}
      >
        {name}
      </text>
    </g>
  )
}

function Line({ x, y, alive }: { x: number; y: number; alive: boolean }): ReactElement {
  return (
    <line
      x1={middleX}
      y1={middleY}
      x2={x}
      y2={y}
      strokeWidth="3"
      strokeDasharray={alive ? undefined : '4 6'}
      className={alive ? 'stroke-accent' : 'stroke-danger'}
    />
  )
}
