import { digest } from '#primitives'
import { type Bytes, equal } from '../bytes.ts'
import { BaseError } from '../errors.ts'
import { chunkLength, decodeChunk, leafAt, type Manifest, type Part, PartError } from '../share/index.ts'
import type { Gatherer } from './gather.ts'
import type { AbortOptions } from './share-store.ts'

/** A rebuilt sealed chunk and the shares it was made of. */
export type RebuiltChunk = {
  readonly i: number
  readonly sealed: Bytes
  readonly digest: Bytes
  readonly used: readonly number[]
}

/** Rebuilds sealed chunk `i` from verified share-chunks and compares it with the content leaf list.
 * Errors: {@link InconsistentRecordError} when share-chunks that each verify give another chunk: then the depositor
 * encoded wrongly, and no node is to blame. */
export async function rebuildChunk(
  manifest: Manifest,
  i: number,
  parts: readonly Part[],
  contentLeaves: Bytes,
): Promise<RebuiltChunk> {
  const used = parts.map(({ index }) => index).sort((a, b) => a - b)
  const sealed = decode(manifest, i, parts)
  const actual = await digest(sealed)
  const leaf = leafAt(contentLeaves, i)
  if (!leaf || !equal(actual, leaf)) throw new InconsistentRecordError({ chunk: i, used })
  return { i, sealed, digest: actual, used }
}

/** Gathers and rebuilds chunks `first` to `first + count` in order, `ahead` of them at once. When it ends,
 * the gatherer's `faults` are complete, hanging nodes among them.
 * Errors: those of `gather` and {@link rebuildChunk}.
 * @example
 * for await (const { i, sealed } of rebuildChunks(gatherer, { first: 0, count, contentLeaves })) await take(i, sealed) */
export async function* rebuildChunks(
  gatherer: Gatherer,
  { first, count, contentLeaves, ahead = 3, signal }: rebuildChunks.Options,
): AsyncGenerator<RebuiltChunk> {
  const rest = new AbortController()
  const both = signal ? AbortSignal.any([signal, rest.signal]) : rest.signal
  const one = async (i: number) => {
    const parts = await gatherer.gather(i, { signal: both })
    return await rebuildChunk(gatherer.manifest, i, parts, contentLeaves)
  }
  const running: Promise<RebuiltChunk>[] = []
  let next = first
  try {
    while (running.length > 0 || next < first + count) {
      while (running.length < ahead && next < first + count) {
        const job = one(next++)
        // It is awaited in its turn; until then its failure must not count as unhandled.
        job.catch(() => undefined)
        running.push(job)
      }
      yield await (running.shift() as Promise<RebuiltChunk>)
    }
    await gatherer.settled()
  } finally {
    rest.abort()
  }
}

export declare namespace rebuildChunks {
  type Options = AbortOptions & {
    first: number
    count: number
    /** The verified leaf list of the content. */
    contentLeaves: Bytes
    /** Chunks under way at once, which bounds memory: 3. */
    ahead?: number | undefined
  }
}

function decode(manifest: Manifest, i: number, parts: readonly Part[]): Bytes {
  try {
    return decodeChunk(manifest, parts, chunkLength(manifest, i))
  } catch (cause) {
    // Each part hashes to its leaf, so a word that is none was made by whoever made the leaves.
    if (cause instanceof PartError)
      throw new InconsistentRecordError({ chunk: i, used: parts.map(({ index }) => index), cause })
    throw cause
  }
}

/** Thrown when t verified share-chunks do not give the chunk that the manifest names. */
export class InconsistentRecordError extends BaseError<'INCONSISTENT_RECORD'> {
  override readonly name = 'InconsistentRecordError'
  /** The shares that prove it, each valid by itself. */
  readonly used: readonly number[]
  constructor({ chunk, used = [], cause }: { chunk?: number; used?: readonly number[]; cause?: unknown }) {
    super(
      'INCONSISTENT_RECORD',
      `Chunk ${chunk ?? '?'}: valid shares ${used.join(', ')} do not give the sealed chunk.`,
      {
        cause,
        hints: ['The depositor split the record wrongly; ask for a new deposit.'],
        docs: 'rebuild.md#inconsistent-records',
      },
    )
    this.used = used
  }
}
