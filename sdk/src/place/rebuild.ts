import { digest } from '#primitives'
import { type Bytes, equal, type Hex, toHex } from '../bytes.ts'
import { BaseError, firstLine } from '../errors.ts'
import { leafAt, type Manifest, verifyChunkDigest } from '../share/index.ts'
import { type Fetch, reach, readBody, refusal } from './call.ts'
import { type FrameFaultProof, proveFrameLie } from './fault.ts'
import {
  type ChunkFrame,
  createTally,
  FrameError,
  framesMediaType,
  jobIdOf,
  readFrames,
  sameReceipt,
  type TrailerFrame,
} from './frames.ts'
import { toJson } from './json.ts'
import type { Frame, RebuildRequest, Signed, Verify, WorkReceipt } from './messages.ts'
import type { AbortOptions } from './share-store.ts'
import { withDeadline } from './wait.ts'

/** What a reader sends to have chunks rebuilt. */
export type RebuildBody = {
  readonly request: RebuildRequest
  readonly signature: Hex
  /** EIP-712 `Possession` by the request's reply key, for the one worker that is asked. */
  readonly possession: Signed<object>
  /** The logged KeyRequest with its signature; absent where the pseudonym's controller reads. */
  readonly releaseRequest?: Signed<object> | undefined
  readonly record: { readonly recordId: Hex }
  /** Of the grantee id that the consent names, where it has one. */
  readonly consentSalt?: Hex | undefined
}

/** A reconstructor, as the registry names it. */
export type Worker = { readonly operator: Hex; readonly url: string }

/** A sealed chunk that arrived, verified against the manifest, and who sent it. */
export type ArrivedChunk = {
  readonly i: number
  readonly sealed: Bytes
  readonly used: readonly number[]
  readonly operator: Hex
}

/** Has one worker rebuild chunks and yields each once it stands under the manifest's contentRoot. Nothing that fails is
 * yielded. That the worker signs its frames for this very job is looked at in the first one, and in one that is wrong. At
 * most two frames are in memory; a reader that is slow slows the worker.
 *
 * Errors: {@link WorkerSilentError} for everything that nobody can be convicted of, {@link LyingWorkerError} with the
 * proof, `NodeRefusedError`, `NodeUnreachableError`, `PlaceTimeoutError`. */
export async function* rebuild(
  worker: Worker,
  body: RebuildBody,
  options: rebuild.Options,
): AsyncGenerator<ArrivedChunk> {
  const { request } = body
  const jobId = jobIdOf(request)
  const tally = createTally()
  const pace = createPace(options)
  const stop = new AbortController()
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal
  let next = request.first
  try {
    const frames = readFrames(await open(worker, body, { ...options, signal }))
    for (;;) {
      const { value: frame, done } = await pace.wait((left) => nextFrame(worker, frames, left, signal))
      if (done) throw new WorkerSilentError({ worker, reason: 'the stream ended before its receipt' })
      if ('error' in frame)
        throw new WorkerSilentError({ worker, reason: `it gave up: ${frame.error.code}`, detail: frame.error.detail })
      if ('receipt' in frame) {
        if (next !== request.first + request.count)
          throw new WorkerSilentError({ worker, reason: 'the stream was cut short' })
        await checkTrailer(worker, request, frame, tally.sums(), options)
        return
      }
      if (frame.i !== next)
        throw new WorkerSilentError({ worker, reason: `chunk ${frame.i} came where ${next} was due` })
      const job = { manifestHash: request.manifestHash, jobId }
      const actual = await checkFrame(worker, job, frame, { ...options, first: next === request.first })
      tally.add(frame.i, actual, frame.chunk.length, frame.used)
      pace.arrived(frame.chunk.length)
      next += 1
      yield { i: frame.i, sealed: frame.chunk, used: frame.used, operator: worker.operator }
    }
  } finally {
    stop.abort()
  }
}

export declare namespace rebuild {
  type Options = AbortOptions & {
    manifest: Manifest
    /** The verified leaf list of the content, from which a lie is proved. */
    contentLeaves: (options: AbortOptions) => Promise<Bytes>
    verifyFrame: Verify<Frame>
    verifyReceipt: Verify<WorkReceipt>
    /** Called with what ended the stream well. */
    onTrailer?: ((operator: Hex, trailer: TrailerFrame) => void) | undefined
    /** Milliseconds until the first and between two frames: 30,000. */
    timeout?: number | undefined
    /** Bytes a second that must arrive on the whole, once `timeout` ms have been waited for: 65,536. A worker that sends
     * a frame now and then would otherwise keep a reader for days. */
    leastRate?: number | undefined
    fetch?: Fetch | undefined
  }
}

