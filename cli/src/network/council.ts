/**
 * Proposals of the council as a person reads them: what they do, with names that verify, and who agrees.
 * @module
 */
import type { Hex } from '@sharewell/sdk/bytes'
import {
  type Chain,
  type CouncilCall,
  type CouncilProposal,
  type DescribedCall,
  describeCall,
  memberOf,
  operatorInfo,
  proposalOf,
} from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import { UsageError } from '../command.ts'
import { createNames, type Names, shownAs } from './names.ts'
import type { NetworkView, Session } from './session.ts'

/** Reads the id of a proposal from the command line. */
export function parseProposalId(text: string): Hex {
  if (!/^0x[0-9a-fA-F]{64}$/.test(text))
    throw new UsageError({
      problem: `${text.slice(0, 80)} is no proposal`,
      hints: ["a proposal is 0x and 64 hex digits; 'sharewell council' lists them"],
    })
  return text.toLowerCase() as Hex
}

/** The proposal with this id. Throws {@link NoSuchProposalError}. */
export async function findProposal({ chain }: NetworkView, id: string, signal: AbortSignal): Promise<CouncilProposal> {
  const proposal = parseProposalId(id)
  const found = await proposalOf(chain, { proposal }, { signal })
  if (found === undefined) throw new NoSuchProposalError({ id: proposal })
  return found
}

/** The member for which the one who acts speaks. */
export async function actingMember({ chain, account }: Session, signal: AbortSignal): Promise<Hex> {
  const member = await memberOf(chain, { account: account.address }, { signal })
  if (member === undefined)
    throw new UsageError({
      problem: `account ${account.address} speaks for no member of the council`,
      hints: ["'sharewell council' lists the members; use the key of one of them"],
    })
  return member
}

/** What each call does, in words, with the names that verify. */
export async function explainCalls(
  chain: Chain,
  calls: readonly CouncilCall[],
  signal: AbortSignal,
  names: Names = createNames(chain, signal),
): Promise<DescribedCall[]> {
  const plain = calls.map((call) => describeCall(chain.network, call))
  const ids = [...new Set(plain.flatMap(({ args }) => idsIn(Object.values(args))))]
  const labels = new Map(
    await Promise.all(ids.map(async (id) => [id, await labelOf(chain, id, names, signal)] as const)),
  )
  return calls.map((call) => describeCall(chain.network, call, { name: (id) => labels.get(id) ?? id }))
}

/** Names of organizations, in the order of their ids. */
export async function namesOf(ids: readonly Hex[], names: Names): Promise<string[]> {
  return await Promise.all(ids.map(async (id) => shownAs(await names.organization(id), id)))
}

/** One line of `--json`. */
export function proposalLine(proposal: CouncilProposal, calls: readonly DescribedCall[], threshold: number) {
  const { id, proposer, proposedAt, end, state, confirmations } = proposal
  const acts = calls.map(({ contract, function: name, args, words, grave }, at) => ({
    target: proposal.calls[at]?.target,
    ...(contract !== undefined && { contract, function: name }),
    args: wholeNumbers(args),
    words,
    grave,
  }))
  return { type: 'proposal', id, state, proposer, proposedAt, end, confirmations, threshold, calls: acts }
}

const wholeNumbers = (args: DescribedCall['args']) =>
  Object.fromEntries(Object.entries(args).map(([name, arg]) => [name, typeof arg === 'bigint' ? jsonOf(arg) : arg]))

const jsonOf = (whole: bigint) => (whole <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(whole) : `${whole}`)

/** Organizations and operators have ids of 16 bytes. */
function idsIn(value: unknown): Hex[] {
  if (Array.isArray(value)) return value.flatMap(idsIn)
  return typeof value === 'string' && /^0x[0-9a-f]{32}$/.test(value) ? [value as Hex] : []
}

async function labelOf(chain: Chain, id: Hex, names: Names, signal: AbortSignal): Promise<string> {
  const short = `${id.slice(0, 10)}…`
  const name = await names.organization(id)
  if (name !== undefined) return `${name} (${short})`
  const operator = await operatorInfo(chain, { operator: id }, { signal })
  if (operator === undefined) return id
  const runner = await names.organization(operator.organization)
  return `${short} (the ${operator.kind} node of ${shownAs(runner, operator.organization)})`
}

/** Thrown when nothing was proposed under an id. */
export class NoSuchProposalError extends BaseError<'NO_SUCH_PROPOSAL'> {
  override readonly name = 'NoSuchProposalError'
  constructor({ id = '' }: { id?: string }) {
    super('NO_SUCH_PROPOSAL', `Nothing was proposed to the council as ${id}.`, {
      hints: ["'sharewell council' lists what is open, 'sharewell council --all' everything"],
    })
  }
}
