'use client'

import { RefreshCw } from 'lucide-react'
import type { ReactElement } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { Empty } from '@/components/ui/note.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import { useMail } from '@/hooks/useMail.ts'
import type { Place } from '@/hooks/usePlaces.ts'
import { SeenTimeline } from './seen-timeline.tsx'

/** Who was given the keys of the patient's records at one place: what the key nodes show, held against the ledger. */
export function WhoSaw({ place }: { place: Place }): ReactElement {
  const { mail, error, isFetching, reread } = useMail(place)
  return (
    <Card
      title="Who saw what"
      hint="Each time somebody was given the key to one of your records. What you open yourself is not listed. One honest hospital is enough for an opening to show here."
      action={
        mail && (
          <Button kind="quiet" busy={isFetching} onClick={() => void reread()}>
            <RefreshCw aria-hidden className="size-4" />
            Refresh
          </Button>
        )
      }
    >
      {mail && error && <Problem error={error} />}
      {mail ? <SeenTimeline accounting={mail.accounting} /> : <Empty title="Open your mailbox to see it" />}
    </Card>
  )
}
