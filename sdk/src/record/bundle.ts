import type { FhirResource, Patient, Bundle as ResourceBundle } from 'fhir/r4.js'
import { BaseError } from '../errors.ts'

/** A FHIR R4 bundle whose entries hold resources of the R4 types. */
export type Bundle = ResourceBundle<FhirResource>

/** One entry of a bundle that was looked at: it has a resource. */
export type Entry = { readonly fullUrl?: string | undefined; readonly resource: FhirResource }

/** A JSON value, as FHIR resources are once their types no longer matter. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** Deepest nesting that is walked; FHIR resources stay below 20. */
const maxDepth = 200

/**
 * Looks at a bundle at the border: it has entries, each entry a resource, and exactly one of them is the patient.
 * @throws BundleError otherwise.
 */
export function checkBundle(bundle: Bundle): { readonly entries: readonly Entry[]; readonly patient: Patient } {
  if (bundle?.resourceType !== 'Bundle' || !Array.isArray(bundle.entry))
    throw new BundleError({ reason: 'it is no FHIR bundle with entries' })
  const entries = bundle.entry.map((entry, at) => {
    const resource = entry?.resource
    if (typeof resource?.resourceType !== 'string') throw new BundleError({ reason: `entry ${at} holds no resource` })
    return { fullUrl: entry.fullUrl, resource }
  })
  const patients = entries.flatMap(({ resource }) => (resource.resourceType === 'Patient' ? [resource] : []))
  const [patient] = patients
  if (patient === undefined) throw new BundleError({ reason: 'it holds no patient' })
  if (patients.length > 1) throw new BundleError({ reason: `it holds ${patients.length} patients` })
  return { entries, patient }
}

/** What is done to a string, given the name of the field it stands in. */
export type OnText = (text: string, key: string) => string
/** What is done to an object once its fields are done; for attachments. */
export type OnObject = (object: { readonly [key: string]: Json }) => { readonly [key: string]: Json }

/** Copies a resource with every string and object changed. The result has the type of the input by the caller's word. */
export function mapResource<resource>(resource: resource, onText: OnText, onObject: OnObject): resource {
  return walk(resource as Json, '', { onText, onObject }, 0) as resource
}

function walk(value: Json, key: string, on: { onText: OnText; onObject: OnObject }, depth: number): Json {
  if (depth > maxDepth) throw new BundleError({ reason: 'it is nested too deeply' })
  if (typeof value === 'string') return on.onText(value, key)
  if (value === null || typeof value !== 'object') return value
  if (isList(value)) return value.map((item) => walk(item, key, on, depth + 1))
  return on.onObject(
    Object.fromEntries(Object.entries(value).map(([name, field]) => [name, walk(field, name, on, depth + 1)])),
  )
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value)

/** Thrown when a file is no bundle of one patient, or a part and a persona do not belong together. */
export class BundleError extends BaseError<'BUNDLE'> {
  override readonly name = 'BundleError'
  constructor({ reason = 'it cannot be split', cause }: BundleError.Options) {
    super('BUNDLE', `The bundle is refused: ${reason}.`, {
      cause,
      hints: ['Deposit it as a file: then it is one record, kept byte for byte.'],
      docs: 'record.md#splitting',
    })
  }
}
export declare namespace BundleError {
  type Options = { reason?: string; cause?: unknown }
}
