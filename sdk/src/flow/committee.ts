import type { Hex } from '../bytes.ts'
import {
  activeEpoch,
  type CeremonyPlan,
  type Chain,
  type Epoch,
  latestCeremony,
  type Operator,
  openCeremony,
  openRefresh,
  operators,
  type WaitOptions,
} from '../chain/index.ts'
import { ask, type CeremonyOptions, CommitteeError, runCeremony } from './ceremony.ts'

export { type CeremonyOptions, CommitteeError, runCeremony } from './ceremony.ts'
export { generateLogKey } from './log-key.ts'
export { operatorTicket } from './operator-ticket.ts'

/** Has the administration open a ceremony: the council, which several members' accounts make. */
export type Opener = (plan: CeremonyPlan, options: WaitOptions) => Promise<unknown>

/** Seconds that each step has where nothing else is asked for: people may have to restart a node. */
const defaultWindow = 3_600

/**
 * Has key nodes make a release key together. The first time, or after a quorum was suspected: everything that was
 * wrapped to the key before must then be wrapped anew.
 * Errors: {@link CommitteeError}, at once and naming the node where one does not answer; `ContractRefusalError`,
 * `ChainCallError`.
 * @example
 * const nodes = await operators(chain, { kind: 'key' })
 * const epoch = await generateCommitteeKey({ chain, nodes, k: 3, open: askTheCouncil })
 */
export async function generateCommitteeKey(
  { chain, nodes, k, open = openBy(chain), window = defaultWindow }: generateCommitteeKey.Args,
  options: CeremonyOptions = {},
): Promise<Epoch> {
  for (const node of nodes) await ask(node, '/v1/status', undefined, options)
  await open({ generation: true, k, dealers: [], members: nodes.map(({ id }) => id), window }, options)
  return await runCeremony({ chain, ceremony: await latestCeremony(chain, options) }, options)
}
export declare namespace generateCommitteeKey {
  type Args = {
    /** A connection, as the administration where nobody else opens. */
    chain: Chain
    /** The members, in order: member i is `nodes[i - 1]`. */
    nodes: readonly Operator[]
    /** How many partials open. */
    k: number
    /** Default: `chain` does. */
    open?: Opener | undefined
    /** Seconds that each step has; an hour by default. */
    window?: number | undefined
  }
}

/**
 * What a resharing to these members would open: the same members and k make it a refresh. Dealers are the nodes of the
 * epoch that serves which say that they hold their share: one that lost its disk can only be a member.
 * Errors: {@link CommitteeError} when no epoch serves or fewer than its k hold their share.
 * @example
 * const plan = await planResharing({ chain }) // a refresh
 * const larger = await planResharing({ chain, k: 4, members })
 */
export async function planResharing(
  { chain, k, members, window = defaultWindow }: planResharing.Args,
  options: WaitOptions = {},
): Promise<CeremonyPlan> {
  const active = await activeEpoch(chain, options)
  if (!active) throw new CommitteeError({ step: 'opening: no epoch serves' })
  const dealers = await holdersIn({ chain, epoch: active }, options)
  if (dealers.length < active.k)
    throw new CommitteeError({ step: `opening: only ${dealers.length} of the ${active.k} shares needed are held` })
  return { generation: false, k: k ?? active.k, dealers, members: members ?? active.members, window }
}
export declare namespace planResharing {
  type Args = {
    chain: Chain
    /** How many partials open from then on; as now where absent. */
    k?: number | undefined
    /** Operator ids of the new set; as now where absent. */
    members?: readonly Hex[] | undefined
    window?: number | undefined
  }
}

/** The members of an epoch whose nodes answer and say that they hold their share, in its order. */
export async function holdersIn(
  { chain, epoch }: { chain: Chain; epoch: Pick<Epoch, 'members'> },
  options: WaitOptions = {},
): Promise<Hex[]> {
  const nodes = new Map((await operators(chain, { kind: 'key' }, options)).map((node) => [node.id, node]))
  const holds = await Promise.all(
    epoch.members.map(async (id) => {
      const node = nodes.get(id)
      return node !== undefined && (await shareStatus(node, options))?.holds === true
    }),
  )
  return epoch.members.filter((_, at) => holds[at])
}

/**
 * Shares the key anew among other members, or the same. The key does not change, and every record stays readable.
 * Errors: as {@link planResharing} and {@link runCeremony}.
 * @example
 * await reshareCommittee({ chain, k: 4, members: seven })
 */
export async function reshareCommittee(
  { open, ...args }: planResharing.Args & { open?: Opener | undefined },
  options: CeremonyOptions = {},
): Promise<Epoch> {
  const { chain } = args
  await (open ?? openBy(chain))(await planResharing(args, options), options)
  return await runCeremony({ chain, ceremony: await latestCeremony(chain, options) }, options)
}

/**
 * Opens a refresh as a member of the committee, and brings it to its end: same members, same k, other shares. Where a
 * party is silent or lies it fails, nobody loses a seat, and the epoch before serves on.
 * Errors: {@link CommitteeError} when it failed, or at once when a member does not hold its share; `ContractRefusalError`
 * while a ceremony runs or within a day of the last; `ChainCallError`, `ChainTimeoutError`.
 * @example
 * await refreshCommittee({ chain }) // as a key node
 */
export async function refreshCommittee({ chain }: { chain: Chain }, options: CeremonyOptions = {}): Promise<Epoch> {
  const { members, dealers } = await planResharing({ chain }, options)
  const missing = members.find((member) => !dealers.includes(member))
  if (missing) throw new CommitteeError({ node: missing, step: 'opening: it does not say that it holds its share' })
  await openRefresh(chain, { dealers }, options)
  return await runCeremony({ chain, ceremony: await latestCeremony(chain, options) }, options)
}

/** What a key node says of the shares that serve. */
export type ShareStatus = {
  /** Whether it holds its own. */
  readonly holds: boolean
  /** When it opens the next refresh, in seconds; undefined where it opens none. */
  readonly refreshDue: number | undefined
  /** Operators for whose nodes a refresh that is due waits. */
  readonly waitsFor: readonly string[]
}

/** Asks a key node for its share of the epoch that serves; undefined where it does not answer. */
export async function shareStatus(node: Operator, options: WaitOptions = {}): Promise<ShareStatus | undefined> {
  const status = await ask(node, '/v1/status', undefined, options).catch(ifSilent)
  if (!status) return undefined
  const { due, waitsFor } = Object(status.refresh) as Readonly<Record<string, unknown>>
  return {
    holds: status.holdsShare === true,
    refreshDue: Number.isSafeInteger(due) ? Number(due) : undefined,
    waitsFor: Array.isArray(waitsFor) ? waitsFor.filter((one) => typeof one === 'string') : [],
  }
}

function ifSilent(error: unknown): undefined {
  if (!(error instanceof CommitteeError)) throw error
}

const openBy =
  (chain: Chain): Opener =>
  (plan, options) =>
    openCeremony(chain, plan, options)
