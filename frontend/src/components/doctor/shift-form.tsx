'use client'

import type { ReactElement } from 'react'
import { useState } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { Card } from '@/components/ui/card.tsx'
import { CheckCards } from '@/components/ui/choice.tsx'
import { SelectField } from '@/components/ui/field.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import { purposes } from '@/lib/purposes.ts'
import type { ShiftPlan } from '@/lib/shifts.ts'

/** What a doctor may ask for; the patient's own request is none of it. */
const offered = purposes.filter(({ code }) => code !== 'PATRQT')
const lengths = [2, 4, 8, 12] as const

/** What a shift allows, until when and for what: chosen before anything is signed. */
export function ShiftForm({ busy, error, onBegin }: ShiftFormProps): ReactElement {
  const [hours, setHours] = useState<number>(8)
  const [chosen, setChosen] = useState<number[]>([0])
  const mask = chosen.reduce((sum, index) => sum | (1 << index), 0)
  return (
    <Card
      title="Begin your shift"
      hint="Sign once, and open records without being asked each time: only what patients share with you, only for what you choose here. Each opening still stands in the patient’s list."
    >
      <form
        className="grid gap-4"
        onSubmit={(event) => {
          event.preventDefault()
          onBegin({ purposes: mask, hours })
        }}
      >
        <CheckCards
          legend="You will be reading for"
          name="purposes"
          columns
          options={offered.map(({ index, label, hint }) => ({ value: index, label, hint }))}
          values={chosen}
          onChange={setChosen}
        />
        <div className="flex flex-wrap items-end gap-4">
          <SelectField label="For the next" value={hours} onChange={({ target }) => setHours(Number(target.value))}>
            {lengths.map((length) => (
              <option key={length} value={length}>
                {length} hours
              </option>
            ))}
          </SelectField>
          <Button type="submit" disabled={busy || mask === 0}>
            {busy ? 'Beginning…' : 'Begin my shift'}
          </Button>
        </div>
        <p className="text-sm text-muted">
          Without a shift your wallet asks you at each opening. This tab forgets the shift when you close it, and after
          ten minutes without a touch.
        </p>
        {error !== undefined && error !== null && <Problem error={error} />}
      </form>
    </Card>
  )
}

type ShiftFormProps = {
  readonly busy: boolean
  readonly error?: unknown
  readonly onBegin: (plan: ShiftPlan) => void
}
