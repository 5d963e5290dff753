import type { Consent, ConsentProvision, Reference } from 'fhir/r4.js'
import {
  type ConsentDraft,
  type ConsentFrame,
  type ConsentGrantee,
  codeSystems,
  FhirConsentError,
  forever,
  type PermitDraft,
  urns,
} from './consent.ts'
import { labelCodings } from './consent-labels.ts'
import { toDateTime } from './consent-time.ts'

/**
 * A consent of ours as FHIR R4 Consent by IHE PCF (docs/spec/fhir-consent.md#out). The same consent is always the same
 * resource; {@link consentFromFhir} reads it back as it was.
 * @throws FhirConsentError when it ends after the year 9999, and not never.
 * @example
 * const file = JSON.stringify(consentToFhir(draft, { networkId, pseudonym, provider, key, decidedAt }))
 */
export function consentToFhir(
  draft: ConsentDraft,
  frame: ConsentFrame,
  { display }: { readonly display?: string | undefined } = {},
): Consent {
  const patient = identified('Patient', urns.pseudonym, frame.pseudonym)
  const profile = draft.recordId ? 'Intermediate' : draft.kind === 'deny' ? 'Basic' : 'Advanced'
  return {
    resourceType: 'Consent',
    // A FHIR id has at most 64 signs: the key's very length.
    id: frame.key.slice(2),
    meta: { profile: [`https://profiles.ihe.net/ITI/PCF/StructureDefinition/IHE.PCF.consent${profile}`] },
    identifier: [
      { system: urns.consent, value: frame.key },
      { system: urns.network, value: frame.networkId },
    ],
    status: 'active',
    scope: { coding: [{ system: codeSystems.scope, code: 'patient-privacy' }] },
    category: [{ coding: [{ system: codeSystems.loinc, code: '59284-0' }] }],
    patient,
    dateTime: written(frame.decidedAt, 'Consent.dateTime'),
    performer: [patient],
    organization: [identified('Organization', urns.organization, frame.provider)],
    sourceReference: identified('DocumentReference', urns.consent, frame.key),
    policy: [{ uri: urns.policy }],
    provision: provisionOf(draft, display),
  }
}

function provisionOf(draft: ConsentDraft, display: string | undefined): ConsentProvision {
  const role = { coding: [{ system: codeSystems.participation, code: 'IRCP' }] }
  const reference = { ...actorOf(draft.grantee), ...(display !== undefined && { display }) }
  const record = draft.recordId && identified(undefined, urns.record, draft.recordId)
  return {
    ...(draft.kind === 'permit' && limitOf(draft)),
    type: draft.kind,
    ...(draft.kind === 'permit' && periodOf(draft)),
    actor: [{ role, reference }],
    ...(draft.kind === 'permit' && {
      ...(!record && { securityLabel: labelCodings(draft.categories) }),
      purpose: draft.purposes.map((code) => ({ system: codeSystems.purpose, code })),
    }),
    ...(record && { data: [{ meaning: 'instance', reference: record }] }),
  }
}

/** Who does not know the limit must not take the permit for one without. */
const limitOf = ({ useLimit }: PermitDraft): Pick<ConsentProvision, 'modifierExtension'> =>
  useLimit === 0 ? {} : { modifierExtension: [{ url: urns.useLimit, valuePositiveInt: useLimit }] }

function periodOf({ from, until }: PermitDraft): Pick<ConsentProvision, 'period'> {
  if (from === 0 && until === forever) return {}
  const start = from === 0 ? {} : { start: written(from, 'Consent.provision.period.start') }
  // FHIR's end is the last moment, ours the first after.
  const end = until === forever ? {} : { end: written(until - 1, 'Consent.provision.period.end') }
  return { period: { ...start, ...end } }
}

function written(second: number, element: string): string {
  const text = toDateTime(second)
  if (text !== undefined) return text
  throw new FhirConsentError({ refused: [{ element, reason: 'FHIR has no time after the year 9999' }] })
}

function actorOf(grantee: ConsentGrantee): Reference {
  switch (grantee.kind) {
    case 'person':
      return identified('Practitioner', urns.account, grantee.account)
    case 'organization':
      return identified('Organization', urns.organization, grantee.organization)
    case 'role':
      return identified('PractitionerRole', urns.role, `${grantee.organization}/${grantee.role}`)
  }
}

const identified = (type: string | undefined, system: string, value: string): Reference => ({
  ...(type !== undefined && { type }),
  identifier: { system, value: value.toLowerCase() },
})
