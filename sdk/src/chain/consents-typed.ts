/** Who decides, for whom. The contract takes `controller` from the registry, so that a rotation ends every signature. */
const decider = [
  { name: 'pseudonym', type: 'bytes32' },
  { name: 'controller', type: 'address' },
] as const

const scope = [
  { name: 'granteeId', type: 'bytes32' },
  { name: 'recordId', type: 'bytes32' },
] as const

const terms = [
  { name: 'from', type: 'uint40' },
  { name: 'until', type: 'uint40' },
  { name: 'purposes', type: 'uint16' },
  { name: 'categories', type: 'uint32' },
  { name: 'useLimit', type: 'uint16' },
] as const

/** Each signature counts once, and not for long. */
const once = [
  { name: 'nonce', type: 'uint256' },
  { name: 'signedAt', type: 'uint40' },
  { name: 'deadline', type: 'uint40' },
] as const

/** Structs that messages contain, by their EIP-712 name. */
export const structTypes = { Consent: [...scope, ...terms] } as const

/** A consent as its controller signs it; anyone may carry it to the chain (docs/spec/consent.md). */
export const consentMessages = {
  /** Permits. */
  Grant: [...decider, ...scope, ...terms, ...once],
  /** Ends what one slot says. */
  Revoke: [...decider, ...scope, ...once],
  /** Forbids a person. */
  Deny: [...decider, ...scope, ...once],
  /** Ends every permit to a grantee, or to everyone. */
  RevokeAll: [...decider, { name: 'granteeId', type: 'bytes32' }, ...once],
  /** Permits several things at once, to one pseudonym's grantees. */
  GrantMany: [...decider, { name: 'consents', type: 'Consent[]' }, ...once],
} as const

/** A delegate is named, or a delegation ended, as the controller signs it (docs/spec/delegation.md). */
export const delegationMessages = {
  /** Names a carer or parent, or replaces what they may do. */
  Delegate: [
    ...decider,
    { name: 'account', type: 'address' },
    { name: 'until', type: 'uint40' },
    { name: 'reads', type: 'uint16' },
    { name: 'grants', type: 'uint16' },
    { name: 'categories', type: 'uint32' },
    { name: 'signedAt', type: 'uint40' },
    { name: 'deadline', type: 'uint40' },
  ],
  /** Ends it. */
  EndDelegation: [
    ...decider,
    { name: 'account', type: 'address' },
    { name: 'signedAt', type: 'uint40' },
    { name: 'deadline', type: 'uint40' },
  ],
} as const