/** Asks one worker after another, each from where the one before it left off.
 * Errors: {@link WorkersFailedError} when none is left; `next` tells from where direct gathering may go on.
 * @example
 * for await (const chunk of rebuildByWorkers({ workers, sign, first: 0, count, ...checks })) await take(chunk) */
export async function* rebuildByWorkers(options: rebuildByWorkers.Options): AsyncGenerator<ArrivedChunk> {
  const { workers, sign, first, count, onFailure } = options
  const failures: WorkerFailure[] = []
  let next = first
  for (const worker of workers) {
    try {
      const body = await sign(next, first + count - next, worker)
      for await (const chunk of rebuild(worker, body, options)) {
        next = chunk.i + 1
        yield chunk
      }
      return
    } catch (error) {
      options.signal?.throwIfAborted()
      if (!(error instanceof BaseError)) throw error
      const failure = { operator: worker.operator, error }
      failures.push(failure)
      onFailure?.(failure)
      // All chunks are here and verified: only its receipt was bad.
      if (next === first + count) return
    }
  }
  throw new WorkersFailedError({ next, failures })
}

/** How one worker failed. */
export type WorkerFailure = { readonly operator: Hex; readonly error: BaseError }

export declare namespace rebuildByWorkers {
  type Options = rebuild.Options & {
    workers: readonly Worker[]
    /** Signs the request for a range; called once for each worker that is asked. */
    sign: (first: number, count: number, worker: Worker) => Promise<RebuildBody>
    first: number
    count: number
    onFailure?: ((failure: WorkerFailure) => void) | undefined
  }
}

async function open(worker: Worker, body: RebuildBody, options: rebuild.Options & { signal: AbortSignal }) {
  const { fetch = globalThis.fetch, timeout = 30_000, signal } = options
  const url = `${worker.url.replace(/\/+$/, '')}/v1/rebuild`
  const headers = { 'content-type': 'application/json', accept: framesMediaType }
  const init = { method: 'POST', body: toJson(body), headers, signal }
  const response = await withDeadline(url, timeout, { signal }, () => reach(url, init, { fetch, signal }))
  if (response.status !== 200) {
    const problem = await withDeadline(url, timeout, { signal }, () => readBody(url, response, 65_536))
    throw refusal(url, response.status, problem)
  }
  if (!response.body) throw new WorkerSilentError({ worker, reason: 'it sent nothing' })
  return pieces(response.body)
}

/** A stream's pieces; ReadableStream is no async iterable in every browser. */
async function* pieces(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader()
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value
  } finally {
    await reader.cancel().catch(() => undefined)
  }
}

/** Counts the time that is spent waiting for frames; a reader that is slow itself costs a worker nothing. */
function createPace({ timeout = 30_000, leastRate = 65_536 }: Pick<rebuild.Options, 'timeout' | 'leastRate'>) {
  let waited = 0
  let bytes = 0
  return {
    arrived(length: number) {
      bytes += length
    },
    /** Waits for what `next` waits for, which it has `left` ms for. */
    async wait<T>(next: (left: number) => Promise<T>): Promise<T> {
      const started = performance.now()
      try {
        return await next(Math.max(1, Math.min(timeout, timeout + (bytes / leastRate) * 1_000 - waited)))
      } finally {
        waited += performance.now() - started
      }
    },
  }
}

async function nextFrame(worker: Worker, frames: ReturnType<typeof readFrames>, left: number, signal: AbortSignal) {
  try {
    return await withDeadline('a frame', Math.ceil(left), { signal }, () => frames.next())
  } catch (cause) {
    signal.throwIfAborted()
    if (cause instanceof FrameError) throw new WorkerSilentError({ worker, reason: 'its stream is broken', cause })
    if (cause instanceof BaseError) throw cause
    throw new WorkerSilentError({ worker, reason: 'the connection broke', cause })
  }
}

