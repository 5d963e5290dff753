import { BaseError } from '../errors.ts'

/**
 * Thrown by everything that opens. A remote caller sees this alone; the reader, who holds the key and so learns
 * nothing from it, finds the reason in `cause`.
 */
export class OpenError extends BaseError<'OPEN'> {
  override readonly name = 'OpenError'
  constructor({ cause }: OpenError.Options = {}) {
    super('OPEN', 'The record does not open.', {
      cause,
      hints: ['Discard what was read so far, and try another source for the key or the chunks.'],
      docs: 'seal.md#opening',
    })
  }
}
export declare namespace OpenError {
  type Options = { cause?: unknown }
}

/** Cause of an {@link OpenError}: the key is not the one this header commits to. */
export class KeyMismatchError extends BaseError<'KEY_MISMATCH'> {
  override readonly name = 'KeyMismatchError'
  constructor(_: KeyMismatchError.Options = {}) {
    super('KEY_MISMATCH', 'The key is not the one that sealed this record.', {
      hints: ['Unwrap the key again from the key header of this record and version.'],
      docs: 'seal.md#opening',
    })
  }
}
export declare namespace KeyMismatchError {
  type Options = Readonly<Record<string, never>>
}

/** Cause of an {@link OpenError}: chunk `index` was altered, moved, or has a wrong length. */
export class ChunkError extends BaseError<'CHUNK'> {
  override readonly name = 'ChunkError'
  readonly index: number | undefined
  constructor({ index, cause }: ChunkError.Options) {
    super('CHUNK', `Chunk ${index} is not what was sealed there.`, {
      cause,
      hints: ['Fetch the chunk again from other nodes and verify it against the content root.'],
      docs: 'seal.md#opening',
    })
    this.index = index
  }
}
export declare namespace ChunkError {
  type Options = { index?: number; cause?: unknown }
}

/** Cause of an {@link OpenError}: the record ends before its trailer. */
export class TruncatedError extends BaseError<'TRUNCATED'> {
  override readonly name = 'TruncatedError'
  constructor({ chunks }: TruncatedError.Options) {
    super('TRUNCATED', `The record ends after ${chunks} chunks, before its trailer.`, {
      hints: ['Fetch the missing chunks; the manifest says how many there are.'],
      docs: 'seal.md#opening',
    })
  }
}
export declare namespace TruncatedError {
  type Options = { chunks?: number }
}

/** Cause of an {@link OpenError}: padding or length are wrong, or the whole is not what was anchored. */
export class CommitmentError extends BaseError<'COMMITMENT'> {
  override readonly name = 'CommitmentError'
  constructor({ reason = 'The record is not the one that was committed to.' }: CommitmentError.Options) {
    super('COMMITMENT', reason, {
      hints: ['Delete what was written; report the manifest, its author sealed or anchored it wrongly.'],
      docs: 'seal.md#opening',
    })
  }
}
export declare namespace CommitmentError {
  type Options = { reason?: string }
}

/** Runs what opens; its typed failures become the cause of the one {@link OpenError}. */
export async function opening<value>(run: () => value | Promise<value>): Promise<value> {
  try {
    return await run()
  } catch (cause) {
    throw cause instanceof OpenError ? cause : new OpenError({ cause })
  }
}
