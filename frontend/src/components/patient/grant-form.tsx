'use client'

import type { Bytes } from '@sharewell/sdk/bytes'
import { type AccessRequest, personId } from '@sharewell/sdk/chain'
import { categories, categoryMask } from '@sharewell/sdk/record'
import type { ReactElement } from 'react'
import { useState } from 'react'
import type { Hex } from 'viem'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { Actor } from '@/components/ui/actor.tsx'
import { Button } from '@/components/ui/button.tsx'
import { CheckCards, RadioCards } from '@/components/ui/choice.tsx'
import { Dialog } from '@/components/ui/dialog.tsx'
import { SelectField, TextField } from '@/components/ui/field.tsx'
import { Note } from '@/components/ui/note.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import { useConsents, useDecisions } from '@/hooks/useConsents.ts'
import { useDirectory } from '@/hooks/useDirectory.ts'
import { useMail } from '@/hooks/useMail.ts'
import type { Place } from '@/hooks/usePlaces.ts'
import { type GrantDraft, problemOf, spans, termsOf } from '@/lib/grant-draft.ts'
import { lower } from '@/lib/names.ts'
import { askedFor } from '@/lib/note.ts'
import { purposes } from '@/lib/purposes.ts'

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
export function GrantForm({
  place,
  request,
  record,
  categoryKey,
  onClose,
}: GrantDialogProps & { categoryKey: Bytes | undefined }): ReactElement {
  const { chain } = useNetwork()
  const { mail } = useMail(place)
  const consents = useConsents(place.pseudonym)
  const { granting } = useDecisions(place.controller, place.pseudonym)
  const [draft, setDraft] = useState<GrantDraft>({
    grantee: request?.reader,
    categories: askedFor(request && mail?.notes.get(request.noteHash)?.text),
    purpose: request?.purpose ?? 0,
    span: 'week',
    day: '',
  })
  const [complaint, setComplaint] = useState<string>()
  const change = (part: Partial<GrantDraft>): void => {
    setDraft({ ...draft, ...part })
    setComplaint(undefined)
  }
  const granteeId = draft.grantee && personId(draft.grantee)
  const before = consents.data?.find(
    (one) =>
      one.granteeId === granteeId && BigInt(one.recordId) === BigInt(record?.recordId ?? 0) && one.state === 'permit',
  )

  const review = (): void => {
    const now = chain.clock()
    const problem = problemOf(draft, { oneRecord: !!record, now })
    setComplaint(problem)
    if (problem || !granteeId) return
    const mask = record || !categoryKey ? 0 : categoryMask(categoryKey, draft.categories)
    granting.mutate(
      { scope: { granteeId, recordId: record?.recordId }, terms: termsOf(draft, { mask, now }) },
      { onSuccess: onClose },
    )
  }

  return (
    <Dialog
      title="Give access"
      onClose={onClose}
      footer={
        <>
          <Button kind="secondary" onClick={onClose}>
            Cancel
          </Button>
          <Button busy={granting.isPending} onClick={review}>
            Review
          </Button>
        </>
      }
    >
      <Who draft={draft} fixed={!!request} onChange={change} />
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
      {before && <Note>This takes the place of what you allowed before.</Note>}
      {complaint && (
        <p role="alert" className="font-medium text-danger">
          {complaint}
        </p>
      )}
      {granting.error && <Problem error={granting.error} />}
    </Dialog>
  )
}

type PartProps = { draft: GrantDraft; onChange: (part: Partial<GrantDraft>) => void }

function Who({ draft, fixed, onChange }: PartProps & { fixed: boolean }): ReactElement {
  const { practitioners, organizations } = useDirectory()
  if (fixed && draft.grantee)
    return (
      <div>
        <p className="text-sm font-medium">Who</p>
        <Actor account={draft.grantee} />
      </div>
    )
  return (
    <SelectField
      label="Who"
      hint="Everyone in the directory is vouched for by a hospital."
      value={draft.grantee ?? ''}
      onChange={({ target }) => onChange({ grantee: target.value ? lower(target.value) : undefined })}
    >
      <option value="">Choose…</option>
      {practitioners.map(({ account, name, verified, organization }) => (
        <option key={`${account}${organization}`} value={lower(account)}>
          {name}
          {verified ? '' : ' (name not verified)'}, {organizations.find(({ id }) => id === organization)?.name}
        </option>
      ))}
    </SelectField>
  )
}

const everything = categories.map(({ id }) => id)

function What({ draft, onChange }: PartProps): ReactElement {
  const all = draft.categories.length === everything.length
  return (
    <div className="grid gap-2">
      <CheckCards
        legend="What"
        hint="Also records of these kinds that are added later."
        name="categories"
        columns
        options={categories.map(({ id, title }) => ({ value: id, label: title }))}
        values={draft.categories}
        onChange={(chosen) => onChange({ categories: chosen })}
      />
      <div>
        <Button kind="quiet" onClick={() => onChange({ categories: all ? [] : everything })}>
          {all ? 'Choose none' : 'Choose all'}
        </Button>
      </div>
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
