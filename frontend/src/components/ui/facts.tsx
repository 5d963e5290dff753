import { ChevronRight } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'

export type Fact = { label: string; value: ReactNode }

/** Named facts, one under the other: "Who", "Until". */
export function Facts({ facts }: { facts: readonly Fact[] }): ReactElement {
  return (
    <dl className="grid gap-x-6 gap-y-2 sm:grid-cols-[minmax(7rem,auto)_1fr]">
      {facts.map(({ label, value }) => (
        <div key={label} className="grid gap-0.5 sm:col-span-2 sm:grid-cols-subgrid sm:gap-6">
          <dt className="text-sm text-muted sm:pt-px">{label}</dt>
          <dd className="min-w-0 font-medium">{value}</dd>
        </div>
      ))}
    </dl>
  )
}

/** Detail that stays folded until somebody asks. */
export function More({ label, children }: { label: ReactNode; children: ReactNode }): ReactElement {
  return (
    <details className="group rounded-xl border border-line bg-sunken/60">
      <summary className="flex min-h-11 list-none items-center gap-2 px-3.5 text-sm font-medium text-muted hover:text-ink">
        <ChevronRight aria-hidden className="size-4 transition-transform group-open:rotate-90" />
        {label}
      </summary>
      <div className="min-w-0 px-3.5 pb-3.5">{children}</div>
    </details>
  )
}

/** Text for machines, as it is; a read-only box scrolls and selects by keyboard. */
export function Code({ children, label }: { children: string; label: string }): ReactElement {
  return (
    <textarea
      readOnly
      aria-label={label}
      value={children}
      rows={Math.min(16, children.split('\n').length + 1)}
      spellCheck={false}
      className="block w-full rounded-lg border border-line bg-surface p-3 font-mono text-xs leading-relaxed"
    />
  )
}
