/**
 * The chain as everybody sees it: a pinned connection, one plain function per contract action, events, the messages that
 * accounts sign, and the contracts' refusals as typed errors. It knows no scheme, because every service links it.
 *
 * Messages, finality, time and refusals: docs/spec/chain.md.
 * @module
 */
export {
  type AccessRequest,
  logReleased,
  logReleaseRequest,
  releaseRequestsOf,
  releasesOf,
  requestAccess,
  requestsOf,
} from './access-log.ts'
export {
  attest,
  authorizeUploader,
  type Credential,
  credentialOf,
  credentialsOf,
  isAttested,
  isCredentialLive,
  isListed,
  type Organization,
  type OrganizationKind,
  organizationKinds,
  organizationOf,
  organizations,
  providerOf,
  registerOrganization,
  retract,
  setOrganizationActive,
  staffOf,
} from './actors.ts'
export {
  type AuditRefusal,
  type AuditWord,
  auditRefusalOf,
  challengeNode,
  drawAudit,
  enrollAuditor,
  NoAuditsError,
  signAuditWord,
  testify,
  withdrawAuditor,
} from './audit-calls.ts'
export {
  type Audit,
  type AuditSeat,
  type AuditStanding,
  type AuditState,
  auditDay,
  auditOf,
  auditSeats,
  auditStandingOf,
  auditStateOf,
  type Challenge,
  challenges,
  type Drawn,
  type FollowedAudit,
  firstOpenBlock,
  followed,
  hasAudits,
  openAudits,
} from './audits.ts'
export { type Book, type BookEvent, bookIdOf, bookLeaf, parseBookLeaf, readBook, sizeAt } from './book.ts'
export { type BookedChange, type BookedVersion, recordEventOf, releaseEventOf } from './book-words.ts'
export {
  closeGlass,
  type GlassOpening,
  type GlassScope,
  type GlassState,
  type GlassWindow,
  glassStateOf,
  glassWindow,
  glassWindows,
  openGlass,
  reviewGlass,
  type Verdict,
  verdicts,
  windowIdOf,
} from './break-glass.ts'
export {
  type ContractCall,
  ContractRefusalError,
  dryRun,
  feeOf,
  gasOf,
  type ReadOptions,
  receiptOf,
} from './call.ts'
export {
  type AcceptedResult,
  acceptResult,
  answerComplaint,
  beginAgain,
  type Ceremony,
  type CeremonyPlan,
  type CeremonyProgress,
  type CeremonyState,
  type Complaint,
  ceremonyOf,
  ceremonyProgress,
  commitPackage,
  complain,
  complaintMessages,
  complaintsOf,
  excludeParty,
  latestCeremony,
  openCeremony,
  openRefresh,
  packageHash,
  resultHash,
  revealPackage,
  type ShownPackage,
  shownPackages,
  silentIn,
  struckIn,
} from './ceremonies.ts'
export {
  type Checkpoint,
  checkpointBytes,
  checkpointsOf,
  confirmLogKey,
  type LogKey,
  logKeyConfirmations,
  logKeysOf,
  publishCheckpoint,
  type SignedCheckpoint,
} from './checkpoints.ts'
export { activatedAt, activeEpoch, type Epoch, epochOf } from './committee.ts'
export { type Chain, connect, type ReaderSession, type Signer, walletSigner, withAccount } from './connect.ts'
export {
  type ConsentProof,
  type ConsentReceipt,
  ConsentReceiptError,
  encodeConsentReceipt,
  parseConsentReceipt,
  signedConsentOf,
} from './consent-receipt.ts'
export {
  type Consent,
  type ConsentBatch,
  type ConsentScope,
  consentOf,
  consentsOf,
  type DecideQuery,
  type DenialScope,
  denyPerson,
  floorOf,
  type Grant,
  grant,
  grantMany,
  grantsTo,
  type Purpose,
  purposes,
  revoke,
  revokeAll,
  type Terms,
} from './consents.ts'
export { carriedConsent } from './consents-carried.ts'
export { cancelNonce, freeNonce, isNonceUsed } from './consents-nonce.ts'
export {
  type ConsentAct,
  type ConsentKind,
  consentCall,
  type SignedConsent,
  signConsent,
  submitConsent,
} from './consents-signed.ts'
export {
  type Council,
  type CouncilProposal,
  confirmProposal,
  councilOf,
  executeProposal,
  memberOf,
  NoCouncilError,
  proposalIdOf,
  proposalOf,
  proposals,
  proposeToCouncil,
  revokeConfirmation,
} from './council.ts'
export {
  type CouncilCall,
  CouncilCallError,
  ceremonyCall,
  councilActs,
  councilCall,
  type DescribedCall,
  describeCall,
  parametersOf,
  parseCouncilCall,
} from './council-calls.ts'
export { type Decision, type DecisionCode, decide, decisions } from './decide.ts'
export {
  type Delegation,
  type DelegationTerms,
  delegate,
  delegatesOf,
  delegationOf,
  delegationsTo,
  endDelegation,
  isDelegationKey,
} from './delegations.ts'
export {
  carriedDelegation,
  type DelegationAct,
  delegationCall,
  relayDelegation,
  type SignedDelegation,
  signDelegation,
  submitDelegation,
} from './delegations-signed.ts'
export {
  allVersions,
  checkDeletion,
  DeletionRefusedError,
  type DeletionScope,
  mayDelete,
} from './deletion.ts'
export { couldDeposit, wasVouchedFor } from './depositors.ts'
export {
  confirmEmergencyKey,
  type EmergencyKey,
  emergencyKeyOf,
  emergencyKeySince,
  emergencyKeys,
  hasBreakGlass,
  nameOfficers,
  type Officer,
  officersKeyIdOf,
  officersOf,
} from './emergency-keys.ts'
export type { Carried, EventOptions, Occurrence } from './events.ts'
export {
  hasFaultReports,
  isFaultReported,
  reportFrame,
  reportShare,
  type Standing,
  standingOf,
} from './fault-reports.ts'
export {
  type Approval,
  type Circle,
  cancelByGuardians,
  cancelPending,
  circleHash,
  executePending,
  guardiansOf,
  nameGuardians,
  noGuardians,
  type Pending,
  pendingOf,
  proposeHandover,
  proposeRecovery,
} from './guardians.ts'
export { type BlockMark, blockAt, ChainCallError, StaleHeadError, type View, view } from './head.ts'
export { consentKey, credentialId, type Grantee, granteeOf, personId, pseudonymOf, recordIdOf } from './ids.ts'
export {
  hashMessage,
  MessageError,
  messageToJson,
  parseMessage,
  SignatureError,
  type SignedMessage,
  SignerMissingError,
  signerOf,
  signMessage,
  verifyMessage,
} from './messages.ts'
export { type Contracts, type Finality, type Network, NetworkError, parseNetwork } from './network.ts'
export {
  type Operator,
  type OperatorKind,
  operatorInfo,
  operatorKinds,
  operatorOf,
  operators,
  registerOperator,
  setOperatorActive,
  setOperatorEndpoint,
} from './operators.ts'
export {
  carriedRegistration,
  checkPatientKey,
  controllerOf,
  type Patient,
  PatientKeyError,
  patientOf,
  registerPatient,
  registrationCall,
  registrations,
  rotateController,
  type SignedRegistration,
} from './patients.ts'
export {
  createReplyKey,
  type Possession,
  type ReplyKey,
  readPossession,
  replyKeyHash,
  TicketPossessionError,
} from './possession.ts'
export { checkRebuild, type RebuildAccess, type RebuildClaim, RebuildRefusedError } from './rebuild-access.ts'
export {
  type AnchoredRecord,
  anchor,
  type Deposit,
  depositsOf,
  erase,
  manifestHashOf,
  recordOf,
  recordsOf,
  relocate,
  rewrap,
  rewrapsOf,
  supersede,
  type VersionHashes,
} from './records.ts'
export { contractHints } from './refusals.ts'
export { type DueRecord, recordsDue } from './rekey-due.ts'
export { RelayerError, type RelayerRefusal, relay, relayRegistration } from './relay.ts'
export {
  carriedByGuardians,
  guardiansCall,
  relayRecovery,
  relayWithdrawal,
  type SignedByGuardians,
} from './relay-guardians.ts'
export { carriedRequest, relayEnding, relayOpening, relayRequest, requestCall } from './relay-sessions.ts'
export { checkSession, SessionError, sessionFinal, verifyReader, wasSignedByReader } from './session-signature.ts'
export {
  carriedEnding,
  carriedOpening,
  createSession,
  endingCall,
  endSession,
  openingCall,
  openSession,
  readerOf,
  type Session,
  type SignedEnding,
  type SignedOpening,
  sessionFor,
  sessionOf,
  sessionsOf,
  signAsReader,
  signEnding,
  signOpening,
} from './sessions.ts'
export { isSignedBy } from './signed-by.ts'
export { speakerOf } from './speaker.ts'
export {
  consentSaltOf,
  encodeTicket,
  parseTicket,
  type Ticket,
  TicketError,
  type TicketKind,
  ticketFromJson,
  ticketToJson,
  verifyReaderTicket,
  verifyTicket,
} from './tickets.ts'
export { domainOf, type Message, type MessageKind, messageTypes, type TypedMessage, typedData } from './typed-data.ts'
export { countedUsesOf, decideUnder, logCountedRequest, type UseScope, type Uses, usesOf } from './uses.ts'
export { carriedUse, relayCountedRequest, type SignedUse, useCall } from './uses-carried.ts'
export { ChainTimeoutError, type WaitOptions } from './wait.ts'
export { WalletChainError, WalletNonceError, WalletRefusedError } from './wallet.ts'
