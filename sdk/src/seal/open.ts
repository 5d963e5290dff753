import { createHmac } from '#primitives'
import { type Bytes, equal, release } from '../bytes.ts'
import { ChunkError, CommitmentError, OpenError, opening, TruncatedError } from './errors.ts'
import type { parseSealHeader } from './header.ts'
import { openChunk, type SealKeys, tagLength, unlock } from './keys.ts'
import { padme } from './padme.ts'
import { openTrailer, type Trailer } from './trailer.ts'

/** A record being opened. */
export type Opened = {
  /**
   * The record's bytes. They are final only when the iterator ended without an error: every chunk is checked before it
   * is given out, the commitment to the whole only at the end. On an error delete what was written.
   */
  readonly bytes: AsyncIterable<Bytes>
  /** Media type and length, known when `bytes` ended; rejects when they do not. */
  readonly trailer: Promise<Trailer>
}

/**
 * Opens a whole record from its sealed chunks in order, with two of them in memory. Zeros are held back as a count
 * until it is known that they are no padding.
 * @throws OpenError from the iterator, with KeyMismatchError, ChunkError, TruncatedError, CommitmentError or
 * SealHeaderError as its cause. What the source throws passes as it is.
 * @example
 * const { bytes, trailer } = openAll({ header, dek, chunks, ptCommit: manifest.ptCommit })
 * for await (const piece of bytes) await file.write(piece)
 * const { mime } = await trailer
 */
export function openAll(options: openAll.Options): Opened {
  let settle: { resolve: (trailer: Trailer) => void; reject: (error: Error) => void } | undefined
  const trailer = new Promise<Trailer>((resolve, reject) => {
    settle = { resolve, reject }
  })
  trailer.catch(() => undefined)
  const bytes = async function* (): AsyncGenerator<Bytes, void> {
    try {
      settle?.resolve(yield* openChunks(options))
    } finally {
      settle?.reject(new OpenError())
    }
  }
  return { bytes: bytes(), trailer }
}
export declare namespace openAll {
  type Options = {
    /** CBOR of the seal header. */
    readonly header: Uint8Array
    readonly dek: Uint8Array
    /** All sealed chunks in order, each as it was sealed. */
    readonly chunks: AsyncIterable<Bytes> | Iterable<Bytes>
    /** The commitment that the manifest fixes. It is read when `chunks` ended, so it may arrive behind them. */
    readonly ptCommit: Uint8Array
    /** What the manifest says of the header. */
    readonly expected?: parseSealHeader.Expected | undefined
    /** The sealed chunks are given up: each is empty once it is opened. */
    readonly take?: boolean | undefined
  }
}

async function* openChunks(options: openAll.Options): AsyncGenerator<Bytes, Trailer> {
  const { keys, header } = await opening(() => unlock(options.header, options.dek, options.expected))
  const hmac = createHmac(keys.pt)
  const count = { data: 0, given: 0 }
  let zeros = 0
  let index = 0
  let held: Bytes | undefined
  function* give(bytes: Iterable<Bytes>): Generator<Bytes> {
    for (const piece of bytes) {
      hmac.update(piece)
      count.given += piece.length
      yield piece
    }
  }
  for await (const chunk of options.chunks) {
    if (held) {
      const next = held
      const plain = await opening(() => openData(keys, index, next, 2 ** header.chunkLog2, count.data))
      if (options.take) release(next)
      count.data += plain.length
      index += 1
      const end = trimmedLength(plain)
      if (end > 0) {
        yield* give(zeroPieces(zeros))
        yield* give([plain.subarray(0, end)])
        zeros = 0
      }
      zeros += plain.length - end
    }
    held = chunk
  }
  const trailer = await opening(() => finishData(keys, index, held, count))
  yield* give(zeroPieces(trailer.realLen - count.given))
  await opening(() => {
    if (!equal(hmac.digest(), options.ptCommit)) throw new CommitmentError({})
  })
  return trailer
}

/** Opens a data chunk. All before it were full, or this would not be where it belongs. */
async function openData(
  keys: SealKeys,
  index: number,
  sealed: Uint8Array,
  full: number,
  dataBefore: number,
): Promise<Bytes> {
  const wrong = sealed.length <= tagLength || sealed.length > full || dataBefore !== index * (full - tagLength)
  if (wrong) throw new ChunkError({ index })
  return openChunk(keys, index, false, sealed)
}

async function finishData(
  keys: SealKeys,
  index: number,
  last: Uint8Array | undefined,
  count: { readonly data: number; readonly given: number },
): Promise<Trailer> {
  if (!last || index === 0) throw new TruncatedError({ chunks: last ? 1 : 0 })
  const trailer = await openTrailer(keys, index, last)
  if (padme(trailer.realLen) !== count.data)
    throw new CommitmentError({ reason: 'The padded length does not follow from the real one.' })
  if (trailer.realLen < count.given) throw new CommitmentError({ reason: 'The padding is not zero.' })
  return trailer
}

/** Length without the zeros at the end. */
function trimmedLength(bytes: Uint8Array): number {
  let end = bytes.length
  while (end > 0 && bytes[end - 1] === 0) end--
  return end
}

function* zeroPieces(length: number): Generator<Bytes> {
  for (let rest = length; rest > 0; rest -= 65_536) yield new Uint8Array(Math.min(rest, 65_536))
}
