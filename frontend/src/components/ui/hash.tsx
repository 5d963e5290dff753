'use client'

import { Check, Copy } from 'lucide-react'
import type { ReactElement } from 'react'
import { useState } from 'react'

/** A long id, shortened in the middle; the whole of it is copied and read by the title. */
export function Hash({ value, label }: { value: string; label: string }): ReactElement {
  const text = value.length > 16 ? `${value.slice(0, 8)}…${value.slice(-6)}` : value
  return (
    <span className="inline-flex items-center gap-1">
      <code title={value} className="rounded bg-sunken px-1.5 py-0.5 font-mono text-[0.85em] whitespace-nowrap">
        {text}
      </code>
      <CopyButton value={value} label={`Copy ${label}`} />
    </span>
  )
}

/** Copies a text and says so. */
export function CopyButton({ value, label }: { value: string; label: string }): ReactElement {
  const [copied, setCopied] = useState(false)
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(value)
    setCopied(true)
  }
  return (
    <button
      type="button"
      onClick={() => void copy()}
      onBlur={() => setCopied(false)}
      aria-label={copied ? 'Copied' : label}
      className="inline-grid size-8 place-items-center rounded-lg text-muted hover:bg-sunken hover:text-ink"
    >
      {copied ? <Check aria-hidden className="size-4 text-accent" /> : <Copy aria-hidden className="size-4" />}
    </button>
  )
}
