import { profileNames } from '@sharewell/sdk/share'
import type { ReactElement } from 'react'
import { Card } from '@/components/ui/card.tsx'
import { SelectField } from '@/components/ui/field.tsx'
import { quantity } from '@/lib/format.ts'
import { availabilities, mostNodes, type PolicyDraft, profileIn, withNumber, withProfile } from '@/lib/policy-draft.ts'
import { NumberSlider } from './number-slider.tsx'

type FormProps = { draft: PolicyDraft; onChange: (draft: PolicyDraft) => void }

const profileLabels = {
  standard: 'Standard (5, 3, 0)',
  wide: 'Wide (9, 6, 0)',
  longterm: 'For decades (9, 6, 3)',
  paper: 'As in the paper: r = t − 1',
} as const

const losses = [0.01, 0.02, 0.05, 0.1, 0.2] as const
const repairs = [
  [0, 'never'],
  [1, 'every day'],
  [7, 'every week'],
  [30, 'every month'],
  [91, 'every three months'],
] as const

/** The numbers, by slider or by typing. */
export function PolicyForm({ draft, onChange }: FormProps): ReactElement {
  const set = (name: 'n' | 't' | 'r') => (value: number) => onChange(withNumber(draft, name, value))
  const step = availabilities.indexOf(draft.availability)
  return (
    <Card title="The numbers">
      <form className="grid gap-5" onSubmit={(event) => event.preventDefault()}>
        <SelectField
          label="Start from"
          value={profileIn(draft) ?? ''}
          onChange={({ target }) => {
            const name = profileNames.find((one) => one === target.value)
            if (name) onChange(withProfile(draft, name))
          }}
        >
          <option value="">own numbers</option>
          {profileNames.map((name) => (
            <option key={name} value={name}>
              {profileLabels[name]}
            </option>
          ))}
        </SelectField>
        <NumberSlider
          label="n, nodes that hold a share"
          value={draft.n}
          least={1}
          most={mostNodes}
          onChange={set('n')}
        />
        <NumberSlider label="t, of which rebuild" value={draft.t} least={1} most={draft.n} onChange={set('t')} />
        <NumberSlider
          label="r, that together learn nothing"
          hint="Whatever happens to keys and ciphers. 0 leaves secrecy to the seal."
          value={draft.r}
          least={0}
          most={draft.t - 1}
          onChange={set('r')}
        />
        <NumberSlider
          label="How often a node is up"
          value={step}
          least={0}
          most={availabilities.length - 1}
          words={`${quantity(draft.availability * 100)} %`}
          onChange={(at) => onChange({ ...draft, availability: availabilities[at] ?? draft.availability })}
        />
        <div className="grid items-end gap-4 sm:grid-cols-2 lg:grid-cols-1 xl:grid-cols-2">
          <SelectField
            label="Nodes lost in a year"
            value={draft.yearlyLoss}
            onChange={({ target }) => onChange({ ...draft, yearlyLoss: Number(target.value) })}
          >
            {losses.map((loss) => (
              <option key={loss} value={loss}>
                {loss * 100} of 100
              </option>
            ))}
          </SelectField>
          <SelectField
            label="Lost shares are made anew"
            value={draft.repairDays}
            onChange={({ target }) => onChange({ ...draft, repairDays: Number(target.value) })}
          >
            {repairs.map(([days, words]) => (
              <option key={days} value={days}>
                {words}
              </option>
            ))}
          </SelectField>
        </div>
      </form>
    </Card>
  )
}
