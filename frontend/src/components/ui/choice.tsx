import type { ReactElement, ReactNode } from 'react'

export type Option<value extends string | number> = {
  value: value
  label: ReactNode
  hint?: ReactNode
  disabled?: boolean
}

type ChoiceProps<value extends string | number> = {
  legend: ReactNode
  hint?: ReactNode
  name: string
  options: readonly Option<value>[]
  /** Two columns where there is room. */
  columns?: boolean
}

/** One of a few, each with a word of explanation; arrow keys move as in any radio group. */
export function RadioCards<value extends string | number>(
  props: ChoiceProps<value> & { value: value | undefined; onChange: (value: value) => void },
): ReactElement {
  return <Group {...props} type="radio" isChosen={(one) => one === props.value} onToggle={props.onChange} />
}

/** Any number of a list. */
export function CheckCards<value extends string | number>(
  props: ChoiceProps<value> & { values: readonly value[]; onChange: (values: value[]) => void },
): ReactElement {
  const { values, onChange } = props
  const toggle = (one: value): void =>
    onChange(values.includes(one) ? values.filter((other) => other !== one) : [...values, one])
  return <Group {...props} type="checkbox" isChosen={(one) => values.includes(one)} onToggle={toggle} />
}

type GroupProps<value extends string | number> = ChoiceProps<value> & {
  type: 'radio' | 'checkbox'
  isChosen: (value: value) => boolean
  onToggle: (value: value) => void
}

function Group<value extends string | number>(props: GroupProps<value>): ReactElement {
  const { legend, hint, name, options, columns = false, type, isChosen, onToggle } = props
  return (
    <fieldset className="grid gap-2">
      <legend className="mb-1.5 text-sm font-medium">
        {legend}
        {hint && <span className="block font-normal text-muted">{hint}</span>}
      </legend>
      <div className={`grid gap-2 ${columns ? 'sm:grid-cols-2' : ''}`}>
        {options.map((option) => (
          <label
            key={option.value}
            className="flex min-h-11 gap-3 rounded-xl border border-line bg-surface p-3 transition-colors hover:border-edge has-checked:border-accent has-checked:bg-accent-soft has-disabled:opacity-60"
          >
            <input
              type={type}
              name={name}
              checked={isChosen(option.value)}
              disabled={option.disabled}
              onChange={() => onToggle(option.value)}
              className="mt-0.5 size-5 shrink-0 accent-accent"
            />
            <span className="min-w-0">
              <span className="block font-medium leading-6">{option.label}</span>
              {option.hint && <span className="block text-sm text-muted">{option.hint}</span>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
