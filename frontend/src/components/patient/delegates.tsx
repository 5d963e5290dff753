'use client'

import type { Delegation } from '@sharewell/sdk/chain'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { Actor } from '@/components/ui/actor.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { More } from '@/components/ui/facts.tsx'
import { Badge, Empty } from '@/components/ui/note.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import { useDecision } from '@/hooks/useDecision.ts'
import { useDelegates } from '@/hooks/useDelegates.ts'
import { useMail } from '@/hooks/useMail.ts'
import type { Place } from '@/hooks/usePlaces.ts'
import { date, list, moment } from '@/lib/format.ts'
import { short } from '@/lib/names.ts'
import { purposesIn } from '@/lib/purposes.ts'
import { DelegateDialog } from './delegate-dialog.tsx'
import { NotCarried } from './not-carried.tsx'

/** Carers and parents: who may act for the patient, within which limits; each ended with one tap. */
export function Delegates({ place }: { place: Place }): ReactElement {
  const { delegates, error } = useDelegates(place.pseudonym)
  const [naming, setNaming] = useState<Delegation | 'somebody'>()
  const live = delegates.filter(({ state }) => state === 'live')
  const over = delegates.filter((one) => !live.includes(one))
  return (
    <Card
      title="Who acts for me"
      hint="A parent, a child, a carer: they act under their own account, within the limits you set."
      action={
        <Button kind="quiet" aria-haspopup="dialog" onClick={() => setNaming('somebody')}>
          Name somebody
        </Button>
      }
    >
      {error ? <Problem error={error} /> : null}
      <p role="status" className="sr-only">
        {live.length === 0 ? 'Nobody acts for you' : `${live.length} may act for you`}
      </p>
      {live.length === 0 ? (
        <Empty title="Nobody">Only you act for yourself.</Empty>
      ) : (
        <ul className="grid gap-3">
          {live.map((one) => (
            <Delegate key={one.account} place={place} delegation={one} onChange={() => setNaming(one)} />
          ))}
        </ul>
      )}
      {over.length > 0 && (
        <div className="mt-4">
          <More label={`No longer (${over.length})`}>
            <ul className="grid gap-3 pt-1 text-sm">
              {over.map(({ account, state, until, changedAt }) => (
                <li key={account}>
                  <Actor account={account} />{' '}
                  <Badge>{state === 'ended' ? `ended ${moment(changedAt)}` : `ended ${date(until)}`}</Badge>
                </li>
              ))}
            </ul>
          </More>
        </div>
      )}
      {naming && (
        <DelegateDialog
          place={place}
          changes={naming === 'somebody' ? undefined : naming}
          onClose={() => setNaming(undefined)}
        />
      )}
    </Card>
  )
}

type DelegateProps = { place: Place; delegation: Delegation; onChange: () => void }

function Delegate({ place, delegation, onChange }: DelegateProps): ReactElement {
  const decision = useDecision(place)
  const { mail } = useMail(place)
  const { account, reads, grants, categories, until } = delegation
  const kinds = mail?.categories?.ofMask(categories).join(', ') ?? 'Some kinds of record'
  return (
    <li className="grid gap-2 rounded-xl border border-line p-4">
      <div className="flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0 flex-1 basis-48">
          <Actor account={account} />
          <p className="text-sm text-muted">
            {[...(reads ? ['opens records for you'] : []), ...(grants ? [decides(grants)] : [])].join('; ')}
          </p>
          <p className="text-sm text-muted">
            <b className="font-medium text-ink">{kinds}</b> · until {moment(until)}
          </p>
        </div>
        <Button
          kind="quiet"
          className="px-2 text-sm"
          aria-haspopup="dialog"
          aria-label={`Change what ${short(account)} may do`}
          onClick={onChange}
        >
          Change
        </Button>
        <Button kind="danger" busy={decision.busy} onClick={() => decision.decide({ kind: 'EndDelegation', account })}>
          {decision.busy ? 'Ending…' : 'End it'}
        </Button>
      </div>
      <NotCarried decision={decision} />
    </li>
  )
}

const decides = (mask: number): string =>
  `decides who else may open them, for ${list(purposesIn(mask).map(({ label }) => label.toLowerCase()))}`
