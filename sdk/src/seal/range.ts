import type { Bytes } from '../bytes.ts'
import { BaseError } from '../errors.ts'
import { ChunkError, opening, TruncatedError } from './errors.ts'
import type { parseSealHeader } from './header.ts'
import { openChunk, tagLength, unlock } from './keys.ts'
import { chunkCountOf, readTrailer, type Trailer } from './trailer.ts'

/** Which sealed chunks hold the bytes [from, to) of the record. */
export function rangeChunks(
  chunkLog2: number,
  { from, to }: { readonly from: number; readonly to: number },
): { readonly first: number; readonly count: number } {
  const length = 2 ** chunkLog2 - tagLength
  const first = Math.floor(from / length)
  return { first, count: to > from ? Math.ceil(to / length) - first : 0 }
}

/**
 * Opens the bytes [from, to) from the chunks that {@link rangeChunks} names, in order. Read the trailer first: only it
 * tells data from padding. A range proves that its bytes are the record's, not that the rest of it is there.
 * @throws OpenError from the iterator
 */
export async function* openRange(options: openRange.Options): AsyncGenerator<Bytes, void> {
  const { from, to } = options
  const { keys, header } = await opening(() => unlock(options.header, options.dek, options.expected))
  const { first, count } = rangeChunks(header.chunkLog2, options)
  const length = 2 ** header.chunkLog2 - tagLength
  let index = first
  if (count === 0) return
  for await (const sealed of options.chunks) {
    if (index >= first + count) break
    const start = index * length
    const plain = await opening(() => openChunk(keys, index, false, sealed))
    const end = Math.min(to - start, length)
    // A chunk too short for what the trailer promised is not the one that was sealed there.
    if (plain.length < end) await opening(() => Promise.reject(new ChunkError({ index })))
    index += 1
    yield plain.subarray(Math.max(from - start, 0), end)
  }
  if (index < first + count) await opening(() => Promise.reject(new TruncatedError({ chunks: index })))
}
export declare namespace openRange {
  type Options = {
    /** CBOR of the seal header. */
    readonly header: Uint8Array
    readonly dek: Uint8Array
    readonly from: number
    readonly to: number
    /** The sealed chunks of the range, in order. */
    readonly chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>
    /** What the manifest says of the header. */
    readonly expected?: parseSealHeader.Expected | undefined
  }
}

/**
 * Opens the bytes [from, to) of a record and fetches no chunk but theirs and the trailer. `to` beyond the end means
 * the end.
 * @throws OpenError, and ByteRangeError when the range starts beyond the end
 * @example
 * const { trailer, bytes } = await openBytes({ header, dek, sealedLen, from: 0, to: 4096, fetchChunks })
 */
export async function openBytes(options: openBytes.Options): Promise<{
  readonly trailer: Trailer
  readonly from: number
  readonly to: number
  readonly bytes: AsyncIterable<Bytes>
}> {
  const { header, dek, sealedLen, fetchChunks, expected, from = 0 } = options
  // The key before any request: a wrong one must not cost a fetch.
  const { chunkLog2 } = await opening(() => unlock(header, dek, expected).header)
  const last = chunkCountOf(sealedLen, chunkLog2) - 1
  const chunk = await firstOf(fetchChunks(last, 1))
  if (!chunk) return opening(() => Promise.reject(new TruncatedError({ chunks: last })))
  const trailer = await readTrailer({ header, dek, sealedLen, chunk, expected })
  const to = Math.min(options.to ?? trailer.realLen, trailer.realLen)
  if (!Number.isSafeInteger(from) || from < 0 || from > to) throw new ByteRangeError({ from, length: trailer.realLen })
  const { first, count } = rangeChunks(chunkLog2, { from, to })
  const chunks = count === 0 ? [] : fetchChunks(first, count)
  return { trailer, from, to, bytes: openRange({ header, dek, from, to, chunks, expected }) }
}
export declare namespace openBytes {
  type Options = {
    /** CBOR of the seal header. */
    readonly header: Uint8Array
    readonly dek: Uint8Array
    /** Sum of all sealed chunks' lengths, from the manifest. */
    readonly sealedLen: number
    /** First byte; 0 when absent. */
    readonly from?: number | undefined
    /** First byte no longer wanted; the end when absent. */
    readonly to?: number | undefined
    /** Fetches `count` sealed chunks from `first` on, verified against the content root. */
    readonly fetchChunks: (first: number, count: number) => AsyncIterable<Uint8Array> | Iterable<Uint8Array>
    /** What the manifest says of the header. */
    readonly expected?: parseSealHeader.Expected | undefined
  }
}

async function firstOf(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<Uint8Array | undefined> {
  for await (const chunk of chunks) return chunk
  return undefined
}

/** Thrown when a range does not lie in the record. */
export class ByteRangeError extends BaseError<'BYTE_RANGE'> {
  override readonly name = 'ByteRangeError'
  constructor({ from, length }: ByteRangeError.Options) {
    super('BYTE_RANGE', `No range from byte ${from} in a record of ${length} bytes.`, {
      hints: ['Bytes are numbered from 0, and a range ends after it starts.'],
      docs: 'seal.md#ranges',
    })
  }
}
export declare namespace ByteRangeError {
  type Options = { from?: number; length?: number }
}
