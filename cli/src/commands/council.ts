import { type CouncilProposal, councilOf, type DescribedCall, proposals } from '@sharewell/sdk/chain'
import { command, flag } from '../command.ts'
import { explainCalls, findProposal, namesOf, proposalLine } from '../network/council.ts'
import { createNames, shownAs } from '../network/names.ts'
import { networkOptions, openView } from '../network/session.ts'
import { columns, type Part, painted, type Text } from '../text.ts'
import { formatMoment } from '../time.ts'

/** `sharewell council`. */
export const council = command({
  name: 'council',
  group: 'Organizations and staff:',
  summary: 'Show who administers the network together, and what they decide about.',
  usage: '',
  operands: {},
  about:
    'The members admit organizations and nodes, change who is a member, and open the ceremonies in which key nodes renew their shares. Nothing ' +
    'of that happens before enough of them confirm it; none of them can read a record or consent for a patient. It ' +
    'needs no identity.',
  examples: [
    ['sharewell council', 'What waits for our confirmation?'],
    ['sharewell council --all', 'What was ever proposed?'],
  ],
  options: { all: flag('--all', 'also what was executed, and what ended unconfirmed'), ...networkOptions },
  async run({ options, terminal, signal }) {
    const { chain } = await openView(options, signal)
    const names = createNames(chain, signal)
    const { members, threshold } = await councilOf(chain, { signal })
    const found = await proposals(chain, options.all ? { since: 0 } : {}, { signal })
    const named = await Promise.all(members.map(async (id) => ({ id, name: await names.organization(id) })))
    const called = named.map(({ id, name }) => shownAs(name, id)).join(', ')
    terminal.result(
      { type: 'council', threshold, members: named },
      `${threshold} of ${members.length} members decide: ${called}`,
    )
    for (const proposal of found) {
      const calls = await explainCalls(chain, proposal.calls, signal, names)
      const [proposer = ''] = await namesOf([proposal.proposer], names)
      const facts = `${proposal.confirmations.length} of ${threshold}  ${when(proposal)}  by ${proposer}`
      const text: Text = [proposal.id, '  ', stateOf(proposal), `  ${facts}`, ...calls.flatMap(lineOf)]
      terminal.result(proposalLine(proposal, calls, threshold), text)
    }
    if (found.length === 0) terminal.note(options.all ? 'nothing was ever proposed' : 'nothing is open')
  },
})

/** `sharewell council show`. */
export const councilShow = command({
  name: 'council show',
  group: 'Organizations and staff:',
  summary: 'Show one proposal: what it does, and who confirmed it.',
  usage: '<proposal>',
  operands: { proposal: 'its id, as `sharewell council` shows it' },
  about:
    'What each of its calls does, in words, with names where they verify. The id commits to the calls: whoever ' +
    'confirms it confirms these and no others.',
  examples: [['sharewell council show 0x1f...', 'What should we confirm?']],
  options: networkOptions,
  async run({ args: [id = ''], options, terminal, signal }) {
    const view = await openView(options, signal)
    const proposal = await findProposal(view, id, signal)
    const names = createNames(view.chain, signal)
    const { threshold } = await councilOf(view.chain, { signal })
    const calls = await explainCalls(view.chain, proposal.calls, signal, names)
    const [proposer = '', ...confirming] = await namesOf([proposal.proposer, ...proposal.confirmations], names)
    const facts: [string, Part][] = [
      ['proposal', proposal.id],
      ['state', stateOf(proposal)],
      ['proposed', `${formatMoment(proposal.proposedAt)} by ${proposer}`],
      ['ends', formatMoment(proposal.end)],
      ['confirmed', `${confirming.length} of ${threshold}${confirming.length > 0 ? `: ${confirming.join(', ')}` : ''}`],
      ...calls.map(({ words, grave }, at): [string, Part] => [
        `act ${at + 1}`,
        grave ? painted('careful', words) : words,
      ]),
    ]
    const rows = columns(facts.map(([name, fact]): Part[] => [`${name}:`, fact]))
    const value = proposalLine(proposal, calls, threshold)
    terminal.list(rows.map((text, at) => (at === 0 ? { value, text } : { text })))
  },
})

const stateOf = ({ state }: CouncilProposal): Part =>
  state === 'open' ? painted('strong', state) : state === 'executed' ? painted('good', state) : painted('faint', state)

const when = ({ state, end, proposedAt }: CouncilProposal): string =>
  state === 'open' ? `until ${formatMoment(end)}` : `of ${formatMoment(proposedAt)}`

const lineOf = ({ words, grave }: DescribedCall): Part[] => ['\n  ', grave ? painted('careful', words) : words]
