import { BundleError, type Json } from './bundle.ts'
import type { Reason } from './sensitivity.ts'
import { drugNames, securityCodes, systems, valueSets } from './value-sets.ts'

/** What one resource says about its own sensitivity, and what it leads to. */
export type Said = {
  readonly reasons: Set<Reason>
  readonly restricted: boolean
  readonly behavioral: boolean
  /** References whose target's reasons are this resource's too. */
  readonly follows: readonly string[]
  /** Names of what made it sensitive, by reason: other resources that speak of them are sensitive as well. */
  readonly terms: ReadonlyMap<Reason, readonly string[]>
  /** All that people read in it. */
  readonly text: string
}

/** Deepest nesting that is walked; as {@link mapResource}. */
const maxDepth = 200
/** Shorter names of codes would be found inside other words. */
const shortestTerm = 6

/** Fields whose reference says why something was done, or what it consists of. */
const reasonFields = new Set([
  ...['reasonReference', 'addresses', 'condition', 'diagnosisReference', 'medicationReference', 'prescription'],
  ...['result', 'hasMember', 'derivedFrom', 'basedOn', 'problem', 'manifestation', 'finding', 'outcomeReference'],
])
/** Strings that name things and tell nobody anything. */
const unread = new Set(['id', 'url', 'fullUrl', 'reference', 'system', 'code', 'contentType', 'data', 'resourceType'])

const codeSystems = {
  action: [
    'http://terminology.hl7.org/CodeSystem/v3-ActCode',
    'http://hl7.org/fhir/v3/ActCode',
    'urn:oid:2.16.840.1.113883.5.4',
  ],
  confidentiality: [
    'http://terminology.hl7.org/CodeSystem/v3-Confidentiality',
    'http://hl7.org/fhir/v3/Confidentiality',
    'urn:oid:2.16.840.1.113883.5.25',
  ],
} as const
/** HL7 DS4P: a label on one element of a resource. */
const inlineLabel = 'http://hl7.org/fhir/uv/security-label-ds4p/StructureDefinition/extension-inline-sec-label'

type Codes = ReadonlyMap<string, Reason>
const exact: ReadonlyMap<string, Codes> = new Map(
  Object.entries(systems).flatMap(([name, urls]) => {
    const of = valueSets.filter(({ system }) => system === name)
    const codes = new Map(of.flatMap(({ label, codes }) => codes.map((code) => [code, label] as const)))
    return urls.map((url) => [url, codes] as const)
  }),
)
const icd: ReadonlySet<string> = new Set(systems['ICD-10-CM'])
const icdRows = valueSets
  .filter(({ system }) => system === 'ICD-10-CM')
  .flatMap(({ label, codes }) => codes.map((code) => ({ label, code })))

/** Why a code is sensitive; undefined where the tables do not know it. */
export function reasonOfCode(system: string, code: string): Reason | undefined {
  if (!icd.has(system)) return exact.get(system)?.get(code)
  const plain = code.toUpperCase()
  return icdRows.find((row) => isUnder(plain, row.code))?.label
}

/** Whether an ICD-10-CM code is the row's code, below it, or in its range of categories. */
function isUnder(code: string, row: string): boolean {
  const [first = '', last] = row.split('-')
  if (last !== undefined) return code.slice(0, 3) >= first && code.slice(0, 3) <= last
  return code.replace('.', '').startsWith(first.replace('.', ''))
}

const drugs = drugNames.map(({ label, names }) => ({ label, pattern: wholeWords(names) }))

