import { digest } from '#primitives'
import { type Bytes, equal } from '../bytes.ts'
import { loadContentLeaves } from '../place/index.ts'
import { sealAgain } from '../seal/index.ts'
import { chunkCount, leafAt } from '../share/index.ts'
import type { Journey } from './progress.ts'
import type { KeptBytes } from './types.ts'
import type { DescribedRecord } from './unlock.ts'

/** The sealed chunks of a record from the network, by their numbers. */
export type ChunkSource = (first: number, count: number) => AsyncIterable<Bytes>

/**
 * All sealed chunks of a record: those that an earlier retrieval left as plaintext, sealed again and compared with the
 * manifest's list, up to the first that differs; the rest from the network. What differs is neither given nor sent.
 */
export async function* keptFirst(
  { manifest, nodes }: Pick<DescribedRecord, 'manifest' | 'nodes'>,
  { sealed, kept, chunks }: { sealed: sealAgain.Options; kept: KeptBytes; chunks: ChunkSource },
  { signal }: Pick<Journey, 'signal'>,
): AsyncGenerator<Bytes> {
  const again = await sealAgain(sealed)
  const count = chunkCount(manifest)
  let leaves: Bytes | undefined
  let i = 0
  for await (const plain of cut(kept.bytes, again.length)) {
    signal?.throwIfAborted()
    // The trailer tells the length, so it is never among the plaintext.
    if (i >= count - 1) break
    leaves ??= await loadContentLeaves(manifest, nodes, { signal })
    const chunk = await again.seal(i, plain)
    const leaf = leafAt(leaves, i)
    if (!leaf || !equal(leaf, await digest(chunk))) break
    i += 1
    kept.onKept?.(i * again.length)
    yield chunk
  }
  yield* chunks(i, count - i)
}

/** Pieces of exactly `length` bytes; what is left at the end is dropped. */
async function* cut(source: KeptBytes['bytes'], length: number): AsyncGenerator<Bytes> {
  let piece = new Uint8Array(length)
  let filled = 0
  for await (const bytes of source) {
    for (let at = 0; at < bytes.length; ) {
      const taken = Math.min(length - filled, bytes.length - at)
      piece.set(bytes.subarray(at, at + taken), filled)
      filled += taken
      at += taken
      if (filled < length) continue
      yield piece
      piece = new Uint8Array(length)
      filled = 0
    }
  }
}
