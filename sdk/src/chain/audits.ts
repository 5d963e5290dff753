import { type Hex, isAddressEqual, zeroAddress } from 'viem'
import { auditsAbi } from './abi.ts'
import { type ReadOptions, read } from './call.ts'
import type { Chain } from './connect.ts'
import { type EventOptions, events, type Occurrence } from './events.ts'
import { blockAt } from './head.ts'
import type { WaitOptions } from './wait.ts'

/** How a node did when auditors asked it for what it acknowledged (docs/spec/audits.md). */
export type AuditStanding = {
  /** Audits in which it showed its share-chunk. */
  readonly shown: number
  /** In which it did not; those within a day of each other count once. */
  readonly missed: number
  /** Three misses within 30 days. */
  readonly faults: number
  /** Deadline of the last miss, in seconds; undefined for never. */
  readonly lastMissAt: number | undefined
}

/** A house, the uppermost organization, and the reconstructor that judges for it. */
export type AuditSeat = { readonly house: Hex; readonly operator: Hex }

/** What was drawn for an audit. */
export type Drawn = {
  /** The chunk. */
  readonly i: number
  /** Three operators, of three houses. */
  readonly auditors: readonly Hex[]
  /** It is shown before this second; silence is said in the day that begins with it. */
  readonly deadline: number
}

/** One question to one node, as the contract keeps it. */
export type Audit = {
  readonly audit: Hex
  /** Whose node is asked. */
  readonly operator: Hex
  /** The house that asks. */
  readonly challenger: Hex
  /** Block of the challenge. */
  readonly madeIn: bigint
  /** The share. */
  readonly j: number
  /** Chunks of the record. */
  readonly chunks: number
  readonly outcome: 'open' | 'shown' | 'silent'
  /** Words for and against the node. */
  readonly words: { readonly shown: number; readonly silent: number }
  /** Whether auditor k, of three, spoke. */
  readonly spoken: readonly boolean[]
  /** Undefined before the draw. */
  readonly drawn: Drawn | undefined
}

/** Where an audit is: `waiting` for blocks, to be drawn, the node being `asking` asked, auditors `settling` whether it was
 * silent, ended `shown` or `silent`, `void` because nobody drew it, or `undecided` because no two agreed in time. */
export type AuditState = 'waiting' | 'drawable' | 'void' | 'asking' | 'settling' | 'undecided' | 'shown' | 'silent'

/** Seconds in which a node shows its chunk, and in which silence is said after that. */
export const auditDay = 86_400

/** Whether the network has a contract that counts silence. */
export const hasAudits = ({ network }: Pick<Chain, 'network'>): boolean =>
  !isAddressEqual(network.contracts.audits, zeroAddress)

/** How a node stands; without a miss in networks that have no audits. Errors: `ChainCallError`, `ChainTimeoutError`.
 * @example
 * const { missed, faults } = await auditStandingOf(chain, { operator }) */
export async function auditStandingOf(
  chain: Chain,
  { operator }: { readonly operator: Hex },
  options?: ReadOptions,
): Promise<AuditStanding> {
  if (!hasAudits(chain)) return { shown: 0, missed: 0, faults: 0, lastMissAt: undefined }
  const call = { ...contract(chain), functionName: 'standingOf', args: [operator] } as const
  const { shown, missed, faults, lastMissAt } = await read(chain, call, options)
  return { shown, missed, faults, lastMissAt: lastMissAt === 0 ? undefined : lastMissAt }
}

/** Who may be drawn to judge, one for a house; nobody in networks that have no audits. Errors: `ChainCallError`,
 * `ChainTimeoutError`. */
export async function auditSeats(chain: Chain, options?: ReadOptions): Promise<readonly AuditSeat[]> {
  if (!hasAudits(chain)) return []
  const [houses, operators] = await read(chain, { ...contract(chain), functionName: 'auditors', args: [] }, options)
  return houses.flatMap((house, at) => {
    const operator = operators[at]
    return operator === undefined ? [] : [{ house, operator }]
  })
}

/** An audit, at `block` or the latest; undefined where there is none of that id. Errors: `ChainCallError`,
 * `ChainTimeoutError`. */
export async function auditOf(
  chain: Chain,
  { audit }: { readonly audit: Hex },
  options?: ReadOptions,
): Promise<Audit | undefined> {
  if (!hasAudits(chain)) return undefined
  const found = await read(chain, { ...contract(chain), functionName: 'auditOf', args: [audit] }, options)
  const { operator, challenger, madeIn, j, chunks, i, auditors, deadline, spoken, shown, silent } = found
  if (madeIn === 0) return undefined
  return {
    ...{ audit, operator, challenger, j, chunks, madeIn: BigInt(madeIn), words: { shown, silent } },
    outcome: outcomes[found.outcome] ?? 'open',
    spoken: auditors.map((_, k) => ((spoken >> k) & 1) === 1),
    drawn: deadline === 0 ? undefined : { i, auditors, deadline },
  }
}

