import { type Bytes, concat } from '@sharewell/sdk/bytes'
import { randomBytes } from '@sharewell/sdk/primitives'
import { encodeChunk, type Policy } from '@sharewell/sdk/share'
import { createShareDigests } from './share-digests.ts'
import { type ShareInfo, shareHead, shareTail } from './share-file.ts'
import type { SplitSource } from './split-source.ts'

/** Writes the n share files of a source at once, chunk by chunk; output j gets share j. */
export async function writeShares(
  source: SplitSource,
  policy: Policy,
  outputs: readonly { write(bytes: Uint8Array): Promise<void> }[],
  { signal, random = randomBytes }: writeShares.Options = {},
): Promise<ShareInfo> {
  const { content, chunkLog2 } = source
  const { n, t, r } = policy
  const set = random(16)
  for (const [index, output] of outputs.entries()) await output.write(shareHead({ v: 1, set, index, n, t, r }))
  const digests = createShareDigests(n)
  for await (const chunk of source.chunks) {
    signal?.throwIfAborted()
    const rows = encodeChunk(policy, chunk, { random })
    await digests.add(rows)
    await Promise.all(rows.map((row, j) => outputs[j]?.write(row)))
  }
  const { T, leaves } = digests.finish()
  const ends = source.ends()
  const sealed = ends === undefined ? {} : { sealed: { T, ...ends } }
  const info: ShareInfo = {
    v: 1,
    code: 'cauchy1',
    set,
    content,
    n,
    t,
    r,
    chunkLog2,
    length: source.length(),
    ...sealed,
  }
  for (const [j, output] of outputs.entries()) await output.write(shareTail(j, leaves[j] ?? concat(), info))
  return info
}

export declare namespace writeShares {
  type Options = {
    readonly signal?: AbortSignal | undefined
    /** Source of the id of the set and of the r random rows. */
    readonly random?: ((length: number) => Bytes) | undefined
  }
}
