import type { ReactElement } from 'react'
import { Card } from '@/components/ui/card.tsx'
import { Badge } from '@/components/ui/note.tsx'
import type { NodeState } from '@/hooks/useNodes.ts'
import { moment } from '@/lib/format.ts'
import {
  type HealthLevel,
  type HealthReport,
  healthLevels,
  healthReport,
  isStale,
  judgement,
  refreshWords,
} from '@/lib/health-report.ts'
import { names, short } from '@/lib/names.ts'

/** How well the records of each hospital are that a node looks after; nothing where no node does. */
export function RecordsHealth({ nodes, now }: { nodes: readonly NodeState[]; now: number }): ReactElement | null {
  const reports = nodes.flatMap(({ id, alive, active, status }) => {
    const report = alive && active ? healthReport(status) : undefined
    return report ? [{ id, report }] : []
  })
  if (reports.length === 0) return null
  return (
    <Card
      title="Health of records"
      hint="Of each share some pieces are asked for, drawn at random. Lost ones are made again without any key."
    >
      <ul className="grid gap-5">
        {reports.map(({ id, report }) => (
          <Report key={id} report={report} now={now} />
        ))}
      </ul>
    </Card>
  )
}

const looks: Readonly<Record<HealthLevel, { readonly fill: string; readonly dot: string; readonly means: string }>> = {
  healthy: { fill: 'fill-accent', dot: 'bg-accent', means: 'every share is there' },
  weakened: { fill: 'fill-gold', dot: 'bg-gold', means: 'shares are missing, more may fail' },
  unknown: { fill: 'fill-edge', dot: 'bg-edge', means: 'could not be looked at' },
  endangered: { fill: 'fill-danger', dot: 'bg-danger', means: 'few more may fail' },
  lost: { fill: 'fill-ink', dot: 'bg-ink', means: 'too few shares answer' },
}

function Report({ report, now }: { report: HealthReport; now: number }): ReactElement {
  const { organization, checkedAt, counts } = report
  const { tone, words } = judgement(report, now)
  const stale = isStale(report, now)
  const refreshing = refreshWords(report)
  const present = healthLevels.filter((level) => counts[level] > 0)
  return (
    <li className="grid gap-2">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="font-medium">
          {names.organizations.get(organization)?.text ?? `Organization ${short(organization)}`}
        </h3>
        <Badge tone={tone}>{words}</Badge>
      </div>
      <Bar counts={counts} label={`${words}.`} faded={stale} />
      <p className="text-sm text-muted">Looked at {moment(checkedAt)}</p>
      <ul className="flex flex-wrap gap-x-5 gap-y-1 text-sm">
        {present.map((level) => (
          <li key={level} className="flex items-center gap-2">
            <span aria-hidden className={`size-2.5 rounded-full ${looks[level].dot}`} />
            {counts[level]} {level}: {looks[level].means}
          </li>
        ))}
      </ul>
      {refreshing && <p className="text-sm text-muted">{refreshing}</p>}
    </li>
  )
}

const width = 600

type BarProps = { readonly counts: HealthReport['counts']; readonly label: string; readonly faded: boolean }

/** One bar, each level as long as it has records; what is old is faded. */
function Bar({ counts, label, faded }: BarProps): ReactElement {
  const all = healthLevels.reduce((sum, level) => sum + counts[level], 0)
  let x = 0
  const parts = healthLevels.flatMap((level) => {
    if (counts[level] === 0) return []
    const part = { level, x, length: (width * counts[level]) / all }
    x += part.length
    return [part]
  })
  return (
    <svg viewBox={`0 0 ${width} 16`} role="img" aria-label={label} preserveAspectRatio="none" className="h-4 w-full">
      <rect width={width} height="16" rx="4" className="fill-sunken" />
      <g opacity={faded ? 0.35 : 1}>
        {parts.map(({ level, x: from, length }) => (
          <rect key={level} x={from} width={Math.max(0, length - 2)} height="16" rx="4" className={looks[level].fill} />
        ))}
      </g>
    </svg>
  )
}
