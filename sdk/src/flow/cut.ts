import { digest, randomBytes } from '#primitives'
import { type Bytes, concat, fromHex, type Hex, toHex } from '../bytes.ts'
import { suite } from '../envelope/index.ts'
import type { PlacedPart, RecordBlocks } from '../place/index.ts'
import {
  type ChunkLog2,
  cidOf,
  createManifestBuilder,
  encodeChunk,
  encodeManifest,
  encodePlacement,
  leafBlocks,
  listDigests,
  type Policy,
} from '../share/index.ts'
import { type ObjectSigner, signObject } from '../signed/index.ts'

/** The version of a record that is being deposited. */
export type NewVersion = {
  readonly networkId: Hex
  readonly recordId: Hex
  readonly version: number
  readonly policy: Policy
  readonly chunkLog2: ChunkLog2
  readonly sealHeader: Bytes
  readonly keyHeaderHash: Bytes
  /** The storage operators in share order. */
  readonly operators: readonly Hex[]
}

/** What the chain and the receipt need once everything is cut. */
export type Description = {
  readonly manifestHash: Hex
  readonly placementHash: Hex
  readonly ptCommit: Hex
  readonly sealedLength: number
}

/**
 * Cuts sealed chunks into the share-chunks of n nodes as they stream by, and describes the whole at the end: leaf
 * lists, manifest and placement, signed by the depositor.
 */
export function cutRecord(version: NewVersion, signer: ObjectSigner) {
  const { policy, chunkLog2 } = version
  const builder = createManifestBuilder(policy, chunkLog2)
  let description: Description | undefined

  async function* parts(chunks: AsyncIterable<Bytes>): AsyncGenerator<readonly PlacedPart[]> {
    let i = 0
    for await (const chunk of chunks) {
      const bodies = encodeChunk(policy, chunk)
      const { shares } = await builder.add(i, chunk, bodies)
      i += 1
      yield bodies.map((body, j) => ({ body, cid: cidOf(shares[j] as Bytes) }))
    }
  }

  /** Call it when `parts` ended. */
  async function close(ptCommit: Bytes): Promise<RecordBlocks> {
    const { T, contentRoot, sealedLen, shareLen, ...leaves } = builder.finish()
    const common = {
      v: 1,
      networkId: fromHex(version.networkId, 32),
      recordId: fromHex(version.recordId, 32),
      version: version.version,
    } as const
    const manifest = encodeManifest({
      ...common,
      ...policy,
      suite,
      sealHeader: version.sealHeader,
      chunkLog2,
      sealedLen,
      code: 'cauchy1',
      shareLen,
      contentRoot,
      contentLeaves: listDigests(leaves.contentLeaves),
      T,
      shareLeaves: leaves.shareLeaves.map(listDigests),
      ptCommit,
      keyHeaderHash: version.keyHeaderHash,
    })
    const signedManifest = await signObject('manifest', manifest, common.networkId, signer)
    const manifestHash = await digest(signedManifest)
    const operators = version.operators.map((id) => fromHex(id, 16))
    const placement = encodePlacement({ ...common, gen: 0, salt: randomBytes(32), manifestHash, operators })
    const signedPlacement = await signObject('placement', placement, common.networkId, signer)
    description = {
      manifestHash: toHex(manifestHash),
      placementHash: toHex(await digest(signedPlacement)),
      ptCommit: toHex(ptCommit),
      sealedLength: sealedLen,
    }
    return {
      manifest: signedManifest,
      placement: signedPlacement,
      lists: [leaves.contentLeaves, ...leaves.shareLeaves].flatMap(leafBlocks),
      shareRoots: T,
      shareLength: shareLen,
    }
  }

  return { parts, close, described: () => description as Description }
}

/** What a WriteTicket says of the nodes it is for: SHA-256 over their ids in share order. */
export async function operatorsHash(operators: readonly Hex[]): Promise<Hex> {
  return toHex(await digest(concat(...operators.map((id) => fromHex(id, 16)))))
}
