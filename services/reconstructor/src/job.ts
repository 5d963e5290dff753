import { type Bytes, type Hex, release, toHex } from '@sharewell/sdk/bytes'
import type { RebuildClaim } from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import {
  type AbortOptions,
  createGatherer,
  createTally,
  encodeFrame,
  type FaultFile,
  type FaultProof,
  type Gatherer,
  InconsistentRecordError,
  jobIdOf,
  type Latencies,
  manifestsOf,
  NodeUnreachableError,
  type RebuiltChunk,
  rebuildChunks,
  type ShareSource,
  shareSource,
} from '@sharewell/sdk/place'
import { chunkCount, chunkLength, shareChunkLength } from '@sharewell/sdk/share'
import type { Components } from './components.ts'
import type { KnownRecord } from './records.ts'

/** Rebuilds the chunks of one request and yields encoded frames; the last one is the trailer, or says why it stopped.
 * The first frame is made before anything is yielded, so that a job that cannot start is an error, not a stream. */
export async function runJob(
  components: Components,
  record: KnownRecord,
  { request }: RebuildClaim,
  { latencies, signal }: AbortOptions & { readonly latencies: Latencies },
): Promise<AsyncGenerator<Bytes>> {
  const { first, count } = request
  if (count < 1 || first + count > chunkCount(record.manifest)) throw new ChunkRangeError({ first, count })
  const gatherer = gathererOf(components, record, latencies)
  const chunks = rebuildChunks(gatherer, { first, count, contentLeaves: record.contentLeaves, ahead, signal })
  const start = await chunks.next().catch((error: unknown) => keepAndThrow(components, record, error))
  return frames(components, record, request, { gatherer, chunks, start, signal })
}

/** Chunks under way at once. */
const ahead = 3

/** Bytes that a job of this record holds at most while no node is slow: the share-chunks and the chunk of each that is under
 * way. */
export function bytesOf({ manifest }: Pick<KnownRecord, 'manifest'>): number {
  return ahead * ((manifest.t + 1) * shareChunkLength(manifest, 0) + chunkLength(manifest, 0))
}

type Running = {
  readonly gatherer: Gatherer
  readonly chunks: AsyncGenerator<RebuiltChunk>
  readonly start: IteratorResult<RebuiltChunk>
  readonly signal: AbortSignal | undefined
}

/** Keeps what convicts the depositor, where that is what ended the job. */
function keepAndThrow(components: Components, record: KnownRecord, error: unknown): never {
  if (error instanceof InconsistentRecordError && error.proof) keep(components, record, error.proof)
  throw error
}

async function* frames(
  components: Components,
  record: KnownRecord,
  request: RebuildClaim['request'],
  { gatherer, chunks, start, signal }: Running,
): AsyncGenerator<Bytes> {
  const { sign, clock, log } = components
  const { manifestHash, first, count } = request
  const next = () => chunks.next().catch((error: unknown) => keepAndThrow(components, record, error))
  const jobId = jobIdOf(request)
  const tally = createTally()
  const startedAt = clock()
  try {
    for (let step = start; !step.done; step = await next()) {
      const { i, sealed, digest, used } = step.value
      tally.add(i, digest, sealed.length, used)
      const signature = await sign.frame({ manifestHash, jobId, i, digest: toHex(digest) })
      const frame = encodeFrame({ i, chunk: sealed, proof: record.prove(i), signature, used })
      release(sealed)
      yield frame
    }
    const receipt = { jobId, manifestHash, first, count, ...tally.sums(), startedAt, endedAt: clock() }
    yield encodeFrame({ receipt, signature: await sign.receipt(receipt), faults: gatherer.faults.slice(0, 1000) })
    log.info({ chunks: count, faults: gatherer.faults.length }, 'rebuilt')
  } catch (error) {
    // Nobody is left to be told.
    if (signal?.aborted) return
    const known = error instanceof BaseError ? error : undefined
    log.error({ code: known?.code ?? 'INTERNAL' }, 'stopped')
    const detail = known ? known.message.slice(0, 4000) : 'The reconstructor failed.'
    yield encodeFrame({ error: { code: known?.code ?? 'INTERNAL', detail } })
  } finally {
    await chunks.return(undefined)
  }
}

function gathererOf(components: Components, record: KnownRecord, latencies: Latencies): Gatherer {
  const { authority, limits } = components
  const { manifest, manifestHash } = record
  return createGatherer({
    manifest,
    manifestHash,
    sources: record.nodes.map((node, index) =>
      node ? shareSource(node.operator, index, node.store) : gone(record, index),
    ),
    leaves: record.shareLeaves,
    verify: authority.verifyShare,
    timeout: limits?.shareTimeout,
    grace: limits?.shareGrace,
    latencies,
    onFault: ({ index, proof }) => {
      const node = record.nodes[index]
      if (proof && node)
        keep(components, record, proof, { operator: node.operator, account: node.account.toLowerCase() as Hex })
    },
  })
}

/** Keeps a proof beside the job: a full disk must not end the reader's stream. */
function keep(
  { faults, network, clock, log }: Components,
  { lineage }: KnownRecord,
  proof: FaultProof,
  accused?: FaultFile['accused'],
): void {
  const manifests = manifestsOf(lineage, proof)
  if (!manifests) return
  const file = { network, ...manifests, proof, ...(accused && { accused }) }
  faults.add(file, clock()).catch(() => log.error({ code: 'FAULT_STORE' }, 'not kept'))
}

/** A share whose node has left the registry. */
function gone({ placement }: KnownRecord, index: number): ShareSource {
  return {
    operator: toHex(placement.operators[index] as Bytes),
    index,
    fetch: async () => {
      throw new NodeUnreachableError({ url: 'a node that is not in the registry' })
    },
  }
}

/** Thrown when a request names chunks that the record does not have. */
export class ChunkRangeError extends BaseError<'CHUNK_RANGE'> {
  override readonly name = 'ChunkRangeError'
  constructor({ first, count }: { first?: number; count?: number }) {
    super('CHUNK_RANGE', `The record has no chunks ${first ?? 0} to ${(first ?? 0) + (count ?? 0)}.`, {
      hints: ['The manifest tells how many there are; the trailer is the last.'],
      docs: 'rebuild.md#request',
    })
  }
}
