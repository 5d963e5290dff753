import type { AnchoredRecord } from '@sharewell/sdk/chain'
import { categories, categoryOf, categoryOfResource, labelOfPart, labels } from '@sharewell/sdk/record'
import type { FhirResource } from 'fhir/r4'
import { readBundle } from '@/lib/fhir.ts'
import { date } from '@/lib/format.ts'
import { lower, names } from '@/lib/names.ts'

/** What a doctor calls a record: its kind once it was opened here; before that the chain tells only a date. */
export function titleOf({ depositedAt, recordId }: AnchoredRecord & { readonly depositedAt: number }): string {
  const known = names.records.get(lower(recordId))
  return known?.text ?? `Record ${recordId.slice(2, 6).toUpperCase()} of ${date(depositedAt)}`
}

/** The kind of an opened record: why it is sensitive, or by what most of it is. */
export function kindOf(mime: string, text: string): string | undefined {
  if (mime.includes('persona')) return categoryOf('persona').title
  const bundle = readBundle(text)
  const label = bundle ? labelOfPart(bundle) : 'general'
  if (label !== 'general') return labels.find(({ name }) => name === label)?.title
  const counts = new Map<string, number>()
  for (const { resource } of bundle?.entry ?? []) {
    if (!resource || resource.resourceType === 'Patient') continue
    const name = categoryOfResource(resource as FhirResource)
    counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  const [most] = [...counts].sort((a, b) => b[1] - a[1])
  return categories.find(({ name }) => name === most?.[0])?.title
}
