/**
 * Release: how k of h key nodes give one reader the key of one record, and nobody on the way learns it.
 *
 * A TDH2 threshold KEM (Shoup, Gennaro 1998) on ristretto255 whose key no single node knows; answers addressed to
 * the reader's fresh key with a proof that anyone checks; and the key header that carries a record's wraps. What a
 * node checks before it answers is docs/spec/key-node.md; the cryptography and the formats are docs/spec/release.md.
 * @module
 */

export {
  type CeremonyResult,
  type CeremonyTerms,
  ceremonySession,
  dealtShare,
  drawPolynomial,
  openShare,
  ownShare,
  packageOf,
  resultOf,
  sealShare,
  type Way,
} from './ceremony.ts'
export {
  CeremonyError,
  checkDealt,
  checkPackage,
  type Frame,
  judge,
  type Package,
  type Verdict,
} from './ceremony-checks.ts'
export { type Combined, type Committee, combine, QuorumError, type Refusal } from './combine.ts'
export {
  type DkgKey,
  type DkgMember,
  type DkgOptions,
  type DkgSession,
  type DkgShare,
  type DkgUse,
  dkgSession,
  round1Hash,
  startDkg,
  transcriptHash,
} from './dkg.ts'
export { DkgError } from './dkg-checks.ts'
export {
  type EmergencyParts,
  type EmergencyRecipients,
  type HandedPart,
  officersKeyId,
  openHandedPart,
  openOfficersPart,
  sealOfficersPart,
} from './emergency.ts'
export {
  checkFrostShare,
  commitFrost,
  type FrostCommitment,
  FrostError,
  type FrostGroup,
  type FrostNonces,
  frostSignatureLength,
  joinFrost,
  sameCommitment,
  signFrost,
  verifyFrost,
} from './frost.ts'
export {
  consentCiphertext,
  emergencyOf,
  encodeKeyHeader,
  type KeyHeader,
  KeyHeaderError,
  parseKeyHeader,
  type SignedKeyHeader,
  secondKeyOf,
  unwrapW0,
  unwrapW1,
  unwrapW3,
  wrapDek,
} from './key-header.ts'
export {
  decodePartial,
  encodePartial,
  type Partial,
  PartialError,
  partial,
  partialHash,
  partialLength,
  type Statement,
  verifyPartial,
} from './partial.ts'
export {
  type Answer,
  checkReader,
  createReaderKey,
  openAnswer,
  type ReaderKey,
  ReaderKeyError,
  type ReaderPublic,
  readerKeyHash,
  readerProof,
  sealAnswer,
} from './reader.ts'
export {
  combineSecondKey,
  dealSecondKey,
  openSecondShare,
  type SecondKey,
  SecondKeyError,
  type SecondKeyMembers,
  type SecondShare,
  secondShareHash,
} from './second-key.ts'
export {
  type Ciphertext,
  CiphertextError,
  checkCiphertext,
  ctHash,
  decodeCiphertext,
  encaps,
  encodeCiphertext,
  finish,
  wrapLabel,
} from './tdh2.ts'
