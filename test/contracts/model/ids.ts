import { AbiCoder, id, keccak256, zeroPadBytes, zeroPadValue } from 'ethers'
import { noRole } from './types.ts'

const coder = AbiCoder.defaultAbiCoder()
const known = new Map<string, string>()

/** Hashes each thing once: a history asks for the same few thousand ids again and again. */
function once(types: string[], values: (string | number)[]): string {
  const name = `${types} ${values}`
  const found = known.get(name) ?? keccak256(coder.encode(types, values))
  known.set(name, found)
  return found
}

/** The ids of docs/spec/consent.md and actors.md. */
export const granteeId = (kind: number, value: string, salt: string) =>
  once(['uint8', 'bytes32', 'bytes32'], [kind, value, salt])

export const personId = (account: string, salt: string) => granteeId(1, zeroPadValue(account, 32), salt)

export function groupId(organization: string, role: number, salt: string): string {
  const value = zeroPadBytes(organization, 32)
  if (role === noRole) return granteeId(2, value, salt)
  return granteeId(3, value.slice(0, -2) + role.toString(16).padStart(2, '0'), salt)
}

export const consentKey = (pseudonym: string, grantee: string, recordId: string) =>
  once(['bytes32', 'bytes32', 'bytes32'], [pseudonym, grantee, recordId])

export const delegationKey = (pseudonym: string, controller: string, account: string) =>
  once(['bytes32', 'address', 'address', 'uint8'], [pseudonym, controller, account, 254])

export const credentialId = (account: string, organization: string) =>
  once(['address', 'bytes16'], [account, organization])

export const recordIdOf = (networkId: string, pseudonym: string, salt: string) =>
  once(['bytes32', 'bytes32', 'bytes32', 'bytes32'], [id('sharewell/record/1 id'), networkId, pseudonym, salt])
