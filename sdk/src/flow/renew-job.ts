import type { Bytes, Hex } from '../bytes.ts'
import { fromHex, toHex } from '../bytes.ts'
import { type AnchoredRecord, type Chain, type Operator, operators, recordOf } from '../chain/index.ts'
import {
  createHttpStore,
  createLeafLoader,
  type LeafLoader,
  type LoadedRecord,
  loadContentLeaves,
  loadRecord,
  type RenewStep,
  type StorageClient,
  trouble,
} from '../place/index.ts'
import {
  chunkCount,
  encodeRenewAsk,
  type Manifest,
  type RenewAnswer,
  type RenewAsk,
  RenewError,
  type RenewSession,
  type RenewTerms,
  readRenewAnswer,
} from '../share/index.ts'
import type { NodeReader } from './record-health.ts'
import { operatorsHash, writeAuthorization } from './tickets.ts'

/** How far a refresh or a change is: chunks of the whole. */
export type RenewProgress = {
  readonly step: 'deal' | 'check' | 'take' | 'mend' | 'activate'
  readonly done: number
  readonly total: number
}

/** How shares are renewed. */
export type RenewalOptions = {
  /** Reads the record's blocks, new ones as well: the coordinator may see sealed bytes. */
  readonly read: NodeReader
  /** Milliseconds that a node may take for a step: 120,000, and a second more for each MiB of words. */
  readonly stepTimeout?: number | undefined
  readonly onProgress?: ((progress: RenewProgress) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** A node that has, or is to have, a share. */
export type RenewNode = {
  readonly share: number
  readonly operator: Hex
  readonly account: Hex
  /** Carries the coordinator's tickets to read, and to write. */
  readonly reader: StorageClient
  readonly writer: StorageClient
}

/** A record whose shares are renewed, as it stands. */
export type RenewJob = {
  readonly record: AnchoredRecord
  readonly loaded: LoadedRecord & { readonly leaves: LeafLoader }
  readonly contentLeaves: Bytes
  /** Its keepers, in share order. */
  readonly nodes: readonly RenewNode[]
}

/** A record as it stands, and all storage operators that are active. */
export type Looked = Omit<RenewJob, 'nodes'> & { readonly known: readonly Operator[] }

/** Looks at the record. Errors: `RenewError` where there is none. */
export async function lookAt(
  chain: Chain,
  { recordId }: { readonly recordId: Hex },
  { read, signal }: RenewalOptions,
): Promise<Looked> {
  const record = await recordOf(chain, { recordId }, { signal })
  if (!record || record.erased) throw new RenewError({ reason: 'there is no such record, or it is erased' })
  const known = (await operators(chain, { kind: 'storage' }, { signal })).filter(({ active }) => active)
  const holders = known.map((info) => ({ operator: info.id, store: read(info) }))
  const { networkId } = chain.network
  const loaded = await loadRecord({ ...record, networkId, nodes: holders, signal })
  const contentLeaves = await loadContentLeaves(loaded.manifest, holders, { signal })
  const leaves = createLeafLoader(loaded.manifest, holders, { signal })
  return { record, loaded: { ...loaded, leaves }, contentLeaves, known }
}

/** Looks at the record and its keepers. Errors: `RenewError` where it hides nothing, or a keeper is not active. */
export async function openRenewal(
  chain: Chain,
  { recordId }: { readonly recordId: Hex },
  options: RenewalOptions,
): Promise<RenewJob> {
  const { known, ...looked } = await lookAt(chain, { recordId }, options)
  if (looked.loaded.manifest.r === 0) throw new RenewError({ reason: 'with r = 0 they hide nothing from each other' })
  const ids = looked.loaded.placement.operators.map((id) => toHex(id))
  const keepers = ids.map((id) => known.find((one) => one.id === id))
  const gone = [...keepers.keys()].filter((j) => keepers[j] === undefined)
  if (gone.length > 0)
    throw new RenewError({ reason: `the keepers of shares ${gone.join(', ')} are not active; move these first` })
  const { manifest, lineage } = looked.loaded
  // What stands, what is made, and the words of r + 1 contributors.
  const maxBytes = generationBytes(manifest) * BigInt(lineage.length + manifest.r + 3)
  const nodes = await nodesOf(chain, looked, keepers as Operator[], { maxBytes, read: options.read })
  return { ...looked, nodes }
}

/** Bytes that one generation of a record takes at a node: a share, all lists, and slack. */
export function generationBytes(manifest: Manifest): bigint {
  return BigInt(manifest.shareLen + 32 * chunkCount(manifest) * (manifest.n + 1)) + 2n ** 24n
}

/** Clients of nodes in the order of their shares. */
export async function nodesOf(
  chain: Chain,
  { record }: Pick<RenewJob, 'record'>,
  keepers: readonly Operator[],
  { maxBytes, read }: { readonly maxBytes: bigint; readonly read: NodeReader },
): Promise<RenewNode[]> {
  const ids = keepers.map(({ id }) => id)
  const authorize = writeAuthorization(chain, {
    recordId: record.recordId,
    version: record.version,
    operatorsHash: await operatorsHash(ids),
    maxBytes,
    operators: ids,
  })
  return keepers.map((info, share) => {
    const writer = createHttpStore({ url: info.endpoint, authorize })
    return { share, operator: info.id, account: info.account, reader: read(info), writer }
  })
}

/** What is the same in the terms of every renewal of this record. */
export function commonTerms(
  { loaded, record }: Pick<RenewJob, 'loaded' | 'record'>,
  nonce: Bytes,
): Omit<RenewTerms, 'kind' | 'contributors' | 'receivers'> {
  const { networkId, recordId, version } = loaded.manifest
  return {
    v: 1,
    networkId,
    recordId,
    version,
    manifestHash: fromHex(loaded.manifestHash, 32),
    placementHash: fromHex(record.placementHash, 32),
    epoch: loaded.lineage.length,
    nonce,
  }
}

/** One session, and who failed in it. */
export type RenewRound = {
  readonly terms: RenewTerms
  readonly encoded: Bytes
  readonly session: RenewSession
  /** By share number of the asked node: why it is not asked again in this session. */
  readonly silent: Map<number, string>
  readonly timeout: number
  readonly signal: AbortSignal | undefined
}

/** Steps that a node takes from who may read the record. */
const ofReaders: ReadonlySet<RenewStep> = new Set(['seeds', 'parts', 'confirm', 'show'])

/** Asks nodes for one step at once; those that do not answer as they should are noted as silent, and not asked again. */
export async function askEach(
  { encoded, silent, timeout, signal }: RenewRound,
  nodes: readonly RenewNode[],
  step: RenewStep,
  askOf: (node: RenewNode) => Partial<RenewAsk>,
): Promise<ReadonlyMap<number, RenewAnswer>> {
  const answers = new Map<number, RenewAnswer>()
  const ask = async (node: RenewNode) => {
    const problem = await trouble(
      (async () => {
        const body = encodeRenewAsk({ terms: encoded, ...askOf(node) })
        const client = ofReaders.has(step) ? node.reader : node.writer
        answers.set(node.share, readRenewAnswer(await client.renew(step, body, { timeout, signal })))
      })(),
      signal,
    )
    if (problem !== undefined) silent.set(node.share, problem)
  }
  await Promise.all(nodes.filter(({ share }) => !silent.has(share)).map(ask))
  return answers
}
