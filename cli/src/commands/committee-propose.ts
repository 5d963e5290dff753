import type { Hex } from '@sharewell/sdk/bytes'
import { ceremonyCall, councilOf, proposeToCouncil } from '@sharewell/sdk/chain'
import { planResharing } from '@sharewell/sdk/flow/committee'
import { command, integer, UsageError } from '../command.ts'
import { actingMember, explainCalls, namesOf } from '../network/council.ts'
import { createNames } from '../network/names.ts'
import { actorOptions, openSession } from '../network/session.ts'
import { review, yesOption } from '../review.ts'
import type { Terminal } from '../terminal.ts'

const minutes = integer('--minutes <n>', 'time of each step', 60, { least: 1, most: 10_080 })
const options = { minutes, yes: yesOption, ...actorOptions }
const after =
  'Once enough members confirmed it, the nodes begin; `sharewell committee run` carries their messages. The key of the ' +
  'records stays the same, and the shares before go on serving until every new one is in place.'

/** `sharewell committee refresh`. */
export const committeeRefresh = command({
  name: 'committee refresh',
  group: 'Organizations and staff:',
  summary: 'Propose that the same key nodes renew their shares; old and new ones open nothing together.',
  usage: '',
  operands: {},
  about: `By the account of a member of the council. ${after}`,
  examples: [['sharewell committee refresh --key-file hospital.key', 'Do not wait for the next one.']],
  options,
  async run({ options: chosen, terminal, signal }) {
    await proposeResharing({ chosen, terminal, signal })
  },
})

/** `sharewell committee reshare`. */
export const committeeReshare = command({
  name: 'committee reshare',
  group: 'Organizations and staff:',
  summary: 'Propose that other key nodes hold the shares: one joins, one leaves, or k changes.',
  usage: '<node...>',
  operands: { node: 'the key nodes that will hold a share, by their operator ids' },
  about:
    `By the account of a member of the council. Name every node of the new set, at most 16, none of whose organizations ` +
    `has k of them. ${after} Who leaves deals once more, then erases its share.`,
  examples: [['sharewell committee reshare 0x1f...01 0x1f...02 0x1f...07 --threshold 2 --key-file hospital.key', '']],
  options: {
    threshold: integer('-k, --threshold <k>', 'how many of them release', 3, { least: 2, most: 16 }),
    ...options,
  },
  async run({ args, options: chosen, terminal, signal }) {
    const members = args.map(parseOperator)
    await proposeResharing({ chosen, terminal, signal, k: chosen.threshold, members })
  },
})

type Chosen = Parameters<typeof openSession>[0] & { readonly minutes: number; readonly yes: boolean }
type Asked = {
  readonly chosen: Chosen
  readonly terminal: Terminal
  readonly signal: AbortSignal
  readonly k?: number
  readonly members?: readonly Hex[]
}

async function proposeResharing({ chosen, terminal, signal, k, members }: Asked): Promise<void> {
  const session = await openSession(chosen, signal)
  const { chain } = session
  const names = createNames(chain, signal)
  const member = await actingMember(session, signal)
  const [organization = ''] = await namesOf([member], names)
  const { threshold } = await councilOf(chain, { signal })
  const plan = await planResharing({ chain, k, members, window: chosen.minutes * 60 }, { signal })
  const calls = [ceremonyCall(chain.network, plan)]
  const explained = await explainCalls(chain, calls, signal, names)
  await review(terminal, {
    title: `${organization} proposes, for ${threshold} members to confirm within 30 days`,
    rows: explained.map(({ words }) => ['act 1', words] as const),
    yes: chosen.yes,
    signal,
  })
  const { proposal, receipt } = await proposeToCouncil(chain, { calls }, { signal })
  terminal.note('the others confirm with: sharewell council confirm and this id')
  terminal.result({ type: 'proposed', transaction: receipt.transactionHash, proposal, member }, proposal)
}

function parseOperator(text: string): Hex {
  if (!/^0x[0-9a-fA-F]{32}$/.test(text))
    throw new UsageError({
      problem: `${text.slice(0, 80)} is no operator`,
      hints: ["an operator is 0x and 32 hex digits; 'sharewell committee --json' lists those that serve"],
    })
  return text.toLowerCase() as Hex
}
