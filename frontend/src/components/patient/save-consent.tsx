'use client'

import type { Consent } from '@sharewell/sdk/chain'
import { consentToFhir, draftOfSlot } from '@sharewell/sdk/record'
import type { ReactElement } from 'react'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { Button } from '@/components/ui/button.tsx'
import { useMail } from '@/hooks/useMail.ts'
import type { Place } from '@/hooks/usePlaces.ts'
import { save } from '@/lib/files.ts'
import { granteeText } from '@/lib/grantees.ts'
import { lower, names } from '@/lib/names.ts'
import { usesLeft } from '@/lib/uses.ts'

/** Saves a permission as FHIR Consent, the patient's own copy; not offered where whom it names is not known here. */
export function SaveConsent({ place, consent }: { place: Place; consent: Consent }): ReactElement | null {
  const { chain } = useNetwork()
  const { mail } = useMail(place)
  const grantee = names.grantees.get(lower(consent.granteeId))
  const draft = grantee && draftOfSlot(consent, { grantee, categoryKey: mail?.categoryKey })
  // Opened as often as it allows, it permits nothing any more.
  if (!grantee || !draft || usesLeft(consent) === 0) return null
  const download = (): void => {
    const { pseudonym, providerId: provider } = place
    const { key, changedAt: decidedAt } = consent
    const frame = { networkId: chain.network.networkId, pseudonym, provider, key, decidedAt }
    const file = consentToFhir(draft, frame, { display: granteeText(grantee, names) })
    save(new Blob([JSON.stringify(file, null, 2)], { type: 'application/fhir+json' }), 'consent.json')
  }
  return (
    <Button kind="quiet" className="px-2 text-sm" onClick={download}>
      Save a copy
    </Button>
  )
}
