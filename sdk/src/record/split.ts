import type { FhirResource, Patient } from 'fhir/r4.js'
import { type Bundle, BundleError, checkBundle, type Entry, type Json } from './bundle.ts'
import { categoryOf, categoryOfResource } from './categories.ts'
import { identityOf } from './identity.ts'
import { labelsOf } from './labelling.ts'
import {
  base64ToText,
  createScrubber,
  type MovedAttachment,
  type Replacement,
  restore,
  stubId,
  stubUrl,
} from './scrub.ts'
import { labelled, securityOf } from './sensitivity.ts'
import { check, checkResource, type Shape } from './shape.ts'
import { type CategoryName, categories } from './table.ts'

/** One record of a split bundle: all resources of one category, about a patient without a name. */
export type Part = { readonly category: number; readonly name: CategoryName; readonly bundle: Bundle }

/** Who the patient is, kept apart from what is known of the patient. It is a record of its own, of category `persona`. */
export type Persona = {
  readonly v: 1
  /** Patient and related persons, whole and unchanged. */
  readonly entries: readonly Entry[]
  /** Words that were taken out of the parts. */
  readonly replacements: readonly Replacement[]
  /** Images and other content that cannot be searched for a name. */
  readonly attachments: readonly MovedAttachment[]
  /** The category of each entry of the bundle, in order: what it takes to join the parts again. */
  readonly order: readonly number[]
}

/**
 * Splits a FHIR R4 bundle of one patient into a persona and one part per category; what is sensitive stands in
 * categories of its own (docs/spec/labels.md).
 *
 * Parts hold no name, address, telephone or identifier of the patient that the patient's own resources state, also
 * not inside narratives and text attachments; what is not text moves to the persona. They are pseudonymous, not
 * anonymous: dates, places of care and rare conditions stay (docs/spec/record.md#what-it-does-not-promise).
 * @throws BundleError unless it is a bundle of resources with exactly one patient.
 * @example
 * const { persona, parts } = splitBundle(JSON.parse(text))
 */
export function splitBundle(bundle: Bundle): { readonly persona: Persona; readonly parts: readonly Part[] } {
  const { entries, patient } = checkBundle(bundle)
  for (const [at, { fullUrl, resource }] of entries.entries()) {
    check({ fullUrl }, { fullUrl: 'text' }, `entry ${at}`)
    checkResource(resource, `entry ${at}`)
  }
  const byUrl = new Map(entries.flatMap((entry) => namesOf(entry).map((name) => [name, entry.resource] as const)))
  const order = categoriesIn(bundle, entries, byUrl)
  const identity = identityOf(entries.map(({ resource }) => resource))
  const scrubber = createScrubber(identity, { marker: markerFor(entries), isPatient: isPatientOf(entries, patient) })
  const personaId = categoryOf('persona').id

  const parts = categories.flatMap(({ id, name, label }) => {
    if (id === personaId || !order.includes(id)) return []
    const scrubbed = entries
      .filter((_, at) => order[at] === id)
      .map(({ fullUrl, resource }) => entryOf(fullUrl, scrubber.scrub(resource)))
    const entry = [{ fullUrl: stubUrl, resource: patientStub(patient) }, ...scrubbed]
    const security = securityOf(label)
    const meta = security.length > 0 ? { meta: { security } } : {}
    const part: Bundle = { resourceType: 'Bundle', ...meta, type: 'collection', entry }
    return [{ category: id, name, bundle: part }]
  })
  const persona: Persona = {
    v: 1,
    entries: entries.filter((_, at) => order[at] === personaId),
    replacements: scrubber.replacements,
    attachments: scrubber.attachments,
    order,
  }
  return { persona, parts }
}

/** The category of every entry, in order: its kind, unless something in the bundle makes it sensitive. */
function categoriesIn({ meta }: Bundle, entries: readonly Entry[], byUrl: ReadonlyMap<string, FhirResource>): number[] {
  const kinds = entries.map(({ resource }) => categoryOfResource(resource, (url) => byUrl.get(url)))
  const named = entries.map((entry, at) => ({ ...entry, kind: kinds[at] ?? 'other', names: namesOf(entry) }))
  const labels = labelsOf(named, { bundle: (meta ?? {}) as Json, decode: base64ToText })
  return kinds.map((kind, at) => categoryOf(labelled(kind, labels[at] ?? 'general')).id)
}

