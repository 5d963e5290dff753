import { digest } from '#primitives'
import { type Bytes, fromBase64url, toHex } from '../bytes.ts'
import type { Operator } from '../chain/index.ts'
import { sealTo } from '../envelope/index.ts'
import { BaseError } from '../errors.ts'
import type { StorageClient } from '../place/index.ts'

/** Milliseconds in which a node must say its key. */
const greeting = 5_000

/**
 * The X-Wing key of an operator's storage node, where its hash stands in the registry.
 * @returns undefined where the registry names none, the node is silent or gives another one, or it is no
 * X-Wing key.
 * @example
 * const key = await storageKeyOf(operator, createHttpStore({ url: operator.endpoint, authorize }))
 */
export async function storageKeyOf(
  { hpkeKeyHash }: Pick<Operator, 'hpkeKeyHash'>,
  store: Pick<StorageClient, 'status'>,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<Bytes | undefined> {
  if (BigInt(hpkeKeyHash) === 0n) return undefined
  const bounded = AbortSignal.any([AbortSignal.timeout(greeting), ...(signal ? [signal] : [])])
  try {
    const { hpkePublicKey } = await store.status({ signal: bounded })
    const key = fromBase64url(hpkePublicKey ?? '')
    if (toHex(await digest(key)) !== hpkeKeyHash) return undefined
    // What nobody can seal to would stop all who are to seal to it.
    await sealTo(key, { purpose: ['share', 'part'], context: key }, key.subarray(0, 1))
    return key
  } catch (error) {
    signal?.throwIfAborted()
    if (error instanceof BaseError || error instanceof TypeError || bounded.aborted) return undefined
    throw error
  }
}
