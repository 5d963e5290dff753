/**
 * Sealed files: a sealed record in one file, readable as a stream. Format: docs/spec/sealed-file.md.
 * @module
 */
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { type Bytes, concat, equal, lp, u32, u64 } from '@sharewell/sdk/bytes'
import { CborError, CborFieldError, decode, encode, field } from '@sharewell/sdk/cbor'
import { BaseError } from '@sharewell/sdk/errors'
import { createAccumulator } from '@sharewell/sdk/merkle'
import { digest } from '@sharewell/sdk/primitives'
import { parseSealHeader } from '@sharewell/sdk/seal'
import { type ChunkLog2, chunkCount, chunkLength, trailerLength } from '@sharewell/sdk/share'
import { ByteReader } from '../byte-reader.ts'
import { checkFile } from '../input.ts'
import { endMagic, sealedMagic } from './magic.ts'
import { readAt } from './read-at.ts'

/** Bytes after the chunks of a sealed file. */
export const footerLength = 8 + 32 + 32 + endMagic.length
const maxHeaderLength = 4096
const readHead = field.record({ v: field.literal(1), sealHeader: field.bytes() })

/** What stands after the chunks, because it is known only then. */
export type SealedFooter = { readonly sealedLength: number; readonly contentRoot: Bytes; readonly ptCommit: Bytes }

/** A sealed file on its way in. */
export type SealedFile = {
  readonly sealHeader: Bytes
  /** Magic and header as they stand in the file. */
  readonly head: Bytes
  /** log2 of the length of every chunk but the last two. */
  readonly chunkLog2: ChunkLog2
  /** The sealed chunks in order. It throws {@link DamagedFileError} at the end unless they match the footer. */
  readonly chunks: AsyncIterable<Bytes>
  /** The footer; there once `chunks` ended. */
  footer(): SealedFooter
  /** The footer as it stands in the file. */
  foot(): Bytes
}

/** Writes header, chunks and footer. `ptCommit` is awaited after the last chunk. */
export async function* writeSealedFile(sealed: {
  readonly header: Bytes
  readonly chunks: AsyncIterable<Bytes>
  readonly ptCommit: Promise<Bytes>
}): AsyncGenerator<Bytes> {
  yield sealedHead(sealed.header)
  const content = createContentRoot()
  for await (const chunk of sealed.chunks) {
    await content.add(chunk)
    yield chunk
  }
  yield sealedFoot({ sealedLength: content.length(), contentRoot: content.root(), ptCommit: await sealed.ptCommit })
}

/** Magic and header. */
export function sealedHead(sealHeader: Bytes): Bytes {
  return concat(sealedMagic, lp(encode({ v: 1, sealHeader })))
}

/** Footer: `u64 sealedLength || contentRoot || ptCommit || end`. */
export function sealedFoot({ sealedLength, contentRoot, ptCommit }: SealedFooter): Bytes {
  return concat(u64(sealedLength), contentRoot, ptCommit, endMagic)
}

/** The Merkle root over sealed chunks, as in a manifest (sharing.md 1.5), taken along the way. */
export function createContentRoot() {
  const tree = createAccumulator()
  let length = 0
  return {
    async add(chunk: Bytes): Promise<void> {
      tree.add(concat(u32(tree.size), await digest(chunk)))
      length += chunk.length
    },
    root: (): Bytes => tree.root(),
    length: (): number => length,
  }
}

/**
 * Starts reading a sealed file.
 * @throws NotSealedError when it is something else, DamagedFileError when its header cannot be read.
 */
export async function readSealedFile(source: AsyncIterable<Uint8Array>, name: string): Promise<SealedFile> {
  const reader = new ByteReader(source)
  const magic = await reader.take(sealedMagic.length)
  if (!equal(magic, sealedMagic)) {
    await reader.close()
    throw new NotSealedError({ name })
  }
  const prefix = await reader.take(4)
  const length = prefix.length === 4 ? Buffer.from(prefix).readUInt32BE() : 0
  if (length === 0 || length > maxHeaderLength) throw new DamagedFileError({ name, how: 'its header cannot be read' })
  const body = await reader.take(length)
  const sealHeader = parseHead(body, name)
  const chunkLog2 = chunkLog2Of(sealHeader, name)
  let foot: Bytes | undefined
  const known = () => foot ?? concat()
  return {
    sealHeader,
    head: concat(magic, prefix, body),
    chunkLog2,
    chunks: readChunks(reader, 2 ** chunkLog2, name, (bytes) => {
      foot = bytes
    }),
    footer: () => parseFoot(known(), name),
    foot: known,
  }
}

