import { type ChunkLog2, type Policy, rowLength } from './policy.ts'

/** Bytes of the sealed trailer, the last chunk of every record (docs/spec/seal.md). */
export const trailerLength = 272

/** What fixes the lengths of all chunks of a sealed record. */
export type SealedShape = { readonly chunkLog2: ChunkLog2; readonly sealedLen: number }

/** Number of sealed chunks, the trailer among them. */
export function chunkCount({ chunkLog2, sealedLen }: SealedShape): number {
  return Math.ceil((sealedLen - trailerLength) / 2 ** chunkLog2) + 1
}

/** Bytes of sealed chunk i; 0 where there is none. */
export function chunkLength(shape: SealedShape, i: number): number {
  const count = chunkCount(shape)
  if (!Number.isSafeInteger(i) || i < 0 || i >= count) return 0
  if (i === count - 1) return trailerLength
  const full = 2 ** shape.chunkLog2
  return i < count - 2 ? full : shape.sealedLen - trailerLength - (count - 2) * full
}

/** Bytes of share-chunk i, of whichever share. */
export function shareChunkLength(shape: SealedShape & Policy, i: number): number {
  return rowLength(shape, chunkLength(shape, i))
}

/** Bytes of a whole share. */
export function shareLength(shape: SealedShape & Policy): number {
  const count = chunkCount(shape)
  const full = rowLength(shape, 2 ** shape.chunkLog2)
  return (count - 2) * full + shareChunkLength(shape, count - 2) + shareChunkLength(shape, count - 1)
}
