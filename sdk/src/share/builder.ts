import { digest } from '#primitives'
import type { Bytes } from '../bytes.ts'
import { BaseError } from '../errors.ts'
import { contentRootOf, shareRootOf } from './leaves.ts'
import { type ChunkLog2, checkPolicy, type Policy, rowLength } from './policy.ts'
import { trailerLength } from './sizes.ts'

/** Digests of one chunk: of the sealed bytes, and of its n share-chunks. The latter are the CIDs to store under. */
export type ChunkDigests = { readonly content: Bytes; readonly shares: readonly Bytes[] }

/** Everything in a manifest that follows from the chunks, with the leaf lists themselves. */
export type ManifestDigests = {
  readonly contentRoot: Bytes
  readonly T: Bytes[]
  /** SHA-256(S_0) || .. || SHA-256(S_(m-1)). */
  readonly contentLeaves: Bytes
  /** For each share j, L_(j,0) || .. || L_(j,m-1). */
  readonly shareLeaves: Bytes[]
  readonly shareLen: number
  readonly sealedLen: number
}

/**
 * Collects the digests of a record while its chunks stream by. It keeps 32 bytes per chunk and share and no chunk:
 * 0.6 MB for 2 GB at n = 9.
 * @throws PolicyError
 */
export function createManifestBuilder(policy: Policy, chunkLog2: ChunkLog2): createManifestBuilder.ReturnType {
  checkPolicy(policy)
  const lists = Array.from({ length: policy.n + 1 }, createList)
  const lengths = { count: 0, sealed: 0, share: 0, last: 0, beforeLast: 2 ** chunkLog2 }
  const count = (length: number) => {
    lengths.count += 1
    lengths.sealed += length
    lengths.share += rowLength(policy, length)
    lengths.beforeLast = lengths.count === 1 ? 2 ** chunkLog2 : lengths.last
    lengths.last = length
  }
  const enter = (i: number, digests: ChunkDigests): ChunkDigests => {
    lists.forEach((list, j) => {
      list.set(i, (j === 0 ? digests.content : digests.shares[j - 1]) as Bytes)
    })
    return digests
  }
  return {
    async add(i, sealedChunk, parts) {
      checkChunk(chunkLog2, lengths, i, sealedChunk.length)
      checkParts(policy, i, sealedChunk.length, parts)
      count(sealedChunk.length)
      const [content, ...shares] = await Promise.all([sealedChunk, ...parts].map((bytes) => digest(bytes)))
      return enter(i, { content: content as Bytes, shares })
    },
    addKnown(i, length, digests) {
      checkChunk(chunkLog2, lengths, i, length)
      if (digests.shares.length !== policy.n)
        throw new ManifestBuilderError({ reason: `Chunk ${i} needs the digests of ${policy.n} parts.` })
      count(length)
      enter(i, digests)
    },
    finish() {
      if (lengths.count < 2 || lengths.last !== trailerLength)
        throw new ManifestBuilderError({ reason: 'The trailer chunk is missing.' })
      const [contentLeaves, ...shareLeaves] = lists.map((list) => list.bytes(lengths.count))
      return {
        contentRoot: contentRootOf(contentLeaves as Bytes),
        T: shareLeaves.map((list, j) => shareRootOf(j, list)),
        contentLeaves: contentLeaves as Bytes,
        shareLeaves,
        shareLen: lengths.share,
        sealedLen: lengths.sealed,
      }
    },
  }
}
export declare namespace createManifestBuilder {
  type ReturnType = {
    /** Takes chunk i with its n share-chunks, in order from 0. */
    add(i: number, sealedChunk: Uint8Array, parts: readonly Uint8Array[]): Promise<ChunkDigests>
    /** Takes chunk i of `length` sealed bytes by digests that an earlier {@link add} gave. */
    addKnown(i: number, length: number, digests: ChunkDigests): void
    /** Ends the record; the last chunk must have been the trailer. */
    finish(): ManifestDigests
  }
}

type Lengths = { count: number; sealed: number; share: number; last: number; beforeLast: number }

function checkChunk(chunkLog2: ChunkLog2, lengths: Lengths, i: number, sealedLength: number): void {
  const full = 2 ** chunkLog2
  if (i !== lengths.count) throw new ManifestBuilderError({ reason: `Chunk ${i} came where ${lengths.count} was due.` })
  if (sealedLength < 1 || sealedLength > full)
    throw new ManifestBuilderError({ reason: `Chunk ${i} has ${sealedLength} bytes.` })
  // A short chunk is the last but one; behind it comes only the trailer.
  const afterShort = lengths.count > 0 && lengths.last !== full
  if (lengths.beforeLast !== full || (afterShort && sealedLength !== trailerLength))
    throw new ManifestBuilderError({ reason: `Chunk ${i} follows a chunk that is not full.` })
}

function checkParts(policy: Policy, i: number, sealedLength: number, parts: readonly Uint8Array[]): void {
  const length = rowLength(policy, sealedLength)
  if (parts.length !== policy.n || parts.some((part) => part.length !== length))
    throw new ManifestBuilderError({ reason: `Chunk ${i} needs ${policy.n} parts of ${length} bytes.` })
}

/** A list of digests that grows by doubling. */
function createList(): { set(i: number, leaf: Bytes): void; bytes(count: number): Bytes } {
  let store = new Uint8Array(64 * 32)
  return {
    set(i, leaf) {
      if ((i + 1) * 32 > store.length) {
        const larger = new Uint8Array(Math.max(2 * store.length, (i + 1) * 32))
        larger.set(store)
        store = larger
      }
      store.set(leaf, i * 32)
    },
    bytes: (count) => store.slice(0, count * 32),
  }
}

/** Thrown when chunks reach the builder out of order, with wrong sizes, or without their end. */
export class ManifestBuilderError extends BaseError<'MANIFEST_BUILDER'> {
  override readonly name = 'ManifestBuilderError'
  constructor({ reason = 'The chunks make no record.' }: ManifestBuilderError.Options) {
    super('MANIFEST_BUILDER', reason, {
      hints: ['Pass every chunk of one seal() in order, each with the parts that encodeChunk made of it.'],
      docs: 'share.md#manifest',
    })
  }
}
export declare namespace ManifestBuilderError {
  type Options = { reason?: string }
}
