import type { ReactElement } from 'react'
import type { NodeState } from '@/hooks/useNodes.ts'
import { lower, names } from '@/lib/names.ts'
import type { Whereabouts } from '@/lib/where.ts'

const [width, height] = [640, 400]
const [middleX, middleY] = [width / 2, height / 2]

/** All storage operators on a ring, and lines to those that keep a share; the same stands beneath in words. */
export function ShareRing({ nodes, where }: { nodes: readonly NodeState[]; where: Whereabouts }): ReactElement {
  const alive = where.shares.filter((share) => share.alive).length
  const enough = alive >= where.t
  const summary = `${alive} of ${where.n} shares are there; any ${where.t} rebuild the record${where.r > 0 ? `, any ${where.r} of them learn nothing` : ''}.`
  return (
    <div className="grid items-center gap-5 lg:grid-cols-[3fr_2fr]">
      <svg viewBox={`0 0 ${width} ${height}`} role="img" aria-label={summary} className="w-full max-sm:hidden">
        {nodes.map((node, at) => (
          <Spoke key={node.id} node={node} at={at} of={nodes.length} where={where} />
        ))}
        <circle cx={middleX} cy={middleY} r="46" className={enough ? 'fill-accent' : 'fill-danger'} />
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
              <span>{names.operators.get(lower(operator))?.text ?? operator}</span>
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

function Spoke({ node, at, of, where }: { node: NodeState; at: number; of: number; where: Whereabouts }): ReactElement {
  const angle = (2 * Math.PI * at) / of - Math.PI / 2
  const [x, y] = [middleX + 190 * Math.cos(angle), middleY + 150 * Math.sin(angle)]
  const share = where.shares.find(({ operator }) => lower(operator) === lower(node.id))
  const dot = share ? (share.alive ? 'fill-accent' : 'fill-danger') : 'fill-sunken stroke-edge'
  const anchor = Math.abs(Math.cos(angle)) < 0.2 ? 'middle' : Math.cos(angle) > 0 ? 'start' : 'end'
  const [textX, textY] = [
    x + (anchor === 'middle' ? 0 : anchor === 'start' ? 20 : -20),
    y + (anchor === 'middle' ? Math.sign(Math.sin(angle)) * 28 + 4 : 4),
  ]
  return (
    <g>
      {share && (
        <line
          x1={middleX}
          y1={middleY}
          x2={x}
          y2={y}
          strokeWidth="3"
          strokeDasharray={share.alive ? undefined : '4 6'}
          className={share.alive ? 'stroke-accent' : 'stroke-danger'}
        />
      )}
      <circle cx={x} cy={y} r={share ? 13 : 9} className={dot} />
      <text
        x={textX}
        y={textY}
        textAnchor={anchor}
        className={`text-[13px] ${share ? 'fill-ink font-semibold' : 'fill-muted'}`}
      >
        {names.operators.get(lower(node.id))?.text ?? node.id.slice(0, 8)}
      </text>
    </g>
  )
}
