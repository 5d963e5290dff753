import {
  type Chain,
  type CouncilCall,
  confirmProposal,
  councilOf,
  memberOf,
  proposals,
  proposeToCouncil,
} from '@sharewell/sdk/chain'

/** Calls in one proposal here: a transaction with many more could be dearer than a chain allows. */
const atOnce = 16

type Options = { readonly signal?: AbortSignal | undefined }

/**
 * Has members of the council decide: the first proposes, the next ones confirm until it happens. What an earlier start
 * proposed and did not see through is confirmed, not proposed again.
 */
export async function agree(
  members: readonly [Chain, ...Chain[]],
  calls: readonly CouncilCall[],
  options: Options = {},
): Promise<void> {
  for (let at = 0; at < calls.length; at += atOnce) await agreeOn(members, calls.slice(at, at + atOnce), options)
}

async function agreeOn(members: readonly [Chain, ...Chain[]], calls: readonly CouncilCall[], options: Options) {
  const [first] = members
  const { threshold } = await councilOf(first, options)
  const open = await proposals(first, {}, options)
  const known = open.find((proposal) => textOf(proposal.calls) === textOf(calls))
  const proposal = known?.id ?? (await proposeToCouncil(first, { calls }, options)).proposal
  const asked = known ? await silent(members, known.confirmations, options) : members.slice(1)
  const missing = threshold - (known?.confirmations.length ?? 1)
  for (const member of asked.slice(0, missing)) await confirmProposal(member, { proposal }, options)
}

/** Those who have not confirmed yet. */
async function silent(members: readonly Chain[], confirmed: readonly string[], options: Options): Promise<Chain[]> {
  const ids = await Promise.all(
    members.map(
      async (chain) => chain.wallet && (await memberOf(chain, { account: chain.wallet.account.address }, options)),
    ),
  )
  return members.filter((_, at) => !confirmed.includes(ids[at] ?? ''))
}

const textOf = (calls: readonly CouncilCall[]): string =>
  calls.map(({ target, data }) => `${target} ${data}`.toLowerCase()).join('\n')
