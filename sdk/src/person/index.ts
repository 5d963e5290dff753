/**
 * Person: one random seed per patient, and from it an account, a pseudonym and a key for every provider, none of
 * which can be linked to another's. Nothing here knows a name or an identity number.
 *
 * Derivations, the vault and the patient code: docs/spec/person.md.
 * @module
 */

export { GuardianError } from './code.ts'
export {
  type GuardianCircle,
  guardianAccount,
  guardianCircle,
  guardianCode,
  guardianLetter,
  guardianOf,
  guardianPlaceAt,
  guardianSeedOf,
  openGuardianShare,
  sealGuardianShare,
} from './guardian.ts'
export { type GuardianApproval, type GuardianRequest, guardianApproval, guardianRequest } from './guardian-codes.ts'
export {
  type KitSheet,
  readSheet,
  type ShareFacts,
  shareFacts,
  sheetAdvice,
  wordsBegin,
  wordsEnd,
  writeSheetCode,
} from './kit.ts'
export {
  encodePatientCode,
  type PatientCode,
  PatientCodeError,
  parsePatientCode,
} from './patient-code.ts'
export {
  accountAt,
  type Place,
  PlaceError,
  type PlaceKeys,
  placeKeys,
  pseudonymAt,
  pseudonymOf,
  rhoAt,
  type SelfKey,
  selfKeyAt,
} from './place.ts'
export { RecoveryWordsError } from './slip39/errors.ts'
export { combineWords, type Group, splitWords } from './slip39/slip39.ts'
export {
  createVault,
  journalKeyFromSignature,
  journalMessage,
  newVaultKey,
  openVault,
  type Profile,
  sealVault,
  type Vault,
  VaultError,
  type VaultKeys,
  vaultKeyFromSignature,
  vaultKeys,
  vaultMessage,
} from './vault.ts'
