'use client'

import type { Consent } from '@sharewell/sdk/chain'
import type { ReactElement } from 'react'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { Grantee } from '@/components/ui/actor.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { More } from '@/components/ui/facts.tsx'
import { Badge, Empty } from '@/components/ui/note.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import { useDecisions } from '@/hooks/useConsents.ts'
import { useMail } from '@/hooks/useMail.ts'
import type { Place } from '@/hooks/usePlaces.ts'
import { date, list, moment } from '@/lib/format.ts'
import { purposesIn } from '@/lib/purposes.ts'

/** Who can see the patient's data now, each with the one tap that ends it; what is over is folded away. */
export function Grants({ place, consents }: { place: Place; consents: readonly Consent[] | undefined }): ReactElement {
  const { chain } = useNetwork()
  const now = chain.clock()
  const live = (consents ?? []).filter(({ state, until }) => state === 'permit' && until > now)
  const over = (consents ?? []).filter((consent) => !live.includes(consent))
  return (
    <Card
      title="Who can see my data"
      hint="Stopping counts from the next block. What was read until then cannot be unread."
    >
      <p role="status" className="sr-only">
        {live.length === 0 ? 'Nobody can see your data' : `${live.length} can see your data`}
      </p>
      {live.length === 0 ? (
        <Empty title="Nobody">Only you can open your records.</Empty>
      ) : (
        <ul className="grid gap-3">
          {live.map((consent) => (
            <GrantRow key={consent.key} place={place} consent={consent} />
          ))}
        </ul>
      )}
      {over.length > 0 && (
        <div className="mt-4">
          <More label={`Over or refused (${over.length})`}>
            <ul className="grid gap-3 pt-1">
              {over.map((consent) => (
                <OverRow key={consent.key} place={place} consent={consent} now={now} />
              ))}
            </ul>
          </More>
        </div>
      )}
    </Card>
  )
}

const words = { none: 'nothing said', permit: 'permitted', revoked: 'stopped', denied: 'refused' } as const

/** A permission that is over. One that was stopped too early can be given again as it was. */
function OverRow({ place, consent, now }: { place: Place; consent: Consent; now: number }): ReactElement {
  const { granting } = useDecisions(place.controller, place.pseudonym)
  const { granteeId, recordId, until, purposes, categories, state, changedAt } = consent
  const scope = { granteeId, recordId: BigInt(recordId) === 0n ? undefined : recordId }
  const again = (): void => granting.mutate({ scope, terms: { from: now - 60, until, purposes, categories } })
  return (
    <li className="grid gap-2 text-sm">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <span>
          <Grantee id={granteeId} />{' '}
          <Badge>{state === 'permit' ? `ended ${date(until)}` : `${words[state]} ${moment(changedAt)}`}</Badge>
        </span>
        {state === 'revoked' && until > now && (
          <Button kind="quiet" busy={granting.isPending} onClick={again}>
            Share again
          </Button>
        )}
      </div>
      {granting.error && <Problem error={granting.error} />}
    </li>
  )
}

function GrantRow({ place, consent }: { place: Place; consent: Consent }): ReactElement {
  const { stopping } = useDecisions(place.controller, place.pseudonym)
  const { mail } = useMail(place)
  const { granteeId, recordId, categories, purposes, until } = consent
  const one = BigInt(recordId) !== 0n
  const kinds = mail?.categories?.ofMask(categories)
  return (
    <li className="grid gap-2 rounded-xl border border-line p-4">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0">
          <Grantee id={granteeId} />
          <p className="text-sm text-muted">
            {one ? 'One record' : (kinds?.join(', ') ?? 'Some kinds of record')} · for{' '}
            {list(purposesIn(purposes).map(({ label }) => label.toLowerCase()))} · until {moment(until)}
          </p>
        </div>
        <Button
          kind="danger"
          busy={stopping.isPending}
          onClick={() => stopping.mutate({ granteeId, recordId: one ? recordId : undefined })}
        >
          {stopping.isPending ? 'Stopping…' : 'Stop sharing'}
        </Button>
      </div>
      {stopping.error && <Problem error={stopping.error} />}
    </li>
  )
}
