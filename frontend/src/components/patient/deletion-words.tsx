import type { ReactElement } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { Note } from '@/components/ui/note.tsx'
import type { NodeWords } from '@/hooks/useRekey.ts'

export type DeletionWordsProps = { title: string; words: NodeWords; onAgain?: (() => void) | undefined }

/** Which nodes signed that they deleted, and what to do about those that did not. */
export function DeletionWords({ title, words: { confirmed, missing }, onAgain }: DeletionWordsProps): ReactElement {
  if (missing.length === 0)
    return (
      <Note live tone="good" title={title}>
        All {confirmed} nodes that keep shares and keys have signed that the old copies are deleted.
      </Note>
    )
  return (
    <Note
      live
      tone="warn"
      title={title}
      action={
        onAgain && (
          <Button kind="secondary" onClick={onAgain}>
            Ask them again
          </Button>
        )
      }
    >
      {missing.length} of {confirmed + missing.length} nodes have not confirmed yet that they deleted the old copies.
      They may be switched off. What they have cannot be opened through the hospitals any more.
    </Note>
  )
}
