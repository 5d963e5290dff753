import type { ReactElement, ReactNode } from 'react'
import { useId } from 'react'

/** A sheet with a heading: one subject, named for screen readers by its own title. */
export function Card({ title, hint, action, children, className = '' }: CardProps): ReactElement {
  const id = useId()
  return (
    <section
      aria-labelledby={id}
      className={`min-w-0 rounded-2xl border border-line bg-surface p-5 shadow-card sm:p-6 ${className}`}
    >
      <div className="mb-4 flex flex-wrap items-start justify-between gap-3">
        <div className="min-w-0">
          <h2 id={id} className="text-xl font-semibold">
            {title}
          </h2>
          {hint && <p className="mt-1 max-w-prose text-sm text-muted">{hint}</p>}
        </div>
        {action}
      </div>
      {children}
    </section>
  )
}

export type CardProps = {
  title: ReactNode
  hint?: ReactNode
  /** Stands at the right of the title. */
  action?: ReactNode
  children: ReactNode
  className?: string
}
