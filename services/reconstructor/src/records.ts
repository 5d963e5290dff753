import type { Hex } from '@sharewell/sdk/bytes'
import { type Bytes, toHex } from '@sharewell/sdk/bytes'
import {
  type AbortOptions,
  type BlockNode,
  createLeafLoader,
  type LoadedRecord,
  loadContentLeaves,
  loadRecord,
  type StorageClient,
  withDeadline,
} from '@sharewell/sdk/place'
import { createChunkProver } from '@sharewell/sdk/share'
import type { RebuildTarget, StorageOperator } from './authority.ts'

/** A storage node and how to speak to it. */
export type Node = BlockNode & { readonly operator: Hex; readonly account: Hex; readonly store: StorageClient }

/** Everything about one record version that many jobs need: 32 bytes a chunk for the content and for each share used. */
export type KnownRecord = LoadedRecord & {
  readonly contentLeaves: Bytes
  readonly prove: (i: number) => Bytes[]
  readonly shareLeaves: (index: number, options?: AbortOptions) => Promise<Bytes>
  /** The node of each share, where the registry still has it. */
  readonly nodes: readonly (Node | undefined)[]
}

/** Loads records by the chain's hashes and keeps the last few of them. */
export function createRecords(options: createRecords.Options) {
  const { connect, most = 16 } = options
  const { networkId } = options.network
  const known = new Map<string, Promise<KnownRecord>>()
  const load = async (target: RebuildTarget, operators: readonly StorageOperator[]): Promise<KnownRecord> => {
    const all = operators.map((one) => ({ operator: one.operator, account: one.account, store: connect(one) }))
    const loaded = await loadRecord({ ...target, networkId, nodes: all })
    const nodes = loaded.placement.operators.map((id) => all.find(({ operator }) => operator === toHex(id)))
    const holders = nodes.filter((node) => node !== undefined)
    const contentLeaves = await loadContentLeaves(loaded.manifest, holders)
    const shareLeaves = createLeafLoader(loaded.manifest, holders)
    return { ...loaded, contentLeaves, prove: createChunkProver(contentLeaves), shareLeaves, nodes }
  }
  return async (
    target: RebuildTarget,
    operators: readonly StorageOperator[],
    { signal }: AbortOptions = {},
  ): Promise<KnownRecord> => {
    const endpoints = operators.map(({ endpoint }) => endpoint).join()
    const key = [target.manifestHash, target.placementHash, endpoints].join()
    const record = known.get(key) ?? load(target, operators)
    known.delete(key)
    known.set(key, record)
    record.catch(() => known.delete(key))
    for (const oldest of known.keys()) {
      if (known.size <= most) break
      known.delete(oldest)
    }
    // Others may wait for it too, so it is loaded to its end, whoever asked first.
    return await withDeadline('the record', loadTimeout, { signal }, () => record)
  }
}

/** Milliseconds that manifest, placement and the content's leaf list may take together. */
const loadTimeout = 300_000

export declare namespace createRecords {
  type Options = {
    network: { readonly networkId: Hex }
    /** A client of a storage node that carries the worker's ticket. */
    connect: (node: StorageOperator) => StorageClient
    most?: number | undefined
  }
}
