import { type Hex, toHex } from '../bytes.ts'
import { type AnchoredRecord, type Chain, type Operator, operators } from '../chain/index.ts'
import {
  BlocksUnavailableError,
  createLeafLoader,
  examineShares,
  type Health,
  type Holder,
  healthOf,
  type LeafLoader,
  type LoadedRecord,
  loadRecord,
  type ShareFinding,
  type StorageClient,
} from '../place/index.ts'
import { greeted } from './operators.ts'

/** A client of an operator's node that carries a ticket to read the record. */
export type NodeReader = (operator: Operator) => StorageClient

/** What was found of one share, and who answers for its node. */
export type ShareHealth = ShareFinding & { readonly organization?: Hex | undefined }

/** A record's health. */
export type RecordHealth = Health & {
  readonly recordId: Hex
  readonly n: number
  readonly t: number
  readonly r: number
  /** How often all shares were made anew since the version was anchored, by refresh or change; 0 where nobody can tell. */
  readonly renewals: number
  /** Different organizations among those that hold a valid share. */
  readonly organizations: number
  /** By share; empty where no node gives the record's description. */
  readonly shares: readonly ShareHealth[]
}

/** How a record is examined. */
export type ExamineOptions = {
  readonly read: NodeReader
  /** Chunks of each share that are asked for: 4. */
  readonly samples?: number | undefined
  /** Shares beyond t below which the record is endangered: a quarter of n - t, and one at least. */
  readonly spare?: number | undefined
  /** Milliseconds that a node may take for a chunk: 10,000. */
  readonly timeout?: number | undefined
  /** Hears of each share that was examined. */
  readonly onShare?: (() => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * Examines the record's current version. A record whose description no node gives is lost, with no share named.
 * Errors: `BlocksUnavailableError` where most nodes refuse the examiner.
 * @example
 * const { level, live } = await recordHealth(chain, record, { read, signal })
 */
export async function recordHealth(
  chain: Chain,
  record: AnchoredRecord,
  options: ExamineOptions,
): Promise<RecordHealth> {
  return (await examine(chain, record, options)).health
}

/** A holder with its client and what the registry says. */
export type KnownHolder = Holder & { readonly info: Operator; readonly store: StorageClient }

/** A record's health, and what was loaded to tell it. */
export type Examined = {
  readonly health: RecordHealth
  readonly holders: readonly KnownHolder[]
  readonly loaded?: (LoadedRecord & { readonly leaves: LeafLoader }) | undefined
}

/** As {@link recordHealth}, with what a repair needs beside it. */
export async function examine(chain: Chain, record: AnchoredRecord, options: ExamineOptions): Promise<Examined> {
  const { read, samples, spare, timeout, onShare, signal } = options
  const { recordId, version, manifestHash, placementHash } = record
  const known = await operators(chain, { kind: 'storage' }, { signal })
  const active = known.filter((operator) => operator.active)
  const nodes = active.map((info) => ({ operator: info.id, info, store: read(info) }))
  const { networkId } = chain.network
  const ids = { networkId, recordId, version, manifestHash, placementHash }
  const loaded = await loadRecord({ ...ids, nodes, signal }).catch((error: unknown) => {
    signal?.throwIfAborted()
    // Every node of the record has its description: where nobody gives it, no share can be found either.
    if (error instanceof BlocksUnavailableError && !error.refused) return undefined
    throw error
  })
  // Shares that were changed lie under another policy than the anchored one.
  const { n, t, r } = loaded?.manifest ?? record
  const place = { recordId, n, t, r, renewals: (loaded?.lineage.length ?? 1) - 1 }
  if (!loaded) {
    const health = { ...place, ...healthOf(place, [], spare), organizations: 0, shares: [] }
    return { health, holders: [] }
  }
  const placed = new Set(loaded.placement.operators.map(toHex))
  const holders = await Promise.all(
    nodes.filter(({ operator }) => placed.has(operator)).map((node) => introduced(node, signal)),
  )
  const leaves = createLeafLoader(loaded.manifest, nodes, { signal })
  const findings = await examineShares({ ...loaded, holders, leaves, samples, timeout, onShare, signal })
  const shares = findings.map((finding): ShareHealth => {
    const organization = known.find(({ id }) => id === finding.operator)?.organization
    return { ...finding, ...(organization && { organization }) }
  })
  const valid = shares.filter(({ state }) => state === 'valid')
  const organizations = new Set(valid.map(({ organization }) => organization)).size
  const health = { ...place, ...healthOf(place, shares, spare), organizations, shares }
  return { health, holders, loaded: { ...loaded, leaves } }
}

async function introduced(
  node: Pick<KnownHolder, 'operator' | 'info' | 'store'>,
  signal: AbortSignal | undefined,
): Promise<KnownHolder> {
  const status = await greeted(node.store, { signal })
  return { ...node, address: addressOf(node.info.endpoint), leaving: status?.leaving === true }
}

/** Where an endpoint leads, however it is spelled. */
export function addressOf(endpoint: string): string {
  return URL.canParse(endpoint) ? new URL(endpoint).host : endpoint
}
