import { type Bytes, equal } from '@sharewell/sdk/bytes'
import { createSha256 } from '@sharewell/sdk/primitives'
import { type ChunkLog2, chunkLog2For, type Policy } from '@sharewell/sdk/share'
import { ByteReader } from '../byte-reader.ts'
import { sealedMagic } from './magic.ts'
import { readSealedFile } from './sealed-file.ts'

/** A file as `split` sees it: chunks to encode, and what must be kept beside them to write the file again. */
export type SplitSource = {
  readonly content: 'sealed' | 'plain'
  readonly chunkLog2: ChunkLog2
  readonly chunks: AsyncIterable<Bytes>
  /** Bytes of the content; complete, as `ends` is, once `chunks` ended. */
  length(): number
  /** What a sealed file has around its chunks, and the root over them. */
  ends(): { readonly contentRoot: Bytes; readonly head: Bytes; readonly foot: Bytes } | undefined
}

/** Looks at the first bytes: a sealed file gives its sealed chunks, any other file is cut evenly. */
export async function splitSource(
  bytes: AsyncIterable<Uint8Array>,
  { name, size, policy }: { name: string; size: number | undefined; policy: Policy },
): Promise<SplitSource> {
  const reader = new ByteReader(bytes)
  const start = await reader.take(sealedMagic.length)
  const all = rejoined(start, reader)
  if (!equal(start, sealedMagic)) return plainSource(all, chunkLog2For(policy, size))
  const file = await readSealedFile(all, name)
  return {
    content: 'sealed',
    chunkLog2: file.chunkLog2,
    chunks: file.chunks,
    length: () => file.footer().sealedLength,
    ends: () => ({ contentRoot: file.footer().contentRoot, head: file.head, foot: file.foot() }),
  }
}

/** Pieces of one length, and last the SHA-256 of them all, which is split too and so tells a holder of r shares nothing. */
function plainSource(bytes: AsyncIterable<Bytes>, chunkLog2: ChunkLog2): SplitSource {
  const reader = new ByteReader(bytes)
  const check = createSha256()
  let length = 0
  async function* chunks(): AsyncGenerator<Bytes> {
    try {
      for (let chunk = await reader.take(2 ** chunkLog2); chunk.length > 0; chunk = await reader.take(2 ** chunkLog2)) {
        check.update(chunk)
        length += chunk.length
        yield chunk
      }
      yield check.digest()
    } finally {
      await reader.close()
    }
  }
  return { content: 'plain', chunkLog2, chunks: chunks(), length: () => length, ends: () => undefined }
}

async function* rejoined(start: Bytes, reader: ByteReader): AsyncGenerator<Bytes> {
  try {
    yield start
    for (let next = await reader.take(1 << 20); next.length > 0; next = await reader.take(1 << 20)) yield next
  } finally {
    await reader.close()
  }
}
