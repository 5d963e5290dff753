import type { Hex } from '../bytes.ts'
import {
  activeEpoch,
  type CeremonyPlan,
  type Chain,
  type Epoch,
  latestCeremony,
  type Operator,
  openCeremony,
  operators,
  type WaitOptions,
} from '../chain/index.ts'
import { ask, type CeremonyOptions, CommitteeError, runCeremony } from './ceremony.ts'

export { type CeremonyOptions, CommitteeError, runCeremony } from './ceremony.ts'
export { generateLogKey } from './log-key.ts'

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
  const nodes = (await operators(chain, { kind: 'key' }, options)).filter(({ id }) => active.members.includes(id))
  const holding = await Promise.all(
    nodes.map(async (node) => {
      return (await nodeHolds(node, options)) ? [node.id] : []
    }),
  )
  const dealers = active.members.filter((id) => holding.flat().includes(id))
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

/** Whether a node says that it holds its share of the epoch that serves; undefined where it does not answer. */
export async function nodeHolds(node: Operator, options: WaitOptions = {}): Promise<boolean | undefined> {
  const status = await ask(node, '/v1/status', undefined, options).catch(ifSilent)
  return status && status.holdsShare === true
}

function ifSilent(error: unknown): undefined {
  if (!(error instanceof CommitteeError)) throw error
}

const openBy =
  (chain: Chain): Opener =>
  (plan, options) =>
    openCeremony(chain, plan, options)
