import { aesGcmSeal, createHmac, type Random, randomBytes } from '#primitives'
import type { Bytes } from '../bytes.ts'
import { BaseError } from '../errors.ts'
import { encodeSealHeader } from './header.ts'
import { deriveKeys, nonceOf, type SealKeys, tagLength } from './keys.ts'
import { padme } from './padme.ts'
import { encodeTrailer } from './trailer.ts'

/** A record being sealed. */
export type Sealed = {
  /** CBOR of the seal header; known before the first byte is read. */
  readonly header: Bytes
  /** The record's key. Wrap it; never store it bare. */
  readonly dek: Bytes
  /** The sealed chunks in order, the trailer last. It reads the source as it is read; once only. */
  readonly chunks: AsyncIterable<Bytes>
  /** HMAC of the record, known when `chunks` ended; rejects when they never end. */
  readonly ptCommit: Promise<Bytes>
}

/** Chunks are numbered in 32 bits. */
const maxChunks = 2 ** 32

/**
 * Seals a record under a fresh key, in one pass and with one chunk in memory. Key and salt are drawn here on every
 * call, so no key ever seals twice; an interrupted deposit gives its own again by `random` and compares (docs/spec/resume.md).
 * @throws SealError for a wrong id, version, chunk size or media type; the iterator throws what the source throws.
 * @example
 * const { header, dek, chunks, ptCommit } = seal(file.stream(), { recordId, version: 1, mime, chunkLog2: 16 })
 * for await (const chunk of chunks) await store(chunk)
 */
export function seal(source: seal.Source, options: seal.Options): Sealed {
  const { recordId, version, mime, chunkLog2, random = randomBytes } = options
  checkOptions(options)
  const dek = random(32)
  const core = { v: 1, recordId: new Uint8Array(recordId), version, chunkLog2, salt: random(32) } as const
  const keys = deriveKeys(dek, core)
  const end = promiseParts<Bytes>()
  return {
    header: encodeSealHeader({ ...core, keyCommit: keys.keyCommit }),
    dek,
    chunks: sealChunks(source, { keys, chunkLog2, mime, end }),
    ptCommit: end.promise,
  }
}
export declare namespace seal {
  /** The record's bytes, in pieces of any size. */
  type Source = AsyncIterable<Uint8Array> | Iterable<Uint8Array>
  type Options = {
    readonly recordId: Uint8Array
    readonly version: number
    /** Media type; sealed with the record. */
    readonly mime: string
    /** log2 of a sealed chunk's length; see `chunkLog2For` of share. */
    readonly chunkLog2: 16 | 18 | 20
    /** Source of DEK and salt. */
    readonly random?: Random | undefined
  }
}

type Job = {
  readonly keys: SealKeys
  readonly chunkLog2: number
  readonly mime: string
  readonly end: PromiseParts<Bytes>
}

async function* sealChunks(source: seal.Source, { keys, chunkLog2, mime, end }: Job): AsyncGenerator<Bytes, void> {
  const hmac = createHmac(keys.pt)
  const count = { bytes: 0, chunks: 0 }
  const sealNext = (plain: Bytes, trailer = false): Promise<Bytes> => {
    if (count.chunks >= maxChunks) throw new SealError({ reason: 'The record is too long for its chunk size.' })
    return aesGcmSeal(keys.enc, nonceOf(count.chunks++, trailer), plain, keys.aad)
  }
  try {
    const counted = tap(source, (bytes) => {
      hmac.update(bytes)
      count.bytes += bytes.length
    })
    for await (const plain of cut(padded(counted, count), 2 ** chunkLog2 - tagLength)) yield await sealNext(plain)
    yield await sealNext(encodeTrailer({ mime, realLen: count.bytes }) as Bytes, true)
    end.resolve(hmac.digest())
  } finally {
    end.reject(new SealError({ reason: 'The record was not read to its end.' }))
  }
}

async function* tap(source: seal.Source, see: (bytes: Uint8Array) => void): AsyncGenerator<Uint8Array, void> {
  for await (const bytes of source) {
    if (!(bytes instanceof Uint8Array)) throw new SealError({ reason: 'The source gave something else than bytes.' })
    see(bytes)
    yield bytes
  }
}

/** The source, then zeros up to the padded length. */
async function* padded(
  source: AsyncIterable<Uint8Array>,
  count: { readonly bytes: number },
): AsyncGenerator<Uint8Array, void> {
  yield* source
  const zeros = new Uint8Array(65_536)
  for (let missing = padme(count.bytes) - count.bytes; missing > 0; missing -= zeros.length)
    yield zeros.subarray(0, Math.min(missing, zeros.length))
}

/**
 * Pieces of any size to pieces of `length` bytes, the last one shorter. They are one array, filled again: each is to be
 * used up before the next is asked for.
 */
async function* cut(source: AsyncIterable<Uint8Array>, length: number): AsyncGenerator<Bytes, void> {
  const chunk = new Uint8Array(length)
  let filled = 0
  for await (const bytes of source) {
    for (let at = 0; at < bytes.length; ) {
      const taken = Math.min(length - filled, bytes.length - at)
      chunk.set(bytes.subarray(at, at + taken), filled)
      at += taken
      filled += taken
      if (filled < length) continue
      yield chunk
      filled = 0
    }
  }
  if (filled > 0) yield chunk.subarray(0, filled)
}

type PromiseParts<value> = {
  readonly promise: Promise<value>
  readonly resolve: (value: value) => void
  readonly reject: (error: Error) => void
}

function promiseParts<value>(): PromiseParts<value> {
  let parts: Omit<PromiseParts<value>, 'promise'> | undefined
  const promise = new Promise<value>((resolve, reject) => {
    parts = { resolve, reject }
  })
  // Whoever only reads the chunks must not be stopped by a rejection that nobody awaits.
  promise.catch(() => undefined)
  return { promise, ...(parts as Omit<PromiseParts<value>, 'promise'>) }
}

function checkOptions({ recordId, version, mime, chunkLog2 }: seal.Options): void {
  if (recordId.length !== 32) throw new SealError({ reason: `A record id has 32 bytes, not ${recordId.length}.` })
  if (!Number.isInteger(version) || version < 1 || version >= 2 ** 32)
    throw new SealError({ reason: 'A version is an integer from 1 to 2^32 - 1.' })
  if (![16, 18, 20].includes(chunkLog2)) throw new SealError({ reason: 'A chunk has 2^16, 2^18 or 2^20 bytes.' })
  if (!encodeTrailer({ mime, realLen: Number.MAX_SAFE_INTEGER }))
    throw new SealError({ reason: 'The media type is too long for the trailer.' })
}

/** Thrown when a record cannot be sealed. */
export class SealError extends BaseError<'SEAL'> {
  override readonly name = 'SealError'
  constructor({ reason = 'The record cannot be sealed.' }: SealError.Options) {
    super('SEAL', reason, {
      hints: ['Nothing was sealed whole; start again with a new call.'],
      docs: 'seal.md#sealing',
    })
  }
}
export declare namespace SealError {
  type Options = { reason?: string }
}
