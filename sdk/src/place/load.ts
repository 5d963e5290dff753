import { type Bytes, equal, fromHex, type Hex, toHex } from '../bytes.ts'
import { BaseError } from '../errors.ts'
import {
  checkRenewed,
  cidOf,
  joinLeafBlocks,
  type Manifest,
  ManifestError,
  type Placement,
  parseManifest,
  parsePlacement,
  verifyContentLeaves,
  verifyShareLeaves,
} from '../share/index.ts'
import { NodeRefusedError } from './call.ts'
import { mostRenewals } from './lineage.ts'
import { type AbortOptions, BlockNotFoundError, type ShareStore } from './share-store.ts'
import { PlaceTimeoutError, withDeadline } from './wait.ts'

/** A node that may hold blocks of a record. */
export type BlockNode = { readonly operator: Hex; readonly store: Pick<ShareStore, 'get'> }

/** Options of reading blocks that all nodes of a record hold. */
export type LoadOptions = AbortOptions & {
  /** Milliseconds that one node may take: 5,000. */
  readonly timeout?: number | undefined
}

/** A record version's description, as the chain fixes it. */
export type LoadedRecord = {
  /** The manifest of the shares as they lie now. */
  readonly manifest: Manifest
  /** Its hash, by which storage nodes know a share. Requests of readers name the anchored one. */
  readonly manifestHash: Hex
  /** Who signed the anchored manifest. */
  readonly uploader: Hex
  readonly placement: Placement
  /** Signed manifests of this version, the standing one first, the anchored one last: common blocks, all of them. */
  readonly lineage: readonly Bytes[]
}

/** Fetches placement and manifest by the hashes on chain from any of `nodes`, and compares them with each other and
 * with the chain. Where shares were renewed, the placement names a manifest that descends from the anchored one.
 * Errors: {@link BlocksUnavailableError}, those of `parseManifest`, `parsePlacement` and `checkRenewed`. */
export async function loadRecord(options: loadRecord.Options): Promise<LoadedRecord> {
  const { networkId, recordId, version, manifestHash, placementHash, nodes } = options
  const expected = { networkId: fromHex(networkId, 32), recordId: fromHex(recordId, 32), version }
  const load = async (hash: Bytes): Promise<Signed> => {
    const bytes = await fetchAny(cidOf(hash), nodes, options)
    return { ...parseManifest(bytes, expected), bytes }
  }
  const anchored = await load(fromHex(manifestHash, 32))
  const placed = await fetchAny(cidOf(fromHex(placementHash, 32)), nodes, options)
  const named = parsePlacement(placed, expected).placement.manifestHash
  const lineage = await loadLineage(anchored, named, load)
  const { manifest, hash } = lineage[0] ?? anchored
  const { placement } = parsePlacement(placed, { ...expected, manifestHash: hash, n: manifest.n })
  const { signer: uploader } = anchored
  return { manifest, manifestHash: toHex(hash), uploader, placement, lineage: lineage.map(({ bytes }) => bytes) }
}

type Signed = ReturnType<typeof parseManifest> & { readonly bytes: Bytes }

/** The manifests from the one that a placement names to the anchored one, along `prev`. */
async function loadLineage(anchored: Signed, named: Bytes, load: (hash: Bytes) => Promise<Signed>): Promise<Signed[]> {
  const lineage: Signed[] = []
  for (let next = named; !equal(next, anchored.hash); ) {
    if (lineage.length === mostRenewals) throw new ManifestError({ reason: 'does not descend from the anchored one' })
    const one = await load(next)
    next = checkRenewed(anchored.manifest, one.manifest)
    lineage.push(one)
  }
  return [...lineage, anchored]
}

export declare namespace loadRecord {
  type Options = LoadOptions & {
    networkId: Hex
    recordId: Hex
    version: number
    manifestHash: Hex
    placementHash: Hex
    nodes: readonly BlockNode[]
  }
}

/** The digests of all sealed chunks, proved against contentRoot. */
export async function loadContentLeaves(
  manifest: Manifest,
  nodes: readonly BlockNode[],
  options: LoadOptions = {},
): Promise<Bytes> {
  const list = await loadList(manifest.contentLeaves, nodes, options)
  verifyContentLeaves(manifest, list)
  return list
}

/** The digests of all chunks of share `index`, proved against T_index. */
export async function loadShareLeaves(
  manifest: Manifest,
  index: number,
  nodes: readonly BlockNode[],
  options: LoadOptions = {},
): Promise<Bytes> {
  const list = await loadList(manifest.shareLeaves[index] ?? [], nodes, options)
  verifyShareLeaves(manifest, index, list)
  return list
}

/** Gives the verified leaf list of a share. */
export type LeafLoader = (index: number, options?: AbortOptions) => Promise<Bytes>

