import { digest } from '#primitives'
import { type Bytes, equal } from '../bytes.ts'
import { BaseError } from '../errors.ts'
import { leafAt, type Manifest, type Part } from '../share/index.ts'
import type { Gatherer } from './gather.ts'
import type { AbortOptions } from './share-store.ts'
import { decoded, proveUploadLie, type UploadFaultProof } from './upload-fault.ts'

/** A rebuilt sealed chunk and the shares it was made of. */
export type RebuiltChunk = {
  readonly i: number
  readonly sealed: Bytes
  readonly digest: Bytes
  readonly used: readonly number[]
}

/** Rebuilds sealed chunk `i` from verified share-chunks and compares it with the content leaf list.
 * Errors: {@link InconsistentRecordError} when share-chunks that each verify give another chunk: then the depositor
 * encoded wrongly, and no node is to blame. {@link InconsistentRenewalError} where others made the shares since. */
export async function rebuildChunk(
  manifest: Manifest,
  i: number,
  parts: readonly Part[],
  contentLeaves: Bytes,
): Promise<RebuiltChunk> {
  const used = parts.map(({ index }) => index).sort((a, b) => a - b)
  const sealed = decoded(manifest, i, parts)
  const actual = sealed && (await digest(sealed))
  const leaf = leafAt(contentLeaves, i)
  if (!sealed || !actual || !leaf || !equal(actual, leaf)) throw inconsistent(manifest, { chunk: i, used })
  return { i, sealed, digest: actual, used }
}

/** What it means that valid shares of a chunk are no word of the code: who made them is at fault, and under a manifest that
 * follows another one that is not the depositor. */
export function inconsistent(
  { prev }: Pick<Manifest, 'prev'>,
  at: { readonly chunk: number; readonly used: readonly number[] },
): InconsistentRecordError | InconsistentRenewalError {
  return prev ? new InconsistentRenewalError(at) : new InconsistentRecordError(at)
}

/** Gathers and rebuilds chunks `first` to `first + count` in order, `ahead` of them at once: while one is decoded the shares
 * of the next ones arrive. When it ends, the gatherer's `faults` are complete, nodes that hung from the start among them.
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
    try {
      return await rebuildChunk(gatherer.manifest, i, parts, contentLeaves)
    } catch (cause) {
      if (!(cause instanceof InconsistentRecordError)) throw cause
      const share = (index: number) => gatherer.leaves(index, { signal: both })
      const proof = await proveUploadLie(gatherer.manifest, i, parts, { content: contentLeaves, share })
      throw new InconsistentRecordError({ chunk: i, used: cause.used, proof })
    }
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

/** Thrown when t verified share-chunks of those that the depositor made do not give the chunk that the manifest names. */
export class InconsistentRecordError extends BaseError<'INCONSISTENT_RECORD'> {
  override readonly name = 'InconsistentRecordError'
  /** The shares that prove it, each valid by itself. */
  readonly used: readonly number[]
  /** Convicts whoever signed the manifest, before anybody. */
  readonly proof: UploadFaultProof | undefined
  constructor({ chunk, used = [], proof }: InconsistentRecordError.Options) {
    super(
      'INCONSISTENT_RECORD',
      `Chunk ${chunk ?? '?'}: valid shares ${used.join(', ')} do not give the sealed chunk.`,
      {
        hints: ['The depositor split the record wrongly; ask for a new deposit.'],
        docs: 'faults.md#kinds',
      },
    )
    this.used = used
    this.proof = proof
  }
}
export declare namespace InconsistentRecordError {
  type Options = { chunk?: number; used?: readonly number[]; proof?: UploadFaultProof | undefined }
}

/** Thrown when t verified share-chunks do not give the chunk that the manifest names, and were made again since the deposit.
 * It convicts nobody: who attested a wrong share is found among all of them, and the depositor made none of them. */
export class InconsistentRenewalError extends BaseError<'INCONSISTENT_RENEWAL'> {
  override readonly name = 'InconsistentRenewalError'
  /** The shares that do not fit, each valid by itself. */
  readonly used: readonly number[]
  constructor({ chunk, used = [] }: InconsistentRenewalError.Options) {
    super(
      'INCONSISTENT_RENEWAL',
      `Chunk ${chunk ?? '?'}: renewed shares ${used.join(', ')} do not give the sealed chunk.`,
      {
        hints: ['Some of their keepers attested a wrong share; whoever activated them finds out which.'],
        docs: 'share-renewal.md#activation',
      },
    )
    this.used = used
  }
}
export declare namespace InconsistentRenewalError {
  type Options = { chunk?: number; used?: readonly number[] }
}
