import type { Hex, TypedDataDomain } from 'viem'
import { consentMessages, delegationMessages, structTypes } from './consents-typed.ts'
import type { Contracts, Network } from './network.ts'

/**
 * Every EIP-712 message that authorises something now or accuses somebody on chain, field by field.
 * Stored objects (manifest, placement, key header) are signed in another domain: `@sharewell/sdk/signed`.
 */
export const messageTypes = {
  /** Asks the key nodes for their partials (docs/spec/key-node.md). */
  KeyRequest: [
    { name: 'networkId', type: 'bytes32' },
    { name: 'recordId', type: 'bytes32' },
    { name: 'version', type: 'uint32' },
    { name: 'manifestHash', type: 'bytes32' },
    { name: 'wrap', type: 'string' },
    { name: 'ctHash', type: 'bytes32' },
    { name: 'consentKey', type: 'bytes32' },
    { name: 'reader', type: 'address' },
    { name: 'credentialId', type: 'bytes32' },
    { name: 'purpose', type: 'uint8' },
    { name: 'readerKeyHash', type: 'bytes32' },
    { name: 'salt', type: 'bytes32' },
    { name: 'notAfter', type: 'uint40' },
  ],
  /** Asks a reconstructor for chunks `first` to `first + count`; only who holds the reply key can show it. */
  RebuildRequest: [
    { name: 'manifestHash', type: 'bytes32' },
    { name: 'first', type: 'uint32' },
    { name: 'count', type: 'uint32' },
    { name: 'releaseRequest', type: 'bytes32' },
    { name: 'nonce', type: 'bytes32' },
    { name: 'replyKeyHash', type: 'bytes32' },
    { name: 'notAfter', type: 'uint40' },
  ],
  /** A reconstructor's word on one rebuilt chunk. */
  Frame: [
    { name: 'manifestHash', type: 'bytes32' },
    { name: 'jobId', type: 'bytes32' },
    { name: 'i', type: 'uint32' },
    { name: 'digest', type: 'bytes32' },
  ],
  /** A reconstructor's word on a whole job. */
  WorkReceipt: [
    { name: 'jobId', type: 'bytes32' },
    { name: 'manifestHash', type: 'bytes32' },
    { name: 'first', type: 'uint32' },
    { name: 'count', type: 'uint32' },
    { name: 'usedShares', type: 'bytes32' },
    { name: 'outRoot', type: 'bytes32' },
    { name: 'bytes', type: 'uint64' },
    { name: 'startedAt', type: 'uint40' },
    { name: 'endedAt', type: 'uint40' },
  ],
  /** A storage node's word on the share-chunk it answered. */
  ShareResponse: [
    { name: 'manifestHash', type: 'bytes32' },
    { name: 'shareRoot', type: 'bytes32' },
    { name: 'j', type: 'uint16' },
    { name: 'i', type: 'uint32' },
    { name: 'digest', type: 'bytes32' },
    { name: 'length', type: 'uint32' },
    { name: 'nonce', type: 'bytes32' },
    { name: 'time', type: 'uint40' },
  ],
  /** A key node's word on its partial; it fixes every input of the public proof. */
  Partial: [
    { name: 'requestHash', type: 'bytes32' },
    { name: 'ctHash', type: 'bytes32' },
    { name: 'keyEpoch', type: 'uint32' },
    { name: 'i', type: 'uint16' },
    { name: 'X_i', type: 'bytes32' },
    { name: 'Yr', type: 'bytes32' },
    { name: 'partialHash', type: 'bytes32' },
  ],
  /** A key node's message of a key generation; `to` is 0 for a broadcast. */
  DkgMessage: [
    { name: 'session', type: 'bytes32' },
    { name: 'round', type: 'uint8' },
    { name: 'from', type: 'uint16' },
    { name: 'to', type: 'uint16' },
    { name: 'payloadHash', type: 'bytes32' },
  ],
  /** A key node's word on its share of a checkpoint's signature; it fixes every input of the check. */
  CheckpointShare: [
    { name: 'checkpoint', type: 'bytes32' },
    { name: 'commitments', type: 'bytes32' },
    { name: 'i', type: 'uint16' },
    { name: 'share', type: 'bytes32' },
  ],
  /** A controller lets anyone register its pseudonym. */
  Register: [
    { name: 'pseudonym', type: 'bytes32' },
    { name: 'provider', type: 'bytes16' },
    { name: 'selfKeyHash', type: 'bytes32' },
  ],
  /** A guardian wants another controller for a patient who lost everything (docs/spec/recovery.md). */
  Recover: [
    { name: 'pseudonym', type: 'bytes32' },
    { name: 'from', type: 'address' },
    { name: 'to', type: 'address' },
    { name: 'circle', type: 'bytes32' },
    { name: 'round', type: 'uint48' },
    { name: 'deadline', type: 'uint40' },
  ],
  /** A guardian wants what waits for a pseudonym to end. */
  Withdraw: [
    { name: 'pseudonym', type: 'bytes32' },
    { name: 'circle', type: 'bytes32' },
    { name: 'round', type: 'uint48' },
    { name: 'deadline', type: 'uint40' },
  ],
  /** A depositor may write one record's blocks. */
  WriteTicket: [
    { name: 'recordId', type: 'bytes32' },
    { name: 'version', type: 'uint32' },
    { name: 'operatorsHash', type: 'bytes32' },
    { name: 'maxBytes', type: 'uint64' },
    { name: 'notAfter', type: 'uint40' },
  ],
  /** A reader asks services for what it may read of one pseudonym; only who holds the reply key can show it. */
  ReadTicket: [
    { name: 'reader', type: 'address' },
    { name: 'pseudonym', type: 'bytes32' },
    { name: 'purpose', type: 'uint8' },
    { name: 'replyKeyHash', type: 'bytes32' },
    { name: 'notAfter', type: 'uint40' },
  ],
  /** The reply key of a ticket says that its holder speaks to this one node now. */
  Possession: [
    { name: 'ticketHash', type: 'bytes32' },
    { name: 'node', type: 'bytes16' },
    { name: 'notAfter', type: 'uint40' },
  ],
  /** A reconstructor reads shares of one storage node under its operator's account. */
  OperatorTicket: [
    { name: 'operator', type: 'bytes16' },
    { name: 'node', type: 'bytes16' },
    { name: 'notAfter', type: 'uint40' },
  ],
  /** An auditor that was drawn asks the node for what its audit is about (docs/spec/audits.md). */
  AuditTicket: [
    { name: 'audit', type: 'bytes32' },
    { name: 'notAfter', type: 'uint40' },
  ],
  /** An auditor saw chunk `i`, or saw nothing. */
  AuditWord: [
    { name: 'audit', type: 'bytes32' },
    { name: 'i', type: 'uint32' },
    { name: 'shown', type: 'bool' },
  ],
  /** Whoever may erase a record asks nodes to delete its versions up to `version`; only who holds the reply key can show
   * it (docs/spec/rekey.md). */
  DeleteTicket: [
    { name: 'recordId', type: 'bytes32' },
    { name: 'version', type: 'uint32' },
    { name: 'replyKeyHash', type: 'bytes32' },
    { name: 'notAfter', type: 'uint40' },
  ],
  /** A node's word that it holds nothing of a record's versions up to `version`, and gives and takes nothing of them. */
  Deletion: [
    { name: 'recordId', type: 'bytes32' },
    { name: 'version', type: 'uint32' },
    { name: 'operator', type: 'bytes16' },
    { name: 'count', type: 'uint32' },
    { name: 'time', type: 'uint40' },
  ],
  /** A storage node's word that it holds one whole share. */
  Acknowledgement: [
    { name: 'manifestHash', type: 'bytes32' },
    { name: 'placementHash', type: 'bytes32' },
    { name: 'index', type: 'uint16' },
    { name: 'shareRoot', type: 'bytes32' },
    { name: 'bytes', type: 'uint64' },
    { name: 'time', type: 'uint40' },
  ],
  /** A session key will sign this reader's requests, as reader and key both say (docs/spec/session.md). */
  OpenSession: [
    { name: 'reader', type: 'address' },
    { name: 'key', type: 'address' },
    { name: 'purposes', type: 'uint16' },
    { name: 'until', type: 'uint40' },
  ],
  /** A session is over, as its reader or its key says. */
  EndSession: [{ name: 'key', type: 'address' }],
  /** Asks a relayer to log a release request. */
  LogRequest: [
    { name: 'reader', type: 'address' },
    { name: 'requestHash', type: 'bytes32' },
    { name: 'notAfter', type: 'uint40' },
  ],
  /** Logs a release request and counts it under a consent that limits its uses (docs/spec/consent.md). */
  Use: [
    { name: 'requestHash', type: 'bytes32' },
    { name: 'consentKey', type: 'bytes32' },
    { name: 'number', type: 'uint40' },
    { name: 'deadline', type: 'uint40' },
  ],
  /** Clinician and guardian break the glass together (docs/spec/break-glass.md). */
  BreakGlass: [
    { name: 'pseudonym', type: 'bytes32' },
    { name: 'recordId', type: 'bytes32' },
    { name: 'clinician', type: 'address' },
    { name: 'credentialId', type: 'bytes32' },
    { name: 'guardian', type: 'address' },
    { name: 'reasonCommit', type: 'bytes32' },
    { name: 'partKeyHash', type: 'bytes32' },
    { name: 'deadline', type: 'uint40' },
  ],
  ...consentMessages,
  ...delegationMessages,
} as const

