import type { ReactElement } from 'react'
import { Code, Facts, More } from '@/components/ui/facts.tsx'
import { Note } from '@/components/ui/note.tsx'
import type { Described } from '@/lib/describe/index.ts'

/** A request to a wallet in plain words, and beneath them the request itself. */
export function RequestWords({ described }: { described: Described }): ReactElement {
  return (
    <>
      <p className="text-base">{described.sentence}</p>
      {described.facts.length > 0 && <Facts facts={described.facts} />}
      {described.warning && <Note tone="warn">{described.warning}</Note>}
      <More label="Exactly what is signed">
        <Code label="Request to the wallet">{described.raw}</Code>
      </More>
    </>
  )
}
