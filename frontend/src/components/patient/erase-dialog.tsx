'use client'

import type { ReactElement } from 'react'
import { useState } from 'react'
import type { Hex } from 'viem'
import { Button } from '@/components/ui/button.tsx'
import { Dialog } from '@/components/ui/dialog.tsx'
import { TextField } from '@/components/ui/field.tsx'
import { Problem } from '@/components/ui/problem.tsx'
import type { Place } from '@/hooks/usePlaces.ts'
import { useErase } from '@/hooks/useRekey.ts'
import { DeletionWords } from './deletion-words.tsx'

export type EraseDialogProps = {
  place: Place
  record: { readonly recordId: Hex; readonly title: string }
  onClose: () => void
}

const word = 'erase'

/** Erases a record after the person has written that they want it. */
export function EraseDialog({ place, record: { recordId, title }, onClose }: EraseDialogProps): ReactElement {
  const run = useErase(place)
  const [written, write] = useState('')
  const { status, result, error } = run
  const sure = written.trim().toLowerCase() === word
  return (
    <Dialog
      title={`Erase ${title}`}
      onClose={onClose}
      footer={
        <>
          <Button kind="secondary" onClick={onClose}>
            {result ? 'Close' : 'Keep it'}
          </Button>
          {!result && (
            <Button kind="danger" busy={status === 'running'} disabled={!sure} onClick={() => void run.begin(recordId)}>
              Erase for good
            </Button>
          )}
        </>
      }
    >
      {result ? (
        <DeletionWords title={`${title} is erased`} words={result} onAgain={() => void run.begin(recordId)} />
      ) : (
        <>
          <p>
            Nobody will open this record again, you neither. The hospitals that keep the keys delete them and refuse it
            for ever; those that keep the shares delete them too. Each signs that it did.
          </p>
          <p>
            What was read stays read. {place.name} may have to keep papers of its own by law. The public ledger goes on
            showing that there was a record, not what it said.
          </p>
          <TextField
            label={`Write “${word}” if you want that`}
            value={written}
            autoComplete="off"
            onChange={({ target }) => write(target.value)}
          />
          {error !== undefined && <Problem error={error} />}
        </>
      )}
    </Dialog>
  )
}