/** Name of a message: the EIP-712 primary type. */
export type MessageKind = keyof typeof messageTypes

/** The fields of a message as TypeScript sees them: hex, booleans, numbers up to 48 bits, bigint above. */
export type Message<kind extends MessageKind> = Fields<(typeof messageTypes)[kind]>
/** The fields of a struct inside a message. */
export type Struct<name extends keyof typeof structTypes> = Fields<(typeof structTypes)[name]>
type Fields<fields extends readonly { readonly name: string; readonly type: string }[]> = {
  readonly [field in fields[number] as field['name']]: FieldValue<field['type']>
}
type FieldValue<type extends string> = type extends `${infer name extends keyof typeof structTypes}[]`
  ? readonly Struct<name>[]
  : ScalarValue<type>
type ScalarValue<type extends string> = type extends 'string'
  ? string
  : type extends 'bool'
    ? boolean
    : type extends `uint${8 | 16 | 32 | 40 | 48}`
      ? number
      : type extends `uint${number}`
        ? bigint
        : Hex

/** The whole typed-data object of a message, as wallets take it. */
export type TypedMessage = {
  readonly domain: TypedDataDomain
  readonly types: Record<string, readonly { name: string; type: string }[]>
  readonly primaryType: string
  readonly message: Record<string, unknown>
}

