'use client'

import type { ReactElement } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { Dialog } from '@/components/ui/dialog.tsx'
import { SelectField } from '@/components/ui/field.tsx'
import { Note } from '@/components/ui/note.tsx'
import type { Place } from '@/hooks/usePlaces.ts'
import { useRecoveryNote } from '@/hooks/useRecoveryNote.ts'
import { noNote } from '@/lib/recovery-note.ts'
import { AddGuardian } from './add-guardian.tsx'
import { GuardianLetters } from './guardian-letters.tsx'
import { NameGuardians } from './name-guardians.tsx'

/** Choose guardians, give each a letter, and name them at each hospital. */
export function GuardiansDialog({ places, onClose }: { places: readonly Place[]; onClose: () => void }): ReactElement {
  const { note = noNote, change } = useRecoveryNote()
  const { guardians, needed } = note
  return (
    <Dialog title="My guardians" onClose={onClose}>
      <p>
        Guardians are people who would know you by face or voice. Any {needed} of them together bring your vault back,
        and, after seven days in which you can say no, what a lost wallet decided. Together they could also read what
        you read: choose people who would not conspire.
      </p>
      {guardians.length > 0 && (
        <ul aria-label="Guardians" className="grid gap-2">
          {guardians.map(({ name, code }) => (
            <li key={code} className="flex items-center justify-between gap-2">
              <b className="min-w-0 break-words">{name}</b>
              <Button
                kind="quiet"
                aria-label={`Leave out ${name}`}
                onClick={() =>
                  void change((all) => ({ ...all, guardians: all.guardians.filter((one) => one.code !== code) }))
                }
              >
                Leave out
              </Button>
            </li>
          ))}
        </ul>
      )}
      <AddGuardian />
      <SelectField
        label="How many act together"
        value={needed}
        onChange={({ target }) => void change((all) => ({ ...all, needed: Number(target.value) }))}
      >
        {[2, 3, 4, 5].map((count) => (
          <option key={count} value={count}>
            any {count}
          </option>
        ))}
      </SelectField>
      {guardians.length >= needed && (
        <>
          <h3 className="font-semibold">1. A letter for each</h3>
          <p>Only its guardian can open it. Hand it over where you know each other.</p>
          <GuardianLetters key={`${needed} ${guardians.map(({ code }) => code).join()}`} />
          <h3 className="font-semibold">2. Name them at each hospital</h3>
          {places.length > 1 && (
            <Note>One hospital a day, or the public ledger shows that your codes belong to one person.</Note>
          )}
          {places.map((place) => (
            <NameGuardians key={place.pseudonym} place={place} />
          ))}
        </>
      )}
    </Dialog>
  )
}
