import { type Address, encodeAbiParameters, type Hex, keccak256, pad, zeroHash } from 'viem'
import { label } from '../labels.ts'

/** The id of an account's affiliation at an organization, as ActorRegistry computes it. */
export function credentialId(account: Address, organization: Hex): Hex {
  return keccak256(encodeAbiParameters([{ type: 'address' }, { type: 'bytes16' }], [account, organization]))
}

/** The id by which a consent names a person; `salt` keeps from the chain who reads, where reader and patient share one. */
export function personId(account: Address, salt: Hex = zeroHash): Hex {
  return keccak256(encodeAbiParameters([{ type: 'uint8' }, ...words(2)], [1, pad(account), salt]))
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
