import { digest, type Random } from '#primitives'
import type { Bytes } from '../../bytes.ts'
import type { Part } from '../chunk.ts'
import { checkPolicy, type Policy, rowLength } from '../policy.ts'
import { inOrder, type StreamOptions } from './in-order.ts'
import { commonPool, type RunOptions, type SharePool } from './pool.ts'
import { type Done, type Joined, perform, releaseWork, type Split, type Work } from './work.ts'

/** Sealed bytes of a stream that are worked on in the caller's thread, before other threads pay. */
const ownBytes = 64 * 2 ** 20

/** A chunk of a stream that was cut. For a chunk that was not to be cut, `shares` and `digests` are empty. */
export type SplitChunk = Split & { readonly i: number; readonly length: number }

/** Share-chunks of one chunk, each of which was checked by its leaf, and the chunk's length. */
export type GatheredChunk = { readonly parts: readonly Part[]; readonly length: number }

/** A chunk of a stream that was joined, and the shares given for it, in rising order. */
export type JoinedChunk = Joined & { readonly i: number; readonly used: readonly number[] }

type CommonOptions = StreamOptions & {
  /** Threads that help: {@link SharePool}. By default the common pool, from 64 MiB of the stream on. */
  readonly pool?: SharePool | undefined
  /** The arrays given are given up: they are empty once their chunk is done. */
  readonly take?: boolean | undefined
}

/**
 * Cuts chunks as they stream by, in order, several at once; at most `ahead` of them are in memory. Ends with the
 * source; `signal`, or leaving the loop, ends it at once and leaves nothing running.
 * @throws PolicyError, PartError for an empty chunk, ShareThreadError, the signal's reason.
 * @example
 * for await (const { i, shares, digests } of splitChunks(policy, chunks)) await keep(i, shares, digests)
 */
export async function* splitChunks(
  policy: Policy,
  chunks: AsyncIterable<Bytes> | Iterable<Bytes>,
  options: splitChunks.Options = {},
): AsyncGenerator<SplitChunk> {
  checkPolicy(policy)
  const { cuts = () => true, random } = options
  const run = createHand(options)
  const split = async (chunk: Bytes, i: number, signal: AbortSignal): Promise<SplitChunk> => {
    const { length } = chunk
    if (!cuts(i)) return { i, length, content: await digest(chunk), shares: [], digests: [] }
    const masks = random && Array.from({ length: policy.r }, () => random(rowLength(policy, length)))
    return { i, length, ...(await run({ kind: 'split', policy, chunk, masks }, length, signal)) }
  }
  yield* inOrder(chunks, split, options)
}
export declare namespace splitChunks {
  type Options = CommonOptions & {
    /** Which chunks are cut; of the others only the digest is taken. This is how a split goes on after a stop. */
    readonly cuts?: ((i: number) => boolean) | undefined
    /** Source of the random rows, asked in the order of the chunks. By default each thread draws its own. */
    readonly random?: Random | undefined
  }
}

/**
 * Joins chunks as their share-chunks stream by, in order, several at once; at most `ahead` of them are in memory.
 * Integrity is *not* checked: verify each part before, or compare `content` with the content leaf list after.
 * @throws what `decodeChunk` throws, ShareThreadError, the signal's reason.
 * @example
 * for await (const { chunk } of joinChunks(policy, gathered)) await file.write(chunk)
 */
export async function* joinChunks(
  policy: Policy,
  chunks: AsyncIterable<GatheredChunk> | Iterable<GatheredChunk>,
  options: joinChunks.Options = {},
): AsyncGenerator<JoinedChunk> {
  checkPolicy(policy)
  const run = createHand(options)
  const join = async ({ parts, length }: GatheredChunk, i: number, signal: AbortSignal): Promise<JoinedChunk> => {
    const used = parts.map(({ index }) => index).sort((a, b) => a - b)
    return { i, used, ...(await run({ kind: 'join', policy, parts, length }, length, signal)) }
  }
  yield* inOrder(chunks, join, options)
}
export declare namespace joinChunks {
  type Options = CommonOptions
}

/** Does the work of one stream: in this thread at first, by a pool once that pays. */
function createHand({ pool, take }: CommonOptions) {
  let bytes = 0
  const run = <work extends Work>(work: work, options: RunOptions): Promise<Done<work>> => {
    if (pool) return pool.run(work, options)
    return bytes > ownBytes ? commonPool().run(work, options) : perform(work)
  }
  return async <work extends Work>(work: work, length: number, signal: AbortSignal): Promise<Done<work>> => {
    bytes += length
    const done = await run(work, { signal, take })
    if (take) releaseWork(work)
    return done
  }
}
