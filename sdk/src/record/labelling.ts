import type { FhirResource } from 'fhir/r4.js'
import type { Json } from './bundle.ts'
import { findIn, type Said, wholeWords } from './findings.ts'
import { type Label, labelOf, type Reason } from './sensitivity.ts'
import type { CategoryName } from './table.ts'

/** One entry as labelling sees it. */
export type Entry = {
  readonly resource: FhirResource
  readonly kind: CategoryName
  /** What a reference may call it. */
  readonly names: readonly string[]
}

/**
 * The label of every entry of a bundle, in order (docs/spec/labels.md#rules). Codes and security labels of a resource
 * come first; then what it refers to as its reason, and what it says in words that sensitive codes of the same bundle
 * have for names; last what the bundle says of itself and no entry explains.
 * @param decode the text in base64, or nothing where it is none.
 */
export function labelsOf(
  entries: readonly Entry[],
  { bundle, decode }: { readonly bundle: Json; readonly decode: (data: string) => string | undefined },
): Label[] {
  const said = entries.map(({ resource, kind }) => findIn(resource, kind, decode))
  addWords(said)
  follow(entries, said)
  const whole = findIn({ meta: bundle }, '', decode)
  const all = said.map(({ reasons, restricted, behavioral }) => ({ reasons, restricted, behavioral }))
  const isSaid = (reason: Reason) => all.some(({ reasons }) => reasons.has(reason))
  const unexplained = [...whole.reasons].filter((reason) => !isSaid(reason))
  // Somebody marked the whole, and no part of it says why: then it may be any part.
  const none = all.every((one) => labelOf(one) === 'general') && unexplained.length === 0
  return all.map(({ reasons, restricted, behavioral }) =>
    labelOf({
      reasons: new Set([...reasons, ...unexplained]),
      restricted: restricted || (none && whole.restricted),
      behavioral: behavioral || (none && whole.behavioral),
    }),
  )
}

/** Adds to each resource the reasons whose terms it speaks of. */
function addWords(said: readonly Said[]): void {
  const terms = new Map<Reason, Set<string>>()
  for (const [reason, words] of said.flatMap((one) => [...one.terms]))
    terms.set(reason, new Set([...(terms.get(reason) ?? []), ...words.map((word) => word.toLowerCase())]))
  for (const [reason, words] of terms) {
    const pattern = wholeWords([...words])
    for (const { reasons, text } of said) if (pattern.test(text)) reasons.add(reason)
  }
}

/** Adds to each resource the reasons of what it follows, until nothing changes. */
function follow(entries: readonly Entry[], said: readonly Said[]): void {
  const byName = new Map(entries.flatMap(({ names }, at) => names.map((name) => [name, said[at]] as const)))
  let changed = true
  while (changed) {
    changed = false
    for (const { reasons, follows } of said) {
      const before = reasons.size
      for (const name of follows) for (const reason of byName.get(name)?.reasons ?? []) reasons.add(reason)
      changed ||= reasons.size > before
    }
  }
}
