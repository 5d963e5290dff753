import type { Bytes } from '@sharewell/sdk/bytes'
import { categories, categoriesOf, categoryBit, type Label, labels } from '@sharewell/sdk/record'

/** Reads masks and bits of one pseudonym, where its category key is known. */
export type CategoryNames = {
  readonly ofBit: (bit: number) => string
  readonly ofMask: (mask: number) => readonly string[]
  /** Whether no kind of record includes what has this bit. */
  readonly isSensitive: (bit: number) => boolean
  /** The place of a bit's category in the order in which people look for them. */
  readonly rank: (bit: number) => number
}

/** Names for the bits of one pseudonym, from the key that patient and hospital share. */
export function categoryNames(key: Bytes): CategoryNames {
  const titles = new Map(categories.map(({ id, title }) => [categoryBit(key, id), title]))
  const ofBit = (bit: number): string => titles.get(bit) ?? 'Other'
  const ofMask = (mask: number): readonly string[] =>
    labels.flatMap(({ name, title }) => {
      const all = categoriesOf(name)
      const some = all.filter((id) => (mask >>> categoryBit(key, id)) & 1)
      if (some.length === all.length) return [name === 'general' ? 'Every kind of record' : title]
      return some.map((id) => titles.get(categoryBit(key, id)) ?? 'Other')
    })
  const rank = (bit: number): number => [...titles.keys()].indexOf(bit)
  const plain = new Set(categoriesOf('general').map((id) => categoryBit(key, id)))
  const isSensitive = (bit: number): boolean => !plain.has(bit)
  return { ofBit, ofMask, isSensitive, rank }
}

/** What a label is about, for a patient who decides whether to share it. */
const hints: Readonly<Record<Label, string>> = {
  general: '',
  'mental-health': 'Illness, therapy, medicine for the mind',
  'substance-use': 'Use, treatment, tests',
  genetic: 'Tests, and what runs in the family',
  'sexual-health': 'Infections such as HIV, contraception, loss or end of a pregnancy',
  restricted: 'Several of these at once, violence, or marked as confidential',
  'very-restricted': 'Marked so by whoever wrote it',
}

/** A sensitive part of the records: what people call it, and the categories that a permission for it names. */
export type SensitivePart = {
  readonly label: Label
  readonly title: string
  readonly hint: string
  readonly ids: readonly number[]
}

/** The sensitive parts, which no kind of record includes. */
export const sensitiveParts: readonly SensitivePart[] = labels.flatMap(({ name, title }) =>
  name === 'general' ? [] : [{ label: name, title, hint: hints[name], ids: categoriesOf(name) }],
)

/** The kinds of record, without what is sensitive in them. */
export const plainKinds = categories.filter(({ label }) => label === 'general')
