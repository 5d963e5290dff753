import type { ReactElement } from 'react'
import { CheckCards } from '@/components/ui/choice.tsx'

/** Keeps from the public ledger whom a permission names; says what that asks of the patient. */
export function HiddenSwitch({ on, asked, onChange }: HiddenSwitchProps): ReactElement {
  return (
    <div className="grid gap-2">
      <CheckCards
        legend="In public"
        name="hidden"
        options={[
          {
            value: 'hidden',
            label: 'Keep from the public ledger who reads',
            hint: 'You get a receipt for them. Without it, they do not find your permission.',
          },
        ]}
        values={on ? ['hidden'] : []}
        onChange={(values) => onChange(values.length > 0)}
      />
      {on && asked && (
        <p role="status" className="text-sm text-muted">
          They asked you in public, so everyone can see that they know your code. Only your answer stays private.
        </p>
      )}
    </div>
  )
}

export type HiddenSwitchProps = {
  on: boolean
  /** Whether it answers a question that stands in the public ledger. */
  asked: boolean
  onChange: (on: boolean) => void
}
