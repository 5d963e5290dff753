import { type ConsentDraft, codeSystems, FhirConsentError, urns } from './consent.ts'
import { readProvision } from './consent-provision.ts'
import { type Known, nameOf, whoIs } from './consent-who.ts'
import { Element } from './element.ts'

const head = [
  ...(['resourceType', 'identifier', 'status', 'scope', 'category', 'patient', 'dateTime', 'performer'] as const),
  ...(['organization', 'sourceAttachment', 'sourceReference', 'policy', 'policyRule', 'provision'] as const),
] as const
/** Fields that say nothing about what is permitted to whom. */
const told = ['meta', 'text', 'language']

const categories = [
  `${codeSystems.loinc}|59284-0`,
  `${codeSystems.loinc}|64292-6`,
  `${codeSystems.sensitivity}|INFA`,
  `${codeSystems.sensitivity}|INFAO`,
]

/**
 * Reads a FHIR R4 Consent as the consents that mean exactly the same (docs/spec/fhir-consent.md#in): one for each
 * grantee and record.
 * @param known what names in it mean; a name that nobody explains is refused.
 * @throws FhirConsentError which names every element that no consent of ours can hold.
 * @example
 * const drafts = consentFromFhir(JSON.parse(text), { networkId, pseudonym, provider })
 */
export function consentFromFhir(resource: unknown, known: Known): readonly ConsentDraft[] {
  const consent = new Element(resource, 'Consent')
  const fields = consent.fields(head, told)
  if (fields.resourceType?.value !== 'Consent') throw new FhirConsentError({})
  checkIdentifiers(fields.identifier, known)
  expect(consent, fields.status, 'status', (status) => (status.text() === 'active' ? undefined : 'it is not in force'))
  expect(consent, fields.scope, 'scope', (scope) => oneOf(scope, [`${codeSystems.scope}|patient-privacy`]))
  expect(consent, fields.category, 'category', (list) => {
    for (const item of list.items()) complain(item, oneOf(item, categories))
  })
  expect(consent, fields.patient, 'patient', (patient) => isPatient(patient, known))
  for (const item of fields.performer?.items() ?? []) complain(item, isPatient(item, known, 'another person gave it'))
  for (const item of fields.organization?.items() ?? []) complain(item, isProvider(item, known))
  checkPolicies(consent, fields, known)
  const drafts = fields.provision
    ? readProvision(fields.provision, known)
    : consent.missing('provision', 'it permits nothing that has a name')
  if (consent.refused.length > 0 || drafts === undefined) throw new FhirConsentError({ refused: consent.refused })
  return drafts
}

/** Looks at a field that has to be there, and refuses it for the reason found. */
function expect(
  parent: Element,
  field: Element | undefined,
  name: string,
  reasonAgainst: (element: Element) => string | undefined,
): void {
  if (field) complain(field, reasonAgainst(field))
  else parent.missing(name, 'it is not there')
}

function complain(element: Element, reason: string | undefined): void {
  if (reason !== undefined) element.refuse(reason)
}

function oneOf(element: Element, allowed: readonly string[]): string | undefined {
  const codes = element.codes()
  return codes.some((code) => allowed.includes(code))
    ? undefined
    : `${codes.join(', ').slice(0, 160) || 'it'} is another matter`
}

function isPatient(reference: Element, known: Known, reason = 'it is somebody else, or nobody known here') {
  const name = nameOf(reference)
  return name === undefined || whoIs(name, known) === 'patient' ? undefined : reason
}

function isProvider(reference: Element, known: Known): string | undefined {
  const name = nameOf(reference)
  const who = name === undefined ? undefined : whoIs(name, known)
  const same =
    typeof who === 'object' && who.kind === 'organization' && who.organization === known.provider.toLowerCase()
  return name === undefined || same ? undefined : 'it is not the provider whose records are granted'
}

/** A consent that was written out here names its network. */
function checkIdentifiers(identifiers: Element | undefined, { networkId }: Known): void {
  for (const item of identifiers?.items() ?? []) {
    const { system, value } = item.fields(['system', 'value'], ['use', 'type', 'period', 'assigner'])
    if (system?.value === urns.network && value?.value !== networkId.toLowerCase())
      item.refuse('it is a consent of another network')
  }
}

function checkPolicies(
  consent: Element,
  fields: { readonly policy?: Element | undefined; readonly policyRule?: Element | undefined },
  { policies = [] }: Known,
): void {
  fields.policyRule?.refuse('a rule beside the provisions says more than they do')
  if (!fields.policy && !fields.policyRule) consent.missing('policy', 'it is not there')
  for (const item of fields.policy?.items() ?? []) {
    const { uri } = item.fields(['uri'])
    if (!uri) item.missing('uri', 'it is not there')
    else if (uri.value !== urns.policy && !policies.includes(uri.text() ?? ''))
      uri.refuse('what this policy says is not known here')
  }
}
