'use client'

import type { Bytes } from '@sharewell/sdk/bytes'
import type { ReactElement } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { Dialog } from '@/components/ui/dialog.tsx'
import { Note, Waiting } from '@/components/ui/note.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import { useMail } from '@/hooks/useMail.ts'
import type { Place } from '@/hooks/usePlaces.ts'

type NamedKindsProps = {
  title: string
  place: Place
  onClose: () => void
  children: (categoryKey: Bytes) => ReactElement
}

/** Shows a window once kinds of record have names: they have for those only who hold the key that waits in the mailbox. */
export function NamedKinds({ title, place, onClose, children }: NamedKindsProps): ReactElement {
  const { mail, error, isFetching, reread } = useMail(place)
  if (mail?.categoryKey) return children(mail.categoryKey)
  return (
    <Dialog title={title} onClose={onClose}>
      {isFetching && <Waiting>Fetching the names of your kinds of record. Your wallet asks you to sign.</Waiting>}
      {!isFetching && error && <Problem error={error} />}
      {!isFetching && !error && mail && (
        <Note tone="warn" title="The hospital has not sent the names yet">
          Without them, nobody can tell laboratory from imaging. Try again in a while.
        </Note>
      )}
      {!isFetching && (
        <div>
          <Button onClick={() => void reread()}>Fetch the names</Button>
        </div>
      )}
    </Dialog>
  )
}
