import type { Bundle, Coding } from 'fhir/r4.js'
import { type Category, type CategoryName, categories } from './table.ts'

/** Why something is handled with more care than the rest, in the words of the tables; `general` where nothing is. */
export const labels = [
  { name: 'general', title: 'Nothing sensitive' },
  { name: 'mental-health', title: 'Mental health' },
  { name: 'substance-use', title: 'Alcohol and drugs' },
  { name: 'genetic', title: 'Genetics' },
  { name: 'sexual-health', title: 'Sexual health' },
  { name: 'restricted', title: 'Especially confidential' },
  { name: 'very-restricted', title: 'Most confidential of all' },
] as const

/** The name of a label. */
export type Label = (typeof labels)[number]['name']
/** A label that says something. */
export type Reason = Exclude<Label, 'general'>

/** What is known about one resource: reasons, and whether somebody says it is confidential without saying why. */
export type Findings = {
  readonly reasons: ReadonlySet<Reason>
  /** Confidentiality R. Explained by any reason. */
  readonly restricted: boolean
  /** HL7 `BH`. Explained by mental health or substance use. */
  readonly behavioral: boolean
}

/**
 * The one label of a resource. It is never below what any single finding asks for: several reasons at once, or a
 * confidentiality that nothing explains, are `restricted`, which a grant of one reason does not open.
 */
export function labelOf({ reasons, restricted, behavioral }: Findings): Label {
  if (reasons.has('very-restricted')) return 'very-restricted'
  const explained = reasons.has('mental-health') || reasons.has('substance-use')
  const [first, ...others] = reasons
  if (others.length > 0 || (behavioral && !explained)) return 'restricted'
  return first ?? (restricted ? 'restricted' : 'general')
}

/** Kinds whose sensitive part is about visits, notes and bills, not about findings and treatment. */
const papers: ReadonlySet<CategoryName> = new Set<CategoryName>([
  ...([
    'summary',
    'encounters',
    'documents',
    'care-plans',
    'claims',
    'orders',
    'directives',
    'administration',
  ] as const),
  'other',
])

/**
 * The category of what is of one kind and has one label (docs/spec/labels.md#categories). Who the patient is stays
 * `persona` whatever else it is.
 */
export function labelled(kind: CategoryName, label: Label): CategoryName {
  if (kind === 'persona') return kind
  switch (label) {
    case 'general':
      return kind
    case 'restricted':
    case 'very-restricted':
      return label
    default:
      return papers.has(kind) ? `${label}-notes` : label
  }
}

const actCode = 'http://terminology.hl7.org/CodeSystem/v3-ActCode'
const confidentiality = 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality'

/** The HL7 code of each label that has one: here, in consents and in what other systems write. */
export const hl7Codes = {
  'mental-health': { system: actCode, code: 'PSY' },
  'substance-use': { system: actCode, code: 'ETH' },
  genetic: { system: actCode, code: 'GDIS' },
  'sexual-health': { system: actCode, code: 'SEX' },
} as const

/** What stands in `meta.security` of a part: the reason, and how confidential it is. Nothing where nothing is sensitive. */
export function securityOf(label: Label): Coding[] {
  if (label === 'general') return []
  const level = { system: confidentiality, code: label === 'very-restricted' ? 'V' : 'R' }
  return label === 'restricted' || label === 'very-restricted' ? [level] : [hl7Codes[label], level]
}

/** The label that a part carries, in the words of {@link securityOf}; `general` where it carries none of ours. */
export function labelOfPart(part: Bundle): Label {
  const security: unknown = part.meta?.security ?? []
  const carried = JSON.stringify(Array.isArray(security) ? security : [])
  return labels.find(({ name }) => JSON.stringify(securityOf(name)) === carried)?.name ?? 'general'
}

/** Ids of the categories of a label: what a grant of "mental health" names. */
export function categoriesOf(label: Label): number[] {
  return categories.filter((one) => one.label === label).map(({ id }) => id)
}

/** The label of what stands in a category; ids out of range have none. */
export function categoryLabel(id: number): Label {
  return categories.find((one: Category) => one.id === id)?.label ?? 'general'
}
