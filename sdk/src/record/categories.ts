import type { CodeableConcept, FhirResource, Observation } from 'fhir/r4.js'
import { diagnosticReportCodes, observationCodes, resourceTypes, vitalSigns } from './table.ts'

/** The categories that have a name; 19 to 28 are free. A category is what a grant can name. */
export const categories = [
  { id: 0, name: 'summary', title: 'Summary' },
  { id: 1, name: 'conditions', title: 'Conditions' },
  { id: 2, name: 'medications', title: 'Medications' },
  { id: 3, name: 'laboratory', title: 'Laboratory' },
  { id: 4, name: 'vital-signs', title: 'Vital signs' },
  { id: 5, name: 'immunizations', title: 'Immunizations' },
  { id: 6, name: 'allergies', title: 'Allergies' },
  { id: 7, name: 'procedures', title: 'Procedures' },
  { id: 8, name: 'imaging', title: 'Imaging' },
  { id: 9, name: 'encounters', title: 'Encounters' },
  { id: 10, name: 'documents', title: 'Documents' },
  { id: 11, name: 'care-plans', title: 'Care plans' },
  { id: 12, name: 'claims', title: 'Claims' },
  { id: 13, name: 'social-history', title: 'Social history and surveys' },
  { id: 14, name: 'devices', title: 'Devices and supplies' },
  { id: 15, name: 'family-history', title: 'Family history' },
  { id: 16, name: 'orders', title: 'Orders and appointments' },
  { id: 17, name: 'directives', title: 'Directives' },
  { id: 18, name: 'genomics', title: 'Genomics' },
  { id: 29, name: 'administration', title: 'Administration' },
  { id: 30, name: 'persona', title: 'Identity' },
  { id: 31, name: 'other', title: 'Other' },
] as const

/** One row of {@link categories}. */
export type Category = (typeof categories)[number]
/** The name of a category, as code and CLI use it. */
export type CategoryName = Category['name']

/**
 * The category of a name or an id; ids without a name count as `other`.
 * @example
 * categoryOf('laboratory').id // 3
 */
export function categoryOf(nameOrId: CategoryName | number): Category {
  const found = categories.find(({ id, name }) => id === nameOrId || name === nameOrId)
  return found ?? categories[categories.length - 1] ?? categories[0]
}

/**
 * The category of one resource, by type and, for observations and reports, by code (docs/spec/record.md#table).
 * @param resolve finds an observation of the same bundle: a report without category follows its first result.
 */
export function categoryOfResource(
  resource: FhirResource,
  resolve: (reference: string) => FhirResource | undefined = () => undefined,
): CategoryName {
  switch (resource.resourceType) {
    case 'Observation':
      return observationCategory(resource)
    case 'DiagnosticReport': {
      const result = resolve(resource.result?.[0]?.reference ?? '')
      const follows = result?.resourceType === 'Observation' ? observationCategory(result) : 'documents'
      return byCode(resource.category, diagnosticReportCodes) ?? follows
    }
    case 'Composition':
      // LOINC 60591-5: patient summary document, the International Patient Summary.
      return codesOf([resource.type]).includes('60591-5') ? 'summary' : 'documents'
    default:
      return resourceTypes.get(resource.resourceType) ?? 'other'
  }
}

function observationCategory({ category, code, specimen }: Observation): CategoryName {
  const named = byCode(category, observationCodes)
  if (named !== undefined) return named
  if (codesOf(code ? [code] : []).some((one) => vitalSigns.has(one))) return 'vital-signs'
  return specimen === undefined ? 'other' : 'laboratory'
}

function byCode(
  concepts: readonly CodeableConcept[] | undefined,
  table: ReadonlyMap<string, CategoryName>,
): CategoryName | undefined {
  for (const code of codesOf(concepts ?? [])) {
    const found = table.get(code)
    if (found !== undefined) return found
  }
  return undefined
}

function codesOf(concepts: readonly CodeableConcept[]): string[] {
  return concepts.flatMap(({ coding }) => (coding ?? []).flatMap(({ code }) => (code === undefined ? [] : [code])))
}
