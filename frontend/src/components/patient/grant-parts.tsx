import type { ReactElement } from 'react'
import { Button } from '@/components/ui/button.tsx'
import { CheckCards, RadioCards } from '@/components/ui/choice.tsx'
import { TextField } from '@/components/ui/field.tsx'
import { plainKinds } from '@/lib/categories.ts'
import { list, moment } from '@/lib/format.ts'
import { type GrantDraft, type Often, spans } from '@/lib/grant-draft.ts'
import { purposes, purposesIn } from '@/lib/purposes.ts'
import { SensitiveParts } from './sensitive-parts.tsx'

const everyKind: readonly number[] = plainKinds.map(({ id }) => id)

type WhatProps = { categories: readonly number[]; onChange: (categories: readonly number[]) => void }

/** Kinds of record, and apart from them the sensitive parts. */
export function What({ categories, onChange }: WhatProps): ReactElement {
  const kinds = categories.filter((id) => everyKind.includes(id))
  const others = categories.filter((id) => !everyKind.includes(id))
  const all = kinds.length === everyKind.length
  return (
    <div className="grid gap-2">
      <CheckCards
        legend="What"
        hint="Also records of these kinds that are added later. What is sensitive is not in them."
        name="categories"
        columns
        options={plainKinds.map(({ id, title }) => ({ value: id, label: title }))}
        values={kinds}
        onChange={(chosen) => onChange([...chosen, ...others])}
      />
      <div>
        <Button kind="quiet" onClick={() => onChange([...(all ? [] : everyKind), ...others])}>
          {all ? 'Choose none' : 'Choose all'}
        </Button>
      </div>
      <SensitiveParts chosen={others} onChange={(ids) => onChange([...kinds, ...ids])} />
    </div>
  )
}

/** What it is for: one purpose, or those of the permission that is changed. */
export function Why({ mask, asNow, onChange }: WhyProps): ReactElement {
  const several = asNow !== undefined && purposesIn(asNow).length > 1
  const labels = several ? list(purposesIn(asNow).map(({ label }) => label)) : ''
  return (
    <RadioCards
      legend="Why"
      name="purpose"
      columns
      options={[
        ...(several ? [{ value: asNow, label: labels, hint: 'As now' }] : []),
        ...purposes.map(({ index, label, hint }) => ({ value: 1 << index, label, hint })),
      ]}
      value={mask}
      onChange={onChange}
    />
  )
}

type WhyProps = { mask: number; asNow?: number | undefined; onChange: (mask: number) => void }

/** How often records may be opened under it; an opening counts when the key is asked for. */
export function HowOften({ often, times, onChange }: HowOftenProps): ReactElement {
  return (
    <div className="grid gap-2">
      <RadioCards<Often>
        legend="How often"
        name="often"
        columns
        options={[
          { value: 'any', label: 'Any number of times', hint: 'Until the end that you choose' },
          { value: 'once', label: 'Once', hint: 'One opening of one record' },
          { value: 'times', label: 'So many times', hint: 'All openings together, of whichever record' },
        ]}
        value={often}
        onChange={(next) => onChange({ often: next })}
      />
      {often === 'times' && (
        <TextField
          label="How many times"
          hint="Each opening counts, also when the same record is opened again."
          inputMode="numeric"
          autoComplete="off"
          value={times}
          onChange={({ target }) => onChange({ times: target.value })}
        />
      )}
    </div>
  )
}

type HowOftenProps = Pick<GrantDraft, 'often' | 'times'> & {
  onChange: (part: Partial<Pick<GrantDraft, 'often' | 'times'>>) => void
}

/** When it ends: after a time, on a day, or as it stands. */
export function UntilWhen({ span, day, before, onChange }: UntilWhenProps): ReactElement {
  return (
    <div className="grid gap-2">
      <RadioCards
        legend="Until when"
        name="span"
        columns
        options={[
          ...(before ? [{ value: 'keep', label: 'As now', hint: `Until ${moment(before.until)}` }] : []),
          ...spans,
          { value: 'date', label: 'Another day', hint: 'You choose the last day' },
        ]}
        value={span}
        onChange={(next) => onChange({ span: next })}
      />
      {span === 'date' && (
        <TextField
          label="Last day"
          type="date"
          value={day}
          onChange={({ target }) => onChange({ day: target.value })}
        />
      )}
    </div>
  )
}

type UntilWhenProps = Pick<GrantDraft, 'span' | 'day'> & {
  before?: { readonly until: number } | undefined
  onChange: (part: Partial<Pick<GrantDraft, 'span' | 'day'>>) => void
}
