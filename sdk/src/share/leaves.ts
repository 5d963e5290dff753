import { digest, sha256 } from '#primitives'
import { type Bytes, concat, equal, u16, u32 } from '../bytes.ts'
import { BaseError } from '../errors.ts'
import { createAccumulator, createTree, verify } from '../merkle/index.ts'
import type { Manifest } from './manifest.ts'
import { chunkCount, chunkLength, type SealedShape } from './sizes.ts'

const digestLength = 32
/** Leaves per list block: 1 MiB. */
const blockLength = 2 ** 20

/** Cuts a leaf list into its blocks of at most 1 MiB. */
export function leafBlocks(list: Uint8Array): Bytes[] {
  return Array.from(
    { length: Math.ceil(list.length / blockLength) },
    (_, i) => new Uint8Array(list.subarray(i * blockLength, (i + 1) * blockLength)),
  )
}

/** Joins the blocks of a leaf list. Check the result by {@link verifyContentLeaves} or {@link verifyShareLeaves}. */
export function joinLeafBlocks(blocks: readonly Uint8Array[]): Bytes {
  return concat(...blocks)
}

/** Digests of a leaf list's blocks, as the manifest lists them. */
export function listDigests(list: Uint8Array): Bytes[] {
  return leafBlocks(list).map((block) => sha256(block))
}

/** Leaf i of a list, or nothing. */
export function leafAt(list: Uint8Array, i: number): Bytes | undefined {
  if (!Number.isSafeInteger(i) || i < 0 || (i + 1) * digestLength > list.length) return undefined
  return new Uint8Array(list.subarray(i * digestLength, (i + 1) * digestLength))
}

/** Entry of the content tree: u32be(i) || SHA-256(S_i). */
export const contentEntry = (i: number, leaf: Uint8Array): Bytes => concat(u32(i), leaf)

/** Entry of share j's tree: u16be(j) || u32be(i) || L_(j,i). */
export const shareEntry = (j: number, i: number, leaf: Uint8Array): Bytes => concat(u16(j), u32(i), leaf)

const leavesOf = (list: Uint8Array): Bytes[] =>
  Array.from({ length: list.length / digestLength }, (_, i) => leafAt(list, i) as Bytes)

/** Root over a content leaf list. */
export function contentRootOf(list: Uint8Array): Bytes {
  const tree = createAccumulator()
  leavesOf(list).forEach((leaf, i) => {
    tree.add(contentEntry(i, leaf))
  })
  return tree.root()
}

/** Root T_j over the leaf list of share j. */
export function shareRootOf(j: number, list: Uint8Array): Bytes {
  const tree = createAccumulator()
  leavesOf(list).forEach((leaf, i) => {
    tree.add(shareEntry(j, i, leaf))
  })
  return tree.root()
}

/**
 * Accepts the content leaf list that the manifest's contentRoot fixes.
 * @throws LeafListError on another length or root.
 */
export function verifyContentLeaves(manifest: Manifest, list: Uint8Array): void {
  if (list.length !== chunkCount(manifest) * digestLength || !equal(contentRootOf(list), manifest.contentRoot))
    throw new LeafListError({ list: 'content' })
}

/**
 * Accepts the leaf list of share j that the manifest's T_j fixes.
 * @throws LeafListError on another length or root, and for a share the manifest does not have.
 */
export function verifyShareLeaves(manifest: Manifest, j: number, list: Uint8Array): void {
  const expected = manifest.T[j]
  if (!expected || list.length !== chunkCount(manifest) * digestLength || !equal(shareRootOf(j, list), expected))
    throw new LeafListError({ list: `share ${j}` })
}

/** Says whether `bytes` is chunk i of the share (or of the content) whose accepted leaf list this is. */
export async function verifyShareChunk(leaves: Uint8Array, i: number, bytes: Uint8Array): Promise<boolean> {
  const leaf = leafAt(leaves, i)
  return leaf !== undefined && equal(await digest(bytes), leaf)
}

/**
 * Merkle path of sealed chunk i under contentRoot.
 * @throws MerkleIndexError unless the list has such a leaf.
 */
export function proveChunk(contentLeaves: Uint8Array, i: number): Bytes[] {
  return createChunkProver(contentLeaves)(i)
}

/** Builds the content tree once and proves chunks from it: for a worker that streams many. */
export function createChunkProver(contentLeaves: Uint8Array): (i: number) => Bytes[] {
  const tree = createTree(leavesOf(contentLeaves).map((leaf, i) => contentEntry(i, leaf)))
  return (i) => tree.prove(i)
}

/**
 * The leaf of chunk i of share j, and its Merkle path under T_j.
 * @throws MerkleIndexError unless the list has such a leaf.
 */
export function proveShareChunk(leaves: Uint8Array, j: number, i: number): { leaf: Bytes; path: Bytes[] } {
  const path = createTree(leavesOf(leaves).map((leaf, at) => shareEntry(j, at, leaf))).prove(i)
  return { leaf: leafAt(leaves, i) as Bytes, path }
}

/** Says whether `sealedChunk` is chunk i of the record that the manifest fixes: length and Merkle path. */
export async function verifyChunk(
  manifest: SealedShape & { readonly contentRoot: Uint8Array },
  i: number,
  sealedChunk: Uint8Array,
  proof: readonly Uint8Array[],
): Promise<boolean> {
  return verifyChunkDigest(manifest, i, { digest: await digest(sealedChunk), length: sealedChunk.length }, proof)
}

/** The same of a chunk that was hashed already. */
export function verifyChunkDigest(
  manifest: SealedShape & { readonly contentRoot: Uint8Array },
  i: number,
  chunk: { readonly digest: Uint8Array; readonly length: number },
  proof: readonly Uint8Array[],
): boolean {
  if (chunk.length === 0 || chunk.length !== chunkLength(manifest, i)) return false
  return verify(manifest.contentRoot, chunkCount(manifest), i, contentEntry(i, chunk.digest), proof)
}

/** Thrown when a leaf list is not the one that the manifest fixes. */
export class LeafListError extends BaseError<'LEAF_LIST'> {
  override readonly name = 'LeafListError'
  constructor({ list = 'unnamed' }: LeafListError.Options) {
    super('LEAF_LIST', `The ${list} leaf list does not match its root in the manifest.`, {
      hints: ['Fetch the list from another node; if all give the same, the upload was never complete.'],
      docs: 'share.md#leaf-lists',
    })
  }
}
export declare namespace LeafListError {
  type Options = { list?: string }
}
