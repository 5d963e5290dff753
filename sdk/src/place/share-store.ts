import { digest } from '#primitives'
import type { Bytes } from '../bytes.ts'
import { BaseError } from '../errors.ts'
import { cidOf } from '../share/index.ts'

/** Options of everything that waits. */
export type AbortOptions = { readonly signal?: AbortSignal | undefined }

/** Where blocks lie: memory, a disk, a storage node. A block is at most {@link maxBlockLength} bytes under its raw CIDv1.
 *
 * Every implementation passes `test/compliance/share-store.ts`: it refuses bytes that are not those of the CID, never
 * gives other bytes than those of the CID, answers a missing block with {@link BlockNotFoundError} and never hangs. */
export type ShareStore = {
  /** Keeps a block; a second time changes nothing. Once it is kept the array is the caller's again, to fill or to free. */
  put(cid: string, bytes: Bytes, options?: AbortOptions): Promise<void>
  /** The block's bytes, already compared with the CID. */
  get(cid: string, options?: AbortOptions): Promise<Bytes>
  /** Whether `get` would find the block here. */
  has(cid: string, options?: AbortOptions): Promise<boolean>
}

/** Longest block: 1 MiB, and a row of zero padding (docs/spec/placement.md). */
export const maxBlockLength = 1_048_576 + 4_096

/** Refuses bytes that are not those of the CID, or too many of them. Errors: {@link CidMismatchError}, {@link BlockSizeError}. */
export async function checkBlock(cid: string, bytes: Bytes): Promise<void> {
  if (bytes.length > maxBlockLength) throw new BlockSizeError({ length: bytes.length })
  if (cidOf(await digest(bytes)) !== cid) throw new CidMismatchError({ cid })
}

/** Thrown when bytes do not hash to the CID they came under. */
export class CidMismatchError extends BaseError<'CID_MISMATCH'> {
  override readonly name = 'CidMismatchError'
  constructor({ cid }: { cid?: string }) {
    super('CID_MISMATCH', `The bytes are not those of ${cid ?? 'the CID'}.`, {
      hints: ['Send the block again: it was changed on the way, or it belongs to another CID.'],
      docs: 'placement.md#blocks',
    })
  }
}

/** Thrown when a block is longer than any block of ours. */
export class BlockSizeError extends BaseError<'BLOCK_SIZE'> {
  override readonly name = 'BlockSizeError'
  constructor({ length }: { length?: number }) {
    super('BLOCK_SIZE', `A block of ${length ?? 'too many'} bytes, at most ${maxBlockLength} are taken.`, {
      hints: ['Cut the record in chunks of at most 1 MiB.'],
      docs: 'placement.md#blocks',
    })
  }
}

/** Thrown when a store does not hold a block. */
export class BlockNotFoundError extends BaseError<'BLOCK_NOT_FOUND'> {
  override readonly name = 'BlockNotFoundError'
  constructor({ cid, cause }: { cid?: string; cause?: unknown }) {
    super('BLOCK_NOT_FOUND', `Block ${cid ?? ''} is not here.`, {
      cause,
      hints: ['Ask another node of the placement.'],
      docs: 'placement.md#blocks',
    })
  }
}
