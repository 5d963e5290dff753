'use client'

import { MailOpen } from 'lucide-react'
import type { ReactElement } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { Note } from '@/components/ui/note.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import { useMail } from '@/hooks/useMail.ts'
import type { Place } from '@/hooks/usePlaces.ts'

/** Offers to open the mailbox at the key nodes, until it is open. */
export function Mailbox({ place }: { place: Place }): ReactElement | null {
  const { mail, error, isFetching, reread } = useMail(place)
  if (mail) return null
  if (error && !isFetching)
    return (
      <Problem
        error={error}
        action={
          <Button kind="secondary" onClick={() => void reread()}>
            Try again
          </Button>
        }
      />
    )
  return (
    <Note
      title="Your mailbox is closed"
      action={
        <Button busy={isFetching} onClick={() => void reread()}>
          <MailOpen aria-hidden className="size-4" />
          Open my mailbox
        </Button>
      }
    >
      It holds the names of your records, the reasons of those who ask, and who opened what. Your wallet signs that it
      is you who asks; that holds for ten minutes.
    </Note>
  )
}
