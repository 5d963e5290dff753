import type { Bytes } from '@sharewell/sdk/bytes'
import { categories, categoryBit } from '@sharewell/sdk/record'

/** Reads masks and bits of one pseudonym, where its category key is known. */
export type CategoryNames = {
  readonly ofBit: (bit: number) => string
  readonly ofMask: (mask: number) => readonly string[]
  /** The place of a bit's category in the order in which people look for them. */
  readonly rank: (bit: number) => number
}

/** Names for the bits of one pseudonym, from the key that patient and hospital share. */
export function categoryNames(key: Bytes): CategoryNames {
  const titles = new Map(categories.map(({ id, title }) => [categoryBit(key, id), title]))
  const ofBit = (bit: number): string => titles.get(bit) ?? 'Other'
  const ofMask = (mask: number): readonly string[] =>
    [...titles].filter(([bit]) => (mask >>> bit) & 1).map(([, title]) => title)
  const rank = (bit: number): number => [...titles.keys()].indexOf(bit)
  return { ofBit, ofMask, rank }
}
