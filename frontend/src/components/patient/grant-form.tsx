'use client'

import type { Bytes } from '@sharewell/sdk/bytes'
import { type AccessRequest, type Consent, granteeOf } from '@sharewell/sdk/chain'
import type { ReactElement } from 'react'
import type { Hex } from 'viem'
import { Actor, Grantee } from '@/components/ui/actor.tsx'
import { Button } from '@/components/ui/button.tsx'
import { Dialog } from '@/components/ui/dialog.tsx'
import { Note } from '@/components/ui/note.tsx'
import { OrCancel } from '@/components/ui/or-cancel.tsx'
import { useConsents } from '@/hooks/useConsents.ts'
import { useGrant } from '@/hooks/useGrant.ts'
import type { Place } from '@/hooks/usePlaces.ts'
import type { GrantDraft } from '@/lib/grant-draft.ts'
import { ConsentReceipts } from './consent-receipts.tsx'
import { HowOften, UntilWhen, What, Why } from './grant-parts.tsx'
import { HiddenSwitch } from './hidden-switch.tsx'
import { NotCarried } from './not-carried.tsx'
import { WhoField } from './who-field.tsx'

/** What opens the dialog: where, and what it answers. */
export type GrantDialogProps = {
  place: Place
  /** The question that this answers. */
  request?: AccessRequest | undefined
  /** The permission that stands, and is changed. */
  changes?: Consent | undefined
  /** One record instead of kinds of record. */
  record?: { readonly recordId: Hex; readonly title: string } | undefined
  onClose: () => void
}

/** Who, what, why and until when. What is signed is shown in plain words before the wallet sees it. */
export function GrantForm(props: GrantDialogProps & { categoryKey: Bytes | undefined }): ReactElement {
  const { place, request, changes, record, categoryKey, onClose } = props
  const consents = useConsents(place.pseudonym)
  const grant = useGrant(place, { request, changes, recordId: record?.recordId, categoryKey, onDone: onClose })
  const { draft, change, complaint, review, decision, receipts } = grant

  if (receipts) return <ConsentReceipts receipts={receipts} onClose={onClose} />
  return (
    <Dialog
      title={changes ? 'Change what you allowed' : 'Give access'}
      onClose={onClose}
      footer={
        <OrCancel onClose={onClose}>
          <Button busy={decision.busy} onClick={review}>
            Review
          </Button>
        </OrCancel>
      }
    >
      {request || changes ? (
        <div>
          <p className="text-sm font-medium">Who</p>
          {request ? <Actor account={request.reader} /> : changes && <Grantee id={changes.granteeId} />}
        </div>
      ) : (
        <WhoField value={draft.grantees} onChange={(grantees) => change({ grantees })} />
      )}
      {record ? (
        <p>
          <span className="block text-sm font-medium">What</span>
          Only this record: <b>{record.title}</b>
        </p>
      ) : (
        <What categories={draft.categories} onChange={(categories) => change({ categories })} />
      )}
      <Why mask={draft.purposes} asNow={changes?.purposes} onChange={(purposes) => change({ purposes })} />
      <UntilWhen span={draft.span} day={draft.day} before={draft.before} onChange={change} />
      <HowOften often={draft.often} times={draft.times} onChange={change} />
      {!changes && <HiddenSwitch on={draft.hidden} asked={!!request} onChange={(hidden) => change({ hidden })} />}
      {changes && <Note>It counts at once. How often records were opened is then counted from the beginning.</Note>}
      {!changes && replaces(draft, record?.recordId, consents.data) && (
        <Note>This takes the place of what you allowed before.</Note>
      )}
      {complaint && (
        <p role="alert" className="font-medium text-danger">
          {complaint}
        </p>
      )}
      <NotCarried decision={decision} />
    </Dialog>
  )
}

/** Whether one of those named has a permission for the same already, which the new one replaces. */
function replaces(
  { grantees, hidden }: GrantDraft,
  recordId: Hex | undefined,
  consents: readonly Consent[] = [],
): boolean {
  if (hidden) return false
  const ids = new Set(grantees.map((grantee) => granteeOf(grantee)))
  return consents.some(
    (one) => ids.has(one.granteeId) && BigInt(one.recordId) === BigInt(recordId ?? 0) && one.state === 'permit',
  )
}
