import type { ReactElement, ReactNode } from 'react'
import { explain } from '@/lib/problems.ts'
import { More } from './facts.tsx'
import { Note } from './note.tsx'

/** What went wrong, in a person's words, and what to do about it; the code and the message for those who help. */
export function Problem({ error, action }: { error: unknown; action?: ReactNode }): ReactElement {
  const { title, what, todo, code, detail, mild } = explain(error)
  return (
    <Note tone={mild ? 'info' : 'bad'} title={title} live action={action}>
      <p>{what}</p>
      {todo && <p className="mt-1 font-medium">{todo}</p>}
      {detail && (
        <div className="mt-2">
          <More label={`Details${code ? ` (${code})` : ''}`}>
            <p className="text-sm break-words whitespace-pre-wrap text-muted">{detail}</p>
          </More>
        </div>
      )}
    </Note>
  )
}
