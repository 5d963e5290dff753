import type { Policy } from '@sharewell/sdk/share'
import type { ReactElement, ReactNode } from 'react'
import { plural } from '@/lib/format.ts'

const cell = 24
const widest = 600

/** Every node as a dot: those that together learn nothing, those that are needed besides, and those that may fail. */
export function NodePicture({ policy: { n, t, r } }: { policy: Policy }): ReactElement {
  const across = Math.min(n, n <= 40 ? 10 : 25)
  const rows = Math.ceil(n / across)
  const width = Math.min(widest, cell * across)
  const side = width / across
  const words = `${plural(n, 'node')}: any ${t} rebuild the sealed bytes, any ${n - t} may fail, any ${r} learn nothing.`
  return (
    <figure className="grid gap-4">
      <svg
        viewBox={`0 0 ${width} ${side * rows}`}
        role="img"
        aria-label={words}
        className="w-full"
        style={{ maxWidth: n <= 40 ? 480 : undefined }}
      >
        {Array.from({ length: n }, (_, i) => i).map((i) => (
          <Dot
            key={i}
            x={side * ((i % across) + 0.5)}
            y={side * (Math.floor(i / across) + 0.5)}
            side={side}
            kind={kindOf(i, t, r)}
          />
        ))}
      </svg>
      <figcaption>
        <ul className="flex flex-wrap gap-x-6 gap-y-1.5 text-sm">
          {r > 0 && <Key kind="blind">{plural(r, 'node')} learn nothing together</Key>}
          <Key kind="needed">{r > 0 ? `${t - r} more, and they rebuild` : `${plural(t, 'node')} rebuild together`}</Key>
          {n > t && <Key kind="spare">{plural(n - t, 'node')} may fail</Key>}
        </ul>
        <p className="mt-2 text-sm text-muted">Which ones does not matter: only how many.</p>
      </figcaption>
    </figure>
  )
}

type Kind = 'blind' | 'needed' | 'spare'

const kindOf = (i: number, t: number, r: number): Kind => (i < r ? 'blind' : i < t ? 'needed' : 'spare')

type DotProps = { x: number; y: number; side: number; kind: Kind }

/** Told apart by shape as well: a ring with a core, a disc, an empty ring that is broken. */
function Dot({ x, y, side, kind }: DotProps): ReactElement {
  const radius = side * 0.36
  const stroke = side * 0.1
  if (kind === 'needed') return <circle cx={x} cy={y} r={radius + stroke / 2} className="fill-accent" />
  if (kind === 'spare')
    return (
      <circle
        cx={x}
        cy={y}
        r={radius}
        strokeWidth={stroke}
        strokeDasharray={`${side * 0.18} ${side * 0.14}`}
        className="fill-none stroke-edge"
      />
    )
  return (
    <g>
      <circle cx={x} cy={y} r={radius} strokeWidth={stroke} className="fill-none stroke-info" />
      <circle cx={x} cy={y} r={side * 0.12} className="fill-info" />
    </g>
  )
}

function Key({ kind, children }: { kind: Kind; children: ReactNode }): ReactElement {
  return (
    <li className="flex items-center gap-2">
      <svg viewBox="0 0 24 24" aria-hidden className="size-5 shrink-0">
        <Dot x={12} y={12} side={24} kind={kind} />
      </svg>
      <span>{children}</span>
    </li>
  )
}