/**
 * Puts parts and persona together again: the resources of the bundle that was split, in their order, as a collection.
 * Parts that the reader may not see are simply missing.
 * @throws BundleError when a part holds another number of resources than the persona remembers.
 */
export function joinBundle(persona: Persona, parts: readonly Part[]): Bundle {
  checkParts(persona, parts)
  const patient = persona.entries.find(({ resource }) => resource.resourceType === 'Patient')
  if (patient === undefined) throw new BundleError({ reason: 'the persona holds no patient' })
  const patientUrl = patient.fullUrl ?? `Patient/${patient.resource.id}`
  const kept = { replacements: persona.replacements, attachments: persona.attachments, patientUrl }
  const queues = new Map<number, Entry[]>([[categoryOf('persona').id, [...persona.entries]]])
  for (const { category, bundle } of parts) {
    const entries = (bundle.entry ?? []).filter(({ resource }) => resource?.id !== stubId)
    const restored = entries.map(({ fullUrl, resource }) => ({
      fullUrl,
      resource: restore(resource as FhirResource, kept),
    }))
    if (restored.length !== persona.order.filter((one) => one === category).length)
      throw new BundleError({ reason: `part ${category} and the persona are not of one bundle` })
    queues.set(category, restored)
  }
  const entry = persona.order.flatMap((category) => {
    const next = queues.get(category)?.shift()
    return next === undefined ? [] : [entryOf(next.fullUrl, next.resource)]
  })
  return { resourceType: 'Bundle', type: 'collection', entry }
}

const entriesShape = [{ fullUrl: 'text', 'resource!': {} }] as const
const personaShape = {
  'entries!': entriesShape,
  'replacements!': [{ 'placeholder!': 'text', 'value!': 'text' }],
  'attachments!': [{ 'id!': 'text', 'data!': 'text' }],
  'order!': ['number'],
} as const satisfies Shape

/** Both come from a provider; whoever opened them has not looked into them yet. */
function checkParts(persona: Persona, parts: readonly Part[]): void {
  check(persona, personaShape, 'the persona')
  for (const { resource } of persona.entries) checkResource(resource, 'the persona')
  for (const { category, bundle } of parts) check(bundle, { entry: entriesShape }, `part ${category}`)
}

/** The patient of a part: sex and year of birth, which a reader of laboratory values needs, and nothing else. */
export function patientStub({ gender, birthDate }: Patient): Patient {
  const stub: Patient = { resourceType: 'Patient', id: stubId }
  if (gender !== undefined) stub.gender = gender
  if (birthDate !== undefined) stub.birthDate = birthDate.slice(0, 4)
  return stub
}

function entryOf(fullUrl: string | undefined, resource: FhirResource): { fullUrl?: string; resource: FhirResource } {
  return fullUrl === undefined ? { resource } : { fullUrl, resource }
}

/** What a reference may call an entry. */
function namesOf({ fullUrl, resource }: Entry): string[] {
  const relative = resource.id === undefined ? [] : [`${resource.resourceType}/${resource.id}`]
  return fullUrl === undefined ? relative : [fullUrl, ...relative]
}

function isPatientOf(entries: readonly Entry[], patient: Patient): (reference: string) => boolean {
  const entry = entries.find(({ resource }) => resource === patient)
  const names = new Set(entry === undefined ? [] : namesOf(entry))
  const relative = `/Patient/${patient.id}`
  return (reference) => names.has(reference) || (patient.id !== undefined && reference.endsWith(relative))
}

/** A marker that no text of the bundle uses already. */
function markerFor(entries: readonly Entry[]): string {
  const text = JSON.stringify(entries)
  let marker = 'patient'
  while (text.includes(`[${marker}:`)) marker += '+'
  return marker
}