/** Gives leaf lists on demand and keeps those that verified: 32 bytes a chunk and share. */
export function createLeafLoader(
  manifest: Manifest,
  nodes: readonly BlockNode[],
  options: LoadOptions = {},
): LeafLoader {
  const lists = new Map<number, Promise<Bytes>>()
  return async (index, { signal } = {}) => {
    const known = lists.get(index)
    if (known) return await known
    // Not under one asker's signal: others wait for the same list.
    const loading = loadShareLeaves(manifest, index, nodes, options)
    lists.set(index, loading)
    loading.catch(() => lists.delete(index))
    signal?.throwIfAborted()
    return await loading
  }
}

async function loadList(digests: readonly Bytes[], nodes: readonly BlockNode[], options: LoadOptions): Promise<Bytes> {
  const blocks: Bytes[] = []
  for (const digest of digests) blocks.push(await fetchAny(cidOf(digest), nodes, options))
  return blocks.length === 1 ? (blocks[0] as Bytes) : joinLeafBlocks(blocks)
}

/** Fetches a block from the first node that gives it, asking two at a time.
 * Errors: {@link BlocksUnavailableError} with each node's reason. */
export async function fetchAny(cid: string, nodes: readonly BlockNode[], options: LoadOptions = {}): Promise<Bytes> {
  const { timeout = 5_000, signal } = options
  const waiting = [...nodes]
  const reasons: NodeReason[] = []
  const running = new Map<
    BlockNode,
    Promise<{ node: BlockNode; bytes?: Bytes; reason?: string; forbidden?: boolean }>
  >()
  const rest = new AbortController()
  const both = signal ? AbortSignal.any([signal, rest.signal]) : rest.signal
  const ask = async (node: BlockNode) => {
    try {
      return {
        node,
        bytes: await withDeadline(cid, timeout, { signal: both }, (inner) => node.store.get(cid, { signal: inner })),
      }
    } catch (error) {
      return { node, reason: reasonOf(error), forbidden: isForbidden(error) }
    }
  }
  try {
    for (;;) {
      while (running.size < 2 && waiting.length > 0) {
        const node = waiting.shift() as BlockNode
        running.set(node, ask(node))
      }
      if (running.size === 0) throw new BlocksUnavailableError({ cid, reasons })
      const answer = await Promise.race(running.values())
      signal?.throwIfAborted()
      if (answer.bytes) return answer.bytes
      running.delete(answer.node)
      const { node, reason = 'failed', forbidden } = answer
      reasons.push({ operator: node.operator, reason, ...(forbidden && { forbidden }) })
    }
  } finally {
    rest.abort()
  }
}

/** What kept one node from helping. */
export type NodeReason = {
  readonly operator: Hex
  readonly reason: string
  /** The node's own code, where it gave one. */
  readonly code?: string | undefined
  /** Whether it answered that the asker may not have it. */
  readonly forbidden?: boolean | undefined
}

const isForbidden = (error: unknown): boolean =>
  error instanceof NodeRefusedError && (error.status === 401 || error.status === 403)

function reasonOf(error: unknown): string {
  if (error instanceof PlaceTimeoutError) return 'timeout'
  if (error instanceof BlockNotFoundError) return 'missing'
  return error instanceof BaseError ? error.code : 'the connection failed'
}

/** Nodes that never had the block answer `missing` to anybody: of the others more forbid it than fail. */
function areForbidden(reasons: readonly NodeReason[]): boolean {
  const forbidden = reasons.filter((one) => one.forbidden).length
  const missing = reasons.filter(({ reason }) => reason === 'missing').length
  return 2 * forbidden > reasons.length - missing
}
const askAsReader =
  'Ask with a key that may read the record: its patient’s, or a reconstructor’s; who deposited it reads nothing.'

/** Thrown when no node gives a block that all nodes of a record hold. */
export class BlocksUnavailableError extends BaseError<'BLOCKS_UNAVAILABLE'> {
  override readonly name = 'BlocksUnavailableError'
  readonly reasons: readonly NodeReason[]
  /** Whether most nodes that may have it answered that the asker may not: then it says nothing about the block. */
  readonly refused: boolean
  constructor({ cid, reasons = [] }: { cid?: string; reasons?: readonly NodeReason[] }) {
    const refused = areForbidden(reasons)
    const each = reasons.map(({ operator, reason }) => `${operator}: ${reason}`).join('; ')
    super('BLOCKS_UNAVAILABLE', `No node gives block ${cid ?? ''}. ${each}`, {
      hints: [refused ? askAsReader : 'Try again when the nodes of this record are up.'],
      docs: 'placement.md#loading',
    })
    this.reasons = reasons
    this.refused = refused
  }
}
