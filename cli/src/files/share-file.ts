/**
 * Share files: one share of a split file, with enough beside it to catch a damaged or foreign one.
 * Format: docs/spec/sealed-file.md#share-files.
 * @module
 */
import { type FileHandle, open } from 'node:fs/promises'
import { type Bytes, concat, equal, lp, u16, u32 } from '@sharewell/sdk/bytes'
import { decode, encode, field } from '@sharewell/sdk/cbor'
import { BaseError } from '@sharewell/sdk/errors'
import { createAccumulator } from '@sharewell/sdk/merkle'
import { sha256 } from '@sharewell/sdk/primitives'
import { type ChunkLog2, chunkCount, chunkLength, type Policy, rowLength, trailerLength } from '@sharewell/sdk/share'
import { checkFile } from '../input.ts'
import { endMagic, shareMagic } from './magic.ts'
import { readAt } from './read-at.ts'
import { DamagedFileError } from './sealed-file.ts'

const maxFrontLength = 256
const maxInfoLength = 4 << 20
const tailLength = 4 + endMagic.length
const digestLength = 32

/** What stands at the start of a share file: known before the first byte is read. */
export type ShareFront = Policy & { readonly v: 1; readonly set: Bytes; readonly index: number }

/** What stands at the end, the same in every share of a set. */
export type ShareInfo = Policy & {
  readonly v: 1
  readonly code: 'cauchy1'
  /** 16 random bytes of this split. */
  readonly set: Bytes
  /** Whether the chunks are those of a sealed file or pieces of any file. */
  readonly content: 'sealed' | 'plain'
  readonly chunkLog2: ChunkLog2
  /** Bytes of the content: of all sealed chunks together, or of the plain file. */
  readonly length: number
  /** Of sealed content only. For a plain file such digests would let one share confirm a guess of the whole. */
  readonly sealed?: {
    readonly contentRoot: Bytes
    /** Root of each share. */
    readonly T: readonly Bytes[]
    /** What the sealed file has before and after its chunks. */
    readonly head: Bytes
    readonly foot: Bytes
  }
}

/** A plain file ends with a chunk of its own: its SHA-256, split like the rest. */
export const checkLength = digestLength

const policyFields = { n: field.integer(1, 65_535), t: field.integer(1, 65_535), r: field.integer(0, 65_534) }
const readFront = field.record({
  v: field.literal(1),
  set: field.bytes(16),
  index: field.integer(0, 65_534),
  ...policyFields,
})
const readInfo = field.record({
  v: field.literal(1),
  code: field.literal('cauchy1'),
  set: field.bytes(16),
  content: field.literal('sealed', 'plain'),
  chunkLog2: field.literal(16, 18, 20),
  length: field.integer(0, Number.MAX_SAFE_INTEGER),
  sealed: field.optional(
    field.record({
      contentRoot: field.bytes(digestLength),
      T: field.array(field.bytes(digestLength)),
      head: field.bytes(),
      foot: field.bytes(),
    }),
  ),
  ...policyFields,
})

/** A share file that is complete and whose own parts agree. Its rows are checked as they are read. */
export type ShareFile = {
  readonly path: string
  readonly index: number
  readonly info: ShareInfo
  /** Two shares belong together iff this is equal. */
  readonly infoHash: Bytes
  /** Reads row `i`, or undefined when it does not hash to its leaf. */
  readRow(i: number): Promise<Bytes | undefined>
  close(): Promise<void>
}

/** Start of a share file: magic and front. */
export function shareHead({ v, set, index, n, t, r }: ShareFront): Bytes {
  return concat(shareMagic, lp(encode({ v, set, index, n, t, r })))
}

/** End of a share file: the digest of every row, their root, the info, its length and the end mark. */
export function shareTail(index: number, leaves: Uint8Array, info: ShareInfo): Bytes {
  const { v, code, set, content, n, t, r, chunkLog2, length, sealed } = info
  const bytes = encode({ v, code, set, content, n, t, r, chunkLog2, length, sealed })
  return concat(leaves, rootOf(leaves, index), bytes, u32(bytes.length), endMagic)
}

/** How many chunks a split file has: the last is the trailer of a sealed file, or the check of a plain one. */
export function chunkCountOf({ content, chunkLog2, length }: ShareInfo): number {
  if (content === 'sealed') return chunkCount({ chunkLog2, sealedLen: length })
  return Math.ceil(length / 2 ** chunkLog2) + 1
}

/** Length of chunk `i`. */
export function chunkLengthOf({ content, chunkLog2, length }: ShareInfo, i: number): number {
  if (content === 'sealed') return chunkLength({ chunkLog2, sealedLen: length }, i)
  const at = i * 2 ** chunkLog2
  return at < length ? Math.min(2 ** chunkLog2, length - at) : checkLength
}

