/**
 * What requests and grants are about, from the words of the command line.
 * @module
 */
import type { Bytes } from '@sharewell/sdk/bytes'
import { type Purpose, purposes } from '@sharewell/sdk/chain'
import { type CategoryName, categories, categoryBits, categoryMask, categoryOf } from '@sharewell/sdk/record'
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
  if (mask === allCategories) return 'everything'
  if (categoryKey === undefined) return 'some categories'
  const bits = categoryBits(categoryKey)
  return categories
    .filter(({ id }) => (mask >>> (bits[id] ?? 0)) & 1)
    .map(({ name }) => name)
    .join(', ')
}

/** The mask that names every category. */
export const allCategories = 0xffff_ffff
