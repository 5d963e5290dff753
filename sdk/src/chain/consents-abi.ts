import { parseAbi } from 'viem'
import { consentRegistryAbi as generated } from './abi.ts'

/** The signed consents of `contracts/interfaces/IConsentRegistry.sol`, until `npm run generate` knows them. */
const signed = parseAbi([
  'struct Terms { uint40 from; uint40 until; uint16 purposes; uint32 categories; uint16 useLimit; }',
  'struct Consent { bytes32 granteeId; bytes32 recordId; uint40 from; uint40 until; uint16 purposes; uint32 categories; uint16 useLimit; }',
  'struct Authorization { uint256 nonce; uint40 signedAt; uint40 deadline; bytes signature; }',
  'function grantMany(bytes32 pseudonym, Consent[] consents)',
  'function grantBySignature(bytes32 pseudonym, bytes32 granteeId, bytes32 recordId, Terms terms, Authorization authorization)',
  'function revokeBySignature(bytes32 pseudonym, bytes32 granteeId, bytes32 recordId, Authorization authorization)',
  'function denyBySignature(bytes32 pseudonym, bytes32 granteeId, bytes32 recordId, Authorization authorization)',
  'function revokeAllBySignature(bytes32 pseudonym, bytes32 granteeId, Authorization authorization)',
  'function grantManyBySignature(bytes32 pseudonym, Consent[] consents, Authorization authorization)',
  'function cancelNonce(bytes32 pseudonym, uint256 nonce)',
  'function noncesOf(bytes32 pseudonym, uint256 word) view returns (uint256)',
  'event NonceCancelled(bytes32 indexed pseudonym, uint256 nonce)',
  'error ConsentBadSignature(bytes32 pseudonym, address controller)',
  'error ConsentNotYetSigned(uint40 signedAt)',
  'error ConsentDeadlineOver(uint40 deadline)',
  'error ConsentDeadlineTooFar(uint40 deadline, uint40 latest)',
  'error ConsentOlder(bytes32 key, uint40 signedAt, uint40 decidedAt)',
  'error ConsentNonceUsed(bytes32 pseudonym, uint256 nonce)',
  'error ConsentBadNonce(uint256 nonce)',
  'error ConsentBadBatch(uint256 count)',
])

export const consentRegistryAbi = [...generated, ...signed] as const
