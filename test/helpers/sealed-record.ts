import { type Bytes, fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import type { PlacedPart, RecordBlocks } from '@sharewell/sdk/place'
import { randomBytes, sha256 } from '@sharewell/sdk/primitives'
import {
  chunkCount,
  chunkLength,
  cidOf,
  createManifestBuilder,
  encodeChunk,
  encodeManifest,
  encodePlacement,
  leafBlocks,
  listDigests,
  type Manifest,
  type Policy,
} from '@sharewell/sdk/share'
import { signObject } from '@sharewell/sdk/signed'
import type { LocalAccount } from 'viem'

/** A record that is sealed (its chunks are random, as sealed bytes are), split and described, but not yet placed. */
export type SealedRecord = {
  readonly recordId: Hex
  readonly manifest: Manifest
  readonly manifestHash: Hex
  readonly placementHash: Hex
  readonly sealed: readonly Bytes[]
  /** For each chunk the n share-chunks with their CIDs. */
  readonly parts: readonly (readonly PlacedPart[])[]
  readonly contentLeaves: Bytes
  readonly shareLeaves: readonly Bytes[]
  readonly blocks: RecordBlocks
}

/** Makes one. `tamper` may change share-chunks before they are hashed, as a lying depositor would. */
export async function sealedRecord(options: sealedRecord.Options): Promise<SealedRecord> {
  const { networkId, uploader, policy, operators, recordId = toHex(randomBytes(32)), tamper } = options
  const shape = { chunkLog2: 16 as const, sealedLen: (options.dataLength ?? 150_000) + 272 }
  const builder = createManifestBuilder(policy, shape.chunkLog2)
  const sealed = Array.from({ length: chunkCount(shape) }, (_, i) => randomBytes(chunkLength(shape, i)))
  const parts: PlacedPart[][] = []
  for (const [i, chunk] of sealed.entries()) {
    const bodies = encodeChunk(policy, chunk).map((body, j) => tamper?.(body, i, j) ?? body)
    const digests = await builder.add(i, chunk, bodies)
    parts.push(bodies.map((body, j) => ({ cid: cidOf(digests.shares[j] as Bytes), body })))
  }
  const digests = builder.finish()
  const network = fromHex(networkId)
  const manifest: Manifest = {
    v: 1,
    suite: 'test',
    networkId: network,
    recordId: fromHex(recordId),
    version: 1,
    sealHeader: randomBytes(40),
    ...shape,
    ...policy,
    code: 'cauchy1',
    shareLen: digests.shareLen,
    contentRoot: digests.contentRoot,
    contentLeaves: listDigests(digests.contentLeaves),
    T: digests.T,
    shareLeaves: digests.shareLeaves.map(listDigests),
    ptCommit: randomBytes(32),
    keyHeaderHash: randomBytes(32),
  }
  const signedManifest = await signObject('manifest', encodeManifest(manifest), network, uploader)
  const manifestHash = sha256(signedManifest)
  const placement = encodePlacement({
    v: 1,
    networkId: network,
    recordId: manifest.recordId,
    version: 1,
    gen: 0,
    salt: randomBytes(32),
    manifestHash,
    operators: operators.map((id) => fromHex(id, 16)),
  })
  const signedPlacement = await signObject('placement', placement, network, uploader)
  return {
    recordId,
    manifest,
    manifestHash: toHex(manifestHash),
    placementHash: toHex(sha256(signedPlacement)),
    sealed,
    parts,
    contentLeaves: digests.contentLeaves,
    shareLeaves: digests.shareLeaves,
    blocks: {
      manifest: signedManifest,
      placement: signedPlacement,
      lists: [digests.contentLeaves, ...digests.shareLeaves].flatMap(leafBlocks),
      shareRoots: digests.T,
      shareLength: digests.shareLen,
    },
  }
}

export declare namespace sealedRecord {
  type Options = {
    networkId: Hex
    uploader: LocalAccount
    policy: Policy
    /** Operator ids, in share order. */
    operators: readonly Hex[]
    recordId?: Hex
    /** Sealed bytes before the trailer: 150,000, which makes 3 chunks of data. */
    dataLength?: number
    tamper?: (body: Bytes, chunk: number, index: number) => Bytes | undefined
  }
}
