import { type Bytes, fromHex, type Hex, toHex } from '../bytes.ts'
import { verify as verifyPath } from '../merkle/index.ts'
import {
  chunkCount,
  contentEntry,
  leafAt,
  type Manifest,
  proveChunk,
  proveShareChunk,
  shareEntry,
} from '../share/index.ts'
import type { Frame, ShareResponse, Signed, Verify } from './messages.ts'
import { refuteUpload, type UploadFaultProof } from './upload-fault.ts'

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

/** Any proof: against a storage node, a reconstructor, or whoever deposited. */
export type FaultProof = ShareFaultProof | FrameFaultProof | UploadFaultProof

/** Builds the proof from a signed answer and the verified leaf list of that share. */
export function proveShareLie(leaves: Bytes, response: Signed<ShareResponse>): ShareFaultProof {
  const { i, j } = response.message
  const { leaf, path } = proveShareChunk(leaves, j, i)
  return { kind: 'share', response, leaf: toHex(leaf), path: path.map(toHex) }
}

/** Builds the proof from a signed frame and the verified leaf list of the content. */
export function proveFrameLie(contentLeaves: Bytes, frame: Signed<Frame>): FrameFaultProof {
  const { i } = frame.message
  const leaf = toHex(leafAt(contentLeaves, i) as Bytes)
  return { kind: 'frame', frame, leaf, path: proveChunk(contentLeaves, i).map(toHex) }
}

/** Whether the proof convicts `operator`, or for an `upload` whoever signed the manifest: by hashes and one signature,
 * without anybody's word.
 * @example
 * if (await convicts(proof, { manifest, manifestHash, operator, verifyShare, verifyFrame })) report(proof) */
export async function convicts(proof: FaultProof, options: convicts.Options): Promise<boolean> {
  return (await refute(proof, options)) === undefined
}

export declare namespace convicts {
  type Options = {
    manifest: Manifest
    manifestHash: Hex
    /** Whom the proof accuses; nobody's matter for an `upload`. */
    operator: Hex
    verifyShare: Verify<ShareResponse>
    verifyFrame: Verify<Frame>
  }
}

/** Why the proof convicts nobody, in words; undefined where it convicts. */
export async function refute(proof: FaultProof, options: convicts.Options): Promise<string | undefined> {
  if (proof.kind === 'share') return await refuteShare(proof, options)
  if (proof.kind === 'frame') return await refuteFrame(proof, options)
  return await refuteUpload(proof, options.manifest)
}

async function refuteShare(proof: ShareFaultProof, options: convicts.Options): Promise<string | undefined> {
  const { manifest, manifestHash, operator, verifyShare } = options
  const { message } = proof.response
  const root = manifest.T[message.j]
  if (message.manifestHash !== manifestHash) return 'the answer is about another manifest'
  if (!root) return 'the record has no such share'
  if (message.shareRoot !== toHex(root)) return 'the answer names another root than the manifest'
  if (message.digest === proof.leaf) return 'the node signed the right digest'
  const entry = shareEntry(message.j, message.i, fromHex(proof.leaf, 32))
  if (!verifyPath(root, chunkCount(manifest), message.i, entry, pathOf(proof)))
    return 'the leaf does not stand under the root of that share'
  return (await verifyShare(operator, proof.response)) ? undefined : notSigned
}

async function refuteFrame(proof: FrameFaultProof, options: convicts.Options): Promise<string | undefined> {
  const { manifest, manifestHash, operator, verifyFrame } = options
  const { message } = proof.frame
  if (message.manifestHash !== manifestHash) return 'the frame is about another manifest'
  if (message.digest === proof.leaf) return 'the reconstructor signed the right digest'
  const entry = contentEntry(message.i, fromHex(proof.leaf, 32))
  if (!verifyPath(manifest.contentRoot, chunkCount(manifest), message.i, entry, pathOf(proof)))
    return 'the leaf does not stand under contentRoot'
  return (await verifyFrame(operator, proof.frame)) ? undefined : notSigned
}

const notSigned = "the operator's account did not sign it"
const pathOf = ({ path }: { readonly path: readonly Hex[] }): Bytes[] => path.map((node) => fromHex(node, 32))
