import { sha256 } from '@sharewell/sdk/primitives'
import type { Policy } from '@sharewell/sdk/share'
import { createKernelCode } from '../../sdk/src/share/engine/index.ts'
import { type GatheredChunk, joinChunks, splitChunks } from '../../sdk/src/share/stream/index.ts'
import { createSharePool } from '../../sdk/src/share/stream/pool.ts'
import { warm } from '../helpers/share-pool.ts'

const lengths = [90_000, 1, 65_537, 4_096]

/** The same bytes wherever it runs. */
function countingRandom(start: number) {
  let count = start
  return (length: number) => Uint8Array.from({ length }, () => (count++ * 151 + 7) >> 3)
}

/** Bytes as text of hexadecimal digits, in every browser. */
const hex = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')

/**
 * Cuts chunks and joins them again from their last shares, by so many threads, once one is ready if `ready` says so.
 * Says what came out: SHA-256 of every share and of every chunk, the latter twice.
 */
export async function cutAndJoin(policy: Policy, threads: number, ready: boolean): Promise<string[]> {
  const pool = createSharePool({ threads })
  try {
    if (ready) await warm(pool)
    const draw = countingRandom(9)
    const chunks = lengths.map(draw)
    const said: string[] = []
    const gathered: GatheredChunk[] = []
    for await (const { shares, digests, content, length } of splitChunks(policy, chunks, {
      pool,
      random: countingRandom(5),
    })) {
      said.push(hex(content), ...digests.map(hex), ...shares.map((share) => hex(sha256(share))))
      const parts = shares.map((body, index) => ({ index, body }))
      gathered.push({ parts: parts.slice(-policy.t).toReversed(), length })
    }
    for await (const { chunk, content } of joinChunks(policy, gathered, { pool, take: true }))
      said.push(hex(content), hex(sha256(chunk)))
    return said
  } finally {
    await pool.close()
  }
}

/** Which kernels a page's policy lets run. */
export const kernels = (): string | undefined => createKernelCode()?.build

Object.assign(globalThis, { poolPage: { cutAndJoin, kernels } })
