import { digest } from '#primitives'
import { type Bytes, equal, fromHex, type Hex, release, toHex } from '../bytes.ts'
import { suite } from '../envelope/index.ts'
import type { PlacedPart, RecordBlocks } from '../place/index.ts'
import {
  type ChunkDigests,
  cidOf,
  createManifestBuilder,
  encodeManifest,
  encodePlacement,
  leafBlocks,
  listDigests,
  type ManifestDigests,
  type SplitChunk,
  splitChunks,
} from '../share/index.ts'
import { type ObjectSigner, signObject } from '../signed/index.ts'
import type { Draft, Notes } from './draft.ts'
import { SourceChangedError } from './journal.ts'

/** What is cut: a draft, and the storage operators in share order. */
export type CutJob = Omit<Draft, 'sealed' | 'storage' | 'notes' | 'salt' | 'own' | 'subject'> & {
  readonly sealed: Pick<Draft['sealed'], 'header'>
  readonly operators: readonly Hex[]
  readonly notes: Pick<Notes, 'batch' | 'chunks' | 'placed'>
}

/** What the chain and the receipt need once everything is cut. */
export type Description = {
  readonly manifestHash: Hex
  readonly placementHash: Hex
  readonly ptCommit: Hex
  readonly sealedLength: number
}

/** A chunk whose shares wait to be noted and sent. */
type CutChunk = { readonly i: number; readonly digests: ChunkDigests; readonly parts: readonly PlacedPart[] }

/**
 * Cuts sealed chunks into the share-chunks of n nodes as they stream by, and describes the whole at the end: leaf
 * lists, manifest and placement, signed by the depositor. Chunks that an earlier call placed are compared with its
 * notes and not cut again.
 * Errors: `SourceChangedError` before anything of a changed chunk leaves.
 */
export function cutRecord(version: CutJob, signer: ObjectSigner) {
  const { policy, chunkLog2, earlier, notes } = version
  const builder = createManifestBuilder(policy, chunkLog2)
  const given: number[] = []
  const sent = new Map<number, readonly PlacedPart[]>()
  let description: Description | undefined

  /** The chunk's parts, or undefined where all nodes have them. */
  function take({ i, length, content, shares, digests }: SplitChunk): CutChunk | undefined {
    const known = earlier.chunks.get(i)
    if (known && !equal(known.content, content)) throw new SourceChangedError({ chunk: i })
    if (known && earlier.placed.has(i)) {
      builder.addKnown(i, length, known)
      return undefined
    }
    const made = { content, shares: digests }
    builder.addKnown(i, length, made)
    return { i, digests: made, parts: shares.map((body, j) => ({ body, cid: cidOf(digests[j] as Bytes) })) }
  }

  /** What is noted first may leave the device then. */
  async function* leave(waiting: readonly CutChunk[]): AsyncGenerator<readonly PlacedPart[]> {
    for (const run of runsOf(waiting))
      await notes.chunks(
        run[0]?.i ?? 0,
        run.map(({ digests }) => digests),
      )
    for (const { i, parts } of waiting) {
      sent.set(given.length, parts)
      given.push(i)
      yield parts
    }
  }

  async function* parts(chunks: AsyncIterable<Bytes>): AsyncGenerator<readonly PlacedPart[]> {
    let waiting: CutChunk[] = []
    let bytes = 0
    const cuts = (i: number) => !(earlier.chunks.has(i) && earlier.placed.has(i))
    for await (const chunk of splitChunks(policy, chunks, { cuts, take: true })) {
      const next = take(chunk)
      if (!next) continue
      waiting.push(next)
      bytes += chunk.length
      if (bytes < notes.batch) continue
      yield* leave(waiting)
      waiting = []
      bytes = 0
    }
    yield* leave(waiting)
  }

  return {
    parts,
    /** Call it when `parts` ended. */
    async close(ptCommit: Bytes): Promise<RecordBlocks> {
      const described = await describe(version, builder.finish(), ptCommit, signer)
      description = described.description
      return described.blocks
    },
    described: () => description as Description,
    /** All nodes took the parts that `parts` gave as number `at`: their memory is given back. */
    placed(at: number) {
      notes.placed(given[at] as number)
      release(...(sent.get(at) ?? []).map(({ body }) => body))
      sent.delete(at)
    },
  }
}

/** Signs manifest and placement of what was cut. */
async function describe(
  version: CutJob,
  digests: ManifestDigests,
  ptCommit: Bytes,
  signer: ObjectSigner,
): Promise<{ readonly blocks: RecordBlocks; readonly description: Description }> {
  const { policy, chunkLog2, placementSalt: salt } = version
  const { T, contentRoot, sealedLen, shareLen, ...leaves } = digests
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
    sealHeader: version.sealed.header,
    chunkLog2,
    sealedLen,
    code: 'cauchy1',
    shareLen,
    contentRoot,
    contentLeaves: listDigests(leaves.contentLeaves),
    T,
    shareLeaves: leaves.shareLeaves.map(listDigests),
    ptCommit,
    keyHeaderHash: await digest(version.keyHeader),
  })
  const signedManifest = await signObject('manifest', manifest, common.networkId, signer)
  const manifestHash = await digest(signedManifest)
  const operators = version.operators.map((id) => fromHex(id, 16))
  const placement = encodePlacement({ ...common, gen: 0, salt, manifestHash, operators })
  const signedPlacement = await signObject('placement', placement, common.networkId, signer)
  return {
    blocks: {
      manifest: signedManifest,
      placement: signedPlacement,
      lists: [leaves.contentLeaves, ...leaves.shareLeaves].flatMap(leafBlocks),
      shareRoots: T,
      shareLength: shareLen,
    },
    description: {
      manifestHash: toHex(manifestHash),
      placementHash: toHex(await digest(signedPlacement)),
      ptCommit: toHex(ptCommit),
      sealedLength: sealedLen,
    },
  }
}

/** Chunks that follow each other without a gap, together. */
function runsOf(chunks: readonly CutChunk[]): CutChunk[][] {
  const runs: CutChunk[][] = []
  for (const chunk of chunks) {
    const run = runs.at(-1)
    if (run?.at(-1)?.i === chunk.i - 1) run.push(chunk)
    else runs.push([chunk])
  }
  return runs
}