/** Where an audit is, at a head that was seen. The block in which the draw is tried must be the third after the
 * challenge, and clients try it in the block that they have, so it is drawable once there is a third. */
export function auditStateOf(
  { outcome, drawn, madeIn }: Pick<Audit, 'outcome' | 'drawn' | 'madeIn'>,
  { number, time }: { readonly number: bigint; readonly time: number },
): AuditState {
  if (outcome !== 'open') return outcome
  if (drawn) {
    if (time < drawn.deadline) return 'asking'
    return time < drawn.deadline + auditDay ? 'settling' : 'undecided'
  }
  if (number > madeIn + drawnWithin) return 'void'
  return number < madeIn + 3n ? 'waiting' : 'drawable'
}

/** A question as it was asked. */
export type Challenge = Occurrence & {
  readonly audit: Hex
  readonly operator: Hex
  readonly challenger: Hex
  readonly recordId: Hex
  /** Of the manifest that the node acknowledged. */
  readonly manifestHash: Hex
  readonly j: number
}

/** Questions that were asked, oldest first: all of them, those to one node, or the one of an id. Errors:
 * `ChainCallError`, `ChainTimeoutError`. */
export async function challenges(
  chain: Chain,
  { audit, operator }: { readonly audit?: Hex | undefined; readonly operator?: Hex | undefined } = {},
  options?: EventOptions,
): Promise<readonly Challenge[]> {
  if (!hasAudits(chain)) return []
  const args = { ...(audit && { audit }), ...(operator && { operator }) }
  return await events(chain, { ...contract(chain), eventName: 'AuditChallenged', args }, options)
}

/** A question with what became of it. */
export type FollowedAudit = Challenge & Audit & { readonly state: AuditState }

/** Audits that can still move, oldest first: of all nodes, or of one. Asked for once in a while this reads two days of
 * events. Errors: `ChainCallError`, `ChainTimeoutError`.
 * @example
 * for (const { audit, state } of await openAudits(chain)) if (state === 'drawable') await drawAudit(chain, { audit }) */
export async function openAudits(
  chain: Chain,
  { operator }: { readonly operator?: Hex | undefined } = {},
  options: WaitOptions = {},
): Promise<readonly FollowedAudit[]> {
  const fromBlock = await firstOpenBlock(chain, options)
  const found = await followed(chain, await challenges(chain, { operator }, { ...options, fromBlock }), options)
  return found.filter(({ state }) => openStates.includes(state))
}

/** What became of these questions, in their order. */
export async function followed(
  chain: Chain,
  asked: readonly Challenge[],
  options: WaitOptions = {},
): Promise<readonly FollowedAudit[]> {
  const head = await blockAt(chain, { blockTag: 'latest' }, options)
  const found: FollowedAudit[] = []
  for (let at = 0; at < asked.length; at += page) {
    const some = asked.slice(at, at + page)
    const audits = await Promise.all(some.map((one) => auditOf(chain, one, options)))
    for (const [k, audit] of audits.entries()) {
      const challenge = some[k]
      if (audit && challenge) found.push({ ...challenge, ...audit, state: auditStateOf(audit, head) })
    }
  }
  return found
}

/** A block before which no audit began that can still move. */
export async function firstOpenBlock(chain: Chain, options: WaitOptions = {}): Promise<bigint> {
  const head = await blockAt(chain, { blockTag: 'latest' }, options)
  const since = head.time - 2 * auditDay
  let [low, high] = [0n, head.number]
  while (low < high) {
    const middle = (low + high) / 2n
    const { time } = await blockAt(chain, { blockNumber: middle }, options)
    if (time < since) low = middle + 1n
    else high = middle
  }
  return low > drawnWithin ? low - drawnWithin : 0n
}

const outcomes = ['open', 'shown', 'silent'] as const
const openStates: readonly AuditState[] = ['waiting', 'drawable', 'asking', 'settling']
/** Audits that are asked for at once. */
const page = 50
/** Blocks after the challenge in the last of which a draw is still tried: that after it sees the hash for the last time. */
const drawnWithin = 257n

const contract = (chain: Chain) => ({ address: chain.network.contracts.audits, abi: auditsAbi }) as const
