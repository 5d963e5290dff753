/**
 * Seal and open records: chunked AES-256-GCM with a key commitment, a padded length and a commitment to the whole.
 *
 * One pass, of any length, in bounded memory; any range opens by itself. Format v1, limits, leakage and vectors:
 * docs/spec/seal.md.
 * @module
 */
export { sealAgain } from './again.ts'
export { ChunkError, CommitmentError, KeyMismatchError, OpenError, TruncatedError } from './errors.ts'
export { parseSealHeader, type SealHeader, SealHeaderError } from './header.ts'
export { type Opened, openAll } from './open.ts'
export { padme } from './padme.ts'
export { ByteRangeError, openBytes, openRange, rangeChunks } from './range.ts'
export { SealError, type Sealed, seal } from './seal.ts'
export { readTrailer, type Trailer } from './trailer.ts'
