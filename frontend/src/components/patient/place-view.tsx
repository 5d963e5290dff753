'use client'

import { QrCode } from 'lucide-react'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { Note } from '@/components/ui/note.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import { useConsents, useWaitingRequests } from '@/hooks/useConsents.ts'
import type { Place } from '@/hooks/usePlaces.ts'
import { useRecords } from '@/hooks/useRecords.ts'
import { AccessEvents } from './access-events.tsx'
import { CodeDialog } from './code-dialog.tsx'
import { Delegates } from './delegates.tsx'
import { GlassNotice } from './glass-notice.tsx'
import { Grants } from './grants.tsx'
import { Mailbox } from './mailbox.tsx'
import { MyRecords } from './my-records.tsx'
import { NewKeys } from './new-keys.tsx'
import { Requests } from './requests.tsx'
import { WhoSaw } from './who-saw.tsx'

/** Everything about one hospital: who asks, what it keeps, who may see it, and what happened. */
export function PlaceView({ place }: { place: Place }): ReactElement {
  const [showing, setShowing] = useState(false)
  const consents = useConsents(place.pseudonym)
  const requests = useWaitingRequests(place.pseudonym, consents.data)
  // What records are called is known before anything on this page speaks of them.
  useRecords(place)
  const error = consents.error ?? requests.error
  return (
    <div className="grid gap-5">
      <div className="flex flex-wrap items-center justify-between gap-3">
        <p className="max-w-prose text-muted">
          {place.name} knows you by a code of its own, which nobody can link to your codes elsewhere.
        </p>
        <Button kind="secondary" onClick={() => setShowing(true)} aria-haspopup="dialog">
          <QrCode aria-hidden className="size-4" />
          Show my code
        </Button>
      </div>
      {place.registered ? (
        <>
          <GlassNotice place={place} />
          <Mailbox place={place} />
          {error && <Problem error={error} />}
          <Requests place={place} waiting={requests.waiting} />
          <NewKeys place={place} />
          <div className="grid items-start gap-5 lg:grid-cols-2">
            <Grants place={place} consents={consents.data} />
            <AccessEvents consents={consents.data ?? []} requests={requests.all} />
          </div>
          <WhoSaw place={place} />
          <MyRecords place={place} />
          <Delegates place={place} />
        </>
      ) : (
        <Note title="Not registered yet">
          Show your code at {place.name}. Once the clerk has scanned it, your records can be kept here.
        </Note>
      )}
      {showing && <CodeDialog place={place} onClose={() => setShowing(false)} />}
    </div>
  )
}
