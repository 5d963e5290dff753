import { type Bytes, equal } from '../bytes.ts'
import { decode, encode, field } from '../cbor/index.ts'
import { BaseError } from '../errors.ts'

/** What is known before the first byte is read; the manifest carries it as opaque bytes. */
export type SealHeader = {
  readonly v: 1
  readonly recordId: Bytes
  readonly version: number
  /** log2 of a full sealed chunk's length. */
  readonly chunkLog2: 16 | 18 | 20
  readonly salt: Bytes
  /** Commits to the DEK: GCM does not. */
  readonly keyCommit: Bytes
}

const readHeader = field.record({
  v: field.literal(1),
  recordId: field.bytes(32),
  version: field.integer(1, 2 ** 32 - 1),
  chunkLog2: field.literal(16, 18, 20),
  salt: field.bytes(32),
  keyCommit: field.bytes(32),
})

/** hdrCore: the header without its commitment, which every key and every chunk is bound to. */
export function encodeHeaderCore({ v, recordId, version, chunkLog2, salt }: Omit<SealHeader, 'keyCommit'>): Bytes {
  return encode({ v, recordId, version, chunkLog2, salt })
}

/** Encodes a header. */
export function encodeSealHeader(header: SealHeader): Bytes {
  return encode(header)
}

/**
 * Reads a seal header and compares it with what the manifest or the chain says of the record.
 * @throws SealHeaderError when it is malformed or belongs to another record, version or chunk size.
 */
export function parseSealHeader(bytes: Uint8Array, expected: parseSealHeader.Expected = {}): SealHeader {
  const header = parse(bytes)
  if (expected.recordId && !equal(header.recordId, expected.recordId))
    throw new SealHeaderError({ reason: 'belongs to another record' })
  if (expected.version !== undefined && header.version !== expected.version)
    throw new SealHeaderError({ reason: 'belongs to another version' })
  if (expected.chunkLog2 !== undefined && header.chunkLog2 !== expected.chunkLog2)
    throw new SealHeaderError({ reason: 'names another chunk size' })
  return header
}
export declare namespace parseSealHeader {
  type Expected = {
    readonly recordId?: Uint8Array | undefined
    readonly version?: number | undefined
    readonly chunkLog2?: number | undefined
  }
}

function parse(bytes: Uint8Array): SealHeader {
  try {
    return readHeader(decode(bytes))
  } catch (cause) {
    throw new SealHeaderError({ reason: 'cannot be read', cause })
  }
}

/** Thrown when a seal header is malformed or is that of another record. */
export class SealHeaderError extends BaseError<'SEAL_HEADER'> {
  override readonly name = 'SealHeaderError'
  constructor({ reason = 'cannot be used', cause }: SealHeaderError.Options) {
    super('SEAL_HEADER', `The seal header ${reason}.`, {
      cause,
      hints: ['Take the header from the manifest that the chain names.'],
      docs: 'seal.md#header',
    })
  }
}
export declare namespace SealHeaderError {
  type Options = { reason?: string; cause?: unknown }
}
