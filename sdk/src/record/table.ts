import type { CategoryName } from './categories.ts'

/** Rows of a table: each category with what belongs to it. */
function table(rows: { readonly [name in CategoryName]?: readonly string[] }): ReadonlyMap<string, CategoryName> {
  return new Map(
    Object.entries(rows).flatMap(([name, keys]) => keys.map((key) => [key, name as CategoryName] as const)),
  )
}

/**
 * FHIR R4 resource types whose category needs no code. A type that is not here is `other`; Observation,
 * DiagnosticReport and Composition go by code. The same table stands in docs/spec/record.md.
 */
export const resourceTypes = table({
  conditions: ['Condition', 'ClinicalImpression', 'AdverseEvent', 'DetectedIssue', 'RiskAssessment', 'BodyStructure'],
  medications: [
    'Medication',
    'MedicationRequest',
    'MedicationStatement',
    'MedicationAdministration',
    'MedicationDispense',
  ],
  laboratory: ['Specimen'],
  immunizations: ['Immunization', 'ImmunizationEvaluation', 'ImmunizationRecommendation'],
  allergies: ['AllergyIntolerance'],
  procedures: ['Procedure'],
  imaging: ['ImagingStudy', 'Media'],
  encounters: ['Encounter', 'EpisodeOfCare', 'Flag'],
  documents: ['DocumentReference', 'DocumentManifest', 'Binary', 'Communication'],
  'care-plans': ['CarePlan', 'CareTeam', 'Goal', 'NutritionOrder'],
  claims: [
    'Account',
    'ChargeItem',
    'Claim',
    'ClaimResponse',
    'Coverage',
    'CoverageEligibilityRequest',
    'CoverageEligibilityResponse',
    'ExplanationOfBenefit',
    'Invoice',
    'PaymentNotice',
    'PaymentReconciliation',
  ],
  'social-history': ['QuestionnaireResponse'],
  devices: ['Device', 'DeviceMetric', 'DeviceRequest', 'DeviceUseStatement', 'SupplyDelivery', 'SupplyRequest'],
  'family-history': ['FamilyMemberHistory'],
  orders: [
    'Appointment',
    'AppointmentResponse',
    'CommunicationRequest',
    'RequestGroup',
    'ServiceRequest',
    'Task',
    'VisionPrescription',
  ],
  directives: ['Consent', 'Contract'],
  genomics: ['MolecularSequence'],
  administration: [
    'AuditEvent',
    'Endpoint',
    'Group',
    'HealthcareService',
    'List',
    'Location',
    'Organization',
    'OrganizationAffiliation',
    'Practitioner',
    'PractitionerRole',
    'Provenance',
  ],
  persona: ['Patient', 'Person', 'RelatedPerson'],
})

/** Codes of Observation.category (HL7 observation-category). */
export const observationCodes = table({
  laboratory: ['laboratory'],
  'vital-signs': ['vital-signs'],
  imaging: ['imaging'],
  procedures: ['procedure', 'exam', 'therapy', 'activity'],
  'social-history': ['social-history', 'survey'],
})

/** Codes of DiagnosticReport.category (HL7 v2-0074) and of the US Core note types (LOINC). */
export const diagnosticReportCodes = table({
  laboratory: ['LAB', 'BLB', 'CH', 'CP', 'HM', 'IMM', 'MB', 'MCB', 'MYC', 'PAR', 'SP', 'SR', 'TX', 'VR', 'LP7839-6'],
  imaging: ['RAD', 'CT', 'CUS', 'NMR', 'NMS', 'OUS', 'RUS', 'RX', 'VUS', 'XRC', 'LP29684-5'],
  procedures: ['EC', 'EN', 'CTH', 'PF', 'LP29708-2'],
  genomics: ['GE', 'CG'],
  documents: ['11488-4', '11506-3', '18842-5', '28570-0', '34117-2', '34133-9', '51847-2'],
})

/** LOINC codes of the FHIR vital signs profiles, for observations without category. */
export const vitalSigns: ReadonlySet<string> = new Set([
  '2708-6',
  '29463-7',
  '39156-5',
  '8302-2',
  '8310-5',
  '8462-4',
  '8480-6',
  '85353-1',
  '85354-9',
  '8867-4',
  '9279-1',
  '9843-4',
  '59408-5',
])
