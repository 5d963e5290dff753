import path from 'node:path'
import type { Config } from '@sharewell/key-node/main'
import { type Bytes, fromHex, type Hex } from '@sharewell/sdk/bytes'
import { keptShare } from '../../services/key-node/src/committee.ts'
import { openKeyStore } from '../../services/key-node/src/keystore.ts'

/** What a key node that conspires brings with it: its number and its share of the key that serves. */
export type StolenShare = {
  readonly keyEpoch: number
  readonly i: number
  readonly share: Bytes
  readonly groupKey: Bytes
}

/** Takes the share from a node's own store, as its operator can. */
export async function stolenShare(
  { folder, secret }: Pick<Config, 'folder' | 'secret'>,
  { epoch, transcriptHash }: { readonly epoch: number; readonly transcriptHash: Hex },
): Promise<StolenShare> {
  const keys = openKeyStore(path.join(folder, 'keys'), fromHex(secret as Hex, 32))
  const kept = await keptShare(keys, transcriptHash)
  if (!kept) throw new Error('It holds no share of this epoch.')
  const { i, share, groupKey } = kept
  return { keyEpoch: epoch, i, share, groupKey }
}
