import type { ReactElement } from 'react'
import type { Hex } from 'viem'
import { SelectField } from '@/components/ui/field.tsx'
import { useDirectory } from '@/hooks/useDirectory.ts'
import { lower, names, short } from '@/lib/names.ts'
import type { Seen, SeenFilter } from '@/lib/seen.ts'

const times = [
  ['', 'Any time'],
  ['1', 'The last day'],
  ['7', 'The last 7 days'],
  ['30', 'The last 30 days'],
  ['365', 'The last year'],
] as const

type SeenFiltersProps = {
  all: readonly Seen[]
  filter: SeenFilter
  onChange: (filter: SeenFilter) => void
}

/** Narrows the list by reader, record and time. */
export function SeenFilters({ all, filter, onChange }: SeenFiltersProps): ReactElement {
  // Reading the directory is what fills the book of names.
  useDirectory()
  const readers = unique(all.flatMap(({ reader }) => reader ?? []))
  const records = unique(all.flatMap(({ recordId }) => recordId ?? []))
  return (
    <div className="grid gap-3 sm:grid-cols-3">
      <SelectField
        label="By whom"
        value={filter.reader ?? ''}
        onChange={({ target }) => onChange({ ...filter, reader: chosen(target.value) })}
      >
        <option value="">Everybody</option>
        {readers.map((one) => (
          <option key={one} value={one}>
            {names.accounts.get(lower(one))?.text ?? `Account ${short(one)}`}
          </option>
        ))}
      </SelectField>
      <SelectField
        label="Which record"
        value={filter.recordId ?? ''}
        onChange={({ target }) => onChange({ ...filter, recordId: chosen(target.value) })}
      >
        <option value="">All records</option>
        {records.map((one) => (
          <option key={one} value={one}>
            {names.records.get(lower(one))?.text ?? `Record ${short(one)}`}
          </option>
        ))}
      </SelectField>
      <SelectField
        label="When"
        value={filter.days ?? ''}
        onChange={({ target: { value } }) => onChange({ ...filter, days: value === '' ? undefined : Number(value) })}
      >
        {times.map(([value, label]) => (
          <option key={value} value={value}>
            {label}
          </option>
        ))}
      </SelectField>
    </div>
  )
}

const chosen = (value: string): Hex | undefined => (value === '' ? undefined : (value as Hex))
const unique = (all: readonly Hex[]): Hex[] => [...new Set(all.map(lower))]
