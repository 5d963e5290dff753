import type { Hex } from '../bytes.ts'
import { anchor, type Chain, depositsOf, supersede, type WaitOptions } from '../chain/index.ts'

/** What is anchored: the record's id, and what the contract takes. */
export type Anchor = Parameters<typeof anchor>[1] & { readonly recordId: Hex }

/**
 * Anchors a record once, however often it is called: one that is on chain already, because an earlier call did not live
 * to hear of it or the answer was lost, is found by its event. Returns the transaction's hash.
 * Errors: those of `anchor`.
 */
export async function anchorOnce(chain: Chain, { recordId, ...what }: Anchor, options: WaitOptions): Promise<Hex> {
  const sent = async () => (await anchor(chain, what, options)).transactionHash
  return await once(chain, { recordId, manifestHash: what.manifestHash, sent }, options)
}

/** As {@link anchorOnce}, for a record's next version. Errors: those of `supersede`. */
export async function supersedeOnce(
  chain: Chain,
  next: Parameters<typeof supersede>[1],
  options: WaitOptions,
): Promise<Hex> {
  const sent = async () => (await supersede(chain, next, options)).transactionHash
  return await once(chain, { ...next, sent }, options)
}

async function once(
  chain: Chain,
  { recordId, manifestHash, sent }: { recordId: Hex; manifestHash: Hex; sent: () => Promise<Hex> },
  options: WaitOptions,
): Promise<Hex> {
  const mined = async () => {
    const deposits = await depositsOf(chain, { recordId }, options)
    return deposits.find((deposit) => deposit.manifestHash === manifestHash)?.transaction
  }
  const earlier = await mined()
  if (earlier) return earlier
  try {
    return await sent()
  } catch (error) {
    options.signal?.throwIfAborted()
    const meanwhile = await mined().catch(() => undefined)
    if (meanwhile) return meanwhile
    throw error
  }
}
