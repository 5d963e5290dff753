import type { ReactElement } from 'react'
import { Card } from '@/components/ui/card.tsx'
import { Facts } from '@/components/ui/facts.tsx'
import { Hash } from '@/components/ui/hash.tsx'
import { Badge } from '@/components/ui/note.tsx'
import type { NodeState } from '@/hooks/useNodes.ts'
import { bytes, date, plural } from '@/lib/format.ts'
import { lower, names, short } from '@/lib/names.ts'

/** The nodes of one kind; each opens to what it says of itself. */
export function NodeGroup({
  title,
  hint,
  nodes,
}: {
  title: string
  hint: string
  nodes: readonly NodeState[]
}): ReactElement {
  const up = nodes.filter(({ alive, active }) => alive && active).length
  return (
    <Card
      title={title}
      hint={hint}
      action={
        <Badge tone={up === nodes.length ? 'good' : 'warn'}>
          {up} of {nodes.length} up
        </Badge>
      }
    >
      <ul className="grid gap-1.5">
        {nodes.map((node) => (
          <NodeRow key={node.id} node={node} />
        ))}
      </ul>
    </Card>
  )
}

function NodeRow({ node }: { node: NodeState }): ReactElement {
  const { id, account, endpoint, alive, active, delay, status, audits } = node
  const name = names.operators.get(lower(id))
  const [tone, word] = active
    ? alive
      ? (['good', 'up'] as const)
      : (['bad', 'silent'] as const)
    : (['warn', 'switched off'] as const)
  return (
    <li>
      <details className="rounded-lg border border-line">
        <summary className="flex min-h-11 list-none items-center justify-between gap-2 px-3 hover:bg-sunken">
          <span className="min-w-0">{name?.text ?? `Operator ${short(id)}`}</span>
          <span className="flex items-center gap-1.5">
            {audits && audits.missed > 0 && <Badge tone="warn">missed {audits.missed}</Badge>}
            <Badge tone={tone}>{word}</Badge>
          </span>
        </summary>
        <div className="border-t border-line p-3 text-sm">
          <Facts
            facts={[
              { label: 'Operator', value: <Hash value={id} label="the operator id" /> },
              { label: 'Account', value: <Hash value={account} label="the account" /> },
              { label: 'Endpoint', value: endpoint },
              ...(alive ? [{ label: 'Answered in', value: `${Math.round(delay)} ms` }] : []),
              ...said(status),
              ...(audits ? [{ label: 'Audits', value: auditsSaid(audits) }] : []),
            ]}
          />
        </div>
      </details>
    </li>
  )
}

/** What became of the questions that auditors put to it. */
function auditsSaid({ shown, missed, faults, lastMissAt }: NonNullable<NodeState['audits']>): string {
  if (shown + missed === 0) return 'never asked'
  const last = lastMissAt === undefined ? '' : `, last on ${date(lastMissAt)}`
  return `shown ${plural(shown, 'time')}, missed ${missed}${last}; ${plural(faults, 'fault')}`
}

const labels: Readonly<Record<string, string>> = {
  blocks: 'IPFS blocks',
  bytes: 'Keeps',
  peers: 'Peers',
  keyEpoch: 'Key epoch',
  released: 'Keys released',
  k: 'Threshold',
  h: 'Committee',
}

/** The counts that a node tells; ids and addresses stand above already. */
function said(status: Readonly<Record<string, unknown>>): { label: string; value: string }[] {
  return Object.entries(labels).flatMap(([field, label]) => {
    const value = status[field]
    if (typeof value !== 'number') return []
    return [{ label, value: field === 'bytes' ? bytes(value) : String(value) }]
  })
}
