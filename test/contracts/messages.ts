import type { TypedDataField } from 'ethers'

const field = (name: string, type: string) => ({ name, type })
const decider = [field('pseudonym', 'bytes32'), field('controller', 'address')]
const scope = [field('granteeId', 'bytes32'), field('recordId', 'bytes32')]
const terms = [
  field('from', 'uint40'),
  field('until', 'uint40'),
  field('purposes', 'uint16'),
  field('categories', 'uint32'),
  field('useLimit', 'uint16'),
]
const once = [field('nonce', 'uint256'), field('signedAt', 'uint40'), field('deadline', 'uint40')]

/** The messages of docs/spec/consent.md, written anew: not what the SDK or the contract has. */
export const messages: Record<Kind, TypedDataField[]> = {
  Grant: [...decider, ...scope, ...terms, ...once],
  Revoke: [...decider, ...scope, ...once],
  Deny: [...decider, ...scope, ...once],
  RevokeAll: [...decider, field('granteeId', 'bytes32'), ...once],
  GrantMany: [...decider, field('consents', 'Consent[]'), ...once],
}
/** The struct in a signed batch. */
export const structs: Record<string, TypedDataField[]> = { Consent: [...scope, ...terms] }

export type Kind = 'Grant' | 'Revoke' | 'Deny' | 'RevokeAll' | 'GrantMany'