/** A pattern that finds any of the words, whatever their case. */
export function wholeWords(words: readonly string[]): RegExp {
  const literal = words.map((word) => word.replace(/[.*+?^${}()|[\]\\/]/gu, '\\$&'))
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${literal.join('|')})(?![\\p{L}\\p{N}])`, 'iu')
}

/**
 * Reads a resource, or the `meta` of a bundle, for what makes it sensitive.
 * @param kind its kind of record: names of drugs count in medications alone, and a document is about its whole visit.
 * @throws BundleError when it is nested too deeply.
 */
export function findIn(resource: unknown, kind: string, decode: (data: string) => string | undefined): Said {
  const finder = new Finder(kind, decode)
  finder.walk(resource as Json, { key: '', depth: 0, secured: false })
  return finder.said()
}

type At = { readonly key: string; readonly depth: number; readonly secured: boolean }
type Fields = { readonly [key: string]: Json }

class Finder {
  readonly #kind: string
  readonly #decode: (data: string) => string | undefined
  readonly #reasons = new Set<Reason>()
  readonly #terms = new Map<Reason, string[]>()
  readonly #follows: string[] = []
  readonly #texts: string[] = []
  #restricted = false
  #behavioral = false

  constructor(kind: string, decode: (data: string) => string | undefined) {
    this.#kind = kind
    this.#decode = decode
    if (kind === 'genomics') this.#reasons.add('genetic')
  }

  said(): Said {
    return {
      reasons: this.#reasons,
      restricted: this.#restricted,
      behavioral: this.#behavioral,
      follows: this.#follows,
      terms: this.#terms,
      text: this.#texts.join('\n'),
    }
  }

  walk(value: Json, at: At): void {
    if (at.depth > maxDepth) throw new BundleError({ reason: 'it is nested too deeply' })
    if (typeof value === 'string') this.#text(value, at)
    else if (Array.isArray(value))
      for (const item of value as readonly Json[]) this.walk(item, { ...at, depth: at.depth + 1 })
    else if (value !== null && typeof value === 'object') this.#object(value as Fields, at)
  }

  #object(fields: Fields, at: At): void {
    this.#coding(fields, at)
    this.#reference(fields, at)
    const { data, contentType, url } = fields
    const decoded = typeof data === 'string' && typeof contentType === 'string' ? this.#decode(data) : undefined
    if (decoded !== undefined) this.#texts.push(decoded)
    const secured = at.secured || url === inlineLabel
    for (const [key, field] of Object.entries(fields)) {
      const security = secured || key === 'security' || (key === 'securityLabel' && 'content' in fields)
      this.walk(field, { key, depth: at.depth + 1, secured: security })
    }
  }

  #text(text: string, { key }: At): void {
    if (key === 'confidentiality') this.#confidential(text)
    if (unread.has(key)) return
    this.#texts.push(text)
    if (this.#kind !== 'medications') return
    for (const { label, pattern } of drugs) if (pattern.test(text)) this.#found(label, text)
  }

  #coding({ system, code, display }: Fields, { secured }: At): void {
    if (typeof code !== 'string') return
    if (secured) this.#security(system, code)
    const reason = typeof system === 'string' ? reasonOfCode(system, code) : undefined
    if (reason !== undefined) this.#found(reason, typeof display === 'string' ? display : '')
  }

  #security(system: Json | undefined, code: string): void {
    const of = (systems: readonly string[]) => system === undefined || systems.some((one) => one === system)
    if (of(codeSystems.confidentiality)) this.#confidential(code)
    if (!of(codeSystems.action)) return
    const reason = securityCodes.get(code)
    if (reason !== undefined) this.#reasons.add(reason)
    if (code === 'BH') this.#behavioral = true
  }

  #confidential(code: string): void {
    if (code === 'V') this.#reasons.add('very-restricted')
    if (code === 'R') this.#restricted = true
  }

  #reference({ reference }: Fields, { key }: At): void {
    if (typeof reference !== 'string') return
    if (reasonFields.has(key) || (key === 'encounter' && this.#kind === 'documents')) this.#follows.push(reference)
  }

  #found(reason: Reason, term: string): void {
    this.#reasons.add(reason)
    if (term.trim().length >= shortestTerm) this.#terms.set(reason, [...(this.#terms.get(reason) ?? []), term.trim()])
  }
}
