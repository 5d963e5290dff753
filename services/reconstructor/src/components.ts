import type { Log } from '@sharewell/host'
import type { Hex } from '@sharewell/sdk/bytes'
import type { FaultFile, Frame, StorageClient, WorkReceipt } from '@sharewell/sdk/place'
import type { Auditor } from './audit/auditor.ts'
import type { Authority, StorageOperator } from './authority.ts'
import type { Caretaker } from './care/caretaker.ts'
import type { FaultStore } from './fault-store.ts'

/** What the app is made of; a test brings its own authority and keys. */
export type Components = {
  readonly operator: Hex
  /** What of the network enters ids and signatures. */
  readonly network: FaultFile['network']
  readonly authority: Authority
  /** A client of a storage node that carries this worker's ticket. */
  readonly connect: (node: StorageOperator) => StorageClient
  /** The operator's EIP-712 signature. */
  readonly sign: { frame(message: Frame): Promise<Hex>; receipt(message: WorkReceipt): Promise<Hex> }
  readonly faults: FaultStore
  /** Looks after an organization's records, where the config says so. */
  readonly care?: Pick<Caretaker, 'report' | 'done'> | undefined
  /** Judges whether nodes are silent, where the config says so. */
  readonly auditor?: Pick<Auditor, 'report'> | undefined
  readonly log: Log
  /** Seconds since 1970. */
  readonly clock: () => number
  readonly limits?: Partial<Limits> | undefined
}

/** Bounds of what one worker does at once. */
export type Limits = {
  /** Jobs at the same time: 8. Each holds a few chunks. */
  readonly jobs: number
  /** Jobs of one reader at the same time, and as many that wait: 3. */
  readonly jobsEach: number
  /** Bytes of share-chunks and chunks that one reader's jobs hold together: 64 MiB. */
  readonly bytesEach: number
  /** Milliseconds that a job waits for its turn: 10,000. */
  readonly turnTimeout: number
  /** Milliseconds that one storage node may take for a share-chunk: 5,000. */
  readonly shareTimeout: number
  /** Milliseconds that one which never answered has after enough others did: 1,000. */
  readonly shareGrace: number
  /** Milliseconds that a reader may leave the stream unread: 60,000. */
  readonly readerTimeout: number
}
