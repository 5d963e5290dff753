import { type Bytes, concat, fromHex, type Hex, toHex, u16, u32 } from '@sharewell/sdk/bytes'
import { root } from '@sharewell/sdk/merkle'
import { sha256 } from '@sharewell/sdk/primitives'
import { cidOfBlock, digestOf, encodeManifest, leafAt, listDigests, type Manifest } from '@sharewell/sdk/share'
import { signObject } from '@sharewell/sdk/signed'
import { newAccount } from './parties.ts'
import { sealedRecord } from './sealed-record.ts'
import type { TestNode } from './storage.ts'

/** A manifest that its author put on a node. */
export type Claim = { readonly recordId: Hex; readonly manifestHash: Hex }

/** Puts a record of one's own on a node whose first share-chunk is, so its leaf list says, block `cid` of somebody else. */
export async function claimShare(node: TestNode, cid: string): Promise<Claim> {
  const own = await strangersRecord(node)
  const list = concat(digestOf(cid), (own.shareLeaves[0] as Uint8Array).subarray(32))
  const { T, shareLeaves } = own.manifest
  return await putClaim(node, own, {
    T: [firstRootOf(list), ...T.slice(1)],
    shareLeaves: [listDigests(list), ...shareLeaves.slice(1)],
    lists: [list],
  })
}

/** Puts a manifest on a node that calls block `cid` of somebody else one of its leaf lists. */
export async function claimList(node: TestNode, cid: string, recordId?: Hex): Promise<Claim> {
  return await putClaim(node, await strangersRecord(node, recordId), { contentLeaves: [digestOf(cid)], lists: [] })
}

/** T_0 over a leaf list. */
const firstRootOf = (list: Bytes): Bytes =>
  root(Array.from({ length: list.length / 32 }, (_, i) => concat(u16(0), u32(i), leafAt(list, i) as Bytes)))

const strangersRecord = (node: TestNode, recordId?: Hex) =>
  sealedRecord({
    networkId: node.networkId,
    uploader: newAccount(),
    policy: { n: 1, t: 1, r: 0 },
    operators: [node.operator],
    ...(recordId && { recordId }),
  })

type Forgery = Partial<Manifest> & { readonly lists: readonly Uint8Array<ArrayBuffer>[] }

async function putClaim(
  node: TestNode,
  { recordId, manifest }: Awaited<ReturnType<typeof strangersRecord>>,
  { lists, ...forged }: Forgery,
): Promise<Claim> {
  const client = node.client(`write ${recordId} 10000000`)
  const payload = encodeManifest({ ...manifest, ...forged })
  const signed = await signObject('manifest', payload, fromHex(node.networkId, 32), newAccount())
  for (const block of [signed, ...lists]) await client.put(cidOfBlock(block), block)
  return { recordId, manifestHash: toHex(sha256(signed)) }
}
