'use client'

import type { ReactElement } from 'react'
import { useState } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { Dialog } from '@/components/ui/dialog.tsx'
import { TextField } from '@/components/ui/field.tsx'
import { Note } from '@/components/ui/note.tsx'
import { isWord, type KitNote, type Probe } from '@/lib/recovery-note.ts'

export type DrillDialogProps = {
  kit: KitNote
  /** Which of the words the device remembers is asked for. */
  probe: Probe
  onRight: () => void
  onClose: () => void
}

/** Checks that a sheet is still there and readable: one word of it. */
export function DrillDialog({ kit, probe, onRight, onClose }: DrillDialogProps): ReactElement {
  const [typed, setTyped] = useState('')
  const [state, setState] = useState<'asked' | 'wrong' | 'right'>('asked')
  const check = (): void => {
    const right = isWord(typed, probe)
    setState(right ? 'right' : 'wrong')
    if (right) onRight()
  }
  return (
    <Dialog
      title="Check my kit"
      onClose={onClose}
      footer={
        state === 'right' ? (
          <Button onClick={onClose}>Done</Button>
        ) : (
          <Button disabled={typed.trim() === ''} onClick={check}>
            Check
          </Button>
        )
      }
    >
      {state === 'right' ? (
        <Note tone="good" live title="That is the word">
          Sheet {probe.sheet} is there and can be read. Any {kit.needed} of the {kit.of} bring your vault back.
        </Note>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault()
            check()
          }}
        >
          <TextField
            label={`Sheet ${probe.sheet}, word ${probe.word}`}
            hint="Fetch that sheet, or call who keeps it and ask for this one word."
            value={typed}
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            error={
              state === 'wrong'
                ? `That is not word ${probe.word} of sheet ${probe.sheet}. If it stands there, the sheet is of an older kit: make a new one.`
                : undefined
            }
            onChange={({ target }) => setTyped(target.value)}
          />
        </form>
      )}
    </Dialog>
  )
}
