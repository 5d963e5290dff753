import type { ReactElement, ReactNode } from 'react'
import { Button } from './button.tsx'

/** The foot of a window that asks for a decision: the decision, and before it the way out. */
export function OrCancel({ onClose, children }: { onClose: () => void; children: ReactNode }): ReactElement {
  return (
    <>
      <Button kind="secondary" onClick={onClose}>
        Cancel
      </Button>
      {children}
    </>
  )
}
