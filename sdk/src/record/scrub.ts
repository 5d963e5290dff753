import type { FhirResource } from 'fhir/r4.js'
import { type Json, mapResource } from './bundle.ts'
import type { Identity } from './identity.ts'

/** One word that was taken out of the parts, and what stands there instead. */
export type Replacement = { readonly placeholder: string; readonly value: string }

/** Content that cannot be searched for an identity, so it leaves the parts: an image, a PDF. */
export type MovedAttachment = { readonly id: string; readonly data: string }

/** The pseudonymous patient of every part: the same id everywhere, so that it names nobody. */
export const stubId = '00000000-0000-4000-8000-000000000000'
/** How parts refer to that patient. */
export const stubUrl = `urn:uuid:${stubId}`

/** Fields whose strings are codes of others, never about one person. */
const coded = new Set(['resourceType', 'system', 'code', 'contentType', 'language', 'unit', 'status'])
/** Fields that hold addresses of things: only numbers are replaced there. */
const addressed = new Set(['id', 'url', 'fullUrl', 'reference'])
const maskedExtension = { url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'masked' }

/** Takes an identity out of resources, one after the other, and remembers what stood where. */
export type Scrubber = {
  scrub(resource: FhirResource): FhirResource
  readonly replacements: readonly Replacement[]
  readonly attachments: readonly MovedAttachment[]
}

/**
 * Makes a scrubber.
 * @param marker a word that stands in no placeholder-like text of the bundle, so that putting back is exact.
 * @param isPatient says whether a reference means the patient.
 */
export function createScrubber(
  { numbers, names }: Identity,
  { marker, isPatient }: { readonly marker: string; readonly isPatient: (reference: string) => boolean },
): Scrubber {
  const placeholders = new Map<string, string>()
  const attachments: MovedAttachment[] = []
  const placeholderOf = (value: string): string => {
    const known = placeholders.get(value) ?? `[${marker}:${placeholders.size + 1}]`
    placeholders.set(value, known)
    return known
  }
  const everywhere = matcher(numbers)
  const inText = matcher([...numbers, ...names])
  const readable = (text: string) => (inText ? text.replace(inText, placeholderOf) : text)

  const onText = (text: string, key: string): string => {
    if (coded.has(key)) return text
    if (key === 'reference' && isPatient(text)) return stubUrl
    if (!addressed.has(key)) return key === 'data' ? text : readable(text)
    return everywhere ? text.replace(everywhere, placeholderOf) : text
  }
  const onObject = (object: { readonly [key: string]: Json }): { readonly [key: string]: Json } => {
    const { data, ...rest } = object
    if (typeof data !== 'string') return object
    // Only attachments and binaries name a content type; other data is sampled numbers.
    if (typeof object.contentType !== 'string') return { ...object, data: readable(data) }
    const text = base64ToText(data)
    if (text !== undefined) return { ...object, data: textToBase64(readable(text)) }
    const id = `persona-${attachments.length + 1}`
    attachments.push({ id, data })
    return { ...rest, _data: { id, extension: [maskedExtension] } }
  }
  return {
    scrub: (resource) => mapResource(resource, onText, onObject),
    get replacements() {
      return [...placeholders].map(([value, placeholder]) => ({ placeholder, value }))
    },
    attachments,
  }
}

/** Puts an identity back into a resource of a part. */
export function restore(
  resource: FhirResource,
  kept: {
    readonly replacements: readonly Replacement[]
    readonly attachments: readonly MovedAttachment[]
    readonly patientUrl: string
  },
): FhirResource {
  const values = new Map(kept.replacements.map(({ placeholder, value }) => [placeholder, value]))
  const pattern = matcher([...values.keys()], literal)
  const put = (text: string) => (pattern ? text.replace(pattern, (found) => values.get(found) ?? found) : text)
  const onText = (text: string, key: string): string => {
    if (key === 'reference' && text === stubUrl) return kept.patientUrl
    return key === 'data' ? text : put(text)
  }
  const onObject = (object: { readonly [key: string]: Json }): { readonly [key: string]: Json } => {
    const { data, _data, ...rest } = object
    if (typeof data === 'string') {
      const text = typeof object.contentType === 'string' ? base64ToText(data) : undefined
      return { ...object, data: text === undefined ? put(data) : textToBase64(put(text)) }
    }
    const id = typeof _data === 'object' && _data !== null && 'id' in _data ? _data.id : undefined
    const moved = kept.attachments.find((attachment) => attachment.id === id)
    return moved === undefined ? object : { ...rest, data: moved.data }
  }
  return mapResource(resource, onText, onObject)
}

/** A pattern of all words, longest first; nothing to look for is no pattern. */
function matcher(words: readonly string[], patternOf = wholeWord): RegExp | undefined {
  if (words.length === 0) return undefined
  const longestFirst = [...words].sort((a, b) => b.length - a.length)
  return new RegExp(longestFirst.map(patternOf).join('|'), 'gu')
}

const literal = (word: string): string => word.replace(/[.*+?^${}()|[\]\\/]/gu, '\\$&')

/** Scripts without capitals (letters of kind Lo) do not all set spaces between words: there any place counts. */
function wholeWord(word: string): string {
  return /\p{Lo}/u.test(word) ? literal(word) : `(?<![\\p{L}\\p{N}])${literal(word)}(?![\\p{L}\\p{N}])`
}

/** The text in base64, or nothing when it is not text: no UTF-8, or with NUL in it. */
export function base64ToText(data: string): string | undefined {
  try {
    const bytes = Uint8Array.from(atob(data), (char) => char.charCodeAt(0))
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    return text.includes('\0') ? undefined : text
  } catch {
    return undefined
  }
}

function textToBase64(text: string): string {
  const bytes = new TextEncoder().encode(text)
  let binary = ''
  for (let at = 0; at < bytes.length; at += 8192) binary += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return btoa(binary)
}
