import type { AuditEvent, AuditEventAgent, AuditEventEntity, Bundle, CodeableConcept, Coding } from 'fhir/r4.js'
import type { Hex } from '../bytes.ts'
import { codeSystems, urns } from './consent.ts'
import { toDateTime } from './consent-time.ts'

/** One disclosure as an audit event tells it. */
export type AuditedDisclosure = {
  readonly requestHash: Hex
  readonly pseudonym: Hex
  readonly recordId: Hex
  readonly reader: Hex
  /** HL7 v3-ActReason. */
  readonly purpose: string
  readonly consentKey: Hex
  readonly organization?: Hex | undefined
  /** Seconds since 1970. */
  readonly at: number
  /** Key nodes that released. */
  readonly released: readonly Hex[]
}

/** What people call somebody or something; undefined where no name is known. */
export type NamesOf = {
  readonly reader?: ((account: Hex) => string | undefined) | undefined
  readonly organization?: ((id: Hex) => string | undefined) | undefined
  readonly record?: ((id: Hex) => string | undefined) | undefined
}

/**
 * Disclosures as a FHIR R4 Bundle of AuditEvent by IHE BALP, profile PatientRead (docs/spec/disclosures.md#fhir). The
 * same disclosures and names are always the same Bundle. The patient is named by the pseudonym only.
 * @example
 * const file = JSON.stringify(auditBundle(disclosures, { networkId }))
 */
export function auditBundle(
  disclosures: readonly AuditedDisclosure[],
  { networkId, names = {} }: { readonly networkId: Hex; readonly names?: NamesOf | undefined },
): Bundle<AuditEvent> {
  return {
    resourceType: 'Bundle',
    type: 'collection',
    entry: disclosures.map((one) => ({
      fullUrl: `${requestUrn}:${one.requestHash}`,
      resource: eventOf(one, { networkId, names }),
    })),
  }
}

const profile = 'https://profiles.ihe.net/ITI/BALP/StructureDefinition/IHE.BasicAudit.PatientRead'
const requestUrn = 'urn:sharewell:request'
const operatorUrn = 'urn:sharewell:operator'
const dicom = 'http://dicom.nema.org/resources/ontology/DCM'
const terminology = 'http://terminology.hl7.org/CodeSystem'

function eventOf(
  disclosure: AuditedDisclosure,
  { networkId, names }: { readonly networkId: Hex; readonly names: NamesOf },
): AuditEvent {
  const { requestHash, at } = disclosure
  return {
    resourceType: 'AuditEvent',
    // A FHIR id has at most 64 signs: the hash's very length.
    id: requestHash.slice(2),
    meta: { profile: [profile] },
    type: { system: `${terminology}/audit-event-type`, code: 'rest', display: 'Restful Operation' },
    subtype: [{ system: 'http://hl7.org/fhir/restful-interaction', code: 'read', display: 'read' }],
    action: 'R',
    recorded: toDateTime(at) ?? '9999-12-31T23:59:59Z',
    outcome: '0',
    purposeOfEvent: [purposeOf(disclosure)],
    agent: agentsOf(disclosure, networkId, names),
    source: {
      observer: { identifier: { system: urns.network, value: networkId }, display: 'Access log of the network' },
      type: [{ system: `${terminology}/security-source-type`, code: '4', display: 'Application Server' }],
    },
    entity: entitiesOf(disclosure, names),
  }
}

const purposeOf = ({ purpose }: AuditedDisclosure): CodeableConcept => ({
  coding: [{ system: codeSystems.purpose, code: purpose }],
})

const typed = (system: string, code: string, display: string): CodeableConcept => ({
  coding: [{ system, code, display }],
})

const named = (display: string | undefined) => (display === undefined ? {} : { display })

function agentsOf(disclosure: AuditedDisclosure, networkId: Hex, names: NamesOf): AuditEventAgent[] {
  const { reader, organization, released, consentKey } = disclosure
  const readerName = names.reader?.(reader)
  return [
    {
      type: typed(codeSystems.participation, 'IRCP', 'information recipient'),
      who: { type: 'Practitioner', identifier: { system: urns.account, value: reader }, ...named(readerName) },
      ...(readerName !== undefined && { name: readerName }),
      requestor: true,
      policy: [`${urns.consent}:${consentKey}`],
      purposeOfUse: [purposeOf(disclosure)],
    },
    {
      type: typed(dicom, '110152', 'Destination Role ID'),
      who: { identifier: { system: urns.account, value: reader } },
      requestor: false,
      // The profile wants it, and nobody here keeps addresses of readers.
      network: {
        extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }],
      },
    },
    {
      type: typed(dicom, '110153', 'Source Role ID'),
      who: { identifier: { system: urns.network, value: networkId }, display: 'Key nodes of the network' },
      requestor: false,
      network: { address: `${urns.network}:${networkId}`, type: '5' },
    },
    ...(organization === undefined
      ? []
      : [
          {
            type: typed(`${terminology}/v3-RoleClass`, 'PROV', 'healthcare provider'),
            who: {
              type: 'Organization',
              identifier: { system: urns.organization, value: organization },
              ...named(names.organization?.(organization)),
            },
            requestor: false,
          },
        ]),
    ...released.map((operator) => ({
      type: typed(dicom, '110150', 'Application'),
      who: { type: 'Device', identifier: { system: operatorUrn, value: operator } },
      requestor: false,
    })),
  ]
}

function entitiesOf({ pseudonym, recordId, requestHash }: AuditedDisclosure, names: NamesOf): AuditEventEntity[] {
  const kind = (code: string, display: string): Coding => ({
    system: `${terminology}/audit-entity-type`,
    code,
    display,
  })
  const role = (code: string, display: string): Coding => ({ system: `${terminology}/object-role`, code, display })
  return [
    {
      what: { type: 'Patient', identifier: { system: urns.pseudonym, value: pseudonym } },
      type: kind('1', 'Person'),
      role: role('1', 'Patient'),
    },
    {
      what: { identifier: { system: urns.record, value: recordId }, ...named(names.record?.(recordId)) },
      type: kind('2', 'System Object'),
      role: role('4', 'Domain Resource'),
    },
    {
      what: { identifier: { system: requestUrn, value: requestHash } },
      type: { system: 'https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType', code: 'XrequestId' },
    },
  ]
}