const verifiedBy: { readonly [kind in MessageKind]: keyof Contracts } = {
  KeyRequest: 'accessLog',
  RebuildRequest: 'accessLog',
  Frame: 'recordRegistry',
  WorkReceipt: 'recordRegistry',
  ShareResponse: 'recordRegistry',
  Partial: 'keyCommittee',
  DkgMessage: 'keyCommittee',
  CheckpointShare: 'accessLog',
  Register: 'patientRegistry',
  Recover: 'patientRegistry',
  Withdraw: 'patientRegistry',
  WriteTicket: 'recordRegistry',
  ReadTicket: 'recordRegistry',
  Possession: 'recordRegistry',
  OperatorTicket: 'recordRegistry',
  AuditTicket: 'audits',
  AuditWord: 'audits',
  DeleteTicket: 'recordRegistry',
  Deletion: 'recordRegistry',
  Acknowledgement: 'recordRegistry',
  OpenSession: 'actorRegistry',
  EndSession: 'actorRegistry',
  LogRequest: 'accessLog',
  BreakGlass: 'breakGlass',
  Use: 'accessLog',
  Grant: 'consentRegistry',
  Revoke: 'consentRegistry',
  Deny: 'consentRegistry',
  RevokeAll: 'consentRegistry',
  GrantMany: 'consentRegistry',
  Delegate: 'delegations',
  EndDelegation: 'delegations',
}

/** The whole typed-data object that a wallet shows and signs for `message`.
 * @example
 * const signature = await account.signTypedData(typedData(network, 'ReadTicket', ticket)) */
export function typedData<kind extends MessageKind>(
  network: Pick<Network, 'chainId' | 'contracts'>,
  kind: kind,
  message: Message<kind>,
): TypedMessage {
  const types = { [kind]: messageTypes[kind], ...(kind === 'GrantMany' && structTypes) }
  return { domain: domainOf(network, kind), types, primaryType: kind, message }
}

/** The EIP-712 domain of a message: this chain and the contract that the message speaks to. */
export function domainOf(network: Pick<Network, 'chainId' | 'contracts'>, kind: MessageKind): TypedDataDomain {
  const verifyingContract: Hex = network.contracts[verifiedBy[kind]]
  return { name: 'Sharewell', version: '1', chainId: network.chainId, verifyingContract }
}
