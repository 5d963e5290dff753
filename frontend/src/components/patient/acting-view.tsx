'use client'

import type { ReactElement } from 'react'
import { useState } from 'react'
import { titleOf } from '@/components/doctor/record-title.ts'
import { SeenRecords } from '@/components/doctor/seen-records.tsx'
import { OpenedPanel } from '@/components/journey/opened-panel.tsx'
import { Note, Waiting } from '@/components/ui/note.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import type { ActingFor } from '@/hooks/useDelegates.ts'
import { type SeenRecord, useFoundPatient } from '@/hooks/useFoundPatient.ts'
import { useRetrieve } from '@/hooks/useRetrieve.ts'
import { useSession } from '@/hooks/useSession.ts'
import { actingPurpose } from '@/lib/delegate-draft.ts'
import { paths } from '@/lib/journey.ts'
import { lower, names, short } from '@/lib/names.ts'

/** The records of somebody who lets this account open them: under its own name, within the limits that were set. */
export function ActingView({ acting }: { acting: ActingFor }): ReactElement {
  const { pseudonym, account, reads } = acting
  const { chainAs } = useSession()
  const [opened, setOpened] = useState<SeenRecord>()
  const found = useFoundPatient(pseudonym, actingPurpose, [], account)
  const run = useRetrieve()
  names.pseudonyms.set(lower(pseudonym), { text: `the patient ${short(pseudonym)}`, verified: true })
  const open = (record: SeenRecord): void => {
    setOpened(record)
    void run.open(chainAs(account), record.recordId, { kind: 'reader', purpose: actingPurpose })
  }
  if (reads === 0) return <Note title="You may decide for them, and open nothing yourself" />
  return (
    <div className="grid gap-5 border-l-4 border-gold pl-3 sm:pl-5">
      {found.isLoading && <Waiting>Reading the public ledger…</Waiting>}
      {found.error && <Problem error={found.error} />}
      {opened && (
        <OpenedPanel
          key={opened.recordId}
          title={titleOf(opened)}
          recordId={opened.recordId}
          run={run}
          path={paths.reader}
          onClose={() => {
            run.reset()
            setOpened(undefined)
          }}
          onRetry={() => open(opened)}
        />
      )}
      {found.data && <SeenRecords records={found.data.records} onOpen={open} />}
    </div>
  )
}
