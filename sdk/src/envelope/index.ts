/**
 * Envelopes: what is sealed to one recipient, and the wrap of a record's data key.
 *
 * Every envelope is HPKE (RFC 9180, base mode) with the X-Wing KEM, HKDF-SHA256 and AES-256-GCM: a recorder of
 * today's traffic who owns a quantum computer later still has to break X25519 *and* ML-KEM-768. Base mode does not
 * say who sealed, so every envelope travels inside something its sender signs. Format and vectors:
 * docs/spec/envelope.md.
 * @module
 */
export {
  type Capsule,
  CapsuleError,
  type CapsulePurpose,
  openCapsule,
  parseCapsule,
  sealCapsule,
} from './capsule.ts'
export {
  type Envelope,
  EnvelopeError,
  encLength,
  exportFrom,
  exportTo,
  openFrom,
  type Purpose,
  publicKeyLength,
  publicKeyOf,
  type SealContext,
  sealTo,
  seedLength,
} from './hpke.ts'
export {
  encodeWrapContext,
  hybridSuite,
  kek,
  keyIdOf,
  type Suite,
  suite,
  symmetricKeyIdOf,
  unwrap,
  unwrapPatient,
  type Wrap,
  type WrapContext,
  WrapError,
  type WrapKind,
  type WrappedRecord,
  wrap,
  wrapLength,
  wrapPatient,
} from './wrap.ts'
