import { digest } from '#primitives'
import { type Bytes, fromHex, type Hex, toHex } from '../bytes.ts'
import type { Chain, Operator } from '../chain/index.ts'
import {
  type Acknowledgement,
  createGatherer,
  fetchAny,
  type LeafLoader,
  type LoadedRecord,
  loadContentLeaves,
  putBlock,
  type Restored,
  restoreShares,
  type StorageClient,
  shareSource,
  takeReceipt,
  trouble,
} from '../place/index.ts'
import { cidOf, type Manifest } from '../share/index.ts'
import { verifierOf } from './operators.ts'
import type { KnownHolder } from './record-health.ts'

/** A node that is to hold a share. */
export type Target = {
  readonly index: number
  readonly operator: Hex
  readonly info: Operator
  /** To read the record's blocks from it, and to write them. */
  readonly reader: StorageClient
  readonly writer: StorageClient
  /** Who held the share until now, and still gives it. */
  readonly from?: StorageClient | undefined
}

/** Shares to be made whole, and the placement under which they lie then. */
export type RefillJob = {
  readonly loaded: LoadedRecord & { readonly leaves: LeafLoader }
  /** Nodes of the record that answer. */
  readonly holders: readonly KnownHolder[]
  readonly targets: readonly Target[]
  readonly placement: Bytes
  /** Where that one is a draft: the digest of the one that stands, which nodes need to compare it with. */
  readonly standing?: Bytes | undefined
}

/** How it waits, and whom it tells. */
export type RefillOptions = {
  readonly onChunk?: (() => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Gives each target its share and what all nodes of a record hold, and takes its signed word on it. `failed` names those
 * that did not give it. Errors: `TooFewSharesError`, `InconsistentRecordError`, `BlocksUnavailableError`.
 */
export async function refill(chain: Chain, job: RefillJob, options: RefillOptions): Promise<Restored> {
  const { loaded, holders, targets } = job
  const { manifest, manifestHash, leaves } = loaded
  const { signal } = options
  const contentLeaves = await loadContentLeaves(manifest, holders, { signal })
  const sources = indexed(loaded, holders).map(({ index, holder }) => shareSource(holder.operator, index, holder.store))
  const restored = await restoreShares({
    ...options,
    gatherer: createGatherer({ manifest, manifestHash, sources, leaves: (index) => leaves(index) }),
    contentLeaves,
    leaves,
    targets: targets.map(({ index, operator, reader, writer, from }) => ({
      index,
      operator,
      store: { get: reader.get, put: writer.put },
      from,
    })),
  })
  const failed = new Map(restored.failed)
  const finisher = createFinisher(chain, job, { signal })
  const finish = async (target: Target) => {
    await finisher.common(target)
    await finisher.receipt(target)
  }
  for (const target of targets.filter(({ operator }) => !failed.has(operator))) {
    const problem = await trouble(finish(target), signal)
    if (problem !== undefined) failed.set(target.operator, problem)
  }
  return { ...restored, failed }
}

/** What a target takes beside its chunks: blocks that all nodes of the record hold, before; its signed word, after. */
export function createFinisher(chain: Chain, job: RefillJob, { signal }: Pick<RefillOptions, 'signal'>) {
  const { loaded, placement, standing } = job
  const { manifest, manifestHash } = loaded
  const verify = verifierOf<Acknowledgement>(chain, 'Acknowledgement', { signal })
  const manifestDigest = fromHex(manifestHash, 32)
  return {
    async common({ reader, writer }: Target): Promise<void> {
      await putBlock(writer, { cid: cidOf(await digest(placement)), body: placement }, { signal })
      // Where shares were renewed, the anchored manifest is found by way of those that came after it.
      const manifests = await Promise.all(loaded.lineage.map((signed) => digest(signed)))
      for (const block of [...(standing ? [standing] : []), ...manifests, ...listsOf(manifest)])
        await copy(cidOf(block), { reader, writer }, job, signal)
    },
    async receipt({ index, operator, writer }: Target): Promise<void> {
      const shareRoot = manifest.T[index] ?? new Uint8Array()
      const hashes = { manifest: manifestDigest, placement: await digest(placement) }
      const expected = { ...hashes, index, shareRoot, shareLength: manifest.shareLen }
      await takeReceipt({ ...expected, operator, store: writer }, { verify, signal })
    },
  }
}

/** Which share each holder keeps. */
function indexed({ placement }: LoadedRecord, holders: readonly KnownHolder[]) {
  return placement.operators.flatMap((id, index) => {
    const holder = holders.find(({ operator }) => operator === toHex(id))
    return holder ? [{ index, holder }] : []
  })
}

/** Digests of all leaf lists' blocks. */
const listsOf = ({ contentLeaves, shareLeaves }: Manifest): Bytes[] => [...contentLeaves, ...shareLeaves.flat()]

/** Gives a node a block that all nodes of the record hold, unless it has it whole. */
async function copy(
  cid: string,
  { reader, writer }: Pick<Target, 'reader' | 'writer'>,
  { holders }: RefillJob,
  signal: AbortSignal | undefined,
): Promise<void> {
  if ((await trouble(reader.get(cid, { signal }), signal)) === undefined) return
  await putBlock(writer, { cid, body: await fetchAny(cid, holders, { signal }) }, { signal })
}
