'use client'

import { Siren } from 'lucide-react'
import type { ReactElement } from 'react'
import { useId, useState } from 'react'
import type { Hex } from 'viem'
import { Button } from '@/components/ui/button.tsx'
import { CheckCards } from '@/components/ui/choice.tsx'
import { Dialog } from '@/components/ui/dialog.tsx'
import { SelectField, TextArea } from '@/components/ui/field.tsx'
import { Note } from '@/components/ui/note.tsx'
import { OrCancel } from '@/components/ui/or-cancel.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import { useDirectory } from '@/hooks/useDirectory.ts'
import { lower, short } from '@/lib/names.ts'

export type DeclareDialogProps = {
  readonly officers: readonly Hex[]
  readonly busy: boolean
  readonly error: unknown
  readonly onDeclare: (plan: { reason: string; guardian: Hex | undefined }) => void
  readonly onClose: () => void
}

/** What declaring an emergency means, said before anything is signed; then the reason, and a word that it is meant. */
export function DeclareDialog({ officers, busy, error, onDeclare, onClose }: DeclareDialogProps): ReactElement {
  const form = useId()
  const [reason, setReason] = useState('')
  const [guardian, setGuardian] = useState<Hex>()
  const [meant, setMeant] = useState<string[]>([])
  const said = reason.trim()
  const ready = said !== '' && meant.length > 0
  return (
    <Dialog
      title="Declare an emergency"
      onClose={onClose}
      footer={
        <OrCancel onClose={onClose}>
          <Button type="submit" form={form} kind="danger" busy={busy} disabled={!ready}>
            <Siren aria-hidden className="size-4" />
            Declare it
          </Button>
        </OrCancel>
      }
    >
      <Note tone="bad" title="What will happen">
        <ul className="ml-4 list-disc">
          <li>An emergency officer of the hospital that keeps the patient has to agree. Nothing opens before.</li>
          <li>
            <b>The patient is told at once</b>, with your name and the officer’s. Everyone can see it. There is no
            silent way.
          </li>
          <li>For 24 hours you can read the emergency summary, and nothing else.</li>
          <li>Somebody who took no part in it reviews it within 72 hours, with your reason.</li>
        </ul>
      </Note>
      <form
        id={form}
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          if (ready) onDeclare({ reason: said, guardian: guardian ?? officers[0] })
        }}
      >
        <TextArea
          label="Why? (required)"
          hint="In a few words. Officer and reviewers read it; others see only that there is one."
          required
          maxLength={300}
          value={reason}
          onChange={({ target }) => setReason(target.value)}
        />
        {officers.length > 1 && <WhichOfficer officers={officers} value={guardian} onChange={setGuardian} />}
        <CheckCards
          legend="Before you go on"
          name="meant"
          options={[{ value: 'yes', label: 'The patient cannot be asked, and waiting would harm them.' }]}
          values={meant}
          onChange={setMeant}
        />
      </form>
      {error !== undefined && error !== null && <Problem error={error} />}
    </Dialog>
  )
}

type WhichOfficerProps = {
  readonly officers: readonly Hex[]
  readonly value: Hex | undefined
  readonly onChange: (officer: Hex) => void
}

function WhichOfficer({ officers, value, onChange }: WhichOfficerProps): ReactElement {
  const { practitioners } = useDirectory()
  const nameOf = (account: Hex): string =>
    practitioners.find((one) => lower(one.account) === lower(account))?.name ?? `account ${short(account)}`
  return (
    <SelectField
      label="Which officer do you ask?"
      value={value ?? officers[0]}
      onChange={({ target }) => onChange(target.value as Hex)}
    >
      {officers.map((account) => (
        <option key={account} value={account}>
          {nameOf(account)}
        </option>
      ))}
    </SelectField>
  )
}
