import { BadgeCheck, Blocks, FileKey2, HandHeart, KeyRound, Layers, LockOpen, Puzzle, Split } from 'lucide-react'
import type { ReactElement } from 'react'

const steps = [
  { icon: FileKey2, title: 'Seal', text: 'A fresh key for each record' },
  { icon: Split, title: 'Split', text: 'Shares that say nothing alone' },
  { icon: Layers, title: 'Place', text: 'One operator, one share' },
  { icon: Blocks, title: 'Anchor', text: 'Fingerprints in a public ledger' },
  { icon: HandHeart, title: 'Grant', text: 'The patient signs who, what, why' },
  { icon: KeyRound, title: 'Release', text: 'Some hospitals together, never one' },
  { icon: Puzzle, title: 'Gather and rebuild', text: 'By a worker nobody need trust' },
  { icon: BadgeCheck, title: 'Verify', text: 'Every byte against the ledger' },
  { icon: LockOpen, title: 'Open', text: 'Only on the reader’s device' },
] as const

/** The journey of one record, in the words that the whole app uses. */
export function JourneyStrip(): ReactElement {
  return (
    <section aria-labelledby="journey">
      <h2 id="journey" className="text-2xl font-semibold">
        The journey of one record
      </h2>
      <ol className="mt-5 grid grid-cols-2 gap-x-4 gap-y-6 sm:grid-cols-3 lg:grid-cols-9">
        {steps.map(({ icon: Icon, title, text }, index) => (
          <li key={title} className="relative">
            {index > 0 && (
              <span aria-hidden className="absolute top-5 right-full mr-1 hidden h-px w-6 bg-edge lg:block" />
            )}
            <span className="grid size-10 place-items-center rounded-full border border-accent/40 bg-accent-soft text-accent">
              <Icon aria-hidden className="size-5" />
            </span>
            <p className="mt-2 font-semibold leading-snug">{title}</p>
            <p className="text-sm text-muted">{text}</p>
          </li>
        ))}
      </ol>
    </section>
  )
}
