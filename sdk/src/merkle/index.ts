/**
 * Merkle trees of RFC 9162 section 2.1 over SHA-256: roots, inclusion and consistency proofs, and a root over a stream of leaves.
 *
 * Leaf hash SHA-256(0x00 || leaf), node hash SHA-256(0x01 || left || right). Limits: docs/spec/encoding.md.
 * @module
 */
export {
  createAccumulator,
  createTree,
  MerkleIndexError,
  prove,
  root,
  type Tree,
  verify,
  verifyConsistency,
} from './merkle.ts'
