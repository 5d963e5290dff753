'use client'

import type { Bytes } from '@sharewell/sdk/bytes'
import { type AccessRequest, type Consent, granteeOf } from '@sharewell/sdk/chain'
import type { ReactElement } from 'react'
import type { Hex } from 'viem'
import { Actor } from '@/components/ui/actor.tsx'
import { Button } from '@/components/ui/button.tsx'
import { CheckCards, RadioCards } from '@/components/ui/choice.tsx'
import { Dialog } from '@/components/ui/dialog.tsx'
import { TextField } from '@/components/ui/field.tsx'
import { Note } from '@/components/ui/note.tsx'
import { useConsents } from '@/hooks/useConsents.ts'
import { useGrant } from '@/hooks/useGrant.ts'
import type { Place } from '@/hooks/usePlaces.ts'
import { plainKinds } from '@/lib/categories.ts'
import { type GrantDraft, spans } from '@/lib/grant-draft.ts'
import { purposes } from '@/lib/purposes.ts'
import { ConsentReceipts } from './consent-receipts.tsx'
import { HiddenSwitch } from './hidden-switch.tsx'
import { NotCarried } from './not-carried.tsx'
import { SensitiveParts } from './sensitive-parts.tsx'
import { WhoField } from './who-field.tsx'

/** What opens the dialog: where, and what it answers. */
export type GrantDialogProps = {
  place: Place
  /** The question that this answers. */
  request?: AccessRequest | undefined
  /** One record instead of kinds of record. */
  record?: { readonly recordId: Hex; readonly title: string } | undefined
  onClose: () => void
}

/** Who, what, why and until when. What is signed is shown in plain words before the wallet sees it. */
export function GrantForm(props: GrantDialogProps & { categoryKey: Bytes | undefined }): ReactElement {
  const { place, request, record, categoryKey, onClose } = props
  const consents = useConsents(place.pseudonym)
  const grant = useGrant(place, { request, recordId: record?.recordId, categoryKey, onDone: onClose })
  const { draft, change, complaint, review, decision, receipts } = grant

  if (receipts) return <ConsentReceipts receipts={receipts} onClose={onClose} />
  return (
    <Dialog
      title="Give access"
      onClose={onClose}
      footer={
        <>
          <Button kind="secondary" onClick={onClose}>
            Cancel
          </Button>
          <Button busy={decision.busy} onClick={review}>
            Review
          </Button>
        </>
      }
    >
      {request ? (
        <div>
          <p className="text-sm font-medium">Who</p>
          <Actor account={request.reader} />
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
        <What draft={draft} onChange={change} />
      )}
      <RadioCards
        legend="Why"
        name="purpose"
        columns
        options={purposes.map(({ index, label, hint }) => ({ value: index, label, hint }))}
        value={draft.purpose}
        onChange={(purpose) => change({ purpose })}
      />
      <UntilWhen draft={draft} onChange={change} />
      <HiddenSwitch on={draft.hidden} asked={!!request} onChange={(hidden) => change({ hidden })} />
      {replaces(draft, record?.recordId, consents.data) && (
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

type PartProps = { draft: GrantDraft; onChange: (part: Partial<GrantDraft>) => void }

const everyKind: readonly number[] = plainKinds.map(({ id }) => id)

function What({ draft, onChange }: PartProps): ReactElement {
  const kinds = draft.categories.filter((id) => everyKind.includes(id))
  const others = draft.categories.filter((id) => !everyKind.includes(id))
  const all = kinds.length === everyKind.length
  return (
    <div className="grid gap-2">
      <CheckCards
        legend="What"
        hint="Also records of these kinds that are added later. What is sensitive is not in them."
        name="categories"
        columns
        options={plainKinds.map(({ id, title }) => ({ value: id, label: title }))}
        values={kinds}
        onChange={(chosen) => onChange({ categories: [...chosen, ...others] })}
      />
      <div>
        <Button kind="quiet" onClick={() => onChange({ categories: [...(all ? [] : everyKind), ...others] })}>
          {all ? 'Choose none' : 'Choose all'}
        </Button>
      </div>
      <SensitiveParts chosen={others} onChange={(ids) => onChange({ categories: [...kinds, ...ids] })} />
    </div>
  )
}

function UntilWhen({ draft, onChange }: PartProps): ReactElement {
  return (
    <div className="grid gap-2">
      <RadioCards
        legend="Until when"
        name="span"
        columns
        options={[...spans, { value: 'date', label: 'Another day', hint: 'You choose the last day' }]}
        value={draft.span}
        onChange={(span) => onChange({ span })}
      />
      {draft.span === 'date' && (
        <TextField
          label="Last day"
          type="date"
          value={draft.day}
          onChange={({ target }) => onChange({ day: target.value })}
        />
      )}
    </div>
  )
}
