import { fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import { type Chain, epochOf, type LogKey, logKeysOf } from '@sharewell/sdk/chain'
import type { FrostGroup } from '@sharewell/sdk/release'
import { type KeptShare, keptShare } from '../committee.ts'
import type { KeyStore } from '../keystore.ts'
import { CheckpointRefusedError } from './errors.ts'

/** This node's place among those who sign checkpoints, and the key that they sign with now. */
export type LogSeat = { readonly key: LogKey; readonly kept: KeptShare; readonly group: FrostGroup }

/** Parts of a node that signs checkpoints. */
export type LogParts = { readonly chain: Chain; readonly keys: KeyStore }

/** The newest key that every member confirmed, with this node's share of it. Throws {@link CheckpointRefusedError}. */
export async function logSeatOf({ chain, keys }: LogParts): Promise<LogSeat> {
  const key = (await logKeysOf(chain)).at(-1)
  if (!key) throw new CheckpointRefusedError({ reason: 'no key for checkpoints was confirmed by all members yet' })
  const kept = await keptShare(keys, key.transcriptHash, 'dkg log')
  if (!kept || toHex(kept.groupKey) !== key.groupKey || kept.k !== key.k)
    throw new CheckpointRefusedError({ reason: 'I hold no share of the key that signs checkpoints' })
  const { k, groupKey, verifyingShares } = kept
  return { key, kept, group: { k, groupKey, verifyingShares } }
}

/** What this node would confirm: a key that it helped to make, for exactly the committee that serves. */
export async function confirmable(
  { chain, keys }: LogParts,
  { epoch, transcriptHash }: { epoch: number; transcriptHash: Hex },
): Promise<LogKey> {
  const kept = await keptShare(keys, transcriptHash, 'dkg log')
  const serving = await epochOf(chain, { epoch })
  if (!kept || !serving?.active) throw new CheckpointRefusedError({ reason: 'I took no part in making this key' })
  const same =
    kept.members.length === serving.members.length &&
    kept.members.every((member, at) => toHex(member) === serving.members[at]) &&
    kept.k === serving.k
  if (!same) throw new CheckpointRefusedError({ reason: 'its members are not the committee that serves' })
  if (toHex(kept.groupKey) === serving.groupKey)
    throw new CheckpointRefusedError({ reason: 'the key that releases signs nothing' })
  return { epoch, k: kept.k, groupKey: toHex(kept.groupKey), transcriptHash }
}

/** Bytes of a 32-byte hex. */
export const bytes32 = (hex: Hex) => fromHex(hex, 32)
