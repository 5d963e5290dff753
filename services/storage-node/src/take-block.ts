import type { Bytes, Hex } from '@sharewell/sdk/bytes'
import { fromHex } from '@sharewell/sdk/bytes'
import { BaseError } from '@sharewell/sdk/errors'
import { cidOf, digestOf, type Manifest, parseManifest } from '@sharewell/sdk/share'
import type { Components } from './app.ts'
import type { WriteGrant } from './authority.ts'

/** Takes one block of a record: within the ticket's quota, and only if the bytes are those of the CID.
 * Errors: `QuotaError`, `CidError`, `CidMismatchError`, `BlockSizeError`. */
export async function takeBlock(
  { ledger, store, networkId }: Pick<Components, 'ledger' | 'store' | 'networkId'>,
  { cid, bytes, grant }: { cid: string; bytes: Bytes; grant: WriteGrant },
): Promise<void> {
  digestOf(cid)
  const { recordId, maxBytes } = grant
  const block = { cid, recordId, size: bytes.length }
  const known = ledger.belongs(cid, recordId)
  ledger.enter(block, maxBytes)
  try {
    await store.put(cid, bytes)
  } catch (error) {
    if (!known) ledger.withdraw(block)
    throw error
  }
  const manifest = manifestIn(bytes, networkId, recordId)
  if (manifest) ledger.describe(recordId, commonBlocks(cid, manifest), manifest.r > 0)
}

/** Where r > 0, the swarm must not carry shares from node to node: r + 1 of them in one place would break the promise
 * that r nodes learn nothing. Manifest and leaf lists lie on all n nodes anyway. */
function commonBlocks(cid: string, { contentLeaves, shareLeaves }: Manifest): string[] {
  return [cid, ...[...contentLeaves, ...shareLeaves.flat()].map(cidOf)]
}

/** A signed object is a CBOR array of three; most blocks are told apart by that first byte. */
function manifestIn(bytes: Bytes, networkId: Hex, recordId: Hex): Manifest | undefined {
  if (bytes[0] !== 0x83) return undefined
  try {
    return parseManifest(bytes, { networkId: fromHex(networkId, 32), recordId: fromHex(recordId, 32) }).manifest
  } catch (error) {
    if (error instanceof BaseError) return undefined
    throw error
  }
}
