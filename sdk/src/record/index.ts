/**
 * Record: what becomes a record. A FHIR R4 bundle is cut into one record per category by a published table, so that
 * consent to "laboratory only" has something to bite on; who the patient is goes to a persona of its own. Any other
 * file is one record.
 *
 * Table, splitting and what it does not promise: docs/spec/record.md; what is sensitive, and why: docs/spec/labels.md.
 * @module
 */

export { type AuditedDisclosure, auditBundle, type NamesOf } from './audit-event.ts'
export { type Bundle, BundleError } from './bundle.ts'
export { categoryOf, categoryOfResource } from './categories.ts'
export {
  type ConsentDraft,
  type ConsentGrantee,
  consentPurposes,
  FhirConsentError,
  forever,
  type PermitDraft,
} from './consent.ts'
export { consentFromFhir } from './consent-in.ts'
export { consentToFhir } from './consent-out.ts'
export { categoriesOfMask, draftOfSlot, purposeMask } from './consent-slot.ts'
export type { Known } from './consent-who.ts'
export {
  bundleFromBytes,
  personaFromBytes,
  type RecordContent,
  recordFromFile,
  recordFromPart,
  recordFromPersona,
} from './content.ts'
export { agreedCategoryKey, categoryBit, categoryBits, categoryMask, RecordIdError, recordId } from './ids.ts'
export { categoriesOf, categoryLabel, type Label, labelOfPart, labels } from './sensitivity.ts'
export { joinBundle, type Part, type Persona, patientStub, splitBundle } from './split.ts'
export { type Category, type CategoryName, categories } from './table.ts'
