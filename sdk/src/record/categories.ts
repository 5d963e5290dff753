import type { CodeableConcept, FhirResource, Observation } from 'fhir/r4.js'
import {
  type Category,
  type CategoryName,
  categories,
  diagnosticReportCodes,
  observationCodes,
  resourceTypes,
  vitalSigns,
} from './table.ts'

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
      return codesOf(resource.type ? [resource.type] : []).includes('60591-5') ? 'summary' : 'documents'
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
