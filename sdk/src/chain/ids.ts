import { type Address, encodeAbiParameters, type Hex, keccak256, numberToHex, pad, zeroHash } from 'viem'
import { label } from '../labels.ts'

/** The id of an account's affiliation at an organization, as ActorRegistry computes it. */
export function credentialId(account: Address, organization: Hex): Hex {
  return keccak256(encodeAbiParameters([{ type: 'address' }, { type: 'bytes16' }], [account, organization]))
}

/** The id by which a consent names a person; `salt` keeps from the chain who reads, where reader and patient share one. */
export function personId(account: Address, salt: Hex = zeroHash): Hex {
  return keccak256(encodeAbiParameters([{ type: 'uint8' }, ...words(2)], [1, pad(account), salt]))
}

/** Whom a consent names: a person, everyone with a live affiliation at an organization or below it, or those of them
 * who have one role there. */
export type Grantee =
  | { readonly kind: 'person'; readonly account: Address }
  | { readonly kind: 'organization'; readonly organization: Hex }
  /** `role`: index of the role's bit in an attestation. */
  | { readonly kind: 'role'; readonly organization: Hex; readonly role: number }

/** The id by which a consent names its grantee. A random `salt` that patient and reader share keeps from the chain who it is.
 * @example
 * const granteeId = granteeOf({ kind: 'role', organization, role: 2 }, salt) */
export function granteeOf(grantee: Grantee, salt: Hex = zeroHash): Hex {
  if (grantee.kind === 'person') return personId(grantee.account, salt)
  const organization = pad(grantee.organization, { size: 32, dir: 'right' })
  const role = grantee.kind === 'role' ? grantee.role : 0
  const value = numberToHex(BigInt(organization) | BigInt(role), { size: 32 })
  const kind = grantee.kind === 'role' ? 3 : 2
  return keccak256(encodeAbiParameters([{ type: 'uint8' }, ...words(2)], [kind, value, salt]))
}

/** The slot of a consent: one for each pseudonym, grantee and record (0: the categories). */
export function consentKey(pseudonym: Hex, granteeId: Hex, recordId: Hex = zeroHash): Hex {
  return keccak256(encodeAbiParameters(words(3), [pseudonym, granteeId, recordId]))
}

/** The pseudonym that commits to its first controller and the patient's secret `rho`. */
export function pseudonymOf(networkId: Hex, controller: Address, rho: Hex): Hex {
  const parameters = [...words(2), { type: 'address' }, ...words(1)] as const
  return keccak256(encodeAbiParameters(parameters, [keccak256(label('person', 'nym')), networkId, controller, rho]))
}

/** The record that a pseudonym has under a salt. */
export function recordIdOf(networkId: Hex, pseudonym: Hex, salt: Hex): Hex {
  return keccak256(encodeAbiParameters(words(4), [keccak256(label('record', 'id')), networkId, pseudonym, salt]))
}

const words = (count: number) => Array.from({ length: count }, () => ({ type: 'bytes32' }) as const)
