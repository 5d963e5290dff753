'use client'

import type { Consent } from '@sharewell/sdk/chain'
import type { ReactElement } from 'react'
import { Grantee } from '@/components/ui/actor.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Badge } from '@/components/ui/note.tsx'
import { useDecision } from '@/hooks/useDecision.ts'
import type { Place } from '@/hooks/usePlaces.ts'
import { date, moment } from '@/lib/format.ts'
import { termsAgain } from '@/lib/grant-draft.ts'
import { NotCarried } from './not-carried.tsx'

const words = { none: 'nothing said', permit: 'permitted', revoked: 'stopped', denied: 'refused' } as const

/** A permission that is over. One that was stopped too early can be given again as it was; a refusal can be taken back. */
export function OverGrant({ place, consent, now }: { place: Place; consent: Consent; now: number }): ReactElement {
  const decision = useDecision(place)
  const { granteeId, recordId, until, state, changedAt } = consent
  const scope = { granteeId, recordId: BigInt(recordId) === 0n ? undefined : recordId }
  const terms = termsAgain(consent, now)
  return (
    <li className="grid gap-2 text-sm">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <span>
          <Grantee id={granteeId} />{' '}
          <Badge>{state === 'permit' ? `ended ${date(until)}` : `${words[state]} ${moment(changedAt)}`}</Badge>
        </span>
        {state === 'revoked' && until > now && terms && (
          <Button kind="quiet" busy={decision.busy} onClick={() => decision.decide({ kind: 'Grant', ...scope, terms })}>
            Share again
          </Button>
        )}
        {state === 'denied' && (
          <Button kind="quiet" busy={decision.busy} onClick={() => decision.decide({ kind: 'Revoke', ...scope })}>
            Take the refusal back
          </Button>
        )}
      </div>
      <NotCarried decision={decision} />
    </li>
  )
}
