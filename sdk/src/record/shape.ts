import { BundleError } from './bundle.ts'

/** What a value must be where it is there at all: text, a number, an object with such fields, or a list of one kind.
 * A field that must be there has `!` behind its name. Lists of text may hold null, which FHIR JSON writes where only an extension stands. */
export type Shape = 'text' | 'number' | readonly [Shape] | { readonly [field: string]: Shape }

const concept = { coding: [{ code: 'text' }] } as const
const humanName = { family: 'text', given: ['text'], text: 'text' } as const
const address = { line: ['text'], text: 'text' } as const
const valued = [{ value: 'text' }] as const
const person = {
  name: [humanName],
  address: [address],
  telecom: valued,
  identifier: valued,
  birthDate: 'text',
} as const

/** The fields that are read here, in each type of resource; all others are passed on as they are. */
const resources: Readonly<Record<string, Shape>> = {
  Patient: {
    ...person,
    gender: 'text',
    contact: [{ name: humanName, address, telecom: valued }],
    extension: [{ url: 'text', valueString: 'text' }],
  },
  RelatedPerson: person,
  Person: person,
  Coverage: { subscriberId: 'text' },
  FamilyMemberHistory: { name: 'text' },
  Observation: {
    code: concept,
    category: [concept],
    component: [{ code: concept, valueString: 'text' }],
    valueString: 'text',
  },
  DiagnosticReport: { result: [{ reference: 'text' }], category: [concept] },
  Composition: { type: concept },
}

/** Checks a resource, as far as it is read, against FHIR R4: a name that is no name would not be found and taken out.
 * @throws BundleError */
export function checkResource(resource: unknown, path: string): void {
  check(resource, { resourceType: 'text', id: 'text' }, path)
  const { resourceType } = resource as { resourceType?: string }
  if (resourceType !== undefined && Object.hasOwn(resources, resourceType))
    check(resource, resources[resourceType] as Shape, path)
}

/**
 * Checks a value from a stranger.
 * @throws BundleError which names the field, and does not repeat what stands in it.
 */
export function check(value: unknown, shape: Shape, path: string): void {
  if (typeof shape === 'string') checkLeaf(value, shape, path)
  else if (isList(shape)) checkList(value, shape[0], path)
  else checkFields(value, shape, path)
}

function checkLeaf(value: unknown, shape: 'text' | 'number', path: string): void {
  if (typeof value !== (shape === 'text' ? 'string' : 'number')) wrong(path)
}

function checkList(value: unknown, item: Shape, path: string): void {
  if (!Array.isArray(value)) wrong(path)
  for (const [at, one] of value.entries()) if (one !== null || item !== 'text') check(one, item, `${path}[${at}]`)
}

function checkFields(value: unknown, shape: { readonly [field: string]: Shape }, path: string): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) wrong(path)
  const given = value as Record<string, unknown>
  for (const [key, field] of Object.entries(shape)) {
    const name = key.replace(/!$/, '')
    const one = Object.hasOwn(given, name) ? given[name] : undefined
    if (one !== undefined || name !== key) check(one, field, `${path}.${name}`)
  }
}

const isList = (shape: Shape): shape is readonly [Shape] => Array.isArray(shape)

function wrong(path: string): never {
  throw new BundleError({ reason: `${path} is not what FHIR R4 says it is` })
}
