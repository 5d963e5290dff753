/**
 * Shares: cut a sealed record into n shares, any t of which rebuild it and any r of which are independent of it; and
 * the objects that let anybody check every piece: leaf lists, manifest, placement.
 *
 * One code for Shamir (r = t - 1), ramp and Reed-Solomon (r = 0): `cauchy1`. Shares are numbered 0..n-1. The seal
 * header inside a manifest is opaque bytes here, so a worker that rebuilds never links what opens.
 * Format, limits and vectors: docs/spec/share.md; how it is computed: docs/spec/share-engine.md.
 * @module
 */
export { type ChunkDigests, createManifestBuilder, ManifestBuilderError, type ManifestDigests } from './builder.ts'
export { adviseOn, type Warning, type WarningCode } from './choice/advice.ts'
export { atLeast, type Chance, ChanceError } from './choice/binomial.ts'
export { type ProfileName, profileNames, profileOf } from './choice/profiles.ts'
export { type Conditions, type Prospects, prospectsOf } from './choice/prospects.ts'
export { chanceWords, nineWords } from './choice/words.ts'
export { decodeChunk, encodeChunk, type Part, PartError, TooFewSharesError } from './chunk.ts'
export { CidError, cidOf, cidOfBlock, digestOf } from './cid.ts'
export { type ShareCode, tableCode } from './code.ts'
export { createKernelCode, fastestCode, type KernelCode } from './engine/index.ts'
export {
  contentEntry,
  createChunkProver,
  joinLeafBlocks,
  LeafListError,
  leafAt,
  leafBlocks,
  listDigests,
  proveChunk,
  proveShareChunk,
  shareEntry,
  shareRootOf,
  verifyChunk,
  verifyChunkDigest,
  verifyContentLeaves,
  verifyShareChunk,
  verifyShareLeaves,
} from './leaves.ts'
export { encodeManifest, type Manifest, ManifestError, parseManifest } from './manifest.ts'
export { encodePlacement, type Placement, PlacementError, parsePlacement } from './placement.ts'
export { type ChunkLog2, checkPolicy, chunkLog2For, type Policy, PolicyError, rowLength } from './policy.ts'
export {
  addParts,
  addPieces,
  attestRoot,
  beaconOf,
  blameChange,
  blameRepair,
  blindRows,
  type ChangeOpening,
  type ChangePlan,
  type Check,
  checkAttested,
  checkCarried,
  checkChunks,
  checkRenewed,
  createCheck,
  createInbox,
  type Dealer,
  dealParts,
  deriveShares,
  drawFreshRows,
  drawPairSeed,
  drawPieces,
  drawZeroRows,
  drawZeroWord,
  encodeParts,
  encodeRenewAnswer,
  encodeRenewAsk,
  encodeRepairAnswer,
  encodeRepairAsk,
  encodeTerms,
  fitZeroWord,
  isCodeword,
  isEncodedAnew,
  judgeChecks,
  judgeContribution,
  judgeWord,
  maskCount,
  maskLength,
  masksOf,
  maxRepairLength,
  mostOff,
  nextManifest,
  openPart,
  type PairMask,
  type PartPlace,
  type Post,
  pairMask,
  pairSeedOf,
  planChange,
  planRepair,
  type ReceivedPart,
  type RenewAnswer,
  type RenewAsk,
  RenewError,
  type RenewedShares,
  type RenewOptions,
  type RenewSession,
  type RenewTerms,
  type RepairAnswer,
  type RepairAsk,
  type RepairOpening,
  type RepairPlan,
  readCheck,
  readKey,
  readMove,
  readPost,
  readRenewAnswer,
  readRenewAsk,
  readRepairAnswer,
  readRepairAsk,
  readSigned,
  readSuccession,
  readTerms,
  recordOfTerms,
  repairPlanOf,
  type Sayer,
  type SessionKey,
  type ShareRoot,
  type Succession,
  sealPart,
  sessionKeyOf,
  sessionOf,
  signKey,
  signPart,
  signSaid,
  splitPiece,
  type Verdict,
  vectorHash,
  verifyRenewed,
  type WordFault,
  type WordVerdict,
  xorRows,
} from './renew/index.ts'
export { chunkCount, chunkLength, type SealedShape, shareChunkLength, shareLength, trailerLength } from './sizes.ts'
export { ShareThreadError } from './stream/crew.ts'
export { type GatheredChunk, type JoinedChunk, joinChunks, type SplitChunk, splitChunks } from './stream/index.ts'
export { createSharePool, type RunOptions, type SharePool } from './stream/pool.ts'
export type { Joined, JoinWork, Split, SplitWork } from './stream/work.ts'
