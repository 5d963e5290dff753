import { type Bytes, release } from '@sharewell/sdk/bytes'
import { createSharePool, type SplitChunk, splitChunks } from '@sharewell/sdk/share'
import { type BenchRecord, sealedAgain } from '../record/record.ts'

/** Chunks whose shares are kept: those that a reader may ask for at once, and a few more. */
const kept = 8

/**
 * Makes the shares of a record again, in the order in which a reader asks: a store of any size that holds eight chunks.
 * With r = 0 they are the same bytes.
 */
export function sharesAgain(record: BenchRecord): (chunk: number, index: number) => Promise<Bytes> {
  // Whoever makes shares here stands for nodes elsewhere: as little of it as can be counts with the reader.
  const pool = createSharePool({ threads: 0 })
  const split = splitChunks(record.policy, sealedAgain(record).chunks, { ahead: 1, pool, take: true })
  const chunks = new Map<number, Promise<SplitChunk>>()
  let next = 0
  const one = async (): Promise<SplitChunk> => {
    const { value } = await split.next()
    if (!value) throw new Error('The record has ended.')
    return value
  }
  /** Nobody asks for it any more. */
  const drop = (chunk: number) => {
    chunks.get(chunk)?.then(({ shares }) => release(...shares))
    chunks.delete(chunk)
  }
  return async (chunk, index) => {
    for (; next <= chunk; next++) {
      chunks.set(next, one())
      drop(next - kept)
    }
    const found = await chunks.get(chunk)
    const share = found?.shares[index]
    if (!share) throw new Error(`Chunk ${chunk} was asked for too late.`)
    return share
  }
}
