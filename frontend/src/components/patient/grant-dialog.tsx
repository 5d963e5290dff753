'use client'

import type { ReactElement } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { Dialog } from '@/components/ui/dialog.tsx'
import { Note, Waiting } from '@/components/ui/note.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import { useMail } from '@/hooks/useMail.ts'
import { type GrantDialogProps, GrantForm } from './grant-form.tsx'

/** Gives access. Kinds of record have names only for those who hold the key that waits in the mailbox. */
export function GrantDialog(props: GrantDialogProps): ReactElement {
  const { place, record, onClose } = props
  const { mail, error, isFetching, reread } = useMail(place)
  if (mail?.categoryKey || record) return <GrantForm {...props} categoryKey={mail?.categoryKey} />
  return (
    <Dialog title={props.changes ? 'Change what you allowed' : 'Give access'} onClose={onClose}>
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
