import type { Hex } from '../bytes.ts'
import { anchor, type Chain, depositsOf, type WaitOptions } from '../chain/index.ts'

/** What is anchored: the record's id, and what the contract takes. */
export type Anchor = Parameters<typeof anchor>[1] & { readonly recordId: Hex }

/**
 * Anchors a record once, however often it is called: one that is on chain already, because an earlier call did not live
 * to hear of it or the answer was lost, is found by its event. Returns the transaction's hash.
 * Errors: those of `anchor`.
 */
export async function anchorOnce(chain: Chain, { recordId, ...what }: Anchor, options: WaitOptions): Promise<Hex> {
  const mined = async () => {
    const deposits = await depositsOf(chain, { recordId }, options)
    return deposits.find(({ manifestHash }) => manifestHash === what.manifestHash)?.transaction
  }
  const earlier = await mined()
  if (earlier) return earlier
  try {
    return (await anchor(chain, what, options)).transactionHash
  } catch (error) {
    options.signal?.throwIfAborted()
    const meanwhile = await mined().catch(() => undefined)
    if (meanwhile) return meanwhile
    throw error
  }
}
