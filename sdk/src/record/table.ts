/**
 * The 32 categories. A category is what a grant can name: a kind of record where nothing in it is sensitive, and from
 * 19 to 28 what is, by the reason (docs/spec/labels.md).
 */
export const categories = [
  { id: 0, name: 'summary', title: 'Summary', label: 'general' },
  { id: 1, name: 'conditions', title: 'Conditions', label: 'general' },
  { id: 2, name: 'medications', title: 'Medications', label: 'general' },
  { id: 3, name: 'laboratory', title: 'Laboratory', label: 'general' },
  { id: 4, name: 'vital-signs', title: 'Vital signs', label: 'general' },
  { id: 5, name: 'immunizations', title: 'Immunizations', label: 'general' },
  { id: 6, name: 'allergies', title: 'Allergies', label: 'general' },
  { id: 7, name: 'procedures', title: 'Procedures', label: 'general' },
  { id: 8, name: 'imaging', title: 'Imaging', label: 'general' },
  { id: 9, name: 'encounters', title: 'Encounters', label: 'general' },
  { id: 10, name: 'documents', title: 'Documents', label: 'general' },
  { id: 11, name: 'care-plans', title: 'Care plans', label: 'general' },
  { id: 12, name: 'claims', title: 'Claims', label: 'general' },
  { id: 13, name: 'social-history', title: 'Social history and surveys', label: 'general' },
  { id: 14, name: 'devices', title: 'Devices and supplies', label: 'general' },
  { id: 15, name: 'family-history', title: 'Family history', label: 'general' },
  { id: 16, name: 'orders', title: 'Orders and appointments', label: 'general' },
  { id: 17, name: 'directives', title: 'Directives', label: 'general' },
  { id: 18, name: 'genomics', title: 'Genomics', label: 'general' },
  { id: 19, name: 'mental-health', title: 'Mental health', label: 'mental-health' },
  { id: 20, name: 'mental-health-notes', title: 'Mental health: visits and notes', label: 'mental-health' },
  { id: 21, name: 'substance-use', title: 'Alcohol and drugs', label: 'substance-use' },
  { id: 22, name: 'substance-use-notes', title: 'Alcohol and drugs: visits and notes', label: 'substance-use' },
  { id: 23, name: 'genetic', title: 'Genetics', label: 'genetic' },
  { id: 24, name: 'genetic-notes', title: 'Genetics: visits and notes', label: 'genetic' },
  { id: 25, name: 'sexual-health', title: 'Sexual health', label: 'sexual-health' },
  { id: 26, name: 'sexual-health-notes', title: 'Sexual health: visits and notes', label: 'sexual-health' },
  { id: 27, name: 'restricted', title: 'Especially confidential', label: 'restricted' },
  { id: 28, name: 'very-restricted', title: 'Most confidential of all', label: 'very-restricted' },
  { id: 29, name: 'administration', title: 'Administration', label: 'general' },
  { id: 30, name: 'persona', title: 'Identity', label: 'general' },
  { id: 31, name: 'other', title: 'Other', label: 'general' },
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
