/** The categories that have a name; 19 to 28 are free. A category is what a grant can name. */
export const categories = [
  { id: 0, name: 'summary', title: 'Summary' },
  { id: 1, name: 'conditions', title: 'Conditions' },
  { id: 2, name: 'medications', title: 'Medications' },
  { id: 3, name: 'laboratory', title: 'Laboratory' },
  { id: 4, name: 'vital-signs', title: 'Vital signs' },
  { id: 5, name: 'immunizations', title: 'Immunizations' },
  { id: 6, name: 'allergies', title: 'Allergies' },
  { id: 7, name: 'procedures', title: 'Procedures' },
  { id: 8, name: 'imaging', title: 'Imaging' },
  { id: 9, name: 'encounters', title: 'Encounters' },
  { id: 10, name: 'documents', title: 'Documents' },
  { id: 11, name: 'care-plans', title: 'Care plans' },
  { id: 12, name: 'claims', title: 'Claims' },
  { id: 13, name: 'social-history', title: 'Social history and surveys' },
  { id: 14, name: 'devices', title: 'Devices and supplies' },
  { id: 15, name: 'family-history', title: 'Family history' },
  { id: 16, name: 'orders', title: 'Orders and appointments' },
  { id: 17, name: 'directives', title: 'Directives' },
  { id: 18, name: 'genomics', title: 'Genomics' },
  { id: 29, name: 'administration', title: 'Administration' },
  { id: 30, name: 'persona', title: 'Identity' },
  { id: 31, name: 'other', title: 'Other' },
] as const

/** One row of {@link categories}. */
export type Category = (typeof categories)[number]
/** The name of a category, as code and CLI use it. */
export type CategoryName = Category['name']

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
