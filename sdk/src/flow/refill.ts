import { digest } from '#primitives'
import { type Bytes, fromHex, type Hex, toHex } from '../bytes.ts'
import type { Chain } from '../chain/index.ts'
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
  const { loaded, holders, targets, placement } = job
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
  const verify = verifierOf<Acknowledgement>(chain, 'Acknowledgement', { signal })
  const common = { manifest: fromHex(manifestHash, 32), placement: await digest(placement) }
  // Where shares were renewed, the anchored manifest is found by way of those that came after it.
  const manifests = await Promise.all(loaded.lineage.map((signed) => digest(signed)))
  const finish = async ({ index, operator, reader, writer }: Target) => {
    await putBlock(writer, { cid: cidOf(common.placement), body: placement }, { signal })
    for (const block of [...manifests, ...listsOf(manifest)]) await copy(cidOf(block), { reader, writer }, job, signal)
    const shareRoot = manifest.T[index] ?? new Uint8Array()
    const expected = { ...common, index, shareRoot, shareLength: manifest.shareLen }
    await takeReceipt({ ...expected, operator, store: writer }, { verify, signal })
  }
  for (const target of targets.filter(({ operator }) => !failed.has(operator))) {
    const problem = await trouble(finish(target), signal)
    if (problem !== undefined) failed.set(target.operator, problem)
  }
  return { ...restored, failed }
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
