'use client'

import type { Grantee } from '@sharewell/sdk/chain'
import { Plus, X } from 'lucide-react'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { RadioCards } from '@/components/ui/choice.tsx'
import { SelectField } from '@/components/ui/field.tsx'
import { useDirectory } from '@/hooks/useDirectory.ts'
import { isSameGrantee } from '@/lib/grant-draft.ts'
import { granteeMeaning, granteeText, roles } from '@/lib/grantees.ts'
import { lower, names } from '@/lib/names.ts'

type WhoProps = { value: readonly Grantee[]; onChange: (grantees: readonly Grantee[]) => void }

/** Whom a permission names: people, teams, or those of a team who have a role; one after the other. */
export function WhoField({ value, onChange }: WhoProps): ReactElement {
  // The last one is still being chosen; those before it are settled.
  const [settled, setSettled] = useState<readonly Grantee[]>([])
  const [round, setRound] = useState(0)
  const current = value.length > settled.length ? value.at(-1) : undefined
  const choose = (grantee: Grantee | undefined): void =>
    onChange(grantee && !settled.some((one) => isSameGrantee(one, grantee)) ? [...settled, grantee] : settled)
  const remove = (gone: Grantee): void => {
    setSettled(settled.filter((one) => one !== gone))
    onChange(value.filter((one) => one !== gone))
  }
  const settle = (): void => {
    setSettled(value)
    setRound(round + 1)
  }
  return (
    <div className="grid gap-3">
      {settled.length > 0 && (
        <ul aria-label="Chosen so far" className="grid gap-2">
          {settled.map((grantee) => (
            <Settled key={granteeText(grantee, names)} grantee={grantee} onRemove={() => remove(grantee)} />
          ))}
        </ul>
      )}
      <Choice key={round} onChoose={choose} />
      {current && (
        <div className="grid justify-items-start gap-1">
          <p role="status" className="text-sm">
            {granteeMeaning(current, names)}
          </p>
          <Button kind="quiet" onClick={settle}>
            <Plus aria-hidden className="size-4" />
            Add somebody else
          </Button>
        </div>
      )}
    </div>
  )
}

function Settled({ grantee, onRemove }: { grantee: Grantee; onRemove: () => void }): ReactElement {
  const text = granteeText(grantee, names)
  return (
    <li className="flex items-start justify-between gap-3 rounded-xl border border-accent/40 bg-accent-soft p-3">
      <span className="min-w-0">
        <span className="block font-medium">{text.slice(0, 1).toUpperCase() + text.slice(1)}</span>
        <span className="block text-sm">{granteeMeaning(grantee, names)}</span>
      </span>
      <button
        type="button"
        aria-label={`Remove ${text}`}
        onClick={onRemove}
        className="grid size-8 shrink-0 place-items-center rounded-full hover:bg-surface"
      >
        <X aria-hidden className="size-4" />
      </button>
    </li>
  )
}

const kinds = [
  { value: 'person', label: 'One person', hint: 'A doctor, a nurse, a pharmacist' },
  { value: 'organization', label: 'A hospital or department', hint: 'Everyone who works there' },
  { value: 'role', label: 'A role there', hint: 'Only its doctors, or only its nurses' },
] as const satisfies readonly { value: Grantee['kind']; label: string; hint: string }[]

function Choice({ onChoose }: { onChoose: (grantee: Grantee | undefined) => void }): ReactElement {
  const [kind, setKind] = useState<Grantee['kind']>('person')
  const [place, setPlace] = useState('')
  const [role, setRole] = useState('')
  const tell = (organization: string, index: string, as = kind): void => {
    if (as === 'organization') onChoose(organization ? { kind: as, organization: lower(organization) } : undefined)
    else if (as === 'role')
      onChoose(organization && index ? { kind: as, organization: lower(organization), role: Number(index) } : undefined)
  }
  return (
    <div className="grid gap-3">
      <RadioCards
        legend="Who"
        name="who"
        options={kinds}
        value={kind}
        onChange={(next) => {
          setKind(next)
          if (next === 'person') onChoose(undefined)
          else tell(place, role, next)
        }}
      />
      {kind === 'person' ? (
        <PersonSelect onChoose={onChoose} />
      ) : (
        <PlaceSelect
          value={place}
          onChange={(next) => {
            setPlace(next)
            tell(next, role)
          }}
        />
      )}
      {kind === 'role' && (
        <SelectField
          label="Role"
          value={role}
          onChange={({ target }) => {
            setRole(target.value)
            tell(place, target.value)
          }}
        >
          <option value="">Choose…</option>
          {roles.map(({ index, label }) => (
            <option key={index} value={index}>
              {label}
            </option>
          ))}
        </SelectField>
      )}
    </div>
  )
}

function PersonSelect({ onChoose }: { onChoose: (grantee: Grantee | undefined) => void }): ReactElement {
  const { practitioners, organizations } = useDirectory()
  return (
    <SelectField
      label="Person"
      hint="Everyone in the directory is vouched for by a hospital."
      defaultValue=""
      onChange={({ target: { value } }) => onChoose(value ? { kind: 'person', account: lower(value) } : undefined)}
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

function PlaceSelect({ value, onChange }: { value: string; onChange: (id: string) => void }): ReactElement {
  const { organizations } = useDirectory()
  const nameOf = (id: string | undefined): string | undefined => organizations.find((one) => one.id === id)?.name
  return (
    <SelectField
      label="Hospital or department"
      hint="Naming a hospital also names its departments."
      value={value}
      onChange={({ target }) => onChange(target.value)}
    >
      <option value="">Choose…</option>
      {organizations
        .filter(({ canRead, active }) => canRead && active)
        .map(({ id, name, verified, parent }) => (
          <option key={id} value={id}>
            {name}
            {parent ? `, ${nameOf(parent)}` : ''}
            {verified ? '' : ' (name not verified)'}
          </option>
        ))}
    </SelectField>
  )
}
