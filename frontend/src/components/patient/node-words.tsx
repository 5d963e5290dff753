import type { ReactElement } from 'react'
import type { Hex } from 'viem'
import { Note } from '@/components/ui/note.tsx'
import { list, plural } from '@/lib/format.ts'
import type { Mail } from '@/lib/mail.ts'
import { lower, names, short } from '@/lib/names.ts'

/** What key nodes kept back or made up, and which did not answer; nothing where all told the same truth. */
export function NodeWords({ accounting }: Pick<Mail, 'accounting'>): ReactElement | null {
  const { faults, silent, asked } = accounting
  const hiding = operatorsOf(faults.filter(({ code }) => code === 'WITHHELD'))
  const secret = operatorsOf(faults.filter(({ code }) => code === 'UNLOGGED' || code === 'UNREQUESTED'))
  const other = operatorsOf(faults.filter(({ code }) => madeUp.has(code)))
  if (faults.length + silent.length === 0) return null
  return (
    <div className="grid gap-2">
      {hiding.length > 0 && (
        <Note tone="warn" title="Kept back from you">
          {namesOf(hiding)} gave out a key and did not show it to you. Others did.
        </Note>
      )}
      {secret.length > 0 && (
        <Note tone="bad" title="Not in the public ledger">
          {namesOf(secret)} gave out a key without saying so in public. Ask your hospital about it.
        </Note>
      )}
      {other.length > 0 && (
        <Note tone="warn" title="Made up">
          {namesOf(other)} showed something that nobody signed. It is left out here.
        </Note>
      )}
      {silent.length > 0 && (
        <Note>
          {plural(silent.length, 'hospital')} of {silent.length + asked} that keep the keys did not answer:{' '}
          {namesOf(silent.map(({ operator }) => operator))}.
        </Note>
      )}
    </div>
  )
}

const madeUp: ReadonlySet<string> = new Set(['MALFORMED', 'OTHER_NETWORK', 'UNTIMELY', 'OTHER_PATIENT', 'NOT_SIGNED'])
const operatorsOf = (faults: readonly { readonly operator: Hex }[]): Hex[] => [
  ...new Set(faults.map(({ operator }) => lower(operator))),
]
const namesOf = (operators: readonly Hex[]): string =>
  list(operators.map((one) => names.operators.get(lower(one))?.text ?? `Key node ${short(one)}`))
