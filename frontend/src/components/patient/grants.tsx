'use client'

import type { Consent } from '@sharewell/sdk/chain'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { Grantee } from '@/components/ui/actor.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { More } from '@/components/ui/facts.tsx'
import { Empty } from '@/components/ui/note.tsx'
import { useDecision } from '@/hooks/useDecision.ts'
import { useGiven } from '@/hooks/useGiven.ts'
import type { Place } from '@/hooks/usePlaces.ts'
import { granteeText } from '@/lib/grantees.ts'
import { lower, names } from '@/lib/names.ts'
import { ConsentReceipts } from './consent-receipts.tsx'
import { GrantRow } from './grant-row.tsx'
import { NeverDialog } from './never-dialog.tsx'
import { NotCarried } from './not-carried.tsx'
import { OverGrant } from './over-grant.tsx'

type GrantsProps = { place: Place; consents: readonly Consent[] | undefined }

/** Who can see the patient's data now, each with the one tap that ends it; what is over is folded away. */
export function Grants({ place, consents = [] }: GrantsProps): ReactElement {
  const { chain } = useNetwork()
  const now = chain.clock()
  const live = consents.filter(({ state, until }) => state === 'permit' && until > now)
  const over = consents.filter((consent) => !live.includes(consent))
  const groups = [...Map.groupBy(live, ({ granteeId }) => granteeId)]
  return (
    <Card title="Who can see my data" hint="Stopping counts at once. What was read until then cannot be unread.">
      <p role="status" className="sr-only">
        {live.length === 0 ? 'Nobody can see your data' : `${live.length} can see your data`}
      </p>
      {live.length === 0 ? (
        <Empty title="Nobody">Only you can open your records.</Empty>
      ) : (
        <ul className="grid gap-3">
          {groups.map(([granteeId, group]) => (
            <Group key={granteeId} place={place} consents={group} />
          ))}
        </ul>
      )}
      {groups.length > 1 && <StopEveryone place={place} />}
      {over.length > 0 && (
        <div className="mt-4">
          <More label={`Over or refused (${over.length})`}>
            <ul className="grid gap-3 pt-1">
              {over.map((consent) => (
                <OverGrant key={consent.key} place={place} consent={consent} now={now} />
              ))}
            </ul>
          </More>
        </div>
      )}
    </Card>
  )
}

type GroupProps = { place: Place; consents: readonly Consent[] }

/** Everything that one person or team may see. */
function Group({ place, consents }: GroupProps): ReactElement | null {
  const { given } = useGiven(place)
  const [window, setWindow] = useState<'receipt' | 'never'>()
  const [first] = consents
  if (!first) return null
  const { granteeId } = first
  const receipts = given.filter((one) => lower(one.granteeId) === lower(granteeId))
  const grantee = names.grantees.get(lower(granteeId))
  return (
    <li className="grid gap-2 rounded-xl border border-line p-4">
      <div className="flex flex-wrap items-center justify-between gap-x-3">
        <Grantee id={granteeId} />
        <span className="-mr-2 flex flex-wrap">
          {receipts.length > 0 && (
            <Button kind="quiet" className="px-2 text-sm" aria-haspopup="dialog" onClick={() => setWindow('receipt')}>
              Show the receipt
            </Button>
          )}
          {grantee?.kind === 'person' && (
            <Button kind="quiet" className="px-2 text-sm" aria-haspopup="dialog" onClick={() => setWindow('never')}>
              Never this person
            </Button>
          )}
        </span>
      </div>
      <ul className="grid gap-2">
        {consents.map((consent) => (
          <GrantRow key={consent.key} place={place} consent={consent} />
        ))}
      </ul>
      {consents.length > 1 && <StopAll place={place} granteeId={granteeId} />}
      {window === 'receipt' && <ConsentReceipts receipts={receipts} onClose={() => setWindow(undefined)} />}
      {window === 'never' && grantee?.kind === 'person' && (
        <NeverDialog place={place} account={grantee.account} onClose={() => setWindow(undefined)} />
      )}
    </li>
  )
}

function StopAll({ place, granteeId }: { place: Place; granteeId: Consent['granteeId'] }): ReactElement {
  const decision = useDecision(place)
  const grantee = names.grantees.get(lower(granteeId))
  return (
    <div className="grid gap-2">
      <div>
        <Button kind="danger" busy={decision.busy} onClick={() => decision.decide({ kind: 'RevokeAll', granteeId })}>
          Stop everything with {grantee ? granteeText(grantee, names) : 'them'}
        </Button>
      </div>
      <NotCarried decision={decision} />
    </div>
  )
}

function StopEveryone({ place }: { place: Place }): ReactElement {
  const decision = useDecision(place)
  return (
    <div className="mt-3 grid gap-2">
      <div>
        <Button kind="quiet" busy={decision.busy} onClick={() => decision.decide({ kind: 'RevokeAll' })}>
          Stop sharing with everyone
        </Button>
      </div>
      <NotCarried decision={decision} />
    </div>
  )
}
