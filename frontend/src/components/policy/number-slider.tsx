import type { ReactElement, ReactNode } from 'react'
import { useId } from 'react'

export type NumberSliderProps = {
  label: string
  hint?: ReactNode
  value: number
  least: number
  most: number
  /** What the value stands for, where it is not the number itself; then there is nothing to type. */
  words?: string
  onChange: (value: number) => void
}

/** A number by slider, by its arrow keys, or typed. */
export function NumberSlider({ label, hint, value, least, most, words, onChange }: NumberSliderProps): ReactElement {
  const id = useId()
  const range = { min: least, max: most, step: 1, value }
  return (
    <div className="grid gap-1">
      <div className="flex items-center justify-between gap-3">
        <label htmlFor={id} className="min-w-0 text-sm font-medium">
          {label}
        </label>
        {words === undefined ? (
          <input
            type="number"
            inputMode="numeric"
            aria-label={`${label}, typed`}
            {...range}
            onChange={({ target }) => target.value !== '' && onChange(target.valueAsNumber)}
            className="min-h-11 w-20 shrink-0 rounded-xl border border-edge bg-surface px-2.5 py-1 text-right text-base tabular-nums"
          />
        ) : (
          <output htmlFor={id} className="flex min-h-11 items-center text-base font-medium tabular-nums">
            {words}
          </output>
        )}
      </div>
      <input
        id={id}
        type="range"
        {...range}
        disabled={least === most}
        aria-valuetext={words}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onChange={({ target }) => onChange(target.valueAsNumber)}
        className="h-8 w-full accent-accent disabled:opacity-50"
      />
      {hint && (
        <p id={`${id}-hint`} className="text-sm text-muted">
          {hint}
        </p>
      )}
    </div>
  )
}
