import { type Bytes, fromHex, type Hex } from '@sharewell/sdk/bytes'
import { type KeyHeader, openSecondShare, parseKeyHeader, type SecondShare } from '@sharewell/sdk/release'
import { RefusalError, refuseOn } from './refusals.ts'

/** This node's share of a header's second key; undefined of a header without one. Refuses with NO_SECOND_SHARE where it
 * was not dealt to this node, and with BAD_SECOND_SHARE where it was dealt another one than was committed to. */
export async function secondShareOf(hpkeSeed: Bytes, header: KeyHeader): Promise<SecondShare | undefined> {
  if (!header.pq) return undefined
  const share = await openOwn(hpkeSeed, header)
  if (!share) throw new RefusalError({ refusal: 'NO_SECOND_SHARE' })
  return share
}

/** Looks at what a header deals to this node before it is kept, while the dealer can still be told. Refuses with
 * BAD_SECOND_SHARE. Throws `KeyHeaderError` and what else a malformed header throws. */
export async function checkDealt(hpkeSeed: Bytes, bytes: Bytes, networkId: Hex): Promise<void> {
  await openOwn(hpkeSeed, parseKeyHeader(bytes, { networkId: fromHex(networkId, 32) }).header)
}

const openOwn = async (hpkeSeed: Bytes, header: KeyHeader): Promise<SecondShare | undefined> =>
  header.pq && (await openSecondShare(hpkeSeed, header, header.pq).catch(refuseOn('SECOND_KEY', 'BAD_SECOND_SHARE')))
