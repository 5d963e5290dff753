/** What the model of consents speaks about. Ids are hex strings; times are seconds. */

export type Terms = { from: number; until: number; purposes: number; categories: number; useLimit: number }

export type Consent = { granteeId: string; recordId: string; terms: Terms }

export type Query = {
  pseudonym: string
  recordId: string
  categoryBit: number
  reader: string
  salt: string
  purpose: number
  at: number
}

export type Path = { credentialId: string; level: number; role: number; wide: boolean }

export type Answer = { code: number; key: string }

export type Slot = {
  terms: Terms
  used: number
  changedAt: number
  state: 'permit' | 'revoked' | 'denied'
  counted: number
}

/** What a delegate may do; ended where `until` is 0. */
export type Delegation = { until: number; reads: number; grants: number; categories: number }

/** One use of a limited consent. */
export type Use = {
  pseudonym: string
  recordId: string
  salt: string
  credentialId: string
  level: number
  role: number
  number: number
}

/** What a controller decides, in a transaction or by signature. */
export type Decision =
  | ({ kind: 'grant' } & Consent)
  | { kind: 'grantMany'; consents: Consent[] }
  | { kind: 'revoke'; granteeId: string; recordId: string }
  | { kind: 'deny'; granteeId: string; recordId: string }
  | { kind: 'revokeAll'; granteeId: string }

/** A decision with a signature, which may be carried at any time, or never. */
export type Held = {
  decision: Decision
  pseudonym: string
  /** Whom the message names as the one who decides. */
  controller: string
  /** Whose key signed. */
  signer: string
  nonce: bigint
  signedAt: number
  deadline: number
}

/** One thing that somebody does. */
export type Act =
  | { kind: 'decide'; by: string; pseudonym: string; decision: Decision }
  | { kind: 'cancelNonce'; by: string; pseudonym: string; nonce: bigint }
  | { kind: 'carry'; held: Held }
  | { kind: 'rotate'; by: string; pseudonym: string; to: string }
  | { kind: 'attest'; organization: string; account: string; roles: number; until: number }
  | { kind: 'retract'; organization: string; account: string }
  | { kind: 'switch'; organization: string; active: boolean }
  | { kind: 'anchor'; pseudonym: string; salt: string; category: number }
  | { kind: 'erase'; recordId: string }
  | { kind: 'delegate'; by: string; pseudonym: string; account: string; terms: Delegation }
  | { kind: 'endDelegation'; by: string; pseudonym: string; account: string }
  | { kind: 'use'; by: string; use: Use }

export const none = `0x${'00'.repeat(32)}`
export const noRole = 255
/** In place of a role, without an affiliation. */
export const asDelegate = 254
export const networkId = `0x${'77'.repeat(32)}`
