'use client'

import { X } from 'lucide-react'
import type { ReactElement, ReactNode } from 'react'
import { useId, useLayoutEffect, useRef } from 'react'
import { focusHeading } from '@/lib/focus-home.ts'

export type DialogProps = {
  title: ReactNode
  /** Called on Escape, on the close button and on nothing else: a stray click beside it decides nothing. */
  onClose: () => void
  children: ReactNode
  footer?: ReactNode
  /** A line above the title that says whose window this is. */
  banner?: ReactNode
}

/**
 * A native modal dialog: the focus goes to its title, so that it is read from the start and a second press of Enter
 * answers nothing; the browser keeps the focus inside and gives it back afterwards.
 */
export function Dialog({ title, onClose, children, footer, banner }: DialogProps): ReactElement {
  const id = useId()
  const ref = useRef<HTMLDialogElement>(null)

  // Closed before React takes it off the page: only then does the browser give the focus back.
  useLayoutEffect(() => {
    const dialog = ref.current
    if (dialog && !dialog.open) {
      dialog.showModal()
      const title = dialog.querySelector('h2')
      if (title) focusHeading(title)
    }
    return () => dialog?.close()
  }, [])

  return (
    <dialog
      ref={ref}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault()
        onClose()
      }}
      className="m-auto max-h-[92dvh] w-[min(36rem,calc(100vw-1.5rem))] overflow-hidden rounded-2xl border border-line bg-surface p-0 text-ink shadow-card open:animate-rise"
    >
      <div className="flex max-h-[92dvh] flex-col">
        {banner}
        <div className="flex items-start justify-between gap-3 px-5 pt-5 sm:px-6">
          <h2 id={id} className="text-xl font-semibold">
            {title}
          </h2>
          <button
            type="button"
            onClick={onClose}
            aria-label="Close"
            className="-mt-1 -mr-2 grid size-11 shrink-0 place-items-center rounded-full text-muted hover:bg-sunken"
          >
            <X aria-hidden className="size-5" />
          </button>
        </div>
        <div className="grid gap-4 overflow-y-auto px-5 py-4 sm:px-6">{children}</div>
        {footer && (
          <div className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-4 sm:px-6">{footer}</div>
        )}
      </div>
    </dialog>
  )
}
