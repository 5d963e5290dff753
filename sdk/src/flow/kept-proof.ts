import { fromHex, type Hex, toHex } from '../bytes.ts'
import { type Chain, manifestHashOf, type WaitOptions } from '../chain/index.ts'
import type { Deletion, ShareResponse, Signed, StorageClient } from '../place/index.ts'
import type { SignedDeletion } from './erase.ts'
import { verifierOf } from './operators.ts'

/** Proof that a storage node kept what it said it had deleted: its word on the deletion, and a share response that it
 * signed after that word. */
export type KeptProof = {
  readonly kind: 'kept'
  readonly operator: Hex
  readonly deletion: Signed<Deletion>
  readonly response: Signed<ShareResponse>
}

/** Nobody knows it before the node has signed its deletion: what it signs under it, it signs later. */
const nonceAfter = ({ signature }: Pick<SignedDeletion, 'signature'>): Hex => toHex(fromHex(signature).subarray(0, 32))

/** Asks a storage node for a chunk of a share that it said it had deleted. What it gives and signs is a proof against
 * it; silence, a refusal and unsigned bytes are none. `store` is authorized to read.
 * Errors: those of {@link StorageClient.getShare} where the node refuses. */
export async function keptProof(
  store: Pick<StorageClient, 'getShare'>,
  { operator, message, signature }: SignedDeletion,
  { signal, ...share }: WaitOptions & Parameters<StorageClient['getShare']>[0],
): Promise<KeptProof | undefined> {
  const { response } = await store.getShare({ ...share, nonce: nonceAfter({ signature }) }, signal ? { signal } : {})
  return response && { kind: 'kept', operator, deletion: { message, signature }, response }
}

/** Whether the proof convicts its operator: by two signatures and what the chain says, without the bytes or anybody's
 * word.
 * @example
 * if (await convictsOfKeeping(chain, proof)) report(proof) */
export async function convictsOfKeeping(chain: Chain, proof: KeptProof, options: WaitOptions = {}): Promise<boolean> {
  const { operator, deletion, response } = proof
  const { recordId, version } = deletion.message
  if (deletion.message.operator !== operator || response.message.nonce !== nonceAfter(deletion)) return false
  if (!(await isOfRecord(chain, { recordId, version, manifestHash: response.message.manifestHash }, options)))
    return false
  const signed = await Promise.all([
    verifierOf<Deletion>(chain, 'Deletion', options)(operator, deletion),
    verifierOf<ShareResponse>(chain, 'ShareResponse', options)(operator, response),
  ])
  return signed.every((one) => one)
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
