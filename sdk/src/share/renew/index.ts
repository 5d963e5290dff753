/**
 * Renewing shares without anybody seeing t of them, for r > 0: repair of one share, proactive refresh of all, change of
 * (n, t, r). Whatever is drawn is drawn here; whatever is secret stays with the node that has it.
 *
 * Protocols, messages, leak bounds and blame: docs/spec/share-renewal.md.
 * @module
 */

export {
  attestRoot,
  checkAttested,
  checkChunks,
  checkRenewed,
  nextManifest,
  type RenewedShares,
  type ShareRoot,
  verifyRenewed,
} from './activation.ts'
export {
  encodeRenewAnswer,
  encodeRenewAsk,
  type RenewAnswer,
  type RenewAsk,
  readRenewAnswer,
  readRenewAsk,
} from './ask.ts'
export { blameChange, type ChangeOpening, judgeWord, type WordFault } from './blame.ts'
export {
  addParts,
  blindRows,
  type ChangePlan,
  type Dealer,
  dealParts,
  drawPairSeed,
  encodeParts,
  masksOf,
  type PairMask,
  pairMask,
  planChange,
} from './change.ts'
export { deriveShares, isCodeword } from './codeword.ts'
export { RenewError } from './error.ts'
export { readMove, readSuccession, type Succession } from './move.ts'
export {
  createInbox,
  openPart,
  type PartPlace,
  type ReceivedPart,
  type RenewSession,
  readSigned,
  sealPart,
  signPart,
} from './parts.ts'
export { beaconOf, createCheck, drawZeroWord, maskCount, maskLength } from './refresh.ts'
export {
  addPieces,
  blameRepair,
  drawPieces,
  planRepair,
  type RenewOptions,
  type RepairOpening,
  type RepairPlan,
  splitPiece,
} from './repair.ts'
export { xorRows } from './rows.ts'
export { type Check, type Post, readCheck, readPost, type Sayer, signSaid, vectorHash } from './said.ts'
export {
  drawFreshRows,
  drawZeroRows,
  pairSeedOf,
  readKey,
  type SessionKey,
  sessionKeyOf,
  signKey,
} from './session-key.ts'
export {
  encodeTerms,
  isEncodedAnew,
  type RenewTerms,
  readTerms,
  recordOfTerms,
  repairPlanOf,
  sessionOf,
} from './terms.ts'
export { judgeChecks, type Verdict } from './verdict.ts'
export {
  checkCarried,
  encodeRepairAnswer,
  encodeRepairAsk,
  maxRepairLength,
  type RepairAnswer,
  type RepairAsk,
  readRepairAnswer,
  readRepairAsk,
} from './wire.ts'
export { fitZeroWord, judgeContribution, mostOff, type WordVerdict } from './word.ts'
