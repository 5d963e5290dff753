import { type Bytes, fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import { decode, encode, field } from '@sharewell/sdk/cbor'
import { activeEpoch, type Chain, type ReadOptions } from '@sharewell/sdk/chain'
import { labelText } from '@sharewell/sdk/labels'
import type { DkgKey, DkgUse } from '@sharewell/sdk/release'
import type { KeyStore } from './keystore.ts'
import { RefusalError } from './refusals.ts'

/** A share of the release key with everything that the chain must say about it before it serves. */
export type KeptShare = Omit<DkgKey, 'transcriptHash'> & { readonly k: number; readonly members: readonly Bytes[] }

/** This node's seat in the epoch that serves. */
export type Seat = {
  readonly keyEpoch: number
  /** The node's number, 1..h. */
  readonly i: number
  /** x_i. */
  readonly share: Bytes
  readonly groupKey: Bytes
  /** X_i. */
  readonly verifyingShare: Bytes
}

/** Under the name and the label of its use: asked for any other, the key store refuses. */
const keptAs = (use: DkgUse, transcriptHash: Hex) =>
  [`${use.slice('dkg '.length)}-${transcriptHash.slice(2)}`, labelText('release', use)] as const

/** Keeps the share of a finished key generation; it serves once the chain activates that very transcript. */
export async function keepShare(
  keys: KeyStore,
  { transcriptHash, ...kept }: KeptShare & DkgKey,
  use: DkgUse = 'dkg w1',
): Promise<void> {
  const { i, k, share, groupKey, verifyingShares, members } = kept
  const secret = encode({ i, k, share, groupKey, verifyingShares: [...verifyingShares], members: [...members] })
  await keys.put(...keptAs(use, toHex(transcriptHash)), secret)
}

/** What this node keeps of one key generation, or undefined. */
export async function keptShare(
  keys: KeyStore,
  transcriptHash: Hex,
  use: DkgUse = 'dkg w1',
): Promise<KeptShare | undefined> {
  const secret = await keys.get(...keptAs(use, transcriptHash))
  return secret && readKept(decode(secret), 'key share')
}

/** Forgets a share of an epoch that does not serve any more. */
export async function eraseShare(keys: KeyStore, transcriptHash: Hex): Promise<void> {
  await keys.erase(keptAs('dkg w1', transcriptHash)[0])
}

/** The node's seat in the epoch that serves at `block`. Refuses with NO_SHARE where it has none. */
export async function seatOf(chain: Chain, keys: KeyStore, options?: ReadOptions): Promise<Seat> {
  const epoch = await activeEpoch(chain, options)
  const kept = epoch && (await keptShare(keys, epoch.transcriptHash))
  if (!kept || toHex(kept.groupKey) !== epoch.groupKey) throw new RefusalError({ refusal: 'NO_SHARE' })
  const { i, share, groupKey } = kept
  return {
    keyEpoch: epoch.epoch,
    i,
    share,
    groupKey,
    verifyingShare: fromHex(epoch.verifyingShares[i - 1] ?? '0x', 32),
  }
}

const readKept = field.record({
  i: field.integer(1, 255),
  k: field.integer(2, 255),
  share: field.bytes(32),
  groupKey: field.bytes(32),
  verifyingShares: field.array(field.bytes(32)),
  members: field.array(field.bytes(16)),
})
