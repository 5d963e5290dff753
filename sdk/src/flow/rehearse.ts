import { digest, randomBytes } from '#primitives'
import { type Bytes, equal } from '../bytes.ts'
import { BaseError } from '../errors.ts'
import { openAll, seal } from '../seal/index.ts'
import {
  type ChunkDigests,
  checkPolicy,
  chunkLog2For,
  createManifestBuilder,
  decodeChunk,
  encodeChunk,
  type Policy,
} from '../share/index.ts'

/** What a rehearsal measured, by the clock on the wall of this device, without network, chain and disk. */
export type Rehearsal = {
  /** Length of the record that was deposited and retrieved last. */
  readonly bytes: number
  /** Bytes that the n nodes of this process held of it. */
  readonly stored: number
  /** Seal, split, fingerprint every block. */
  readonly depositMs: number
  /** Fetch from t nodes, check, rebuild, open; the first n - t nodes are gone. */
  readonly retrieveMs: number
}

export type RehearseOptions = {
  readonly signal?: AbortSignal | undefined
  /** Hears how much of the budget is used up, 0..1. */
  readonly onProgress?: ((part: number) => void) | undefined
  /** No larger record is begun after so many milliseconds; 1500 by default. */
  readonly budget?: number | undefined
  /** Milliseconds of a clock; by default `performance.now`. */
  readonly now?: (() => number) | undefined
}

/** Most nodes that a rehearsal keeps in this process. */
export const mostRehearsed = 300
const leastBytes = 65_536
const mostBytes = 8 << 20
const mostStored = 64 << 20

/**
 * Deposits and retrieves random bytes under a policy, with n nodes in this process, and measures both. Sizes double
 * while the budget lasts; the last one counts. What comes back is compared byte for byte.
 * @throws PolicyError; RehearsalError above 300 nodes, or when the bytes do not come back.
 * @example
 * const { bytes, depositMs } = await rehearse({ n: 9, t: 6, r: 3 })
 * const megabytesPerSecond = bytes / depositMs / 1000
 */
export async function rehearse(policy: Policy, options: RehearseOptions = {}): Promise<Rehearsal> {
  const { signal, onProgress, budget = 1500, now = () => performance.now() } = options
  checkPolicy(policy)
  if (policy.n > mostRehearsed)
    throw new RehearsalError({ reason: `${policy.n} nodes are more than the ${mostRehearsed} that are tried here.` })
  const factor = policy.n / (policy.t - policy.r)
  const limit = Math.max(leastBytes, Math.min(mostBytes, mostStored / factor))
  const started = now()
  let last: Rehearsal | undefined
  for (let bytes = leastBytes; bytes <= limit; bytes *= 2) {
    last = await once(policy, bytes, { signal, now })
    onProgress?.(Math.min(1, (now() - started) / budget))
    if (now() - started >= budget) break
  }
  onProgress?.(1)
  return last as Rehearsal
}

type Timing = { readonly signal: AbortSignal | undefined; readonly now: () => number }

/** A chunk on its nodes: part j lies on node j. */
type Placed = { readonly length: number; readonly digests: ChunkDigests; readonly parts: readonly Bytes[] }

async function once(policy: Policy, bytes: number, { signal, now }: Timing): Promise<Rehearsal> {
  const record = randomBytes(bytes)
  const began = now()
  const chunkLog2 = chunkLog2For(policy, bytes)
  const sealed = seal([record], { recordId: randomBytes(32), version: 1, mime: 'application/octet-stream', chunkLog2 })
  const builder = createManifestBuilder(policy, chunkLog2)
  const placed: Placed[] = []
  for await (const chunk of sealed.chunks) {
    signal?.throwIfAborted()
    const parts = encodeChunk(policy, chunk)
    placed.push({ length: chunk.length, digests: await builder.add(placed.length, chunk, parts), parts })
  }
  builder.finish()
  const ptCommit = await sealed.ptCommit
  const middle = now()
  const { header, dek } = sealed
  let at = 0
  for await (const piece of openAll({ header, dek, chunks: gather(policy, placed, signal), ptCommit }).bytes) {
    if (!equal(piece, record.subarray(at, at + piece.length))) throw new RehearsalError({})
    at += piece.length
  }
  if (at !== bytes) throw new RehearsalError({})
  const stored = placed.reduce((sum, { parts }) => sum + policy.n * (parts[0]?.length ?? 0), 0)
  return { bytes, stored, depositMs: middle - began, retrieveMs: now() - middle }
}

/** Each chunk from the last t nodes: for r = 0 those that hold least of the record as it is. */
async function* gather(
  policy: Policy,
  placed: readonly Placed[],
  signal: AbortSignal | undefined,
): AsyncGenerator<Bytes> {
  for (const { length, digests, parts } of placed) {
    signal?.throwIfAborted()
    const fetched = parts.map((body, index) => ({ index, body })).slice(policy.n - policy.t)
    for (const { index, body } of fetched)
      if (!equal(await digest(body), digests.shares[index] as Bytes)) throw new RehearsalError({})
    const chunk = decodeChunk(policy, fetched, length)
    if (!equal(await digest(chunk), digests.content)) throw new RehearsalError({})
    yield chunk
  }
}

/** Thrown when a policy cannot be tried here, or did not give the bytes back. */
export class RehearsalError extends BaseError<'REHEARSAL'> {
  override readonly name = 'RehearsalError'
  constructor({ reason = 'What was rebuilt is not what was deposited.' }: { reason?: string }) {
    super('REHEARSAL', reason, {
      hints: ['Try fewer nodes; if bytes differ, this device computes wrongly: tell whoever looks after it.'],
      docs: 'policy.md#measured',
    })
  }
}
