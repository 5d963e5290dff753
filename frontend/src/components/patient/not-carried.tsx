import type { ReactElement } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import type { Decision } from '@/hooks/useDecision.ts'

/** Why a decision does not count yet, and how to send it all the same. */
export function NotCarried({ decision: { error, again, busy } }: { decision: Decision }): ReactElement | null {
  if (!error) return null
  return (
    <Problem
      error={error}
      action={
        again && (
          <>
            <Button kind="secondary" busy={busy} onClick={() => again('relayer')}>
              Try again
            </Button>
            <Button busy={busy} onClick={() => again('own')}>
              Send it from my own wallet
            </Button>
          </>
        )
      }
    />
  )
}
