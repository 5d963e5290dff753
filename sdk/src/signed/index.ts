/**
 * Signed objects: CBOR `[payload, signer, signature]`, the form in which manifests, placements, key headers, capsules
 * and directory entries are stored. The signature is EIP-712 over the payload's hash, so a wallet can make it.
 *
 * Format: docs/spec/encoding.md.
 * @module
 */
export {
  type ObjectKind,
  type ObjectSigner,
  openObject,
  type SignedObject,
  SignedObjectError,
  type StoredTypedData,
  signObject,
  storedTypedData,
} from './signed.ts'
