import { type Bytes, concat, fromHex, type Hex, toHex, u16, u32 } from '../bytes.ts'
import { prove, verify as verifyPath } from '../merkle/index.ts'
import { chunkCount, leafAt, type Manifest, proveChunk } from '../share/index.ts'
import type { Frame, ShareResponse, Signed, Verify } from './messages.ts'

/** Proof that a storage node lied: its signed answer, and the leaf with its path under T_j that says otherwise. */
export type ShareFaultProof = {
  readonly kind: 'share'
  readonly response: Signed<ShareResponse>
  readonly leaf: Hex
  readonly path: readonly Hex[]
}

/** Proof that a reconstructor lied: its signed frame, and the leaf with its path under contentRoot that says otherwise. */
export type FrameFaultProof = {
  readonly kind: 'frame'
  readonly frame: Signed<Frame>
  readonly leaf: Hex
  readonly path: readonly Hex[]
}

/** Builds the proof from a signed answer and the verified leaf list of that share. */
export function proveShareLie(leaves: Bytes, response: Signed<ShareResponse>): ShareFaultProof {
  const { i, j } = response.message
  const all = cut(leaves)
  const entries = all.map((leaf, chunk) => shareEntry(j, chunk, leaf))
  return { kind: 'share', response, leaf: toHex(all[i] as Bytes), path: prove(entries, i).map(toHex) }
}

/** Builds the proof from a signed frame and the verified leaf list of the content. */
export function proveFrameLie(contentLeaves: Bytes, frame: Signed<Frame>): FrameFaultProof {
  const { i } = frame.message
  const leaf = toHex(leafAt(contentLeaves, i) as Bytes)
  return { kind: 'frame', frame, leaf, path: proveChunk(contentLeaves, i).map(toHex) }
}

/** Whether the proof convicts `operator`: by hashes and one signature, without the bytes or anybody's word.
 * @example
 * if (await convicts(proof, { manifest, manifestHash, operator, verifyShare, verifyFrame })) report(proof) */
export async function convicts(proof: ShareFaultProof | FrameFaultProof, options: convicts.Options): Promise<boolean> {
  const { manifest, manifestHash, operator } = options
  const path = proof.path.map((node) => fromHex(node, 32))
  const leaf = fromHex(proof.leaf, 32)
  const size = chunkCount(manifest)
  if (proof.kind === 'share') {
    const { message } = proof.response
    const root = manifest.T[message.j]
    if (message.manifestHash !== manifestHash || message.digest === proof.leaf) return false
    if (!root || message.shareRoot !== toHex(root)) return false
    if (!verifyPath(root, size, message.i, shareEntry(message.j, message.i, leaf), path)) return false
    return await options.verifyShare(operator, proof.response)
  }
  const { message } = proof.frame
  if (message.manifestHash !== manifestHash || message.digest === proof.leaf) return false
  if (!verifyPath(manifest.contentRoot, size, message.i, contentEntry(message.i, leaf), path)) return false
  return await options.verifyFrame(operator, proof.frame)
}

export declare namespace convicts {
  type Options = {
    manifest: Manifest
    manifestHash: Hex
    /** Whom the proof accuses. */
    operator: Hex
    verifyShare: Verify<ShareResponse>
    verifyFrame: Verify<Frame>
  }
}

/** Entry of the tree T_j (sharing.md 1.5). */
const shareEntry = (j: number, i: number, leaf: Uint8Array): Bytes => concat(u16(j), u32(i), leaf)
/** Entry of the tree contentRoot. */
const contentEntry = (i: number, leaf: Uint8Array): Bytes => concat(u32(i), leaf)

const cut = (leaves: Bytes): Bytes[] =>
  Array.from({ length: leaves.length / 32 }, (_, at) => leaves.slice(32 * at, 32 * at + 32))
