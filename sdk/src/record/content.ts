import { type Bytes, fromUtf8 } from '../bytes.ts'
import { type Bundle, BundleError } from './bundle.ts'
import { categoryOf } from './categories.ts'
import type { Part, Persona } from './split.ts'

/** What is sealed as one record: bytes, their media type, and the category that a grant may name. */
export type RecordContent = { readonly category: number; readonly mime: string; readonly bytes: Bytes }

const bundleMime = 'application/fhir+json'
const personaMime = 'application/vnd.sharewell.persona+json'

/** The record of one part: FHIR JSON. */
export function recordFromPart({ category, bundle }: Part): RecordContent {
  return { category, mime: bundleMime, bytes: encode(bundle) }
}

/** The record of a persona. It is sealed like any other, and granted by its own category. */
export function recordFromPersona(persona: Persona): RecordContent {
  return { category: categoryOf('persona').id, mime: personaMime, bytes: encode(persona) }
}

/**
 * Any file as one record, byte for byte: documents for what people read, imaging for DICOM, other for the rest.
 * Nothing is taken out of it; its names stay inside the seal.
 */
export function recordFromFile(bytes: Bytes, mime: string): RecordContent {
  return { category: categoryOf(fileCategory(mime)).id, mime, bytes }
}

/**
 * Reads the FHIR bundle of an opened record.
 * @throws BundleError when it is none.
 */
export function bundleFromBytes(bytes: Bytes): Bundle {
  const bundle = parse(bytes)
  if (!isObject(bundle) || bundle.resourceType !== 'Bundle') throw new BundleError({ reason: 'it is no FHIR bundle' })
  return bundle as unknown as Bundle
}

/**
 * Reads an opened persona.
 * @throws BundleError when it is none, or of another version.
 */
export function personaFromBytes(bytes: Bytes): Persona {
  const persona = parse(bytes)
  const lists = ['entries', 'replacements', 'attachments', 'order']
  if (!isObject(persona) || persona.v !== 1 || !lists.every((name) => Array.isArray(persona[name])))
    throw new BundleError({ reason: 'it is no persona of version 1' })
  return persona as unknown as Persona
}

function fileCategory(mime: string): 'documents' | 'imaging' | 'other' {
  const type = mime.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  if (type === 'application/dicom' || type.startsWith('image/')) return 'imaging'
  const readable = ['application/pdf', 'application/rtf', 'application/msword', 'application/xml', 'application/hl7-v2']
  return type.startsWith('text/') || readable.includes(type) ? 'documents' : 'other'
}

/** JSON without normalisation: a record gives back the letters it was given. */
const encode = (value: Bundle | Persona): Bytes => new TextEncoder().encode(JSON.stringify(value))

function parse(bytes: Bytes): unknown {
  try {
    return JSON.parse(fromUtf8(bytes))
  } catch (cause) {
    throw new BundleError({ reason: 'it is no JSON', cause })
  }
}

function isObject(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
