/**
 * The book: everything that the network's contracts said, checkpoints of it that the committee signs, and what can be
 * proved with them, also without a network. docs/spec/book.md.
 * @module
 */

export { type AlertRule, AlertRulesError, defaultAlertRules, parseAlertRules } from './alert-rules.ts'
export { type Access, type Alert, accessesOf, accessOfWindow, evaluateAlerts } from './alerts.ts'
export {
  type Accounting,
  accountOfDisclosures,
  type Disclosure,
  type NodeFault,
  type Unexplained,
} from './disclosures.ts'
export { disclosuresCsv } from './disclosures-csv.ts'
export {
  type JudgedReceipt,
  judgeReceipts,
  NoCheckpointError,
  receiptFromJson,
  receiptToJson,
} from './judge-receipts.ts'
export { generateLogKey } from './log-key.ts'
export { NotProvableError, proveRecord } from './prove-record.ts'
export {
  encodeRecordProof,
  type ProvenRecord,
  type ProvenVersion,
  parseRecordProof,
  type RecordProof,
  RecordProofError,
  verifyRecordProof,
} from './record-proof.ts'
export {
  judgeRelease,
  type LoggingVerdict,
  loggingGrace,
  type ReleaseReceipt,
  type SignedBook,
  UnloggedEvidenceError,
} from './unlogged.ts'
