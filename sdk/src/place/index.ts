/**
 * Where shares lie and how they come back: stores of blocks, placing a record on n nodes against n signed receipts,
 * gathering any t of n share-chunks, and the stream of an untrusted reconstructor. Every byte is compared with the
 * manifest; who failed is named, and who signed a lie is convicted by a proof.
 *
 * It knows no chain: signatures are judged by callbacks. The store on disk is `@sharewell/sdk/place/helia`.
 * Formats and rules: docs/spec/{placement,storage-node,rebuild}.md.
 * @module
 */
export { AnswerError, type Fetch, NodeRefusedError, NodeUnreachableError, readBody } from './call.ts'
export { examineShares, type Holder, type ShareFinding, type ShareState, shareStates } from './examine.ts'
export { convicts, type FaultProof, type FrameFaultProof, type ShareFaultProof } from './fault.ts'
export {
  type Conviction,
  encodeFaultFile,
  type FaultFile,
  FaultFileError,
  FaultRefusedError,
  judgeFault,
  manifestsOf,
  maxFaultFileLength,
  parseFaultFile,
  placeOf,
} from './fault-file.ts'
export {
  type AnyFrame,
  type ChunkFrame,
  createTally,
  decodeFrame,
  type ErrorFrame,
  encodeFrame,
  FrameError,
  framesMediaType,
  jobIdOf,
  maxFrameLength,
  readFrames,
  type TrailerFrame,
} from './frames.ts'
export { createGatherer, type Gatherer } from './gather.ts'
export { type Health, healthOf, type Level, levels } from './health.ts'
export {
  type AcknowledgeAsk,
  createHttpStore,
  type RenewStep,
  type ShareAnswer,
  type ShareAsk,
  type StorageClient,
  type StorageStatus,
} from './http.ts'
export {
  deletionShape,
  fromHeader,
  HeaderError,
  shareAskShape,
  shareResponseShape,
  toHeader,
  toJson,
} from './json.ts'
export { createLatencies, type Latencies } from './latency.ts'
export { descentOf, readLineage } from './lineage.ts'
export {
  type BlockNode,
  BlocksUnavailableError,
  createLeafLoader,
  fetchAny,
  type LeafLoader,
  type LoadedRecord,
  type LoadOptions,
  loadContentLeaves,
  loadRecord,
  loadShareLeaves,
  type NodeReason,
} from './load.ts'
export { createMemoryStore } from './memory.ts'
export type {
  Acknowledgement,
  Deletion,
  Frame,
  RebuildRequest,
  ShareResponse,
  Signed,
  Verify,
  WorkReceipt,
} from './messages.ts'
export { NotPlacedError, placeRecord, type RecordBlocks } from './place-record.ts'
export {
  type ArrivedChunk,
  LyingWorkerError,
  type RebuildBody,
  rebuild,
  rebuildByWorkers,
  type Worker,
  type WorkerFailure,
  WorkerSilentError,
  WorkersFailedError,
} from './rebuild.ts'
export {
  InconsistentRecordError,
  InconsistentRenewalError,
  type RebuiltChunk,
  rebuildChunk,
  rebuildChunks,
} from './rebuild-chunk.ts'
export { RepairRefusedError, type Restored, type RestoreTarget, restoreShares, trouble } from './restore.ts'
export {
  AcknowledgementError,
  type NodeReceipt,
  type PlacedPart,
  type PlaceNode,
  putBlock,
  takeReceipt,
} from './send.ts'
export {
  type AbortOptions,
  BlockNotFoundError,
  BlockSizeError,
  CidMismatchError,
  checkBlock,
  maxBlockLength,
  type ShareStore,
} from './share-store.ts'
export { askSource, type FaultReason, type ShareSource, type SourceFault, shareSource } from './source.ts'
export type { UploadFaultProof } from './upload-fault.ts'
export { PlaceTimeoutError, pause, withDeadline } from './wait.ts'
