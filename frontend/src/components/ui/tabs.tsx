'use client'

import type { KeyboardEvent, ReactElement, ReactNode } from 'react'
import { useId, useRef, useState } from 'react'

export type Tab = { id: string; label: ReactNode; content: () => ReactNode }

/** Tabs by the ARIA pattern: arrow keys, Home and End move, and only the chosen sheet is drawn. */
export function Tabs({ label, tabs }: { label: string; tabs: readonly Tab[] }): ReactElement | null {
  const base = useId()
  const [chosen, choose] = useState(tabs[0]?.id)
  const buttons = useRef(new Map<string, HTMLButtonElement>())
  const current = tabs.find((tab) => tab.id === chosen) ?? tabs[0]
  if (!current) return null

  const onKeyDown = (event: KeyboardEvent): void => {
    const at = tabs.indexOf(current)
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key]
    if (to === undefined) return
    event.preventDefault()
    const next = tabs[(to + tabs.length) % tabs.length]
    if (!next) return
    choose(next.id)
    buttons.current.get(next.id)?.focus()
  }

  return (
    <div className="grid min-w-0 gap-4">
      <div
        role="tablist"
        aria-label={label}
        onKeyDown={onKeyDown}
        className="-mx-1 flex gap-1 overflow-x-auto border-b border-line px-1 pt-1"
      >
        {tabs.map((tab) => (
          <button
            key={tab.id}
            ref={(element) => {
              if (element) buttons.current.set(tab.id, element)
            }}
            type="button"
            role="tab"
            id={`${base}-${tab.id}`}
            aria-selected={tab === current}
            aria-controls={`${base}-panel`}
            tabIndex={tab === current ? 0 : -1}
            onClick={() => choose(tab.id)}
            className="min-h-11 shrink-0 rounded-t-lg border-b-2 border-transparent px-3 text-sm font-medium text-muted hover:text-ink aria-selected:border-accent aria-selected:text-ink"
          >
            {tab.label}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${base}-panel`} aria-labelledby={`${base}-${current.id}`} className="min-w-0">
        {current.content()}
      </div>
    </div>
  )
}
