import { type Bytes, fromHex, type Hex, toHex } from '../bytes.ts'
import { type Chain, manifestHashOf, type WaitOptions } from '../chain/index.ts'
import { BaseError } from '../errors.ts'
import {
  type Deletion,
  descentOf,
  readLineage,
  type ShareResponse,
  type Signed,
  type StorageClient,
} from '../place/index.ts'
import type { SignedDeletion } from './erase.ts'
import { verifierOf } from './operators.ts'

/** Proof that a storage node kept what it said it had deleted: its word on the deletion, and a share response that it
 * signed after that word. */
export type KeptProof = {
  readonly kind: 'kept'
  readonly operator: Hex
  readonly deletion: Signed<Deletion>
  readonly response: Signed<ShareResponse>
  /** The signed manifest that the response names, and where shares were renewed those before it, the anchored one last. */
  readonly lineage: readonly Bytes[]
}

/** Nobody knows it before the node has signed its deletion: what it signs under it, it signs later. */
const nonceAfter = ({ signature }: Pick<SignedDeletion, 'signature'>): Hex => toHex(fromHex(signature).subarray(0, 32))

/** Asks a storage node for a chunk of a share that it said it had deleted. What it gives and signs is a proof against
 * it; silence, a refusal and unsigned bytes are none. `store` is authorized to read; `lineage` is that of the record as it
 * was loaded, with the manifest that names the share among it.
 * Errors: those of {@link StorageClient.getShare} where the node refuses. */
export async function keptProof(
  store: Pick<StorageClient, 'getShare'>,
  { operator, message, signature }: SignedDeletion,
  { signal, lineage, ...share }: keptProof.Options,
): Promise<KeptProof | undefined> {
  const { response } = await store.getShare({ ...share, nonce: nonceAfter({ signature }) }, signal ? { signal } : {})
  const deletion = { message, signature }
  return response && { kind: 'kept', operator, deletion, response, lineage: descentOf(lineage, share.manifestHash) }
}

export declare namespace keptProof {
  type Options = WaitOptions & Parameters<StorageClient['getShare']>[0] & Pick<KeptProof, 'lineage'>
}

/** Whether the proof convicts its operator: by two signatures, the manifests and what the chain says, without the bytes or
 * anybody's word.
 * @example
 * if (await convictsOfKeeping(chain, proof)) report(proof) */
export async function convictsOfKeeping(chain: Chain, proof: KeptProof, options: WaitOptions = {}): Promise<boolean> {
  const { operator, deletion, response } = proof
  const { recordId, version } = deletion.message
  if (deletion.message.operator !== operator || response.message.nonce !== nonceAfter(deletion)) return false
  const manifestHash = anchoredOf(proof, chain.network.networkId)
  if (!manifestHash || !(await isOfRecord(chain, { recordId, version, manifestHash }, options))) return false
  const signed = await Promise.all([
    verifierOf<Deletion>(chain, 'Deletion', options)(operator, deletion),
    verifierOf<ShareResponse>(chain, 'ShareResponse', options)(operator, response),
  ])
  return signed.every((one) => one)
}

/** The hash that the chain must have anchored. The manifest itself must name a version that was deleted: a node goes by what
 * stands in it, and whoever anchors a record may name any manifest. */
function anchoredOf({ deletion, response, lineage }: KeptProof, networkId: Hex): Hex | undefined {
  const { recordId, version } = deletion.message
  try {
    const { standing, anchored } = readLineage(lineage, fromHex(networkId, 32))
    const { manifest, hash } = standing
    const isNamed = toHex(hash) === response.message.manifestHash
    const isGone = toHex(manifest.recordId) === recordId && manifest.version <= version
    return isNamed && isGone ? toHex(anchored.hash) : undefined
  } catch (error) {
    if (error instanceof BaseError) return undefined
    throw error
  }
}

/** Whether a manifest is that of a version up to `version`. */
async function isOfRecord(
  chain: Chain,
  { recordId, version, manifestHash }: { recordId: Hex; version: number; manifestHash: Hex },
  options: WaitOptions,
): Promise<boolean> {
  for (let at = 1; at <= version; at++) {
    const hash = await manifestHashOf(chain, { recordId, version: at }, options)
    if (hash === undefined || hash === manifestHash) return hash !== undefined
  }
  return false
}
