import { confirmProposal, councilOf, executeProposal, proposalOf, revokeConfirmation } from '@sharewell/sdk/chain'
import { command, UsageError } from '../command.ts'
import { actingMember, explainCalls, findProposal, namesOf } from '../network/council.ts'
import { createNames } from '../network/names.ts'
import { actorOptions, openSession } from '../network/session.ts'
import { review, yesOption } from '../review.ts'
import { formatMoment } from '../time.ts'

const operands = { proposal: 'its id, as `sharewell council` shows it' }

/** `sharewell council confirm`. */
export const councilConfirm = command({
  name: 'council confirm',
  group: 'Organizations and staff:',
  summary: 'Confirm a proposal for your organization, after reading what it does.',
  usage: '<proposal>',
  operands,
  about:
    'By the account of a member. Shows what the proposal does before anything is sent. The last confirmation that it ' +
    'takes makes it happen at once; where it cannot, you are told why and nothing is sent. What enough members ' +
    'confirmed before fewer were needed happens now.',
  examples: [['sharewell council confirm 0x1f... --key-file hospital.key', 'Look at it, then confirm.']],
  options: { yes: yesOption, ...actorOptions },
  async run({ args: [id = ''], options, terminal, signal }) {
    const session = await openSession(options, signal)
    const { chain } = session
    const { id: proposal, state, confirmations, calls, end } = await findProposal(session, id, signal)
    const member = await actingMember(session, signal)
    if (state !== 'open') throw notOpen(state)
    const names = createNames(chain, signal)
    const { threshold } = await councilOf(chain, { signal })
    const explained = await explainCalls(chain, calls, signal, names)
    const [organization = '', ...confirming] = await namesOf([member, ...confirmations], names)
    const enough = confirmations.length >= threshold
    const missing = threshold - confirmations.length - 1
    if (explained.some(({ grave }) => grave))
      terminal.warn('this changes who administers the network, or cannot be explained: look twice')
    await review(terminal, {
      title: enough ? `${organization} executes what enough members confirmed` : `${organization} confirms`,
      rows: [
        ...explained.map(({ words }, at) => [`act ${at + 1}`, words] as const),
        ['confirmed', confirming.length > 0 ? confirming.join(', ') : 'by nobody yet'],
        ['then', missing > 0 ? `${missing} more by ${formatMoment(end)}` : 'it happens at once'],
      ],
      yes: options.yes,
      signal,
    })
    const send = enough ? executeProposal : confirmProposal
    const { transactionHash } = await send(chain, { proposal }, { signal })
    const executed = (await proposalOf(chain, { proposal }, { signal }))?.state === 'executed'
    terminal.note(executed ? 'it is done' : `confirmed; it takes ${missing} more`)
    terminal.result({ type: 'confirmed', transaction: transactionHash, proposal, member, executed }, transactionHash)
  },
})

/** `sharewell council revoke`. */
export const councilRevoke = command({
  name: 'council revoke',
  group: 'Organizations and staff:',
  summary: 'Take back the confirmation that your organization gave.',
  usage: '<proposal>',
  operands,
  about:
    'By the account of a member, as long as the proposal is open. What was executed stays; propose what undoes it.',
  examples: [['sharewell council revoke 0x1f... --key-file hospital.key', 'We confirmed too early.']],
  options: { ...actorOptions },
  async run({ args: [id = ''], options, terminal, signal }) {
    const session = await openSession(options, signal)
    const { id: proposal, state } = await findProposal(session, id, signal)
    const member = await actingMember(session, signal)
    if (state !== 'open') throw notOpen(state)
    const { transactionHash } = await revokeConfirmation(session.chain, { proposal }, { signal })
    terminal.result({ type: 'unconfirmed', transaction: transactionHash, proposal, member }, transactionHash)
  },
})

const notOpen = (state: 'executed' | 'over') =>
  new UsageError({
    problem: state === 'executed' ? 'this proposal was executed already' : 'this proposal ended after 30 days',
    hints: [state === 'executed' ? 'nothing is left to do' : 'propose the same anew'],
  })