/** Reads only the start of a share file; enough to name it when the rest is damaged. */
export async function readShareFront(handle: FileHandle, path: string): Promise<{ front: ShareFront; rowsAt: number }> {
  const start = await readAt(handle, 0, shareMagic.length + 4 + maxFrontLength)
  if (!equal(start.subarray(0, shareMagic.length), shareMagic)) throw new NotShareError({ path })
  const length = start.length < shareMagic.length + 4 ? 0 : Buffer.from(start).readUInt32BE(shareMagic.length)
  const from = shareMagic.length + 4
  const bytes = start.subarray(from, from + length)
  if (length === 0 || length > maxFrontLength || bytes.length < length) throw damaged(path, 'its start cannot be read')
  return { front: parse(readFront, bytes, path, 'its start cannot be read'), rowsAt: from + length }
}

/**
 * Opens a share file.
 * @throws NotShareError when it is something else; DamagedFileError when it was cut short, or when its start, its list
 * of rows and its description do not fit together.
 */
export async function openShareFile(path: string): Promise<ShareFile> {
  const { size } = await checkFile(path)
  const handle = await open(path)
  try {
    const { front, rowsAt } = await readShareFront(handle, path)
    const { info, infoBytes, leaves, root } = await readEnd(handle, path, size)
    const { index } = front
    const expected = rowsAt + lengthOfShare(info) + leaves.length + digestLength + infoBytes.length + tailLength
    if (size !== expected) throw damaged(path, 'bytes are missing in it or were added')
    const agrees = equal(front.set, info.set) && front.n === info.n && front.t === info.t && front.r === info.r
    const wanted = info.sealed === undefined ? root : (info.sealed.T[index] ?? concat())
    if (!agrees || index >= info.n || !equal(root, wanted) || !equal(rootOf(leaves, index), wanted))
      throw damaged(path, 'its description does not fit its content, so one of them was altered')
    return {
      path,
      index,
      info,
      infoHash: sha256(infoBytes),
      readRow: rowReader(handle, info, leaves, rowsAt),
      close: () => handle.close(),
    }
  } catch (error) {
    await handle.close()
    throw error
  }
}

async function readEnd(handle: FileHandle, path: string, size: number) {
  const tail = await readAt(handle, Math.max(0, size - tailLength), tailLength)
  if (tail.length < tailLength || !equal(tail.subarray(4), endMagic))
    throw damaged(path, 'its end is missing, so it was cut short')
  const infoLength = Buffer.from(tail).readUInt32BE()
  const infoAt = size - tailLength - infoLength
  if (infoLength > maxInfoLength || infoAt < 0) throw damaged(path, 'its end cannot be read')
  const infoBytes = await readAt(handle, infoAt, infoLength)
  const info: ShareInfo = parse(readInfo, infoBytes, path, 'its description cannot be read')
  if (!isSound(info)) throw damaged(path, 'its description makes no sense')
  const leavesLength = chunkCountOf(info) * digestLength
  if (leavesLength + digestLength > infoAt) throw damaged(path, 'bytes are missing in it or were added')
  const digests = await readAt(handle, infoAt - digestLength - leavesLength, leavesLength + digestLength)
  return { info, infoBytes, leaves: digests.subarray(0, leavesLength), root: digests.subarray(leavesLength) }
}

function isSound(info: ShareInfo): boolean {
  const { content, length, sealed, n, t, r } = info
  if ((sealed === undefined) !== (content === 'plain') || (sealed && sealed.T.length !== n)) return false
  return r < t && t <= n && (content === 'plain' || length > trailerLength)
}

function rowReader(handle: FileHandle, info: ShareInfo, leaves: Bytes, rowsAt: number): ShareFile['readRow'] {
  const full = rowLength(info, 2 ** info.chunkLog2)
  const last = chunkCountOf(info) - 1
  // Every chunk before the last but one is full.
  const lastAt = last === 0 ? 0 : (last - 1) * full + rowLength(info, chunkLengthOf(info, last - 1))
  return async (i) => {
    const row = await readAt(handle, rowsAt + (i === last ? lastAt : i * full), rowLength(info, chunkLengthOf(info, i)))
    return equal(sha256(row), leaves.subarray(i * digestLength, (i + 1) * digestLength)) ? row : undefined
  }
}

function lengthOfShare(info: ShareInfo): number {
  let length = 0
  for (let i = chunkCountOf(info) - 1; i >= 0; i--) length += rowLength(info, chunkLengthOf(info, i))
  return length
}

/** Root of one share over its rows' digests, bound to its number (sharing.md 1.5). */
export function rootOf(leaves: Uint8Array, index: number): Bytes {
  const tree = createAccumulator()
  for (let i = 0; i * digestLength < leaves.length; i++)
    tree.add(concat(u16(index), u32(i), leaves.subarray(i * digestLength, (i + 1) * digestLength)))
  return tree.root()
}

function parse<T>(read: (value: unknown) => T, bytes: Uint8Array, path: string, how: string): T {
  try {
    return read(decode(bytes))
  } catch (cause) {
    throw new DamagedFileError({ name: path, how, cause })
  }
}

function damaged(name: string, how: string): DamagedFileError {
  return new DamagedFileError({ name, how })
}

/** Thrown when a file that should be a share is something else. */
export class NotShareError extends BaseError<'NOT_SHARE'> {
  override readonly name = 'NotShareError'
  constructor({ path = '' }: { path?: string }) {
    super('NOT_SHARE', `${path} is not a share file.`, { hints: [`see what it is: sharewell inspect ${path}`] })
  }
}
