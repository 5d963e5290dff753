import { type Address, encodeAbiParameters, type Hex, keccak256, type TransactionReceipt, zeroAddress } from 'viem'
import { randomBytes } from '#primitives'
import { toHex } from '../bytes.ts'
import { BaseError } from '../errors.ts'
import { accessManagerAbi, actorRegistryAbi, councilAbi, keyCommitteeAbi } from './abi.ts'
import { type ReadOptions, read, write } from './call.ts'
import type { Chain } from './connect.ts'
import type { CouncilCall } from './council-calls.ts'
import type { WaitOptions } from './wait.ts'

/** Who administers: organization ids, and how many of them decide. */
export type Council = { readonly members: readonly Hex[]; readonly threshold: number }

/** What members confirm. */
export type CouncilProposal = {
  readonly id: Hex
  /** The organization that proposed it. */
  readonly proposer: Hex
  readonly proposedAt: number
  /** First second in which nobody can confirm it any more. */
  readonly end: number
  readonly state: 'open' | 'executed' | 'over'
  /** Made in this order, all or none; `describeCall` says what each does. */
  readonly calls: readonly CouncilCall[]
  /** The organizations whose confirmations count now. */
  readonly confirmations: readonly Hex[]
}

/** The council of the network. Throws {@link NoCouncilError}. */
export async function councilOf(chain: Chain, options?: ReadOptions): Promise<Council> {
  const [members, threshold] = await Promise.all([
    read(chain, { ...council(chain), functionName: 'members', args: [] }, options),
    read(chain, { ...council(chain), functionName: 'threshold', args: [] }, options),
  ])
  return { members, threshold }
}

/** The member for which an account speaks now, or undefined. */
export async function memberOf(
  chain: Chain,
  { account }: { account: Address },
  options?: ReadOptions,
): Promise<Hex | undefined> {
  const id = await read(chain, { ...council(chain), functionName: 'memberOf', args: [account] }, options)
  return BigInt(id) === 0n ? undefined : id
}

/** A proposal, or undefined where there is none. */
export async function proposalOf(
  chain: Chain,
  { proposal: id }: { proposal: Hex },
  options?: ReadOptions,
): Promise<CouncilProposal | undefined> {
  const [answer, confirmations] = await Promise.all([
    read(chain, { ...council(chain), functionName: 'proposalOf', args: [id] }, options),
    read(chain, { ...council(chain), functionName: 'confirmationsOf', args: [id] }, options),
  ])
  const { proposer, proposedAt, executed, calls } = answer
  if (proposedAt === 0) return undefined
  const end = proposedAt + life
  const state = executed ? 'executed' : chain.clock() < end ? 'open' : 'over'
  return { id, proposer, proposedAt, end, state, calls, confirmations }
}

/** Proposals made at `since` or later, the newest first; all that are open without `since`. */
export async function proposals(
  chain: Chain,
  { since }: { since?: number | undefined } = {},
  options?: ReadOptions,
): Promise<CouncilProposal[]> {
  const from = since ?? chain.clock() - life
  const found: CouncilProposal[] = []
  let left = Number(await read(chain, { ...council(chain), functionName: 'proposalCount', args: [] }, options))
  while (left > 0) {
    const count = Math.min(left, page)
    left -= count
    const args = [BigInt(left), BigInt(count)] as const
    const ids = await read(chain, { ...council(chain), functionName: 'proposalIds', args }, options)
    const some = await Promise.all(ids.toReversed().map((proposal) => proposalOf(chain, { proposal }, options)))
    const young = some.filter((one) => one !== undefined).filter(({ proposedAt }) => proposedAt >= from)
    found.push(...young)
    // They stand in the order of their time.
    if (young.length < count) break
  }
  return since === undefined ? found.filter(({ state }) => state === 'open') : found
}

/** Proposes calls to the council, which counts as the first confirmation. By a member's account.
 * Throws {@link NoCouncilError}, `ContractRefusalError`.
 * @example
 * const call = councilCall(chain.network, 'actorRegistry', 'setOperatorActive', [operator, false])
 * const { proposal } = await proposeToCouncil(chain, { calls: [call] }) */
export async function proposeToCouncil(
  chain: Chain,
  { calls, salt = toHex(randomBytes(32)) }: { calls: readonly CouncilCall[]; salt?: Hex | undefined },
  options?: WaitOptions,
): Promise<{ readonly proposal: Hex; readonly receipt: TransactionReceipt }> {
  const call = { ...council(chain), functionName: 'propose', args: [calls, salt] } as const
  const receipt = await write(chain, call, options)
  return { proposal: proposalIdOf(calls, salt), receipt }
}

/** Confirms a proposal; the last one that it takes executes it. By a member's account.
 * Throws `ContractRefusalError` with the reason of the council, or of the call that failed. */
export async function confirmProposal(
  chain: Chain,
  { proposal }: { proposal: Hex },
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  return await write(chain, { ...council(chain), functionName: 'confirm', args: [proposal] }, options)
}

/** Takes the own confirmation of an open proposal back. By a member's account. */
export async function revokeConfirmation(
  chain: Chain,
  { proposal }: { proposal: Hex },
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  return await write(chain, { ...council(chain), functionName: 'revokeConfirmation', args: [proposal] }, options)
}

/** Executes a proposal that has enough confirmations already, as after the threshold was lowered. By a member's account. */
export async function executeProposal(
  chain: Chain,
  { proposal }: { proposal: Hex },
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  return await write(chain, { ...council(chain), functionName: 'execute', args: [proposal] }, options)
}

/** The id that commits to these calls under a salt, as the contract computes it. */
export function proposalIdOf(calls: readonly CouncilCall[], salt: Hex): Hex {
  const call = [
    { name: 'target', type: 'address' },
    { name: 'data', type: 'bytes' },
  ]
  const parameters = [{ type: 'tuple[]', components: call }, { type: 'bytes32' }] as const
  return keccak256(encodeAbiParameters(parameters, [calls, salt]))
}

/** Seconds in which a proposal can be confirmed. */
const life = 30 * 86_400
/** Proposals that are asked for at once. */
const page = 50

/** What the council calls refuses in its own words, and they come through. */
const reasons = [actorRegistryAbi, keyCommitteeAbi, accessManagerAbi].flatMap((abi) =>
  abi.filter((entry) => entry.type === 'error'),
)
const abi = [...councilAbi, ...reasons]

function council({ network }: Chain) {
  const { council: address } = network.contracts
  if (address === zeroAddress) throw new NoCouncilError({})
  return { address, abi } as const
}

/** Thrown when the network's description names no council. */
export class NoCouncilError extends BaseError<'NO_COUNCIL'> {
  override readonly name = 'NoCouncilError'
  constructor(_: object) {
    super('NO_COUNCIL', 'This network has no council.', {
      hints: ['Use the network.json of a network whose members administer it together.'],
      docs: '/council',
    })
  }
}
