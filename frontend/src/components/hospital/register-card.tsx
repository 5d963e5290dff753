'use client'

import type { PatientCode } from '@sharewell/sdk/person'
import { UserPlus } from 'lucide-react'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { CodeInput } from '@/components/ui/code-input.tsx'
import { TextField } from '@/components/ui/field.tsx'
import { Note } from '@/components/ui/note.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import type { DeskProps } from '@/hooks/useDesk.ts'
import { explain } from '@/lib/problems.ts'

/** Registers a patient by the code that the patient shows. Who the patient is, the clerk checks in person. */
export function RegisterCard({ desk: { registering, readCode } }: DeskProps): ReactElement {
  const [text, setText] = useState('')
  const [label, setLabel] = useState('')
  const [error, setError] = useState<string>()

  const submit = (): void => {
    let code: PatientCode
    try {
      code = readCode(text)
    } catch (failure) {
      const { what, todo } = explain(failure)
      setError([what, todo].filter(Boolean).join(' '))
      return
    }
    registering.mutate(
      { code, label: label.trim() || 'Patient without a name' },
      {
        onSuccess: () => {
          setText('')
          setLabel('')
        },
      },
    )
  }
  return (
    <Card title="Register a patient" hint="Check the patient’s papers first; the code proves an account, not a person.">
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <CodeInput
          label="Patient code"
          value={text}
          error={error}
          onChange={(code) => {
            setText(code)
            setError(undefined)
          }}
        />
        <TextField
          label="Name at this desk"
          hint="Stays on this device."
          value={label}
          autoComplete="off"
          onChange={({ target }) => setLabel(target.value)}
        />
        {registering.error && <Problem error={registering.error} />}
        {registering.isSuccess && registering.data && (
          <Note tone="good" live title={`${registering.data.label} is registered`}>
            Records can be deposited now. The patient received the key that names their kinds of record.
          </Note>
        )}
        <div>
          <Button type="submit" busy={registering.isPending} disabled={text.trim() === ''}>
            <UserPlus aria-hidden className="size-4" />
            Register
          </Button>
        </div>
      </form>
    </Card>
  )
}
