'use client'

import { categories as allCategories } from '@sharewell/sdk/record'
import { Send } from 'lucide-react'
import type { ReactElement } from 'react'
import { useState } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { CheckCards } from '@/components/ui/choice.tsx'
import { More } from '@/components/ui/facts.tsx'
import { TextArea } from '@/components/ui/field.tsx'
import { Note } from '@/components/ui/note.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import { useAsk } from '@/hooks/useAsk.ts'
import type { FoundPatient } from '@/lib/patient-code.ts'
import { purposeLabel } from '@/lib/purposes.ts'

/** Asks the patient. The note is sealed: only the patient reads it. */
export function AskForm({ patient, purpose }: { patient: FoundPatient; purpose: number }): ReactElement {
  const [note, setNote] = useState('')
  const [categories, setCategories] = useState<number[]>([])
  const asking = useAsk()
  const clear = (): void => {
    setNote('')
    setCategories([])
  }
  return (
    <Card
      title="Ask the patient"
      hint={`For ${purposeLabel(purpose).toLowerCase()}. The patient answers when it suits them.`}
    >
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          asking.mutate({ patient, purpose, note, categories }, { onSuccess: clear })
        }}
      >
        {patient.code ? (
          <>
            <TextArea
              label="Why do you ask?"
              hint="Sealed to the patient. Nobody else can read it, also not the network."
              maxLength={2000}
              value={note}
              onChange={({ target }) => setNote(target.value)}
            />
            <More label={categories.length > 0 ? `What I need (${categories.length})` : 'What I need'}>
              <CheckCards
                legend="Kinds of record"
                hint="The patient decides; this only tells what helps."
                name="asked"
                columns
                options={allCategories.map(({ id, title }) => ({ value: id, label: title }))}
                values={categories}
                onChange={setCategories}
              />
            </More>
          </>
        ) : (
          <Note>To send a note along, find the patient by the whole code.</Note>
        )}
        {asking.error && <Problem error={asking.error} />}
        {asking.isSuccess && (
          <Note tone="good" live title="Asked">
            The question stands in the public ledger. This page shows the answer as soon as the patient gives it.
          </Note>
        )}
        <div>
          <Button type="submit" busy={asking.isPending}>
            <Send aria-hidden className="size-4" />
            Ask
          </Button>
        </div>
      </form>
    </Card>
  )
}
