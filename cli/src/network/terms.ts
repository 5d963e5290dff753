/**
 * What requests and grants are about, from the words of the command line.
 * @module
 */
import type { Bytes } from '@sharewell/sdk/bytes'
import { type Purpose, purposes } from '@sharewell/sdk/chain'
import {
  type CategoryName,
  categories,
  categoriesOf,
  categoriesOfMask,
  categoryBits,
  categoryMask,
  categoryOf,
  labels,
} from '@sharewell/sdk/record'
import { UsageError } from '../command.ts'

/** Purposes that a person can name; break-glass asks nobody and is no grant. */
export const namedPurposes: readonly Purpose[] = purposes.filter((purpose) => purpose !== 'BTG')

/** Index of one purpose. */
export function parsePurpose(text: string): number {
  const purpose = namedPurposes.find((each) => each === text.toUpperCase())
  if (purpose === undefined)
    throw new UsageError({ problem: `${text} is no purpose`, hints: [`purposes: ${namedPurposes.join(', ')}`] })
  return purposes.indexOf(purpose)
}

/** Mask of several purposes, separated by commas. */
export function parsePurposes(text: string): number {
  return text.split(',').reduce((mask, each) => mask | (1 << parsePurpose(each.trim())), 0)
}

const inWords: Readonly<Record<Purpose, string>> = {
  TREAT: 'treatment',
  ETREAT: 'emergency treatment',
  BTG: 'breaking the glass',
  HPAYMT: 'payment',
  HOPERAT: 'running the hospital',
  HRESCH: 'research',
  PATRQT: 'your own requests',
  PUBHLTH: 'public health',
}

/** What the purposes in a mask mean, for a patient. */
export function purposeWords(mask: number): string {
  return purposes
    .filter((_, index) => (mask >> index) & 1)
    .map((purpose) => inWords[purpose])
    .join(', ')
}

/** Categories by name, separated by commas. */
export function parseCategories(text: string): CategoryName[] {
  return text.split(',').map((each) => {
    const found = categories.find(({ name }) => name === each.trim().toLowerCase())
    if (found === undefined)
      throw new UsageError({
        problem: `${each.trim()} is no category`,
        hints: [`categories: ${categories.map(({ name }) => name).join(', ')}`],
      })
    return found.name
  })
}

/** What a grant names: categories, or `general` for every kind without what is sensitive in it. */
export function parseGranted(text: string): CategoryName[] {
  return text
    .split(',')
    .flatMap((each) =>
      each.trim().toLowerCase() === 'general' ? categoriesOf('general').map(nameOf) : parseCategories(each),
    )
}

/** The mask of categories in a pseudonym's own permutation. */
export function maskOf(categoryKey: Bytes, names: readonly CategoryName[]): number {
  return categoryMask(
    categoryKey,
    names.map((name) => categoryOf(name).id),
  )
}

/** Name of the category behind a bit, where its key is known. */
export function categoryName(categoryKey: Bytes | undefined, bit: number): string {
  return categoryKey === undefined ? '-' : categoryOf(categoryBits(categoryKey).indexOf(bit)).name
}

/** Names of the categories in a mask. */
export function categoryNames(categoryKey: Bytes | undefined, mask: number): string {
  const ids = categoriesOfMask(mask, categoryKey)
  return ids === undefined ? 'some categories' : categoryWords(ids)
}

/** Labels of what is sensitive, as the command line names them. */
export const sensitiveLabels = labels.flatMap(({ name }) => (name === 'general' ? [] : [name]))

/** Categories of the labels of what is sensitive, by name, separated by commas. */
export function parseSensitive(text: string): CategoryName[] {
  return text.split(',').flatMap((each) => {
    const found = sensitiveLabels.find((name) => name === each.trim().toLowerCase())
    if (found === undefined)
      throw new UsageError({
        problem: `${each.trim()} is no sensitive part`,
        hints: [`parts: ${sensitiveLabels.join(', ')}`],
      })
    return categoriesOf(found).map((id) => nameOf(id))
  })
}

/** Categories in words: kinds by name, all kinds or a whole label by one word. */
export function categoryWords(ids: readonly number[]): string {
  if (ids.length === categories.length) return 'all records, the sensitive ones too'
  const [first, ...parts] = labels.flatMap(({ name }) => {
    const all = categoriesOf(name)
    const some = all.filter((id) => ids.includes(id))
    if (name === 'general') return [some.length === all.length ? 'every kind of record' : some.map(nameOf).join(', ')]
    return some.length === all.length ? [name] : some.map(nameOf)
  })
  const kinds = [first, ...parts].filter((each) => each !== undefined && each !== '')
  return kinds.join(', ')
}

const nameOf = (id: number): CategoryName => categoryOf(id).name

/** The mask that names every category. */
export const allCategories = 0xffff_ffff
