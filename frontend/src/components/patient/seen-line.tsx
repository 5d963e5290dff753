import { purposes } from '@sharewell/sdk/chain'
import type { ReactElement } from 'react'
import { Actor } from '@/components/ui/actor.tsx'
import { Badge } from '@/components/ui/note.tsx'
import { moment } from '@/lib/format.ts'
import { lower, names } from '@/lib/names.ts'
import { purposeLabel } from '@/lib/purposes.ts'
import type { Seen } from '@/lib/seen.ts'

const breakGlass = purposes.indexOf('BTG')
const unusual = {
  hours: ['warn', 'at night'],
  rush: ['warn', 'one of many within an hour'],
  'new-reader': ['info', 'first time'],
  'break-glass': ['bad', 'emergency, without your permission'],
} as const

/** One opening: who, what, for what and when, and what is unusual about it. */
export function SeenLine({ seen }: { seen: Seen }): ReactElement {
  const { at, announced, unusual: kinds } = seen
  return (
    <li className="flex flex-wrap items-baseline justify-between gap-x-3 gap-y-1 border-b border-line pb-2 last:border-0">
      <span className="min-w-0">
        <Words seen={seen} />
        {kinds.map((kind) => (
          <span key={kind} className="ml-1.5">
            <Badge tone={unusual[kind][0]}>{unusual[kind][1]}</Badge>
          </span>
        ))}
        {!announced && (
          <span className="ml-1.5">
            <Badge tone="bad">not announced before</Badge>
          </span>
        )}
      </span>
      <time className="text-sm text-muted tabular-nums" dateTime={new Date(at * 1000).toISOString()}>
        {moment(at)}
      </time>
    </li>
  )
}

function Words({ seen: { reader, recordId, purpose = 0, until } }: { seen: Seen }): ReactElement {
  if (reader && until !== undefined)
    return (
      <>
        <Actor account={reader} /> declared an emergency and could open your emergency summary until {moment(until)}
      </>
    )
  if (!reader || !recordId)
    return (
      <>
        <Badge tone="bad">Unexplained</Badge> A use of one of your permissions was counted, and no hospital shows by
        whom. Ask your hospital about it.
      </>
    )
  return (
    <>
      <Actor account={reader} /> opened <b>{names.records.get(lower(recordId))?.text ?? 'a record'}</b>,{' '}
      {purpose === breakGlass ? 'in an emergency' : `for ${purposeLabel(purpose).toLowerCase()}`}
    </>
  )
}
