import type { Coding } from 'fhir/r4.js'
import { codeSystems, urns } from './consent.ts'
import { categoriesOf, hl7Codes } from './sensitivity.ts'
import { categories } from './table.ts'

/** What a security label of a Consent names, widest first: the order in which {@link labelCodings} uses them. */
const named: readonly { readonly coding: Coding; readonly ids: readonly number[] }[] = [
  { coding: { system: codeSystems.confidentiality, code: 'N' }, ids: categoriesOf('general') },
  // Everything sensitive that is not marked V; our tables hold nothing else between N and V.
  { coding: { system: codeSystems.confidentiality, code: 'R' }, ids: restrictedIds() },
  { coding: { system: codeSystems.confidentiality, code: 'V' }, ids: categoriesOf('very-restricted') },
  ...(['mental-health', 'substance-use', 'genetic', 'sexual-health'] as const).map((label) => ({
    coding: hl7Codes[label],
    ids: categoriesOf(label),
  })),
  ...categories.map(({ id, name }) => ({ coding: { system: urns.category, code: name }, ids: [id] })),
]

function restrictedIds(): number[] {
  return categories.flatMap(({ id, label }) => (label === 'general' || label === 'very-restricted' ? [] : [id]))
}

/** The fewest security labels that name exactly these categories; always the same ones. */
export function labelCodings(ids: readonly number[]): Coding[] {
  const left = new Set(ids)
  return named.flatMap(({ coding, ids: all }) => {
    if (!all.every((id) => left.has(id))) return []
    for (const id of all) left.delete(id)
    return [{ ...coding }]
  })
}

/** The categories that a security label names exactly; undefined where none of ours is just that. */
export function categoriesNamed(code: string): readonly number[] | undefined {
  return named.find(({ coding }) => `${coding.system}|${coding.code}` === code)?.ids
}

/** Every category: what a consent without a security label is about. */
export const everyCategory: readonly number[] = categories.map(({ id }) => id)
