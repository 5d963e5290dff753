import { digest } from '#primitives'
import { type Bytes, equal, fromHex, type Hex, toHex } from '../bytes.ts'
import { verify as verifyPath } from '../merkle/index.ts'
import {
  chunkCount,
  chunkLength,
  contentEntry,
  decodeChunk,
  leafAt,
  type Manifest,
  type Part,
  PartError,
  proveChunk,
  proveShareChunk,
  shareChunkLength,
  shareEntry,
} from '../share/index.ts'

/** Proof that a depositor split wrongly: t share-chunks of chunk `i`, each under its root, that do not give the chunk whose
 * leaf stands under contentRoot. The manifest, which its author signed, is the one word that it takes. */
export type UploadFaultProof = {
  readonly kind: 'upload'
  /** The chunk. */
  readonly i: number
  readonly leaf: Hex
  readonly path: readonly Hex[]
  /** Exactly t of them, of t different shares. */
  readonly parts: readonly (Part & { readonly path: readonly Hex[] })[]
}

/** Builds the proof from share-chunks that were verified, and the verified leaf lists; undefined where nobody could be
 * convicted by it: under a manifest that follows another one (sharing.md 1.8, activation). */
export async function proveUploadLie(
  manifest: Manifest,
  i: number,
  parts: readonly Part[],
  lists: { readonly content: Bytes; readonly share: (index: number) => Promise<Bytes> },
): Promise<UploadFaultProof | undefined> {
  if (manifest.prev) return undefined
  const proven = await Promise.all(
    parts.slice(0, manifest.t).map(async ({ index, body }) => {
      const { path } = proveShareChunk(await lists.share(index), index, i)
      return { index, body, path: path.map(toHex) }
    }),
  )
  const leaf = toHex(leafAt(lists.content, i) as Bytes)
  return { kind: 'upload', i, leaf, path: proveChunk(lists.content, i).map(toHex), parts: proven }
}

/** Why the proof does not convict the manifest's author; undefined where it does. */
export async function refuteUpload(proof: UploadFaultProof, manifest: Manifest): Promise<string | undefined> {
  const { i, leaf, path, parts } = proof
  if (manifest.prev) return 'the manifest follows another one, so whoever deposited did not make these shares'
  const size = chunkCount(manifest)
  if (i >= size) return 'the record has no such chunk'
  if (!verifyPath(manifest.contentRoot, size, i, contentEntry(i, fromHex(leaf, 32)), nodesOf(path)))
    return 'the leaf does not stand under contentRoot'
  if (parts.length !== manifest.t || new Set(parts.map(({ index }) => index)).size !== manifest.t)
    return `it needs ${manifest.t} different shares`
  const length = shareChunkLength(manifest, i)
  for (const { index, body, path: own } of parts) {
    const root = manifest.T[index]
    if (!root) return `the record has no share ${index}`
    if (body.length !== length) return `the chunk of share ${index} has another length`
    if (!verifyPath(root, size, i, shareEntry(index, i, await digest(body)), nodesOf(own)))
      return `the chunk of share ${index} does not stand under its root`
  }
  const sealed = decoded(manifest, i, parts)
  const right = sealed !== undefined && equal(await digest(sealed), fromHex(leaf, 32))
  return right ? 'the shares give the very chunk that the manifest names' : undefined
}

/** The chunk; undefined where the shares are no word of the code. */
export function decoded(manifest: Manifest, i: number, parts: readonly Part[]): Bytes | undefined {
  try {
    return decodeChunk(manifest, parts, chunkLength(manifest, i))
  } catch (error) {
    // Each part hashes to its leaf, so a word that is none was made by whoever made the leaves.
    if (error instanceof PartError) return undefined
    throw error
  }
}

const nodesOf = (path: readonly Hex[]): Bytes[] => path.map((node) => fromHex(node, 32))
