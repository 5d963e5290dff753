/**
 * How many shares of a record are alive, from the very nodes that hold them.
 * @module
 */
import { randomInt } from 'node:crypto'
import { type Hex, toHex } from '@sharewell/sdk/bytes'
import {
  type AnchoredRecord,
  type Chain,
  encodeTicket,
  type Operator,
  operators,
  standingOf,
} from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import { type ReadPass, readPass } from '@sharewell/sdk/flow/key-nodes'
import {
  type BlockNode,
  BlocksUnavailableError,
  createHttpStore,
  type LoadedRecord,
  loadRecord,
  loadShareLeaves,
  type StorageClient,
} from '@sharewell/sdk/place'
import { cidOf } from '@sharewell/sdk/share'

/** One share: where it should be, and what was found there. */
export type ShareState = {
  readonly index: number
  readonly operator: Hex
  readonly organization?: Hex | undefined
  readonly state: 'alive' | 'missing' | 'unreachable'
  /** Chunks that were asked for, of how many. */
  readonly asked: number
  readonly of: number
  readonly reason?: string | undefined
  /** Lies of its node that were proved on chain. */
  readonly lies: number
}

/** A record's shares. */
export type RecordHealth = {
  readonly n: number
  readonly t: number
  readonly alive: number
  /** Different organizations among those that hold a living share. */
  readonly organizations: number
  readonly shares: readonly ShareState[]
}

/** Who asks, and how thoroughly. */
export type Asking = {
  readonly chain: Chain
  /** Index of the purpose for which the one who asks may read. */
  readonly purpose: number
  readonly consentSalt?: Hex | undefined
  /** Ask for every chunk, and not for a few. */
  readonly full: boolean
  readonly onShare: () => void
}

/** Chunks of a share that are asked for, where not all are. */
const fewChunks = 8
const patience = 10_000

/** Asks the n nodes of a record. A node proves that it holds a share by one chunk in full, drawn at random, and says it
 * of others. */
export async function recordHealth(record: AnchoredRecord, asking: Asking, signal: AbortSignal): Promise<RecordHealth> {
  const { chain, purpose, consentSalt } = asking
  const { n, t, recordId, version, manifestHash, placementHash, pseudonym } = record
  const pass = await readPass(chain, { pseudonym, purpose, consentSalt })
  const known = await operators(chain, { kind: 'storage' }, { signal })
  const nodes = known.filter(({ active }) => active).map((operator) => nodeOf(operator, pass))
  const { networkId } = chain.network
  const ids = { networkId, recordId, version, manifestHash, placementHash }
  const loaded = await loadRecord({ ...ids, nodes, signal }).catch((error: unknown) => {
    signal.throwIfAborted()
    // Every node of the record has its description: where nobody gives it, no share can be found either.
    if (error instanceof BlocksUnavailableError) return undefined
    throw error
  })
  if (loaded === undefined) return { n, t, alive: 0, organizations: 0, shares: [] }
  const shares = await Promise.all(
    loaded.placement.operators.map(async (id, index) => {
      const found = await shareState({ loaded, nodes, known, index, operator: toHex(id) }, asking, signal)
      asking.onShare()
      return found
    }),
  )
  const living = shares.filter(({ state }) => state === 'alive')
  const organizations = new Set(living.map(({ organization }) => organization)).size
  return { n, t, alive: living.length, organizations, shares }
}

type Node = BlockNode & { readonly store: StorageClient; readonly organization: Hex }

function nodeOf({ id, endpoint, organization }: Operator, pass: ReadPass): Node {
  const authorize = async () => encodeTicket(await pass.ticketFor(id))
  return { operator: id, organization, store: createHttpStore({ url: endpoint, authorize, timeout: patience }) }
}

type Place = {
  readonly loaded: LoadedRecord
  readonly nodes: readonly Node[]
  readonly known: readonly Operator[]
  readonly index: number
  readonly operator: Hex
}

async function shareState(
  { loaded, nodes, known, index, operator }: Place,
  { chain, full }: Asking,
  signal: AbortSignal,
): Promise<ShareState> {
  const node = nodes.find((each) => each.operator === operator)
  const organization = known.find(({ id }) => id === operator)?.organization
  const standing = await standingOf(chain, { operator }, { signal })
  const place = { index, operator, organization, asked: 0, of: 0, lies: standing.shares + standing.frames }
  if (node === undefined) return { ...place, state: 'unreachable', reason: 'its operator is switched off' }
  try {
    const leaves = await loadShareLeaves(loaded.manifest, index, nodes, { signal })
    const of = leaves.length / 32
    const chosen = full ? Array.from({ length: of }, (_, at) => at) : some(of)
    const cidAt = (at: number) => cidOf(leaves.subarray(32 * at, 32 * at + 32))
    const [proof = 0, ...others] = chosen
    await node.store.get(cidAt(proof), { signal })
    for (const at of others)
      if (!(await node.store.has(cidAt(at), { signal })))
        return { ...place, asked: chosen.length, of, state: 'missing', reason: `chunk ${at} is not there` }
    return { ...place, asked: chosen.length, of, state: 'alive' }
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof BaseError)) throw error
    const gone = error.code === 'BLOCK_NOT_FOUND' || error.code === 'CID_MISMATCH'
    const [said = ''] = error.message.split('\n')
    return { ...place, state: gone ? 'missing' : 'unreachable', reason: gone ? 'a chunk is not there' : said }
  }
}

/** A few chunks, drawn at random, the first of them to be fetched in full. */
function some(of: number): number[] {
  const drawn = new Set<number>()
  while (drawn.size < Math.min(of, fewChunks)) drawn.add(randomInt(of))
  return [...drawn]
}