/** Checks one frame and returns the digest of its chunk (sharing.md 1.6, reader). */
async function checkFrame(
  worker: Worker,
  job: Pick<Frame, 'manifestHash' | 'jobId'>,
  frame: ChunkFrame,
  { first, ...options }: rebuild.Options & { readonly first: boolean },
): Promise<Bytes> {
  const { manifest, contentLeaves, verifyFrame, signal } = options
  const actual = await digest(frame.chunk)
  const holds = verifyChunkDigest(manifest, frame.i, { digest: actual, length: frame.chunk.length }, frame.proof)
  // What stands under contentRoot needs nobody's word. One look at each stream finds who does not sign at all.
  if (holds && !first) return actual
  const signed = { message: { ...job, i: frame.i, digest: toHex(actual) }, signature: frame.signature }
  // Bytes that do not hash to what was signed look the same as bytes under no signature.
  if (!(await verifyFrame(worker.operator, signed)))
    throw new WorkerSilentError({ worker, reason: `frame ${frame.i} is not signed by it for this job` })
  if (holds) return actual
  const leaves = await contentLeaves({ signal })
  const leaf = leafAt(leaves, frame.i)
  if (!leaf || equal(leaf, actual)) throw new WorkerSilentError({ worker, reason: `frame ${frame.i} has a wrong path` })
  throw new LyingWorkerError({ worker, chunk: frame.i, proof: proveFrameLie(leaves, signed) })
}

async function checkTrailer(
  worker: Worker,
  request: RebuildRequest,
  trailer: TrailerFrame,
  sums: ReturnType<ReturnType<typeof createTally>['sums']>,
  { verifyReceipt, onTrailer }: rebuild.Options,
): Promise<void> {
  const { receipt, signature } = trailer
  if (!sameReceipt(receipt, request, sums))
    throw new WorkerSilentError({ worker, reason: 'its receipt tells of another job' })
  if (!(await verifyReceipt(worker.operator, { message: receipt, signature })))
    throw new WorkerSilentError({ worker, reason: 'its receipt is not signed by it' })
  onTrailer?.(worker.operator, trailer)
}

/** Thrown when a worker sends nothing that counts: no bytes, or bytes that it did not sign for this job. */
export class WorkerSilentError extends BaseError<'WORKER_SILENT'> {
  override readonly name = 'WorkerSilentError'
  readonly operator: Hex | undefined
  constructor({ worker, reason, detail, cause }: WorkerSilentError.Options) {
    super('WORKER_SILENT', `Reconstructor ${worker?.operator ?? ''}: ${reason ?? 'no answer'}.`, {
      cause,
      hints: [...(detail === undefined ? [] : [detail]), 'Ask another reconstructor, or gather the shares directly.'],
      docs: 'rebuild.md#reading-the-stream',
    })
    this.operator = worker?.operator
  }
}
export declare namespace WorkerSilentError {
  type Options = { worker?: Worker; reason?: string; detail?: string; cause?: unknown }
}

/** Thrown when a worker signed bytes that are not the record's; `proof` convicts it before anybody. */
export class LyingWorkerError extends BaseError<'LYING_WORKER'> {
  override readonly name = 'LyingWorkerError'
  readonly operator: Hex | undefined
  readonly proof: FrameFaultProof | undefined
  constructor({ worker, chunk, proof }: { worker?: Worker; chunk?: number; proof?: FrameFaultProof }) {
    super('LYING_WORKER', `Reconstructor ${worker?.operator ?? ''} signed a false chunk ${chunk ?? ''}.`, {
      hints: ['Keep the proof: anyone can check it by hashes and one signature.'],
      docs: 'faults.md#kinds',
    })
    this.operator = worker?.operator
    this.proof = proof
  }
}

/** Thrown when every worker failed; chunks before `next` have arrived. */
export class WorkersFailedError extends BaseError<'WORKERS_FAILED'> {
  override readonly name = 'WorkersFailedError'
  readonly next: number
  readonly failures: readonly WorkerFailure[]
  constructor({ next = 0, failures = [] }: { next?: number; failures?: readonly WorkerFailure[] }) {
    const each = failures.map(({ error }) => firstLine(error.message))
    super('WORKERS_FAILED', `No reconstructor finished. ${each.join('; ')}`, {
      hints: ['Gather the shares directly from the storage nodes.'],
      docs: 'rebuild.md#reading-the-stream',
    })
    this.next = next
    this.failures = failures
  }
}
