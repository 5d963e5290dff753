import type { ReactElement } from 'react'
import { useState } from 'react'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Empty } from '@/components/ui/note.tsx'
import { save } from '@/lib/files.ts'
import { plural } from '@/lib/format.ts'
import type { Mail } from '@/lib/mail.ts'
import { filterSeen, type SeenFilter, seenAsCsv, seenAsFhir, seenIn } from '@/lib/seen.ts'
import { NodeWords } from './node-words.tsx'
import { SeenFilters } from './seen-filters.tsx'
import { SeenLine } from './seen-line.tsx'

const atFirst = 20

/** The openings, newest first, to be narrowed and taken along. */
export function SeenTimeline({ accounting }: Pick<Mail, 'accounting'>): ReactElement {
  const [filter, setFilter] = useState<SeenFilter>({})
  const [most, setMost] = useState(atFirst)
  const all = seenIn(accounting, Intl.DateTimeFormat().resolvedOptions().timeZone)
  const left = filterSeen(all, filter)
  return (
    <div className="grid gap-4">
      <NodeWords accounting={accounting} />
      {all.length === 0 ? (
        <Empty title="Nobody has opened your records">
          When somebody does, you see here who it was, which record, when and what for.
        </Empty>
      ) : (
        <>
          <SeenFilters all={all} filter={filter} onChange={setFilter} />
          <p role="status" className="text-sm text-muted">
            {left.length === all.length ? plural(all.length, 'opening') : `${left.length} of ${all.length} openings`}
          </p>
          {left.length === 0 ? (
            <Empty title="Nothing matches">
              <Button kind="quiet" onClick={() => setFilter({})}>
                Show all openings
              </Button>
            </Empty>
          ) : (
            <ol aria-label="Openings" className="grid gap-2.5">
              {left.slice(0, most).map((one) => (
                <SeenLine key={one.id} seen={one} />
              ))}
            </ol>
          )}
          <div className="flex flex-wrap gap-2">
            {left.length > most && (
              <Button kind="secondary" onClick={() => setMost(most + 5 * atFirst)}>
                Show more
              </Button>
            )}
            <Downloads accounting={accounting} />
          </div>
        </>
      )}
    </div>
  )
}

function Downloads({ accounting }: Pick<Mail, 'accounting'>): ReactElement {
  const { chain } = useNetwork()
  const { networkId } = chain.network
  return (
    <>
      <Button kind="quiet" onClick={() => save(seenAsCsv(accounting), 'who-saw-what.csv')}>
        Save as a table
      </Button>
      <Button kind="quiet" onClick={() => save(seenAsFhir(accounting, networkId), 'who-saw-what.json')}>
        Save for another system (FHIR)
      </Button>
    </>
  )
}
