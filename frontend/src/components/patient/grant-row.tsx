'use client'

import type { Consent } from '@sharewell/sdk/chain'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { Badge } from '@/components/ui/note.tsx'
import { useDecision } from '@/hooks/useDecision.ts'
import { useMail } from '@/hooks/useMail.ts'
import type { Place } from '@/hooks/usePlaces.ts'
import { list, moment } from '@/lib/format.ts'
import { lower, names } from '@/lib/names.ts'
import { purposesIn } from '@/lib/purposes.ts'
import { leftText, usesLeft } from '@/lib/uses.ts'
import { GrantDialog } from './grant-dialog.tsx'
import { NotCarried } from './not-carried.tsx'
import { SaveConsent } from './save-consent.tsx'

/** One permission that stands: what, why, until when, how often still; to be changed, saved, or ended with one tap. */
export function GrantRow({ place, consent }: { place: Place; consent: Consent }): ReactElement {
  const decision = useDecision(place)
  const { mail } = useMail(place)
  const [changing, setChanging] = useState(false)
  const { granteeId, recordId, categories, purposes, until } = consent
  const one = BigInt(recordId) !== 0n
  const kinds = mail?.categories?.ofMask(categories)
  const what = one
    ? (names.records.get(lower(recordId))?.text ?? 'One record')
    : (kinds?.join(', ') ?? 'Some kinds of record')
  return (
    <li className="grid gap-2">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <p className="min-w-0 flex-1 basis-48 text-sm text-muted">
          <b className="font-medium text-ink">{what}</b> · for{' '}
          {list(purposesIn(purposes).map(({ label }) => label.toLowerCase()))} · until {moment(until)}{' '}
          <UsesLeft consent={consent} />
        </p>
        <SaveConsent place={place} consent={consent} />
        {names.grantees.has(lower(granteeId)) && (
          <Button
            kind="quiet"
            className="px-2 text-sm"
            aria-haspopup="dialog"
            aria-label={`Change what you allowed: ${what}`}
            onClick={() => setChanging(true)}
          >
            Change
          </Button>
        )}
        <Button
          kind="danger"
          busy={decision.busy}
          onClick={() => decision.decide({ kind: 'Revoke', granteeId, recordId: one ? recordId : undefined })}
        >
          {decision.busy ? 'Stopping…' : 'Stop sharing'}
        </Button>
      </div>
      <NotCarried decision={decision} />
      {changing && (
        <GrantDialog
          place={place}
          changes={consent}
          record={one ? { recordId, title: what } : undefined}
          onClose={() => setChanging(false)}
        />
      )}
    </li>
  )
}

/** How often it may still be opened; nothing where nothing limits that. */
function UsesLeft({ consent }: { consent: Consent }): ReactElement | null {
  const text = leftText(consent)
  return text ? <Badge tone={usesLeft(consent) === 0 ? 'warn' : 'info'}>{text}</Badge> : null
}
