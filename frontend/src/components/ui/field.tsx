import type { InputHTMLAttributes, ReactElement, ReactNode, SelectHTMLAttributes, TextareaHTMLAttributes } from 'react'
import { useId } from 'react'

const box =
  'w-full min-h-11 rounded-xl border border-edge bg-surface px-3.5 py-2 text-base text-ink placeholder:text-muted aria-invalid:border-danger'

type Shared = { label: ReactNode; hint?: ReactNode; error?: string | undefined }

/** A one-line answer with its label, its hint and what is wrong with it. */
export function TextField({
  label,
  hint,
  error,
  ...rest
}: Shared & InputHTMLAttributes<HTMLInputElement>): ReactElement {
  const id = useId()
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <input {...rest} id={id} aria-invalid={!!error} aria-describedby={`${id}-hint ${id}-error`} className={box} />
    </Frame>
  )
}

/** An answer of several lines. */
export function TextArea({
  label,
  hint,
  error,
  ...rest
}: Shared & TextareaHTMLAttributes<HTMLTextAreaElement>): ReactElement {
  const id = useId()
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <textarea
        rows={3}
        {...rest}
        id={id}
        aria-invalid={!!error}
        aria-describedby={`${id}-hint ${id}-error`}
        className={box}
      />
    </Frame>
  )
}

/** A choice of one from a list. */
export function SelectField({
  label,
  hint,
  error,
  children,
  ...rest
}: Shared & SelectHTMLAttributes<HTMLSelectElement>): ReactElement {
  const id = useId()
  return (
    <Frame id={id} label={label} hint={hint} error={error}>
      <select {...rest} id={id} aria-invalid={!!error} aria-describedby={`${id}-hint ${id}-error`} className={box}>
        {children}
      </select>
    </Frame>
  )
}

function Frame({ id, label, hint, error, children }: Shared & { id: string; children: ReactNode }): ReactElement {
  return (
    <div className="grid gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {label}
      </label>
      <div id={`${id}-hint`} className="text-sm text-muted empty:hidden">
        {hint}
      </div>
      {children}
      <p id={`${id}-error`} role={error ? 'alert' : undefined} className="text-sm text-danger empty:hidden">
        {error}
      </p>
    </div>
  )
}