async function* readChunks(
  reader: ByteReader,
  chunkLength: number,
  name: string,
  onFoot: (foot: Bytes) => void,
): AsyncGenerator<Bytes> {
  const content = createContentRoot()
  const tail = trailerLength + footerLength
  try {
    // As long as a whole chunk and the tail are there, the chunk is not the trailer.
    while ((await reader.fill(chunkLength + tail)) === chunkLength + tail)
      yield* counted(await reader.take(chunkLength))
    const rest = await reader.take(chunkLength + tail)
    if (rest.length < tail) throw new DamagedFileError({ name, how: 'it ends too early' })
    const [data, trailer, foot] = [rest.slice(0, -tail), rest.slice(-tail, -footerLength), rest.slice(-footerLength)]
    const { sealedLength, contentRoot } = parseFoot(foot, name)
    if (data.length > 0) yield* counted(data)
    yield* counted(trailer)
    if (content.length() !== sealedLength) throw new DamagedFileError({ name, how: 'bytes are missing in it' })
    if (!equal(content.root(), contentRoot)) throw new DamagedFileError({ name, how: 'a part of it was altered' })
    onFoot(foot)
  } finally {
    await reader.close()
  }
  async function* counted(chunk: Bytes): AsyncGenerator<Bytes> {
    await content.add(chunk)
    yield chunk
  }
}

/** Opens a sealed file to read any of its chunks. They are not checked here: opening them does. */
export async function openSealedChunks(path: string) {
  const { size } = await checkFile(path)
  const { sealHeader, head, chunkLog2 } = await readSealedFile(createReadStream(path, { end: maxHeaderLength }), path)
  const handle = await open(path)
  const foot = await readAt(handle, Math.max(0, size - footerLength), footerLength)
  const { sealedLength: sealedLen } = parseFoot(foot, path)
  if (size !== head.length + sealedLen + footerLength)
    throw new DamagedFileError({ name: path, how: 'bytes are missing in it' })
  return {
    header: sealHeader,
    sealedLen,
    async *fetchChunks(first: number, count: number): AsyncGenerator<Bytes> {
      for (let i = first; i < first + count; i++) {
        const length = chunkLength({ chunkLog2, sealedLen }, i)
        const before = i === chunkCount({ chunkLog2, sealedLen }) - 1 ? sealedLen - trailerLength : i * 2 ** chunkLog2
        yield await readAt(handle, head.length + before, length)
      }
    },
    close: () => handle.close(),
  }
}

/** Reads the footer. */
export function parseFoot(foot: Uint8Array, name: string): SealedFooter {
  if (foot.length !== footerLength || !equal(foot.subarray(-endMagic.length), endMagic))
    throw new DamagedFileError({ name, how: 'its end is missing, so it was cut short' })
  const sealedLength = Number(Buffer.from(foot.buffer, foot.byteOffset, 8).readBigUInt64BE())
  return { sealedLength, contentRoot: foot.slice(8, 40), ptCommit: foot.slice(40, 72) }
}

function parseHead(bytes: Bytes, name: string): Bytes {
  try {
    return readHead(decode(bytes)).sealHeader
  } catch (cause) {
    if (!(cause instanceof CborError || cause instanceof CborFieldError)) throw cause
    throw new DamagedFileError({ name, how: 'its header cannot be read', cause })
  }
}

function chunkLog2Of(sealHeader: Bytes, name: string): ChunkLog2 {
  try {
    return parseSealHeader(sealHeader).chunkLog2
  } catch (cause) {
    throw new DamagedFileError({ name, how: 'its header cannot be read', cause })
  }
}

/** Thrown when a file that should be sealed is something else. */
export class NotSealedError extends BaseError<'NOT_SEALED'> {
  override readonly name = 'NotSealedError'
  constructor({ name = '' }: { name?: string }) {
    super('NOT_SEALED', `${name} is not a sealed file.`, { hints: [`see what it is: sharewell inspect ${name}`] })
  }
}

/** Thrown when a sealed file or a share file is cut short or altered in a way that shows without a key. */
export class DamagedFileError extends BaseError<'DAMAGED_FILE'> {
  override readonly name = 'DamagedFileError'
  /** What is wrong, without the file's name. */
  readonly how: string
  constructor({ name = '', how = 'it cannot be read', cause }: { name?: string; how?: string; cause?: unknown }) {
    super('DAMAGED_FILE', `${name} is damaged: ${how}.`, {
      hints: ['copy it again from where it came, or rebuild it from its shares'],
      cause: cause instanceof BaseError ? undefined : cause,
    })
    this.how = how
  }
}
