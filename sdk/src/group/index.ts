/**
 * The group G = ristretto255 (RFC 9496): checked decoding, scalars, hash-to-scalar, Lagrange coefficients, Feldman
 * commitments and Schnorr proofs of possession; and bytewise interpolation in GF(2^8). `release` stands on it, SLIP-39
 * words do; `search` will.
 *
 * JavaScript bigints do not run in constant time, so a process that holds a share runs no foreign code.
 * Formulas and vectors: docs/spec/release.md.
 * @module
 */
export { type BytePoint, interpolateBytes } from './gf256.ts'
export {
  basePoint,
  decodePoint,
  decodeScalar,
  encodePoint,
  encodeScalar,
  hashToPoint,
  hashToScalar,
  type Point,
  PointError,
  pointLength,
  randomScalar,
  ScalarError,
  scalarField,
  scalarLength,
} from './group.ts'
export { evaluateCommitment, interpolatePoints, isShareOf, lagrange } from './lagrange.ts'
export { checkPossession, PossessionError, possessionLength, provePossession } from './pok.ts'
