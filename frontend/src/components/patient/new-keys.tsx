'use client'

import { KeyRound } from 'lucide-react'
import type { ReactElement } from 'react'
import { JourneyPicture } from '@/components/journey/journey-picture.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import type { Place } from '@/hooks/usePlaces.ts'
import { useDue, useRekey } from '@/hooks/useRekey.ts'
import { paths } from '@/lib/journey.ts'
import { DeletionWords } from './deletion-words.tsx'

/** Offers a new key for what a patient stopped sharing, and says what stopping can do and what it cannot. Shows nothing
 * while there is nothing to do. */
export function NewKeys({ place }: { place: Place }): ReactElement | null {
  const { data: due = [] } = useDue(place)
  const run = useRekey(place)
  const { status, turn, result, error, journey } = run
  if (due.length === 0 && status === 'idle') return null
  const ids = due.map(({ recordId }) => recordId)
  const records = ids.length === 1 ? 'one record' : `${ids.length} records`
  return (
    <Card title="You stopped sharing" hint="What that does, and what you can do more.">
      <div className="grid gap-4">
        <ul className="list-disc space-y-1.5 pl-5">
          <li>It counts at once: nobody you stopped gets a key from the hospitals any more.</li>
          <li>What somebody has read, they have read. Nobody can take that back.</li>
          <li>
            Somebody who kept the key of a record could open an old copy of it, if they find one. A new key ends that:
            the record is sealed anew, and everyone who keeps the old copies deletes them and signs that they did.
          </li>
        </ul>
        {status === 'running' && (
          <div role="status" className="grid gap-3">
            <p>
              Record {turn?.at ?? 1} of {turn?.of ?? ids.length} gets a new key. Leave this page open.
            </p>
            <JourneyPicture journey={journey} path={paths.rekey} />
          </div>
        )}
        {error !== undefined && <Problem error={error} />}
        {result && (
          <DeletionWords title={newKeyWords(result.records)} words={result} onAgain={() => void run.again()} />
        )}
        {ids.length > 0 && status !== 'running' && (
          <div>
            <Button onClick={() => void run.begin(ids)}>
              <KeyRound aria-hidden className="size-4" />
              Give {records} a new key
            </Button>
          </div>
        )}
        {status === 'running' && (
          <div>
            <Button kind="secondary" onClick={run.stop}>
              Stop
            </Button>
          </div>
        )}
      </div>
    </Card>
  )
}

const newKeyWords = (count: number): string =>
  count === 1 ? 'The record has a new key' : `${count} records have a new key`
