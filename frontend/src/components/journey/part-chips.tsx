import type { Step } from '@sharewell/sdk/flow'
import { Check, LoaderCircle, X } from 'lucide-react'
import type { ReactElement } from 'react'
import type { Part } from '@/lib/journey.ts'
import { lower, names, short } from '@/lib/names.ts'
import { problemWords } from '@/lib/problems.ts'

const words: Partial<Record<Step, string>> = {
  place: 'Storage nodes',
  release: 'Key nodes',
  gather: 'Storage nodes',
  rebuild: 'Workers',
  verify: 'Workers',
}

/** The operators of one step, each with how it fared: by a sign and a word, never by colour alone. */
export function PartChips({ parts, step }: { parts: readonly Part[]; step: Step }): ReactElement {
  return (
    <ul aria-label={words[step] ?? 'Operators'} className="mt-2 flex flex-wrap gap-1.5">
      {parts.map((part) => (
        <PartChip key={part.who} part={part} />
      ))}
    </ul>
  )
}

function PartChip({ part: { who, status, problem } }: { part: Part }): ReactElement {
  const name = names.operators.get(lower(who))?.text ?? `Operator ${short(who)}`
  const failed = status === 'failed'
  const Icon = failed ? X : status === 'done' ? Check : LoaderCircle
  const look = failed
    ? 'border-danger/50 bg-danger-soft'
    : status === 'done'
      ? 'border-accent/40 bg-accent-soft'
      : 'border-line bg-sunken'
  return (
    <li className={`flex animate-rise items-center gap-1.5 rounded-full border px-2.5 py-1 text-xs ${look}`}>
      <Icon
        aria-hidden
        className={`size-3.5 shrink-0 ${failed ? 'text-danger' : 'text-accent'} ${status === 'start' || status === 'progress' ? 'animate-spin' : ''}`}
      />
      <span>{name}</span>
      {failed && <span className="text-danger">{problemWords(problem)}</span>}
      {status === 'done' && <span className="sr-only">answered</span>}
    </li>
  )
}
