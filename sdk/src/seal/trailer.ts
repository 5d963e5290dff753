import { type Bytes, concat, lp } from '../bytes.ts'
import { decode, encode, field } from '../cbor/index.ts'
import { CommitmentError, opening, TruncatedError } from './errors.ts'
import type { parseSealHeader, SealHeader } from './header.ts'
import { openChunk, type SealKeys, tagLength, trailerLength, trailerPlainLength, unlock } from './keys.ts'
import { padme } from './padme.ts'

/** What the last chunk says: media type, and the length without padding. */
export type Trailer = { readonly mime: string; readonly realLen: number }

const readFields = field.record({
  mime: field.text(trailerPlainLength),
  realLen: field.integer(0, Number.MAX_SAFE_INTEGER),
})

/** lp(CBOR{mime, realLen}) || zeros, or nothing when the media type is too long for it. */
export function encodeTrailer(trailer: Trailer): Bytes | undefined {
  const fields = lp(encode(trailer))
  return fields.length > trailerPlainLength
    ? undefined
    : concat(fields, new Uint8Array(trailerPlainLength - fields.length))
}

function parseTrailer(plain: Bytes): Trailer {
  const length = new DataView(plain.buffer, plain.byteOffset).getUint32(0)
  const rest = plain.subarray(4 + length)
  if (length > trailerPlainLength - 4 || rest.some((byte) => byte !== 0))
    throw new CommitmentError({ reason: 'The trailer is malformed.' })
  try {
    return readFields(decode(plain.subarray(4, 4 + length)))
  } catch {
    throw new CommitmentError({ reason: 'The trailer is malformed.' })
  }
}

/** Number of chunks in `sealedLen` bytes, the trailer among them. */
export const chunkCountOf = (sealedLen: number, chunkLog2: number): number =>
  Math.ceil((sealedLen - trailerLength) / 2 ** chunkLog2) + 1

/**
 * Opens chunk `index` as the trailer.
 * @throws TruncatedError when it is a data chunk, ChunkError when it is neither.
 */
export async function openTrailer(keys: SealKeys, index: number, sealed: Uint8Array): Promise<Trailer> {
  if (sealed.length !== trailerLength) throw new TruncatedError({ chunks: index + 1 })
  try {
    return parseTrailer(await openChunk(keys, index, true, sealed))
  } catch (error) {
    if (error instanceof CommitmentError) throw error
    await openChunk(keys, index, false, sealed)
    throw new TruncatedError({ chunks: index + 1 })
  }
}

/**
 * Opens the trailer of a record whose sealed length the manifest gives: where every range read starts.
 * @throws OpenError
 */
export function readTrailer(options: readTrailer.Options): Promise<Trailer> {
  return opening(async () => {
    const { keys, header } = unlock(options.header, options.dek, options.expected)
    const count = chunkCountOf(options.sealedLen, header.chunkLog2)
    const trailer = await openTrailer(keys, count - 1, options.chunk)
    checkLength(trailer, options.sealedLen, header)
    return trailer
  })
}
export declare namespace readTrailer {
  type Options = {
    /** CBOR of the seal header. */
    readonly header: Uint8Array
    readonly dek: Uint8Array
    /** Sum of all sealed chunks' lengths. */
    readonly sealedLen: number
    /** The last sealed chunk. */
    readonly chunk: Uint8Array
    /** What the manifest says of the header. */
    readonly expected?: parseSealHeader.Expected | undefined
  }
}

function checkLength({ realLen }: Trailer, sealedLen: number, { chunkLog2 }: SealHeader): void {
  const dataChunks = chunkCountOf(sealedLen, chunkLog2) - 1
  if (padme(realLen) !== sealedLen - trailerLength - dataChunks * tagLength)
    throw new CommitmentError({ reason: 'The padded length does not follow from the real one.' })
}
