'use client'

import type { ReactElement } from 'react'
import { CheckCards } from '@/components/ui/choice.tsx'
import { More } from '@/components/ui/facts.tsx'
import { sensitiveParts } from '@/lib/categories.ts'

type SensitivePartsProps = { chosen: readonly number[]; onChange: (ids: readonly number[]) => void }

/** The sensitive parts of the records: off until the patient turns each on. */
export function SensitiveParts({ chosen, onChange }: SensitivePartsProps): ReactElement {
  const on = sensitiveParts.filter(({ ids }) => ids.some((id) => chosen.includes(id)))
  const say = on.length > 0 ? on.map(({ title }) => title).join(', ') : 'none'
  return (
    <More label={`Also the sensitive parts: ${say}`}>
      <CheckCards
        legend="Sensitive parts"
        hint="Nobody sees them unless you choose them here. Each is of every kind: illness, medicine, visits, notes."
        name="sensitive"
        columns
        options={sensitiveParts.map(({ label, title, hint }) => ({ value: label, label: title, hint }))}
        values={on.map(({ label }) => label)}
        onChange={(labels) => onChange(sensitiveParts.flatMap(({ label, ids }) => (labels.includes(label) ? ids : [])))}
      />
    </More>
  )
}
