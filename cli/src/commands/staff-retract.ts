import { retract } from '@sharewell/sdk/chain'
import { command } from '../command.ts'
import { shownAs } from '../network/names.ts'
import { speaker } from '../network/organizations.ts'
import { findReader } from '../network/people.ts'
import { namesOfRoles } from '../network/roles.ts'
import { actorOptions, openSession } from '../network/session.ts'
import { listStaff } from '../network/staff.ts'
import { review, yesOption } from '../review.ts'

/** `sharewell staff retract`. */
export const staffRetract = command({
  name: 'staff retract',
  group: 'Organizations and staff:',
  summary: 'Vouch for somebody no longer, at once.',
  usage: '<account>',
  operands: { account: 'account (0x and 40 hex digits); in the demo also a name' },
  about:
    'By the organization’s own account. From the block that carries it the practitioner reads nothing more under your ' +
    'name: no grant to your organization or to a role there counts for this account, and no new request. What was ' +
    'read cannot be unread.',
  examples: [['sharewell staff retract okafor --as hospital-1', 'A doctor leaves.']],
  options: { yes: yesOption, ...actorOptions },
  async run({ args: [who = ''], options, terminal, signal }) {
    const session = await openSession(options, signal)
    const organization = await speaker(session, signal)
    const account = findReader(session, who)
    const found = (await listStaff(session.chain, { organization: organization.id }, signal)).find(
      (one) => one.account.toLowerCase() === account.toLowerCase() && one.state === 'live',
    )
    await review(terminal, {
      title: `${shownAs(organization.name, organization.id)} will vouch no longer for`,
      rows: [
        ['account', account],
        ['name', found?.name ?? 'none that verifies'],
        ['roles', found === undefined ? 'none that holds now' : namesOfRoles(found.roles).join(', ')],
      ],
      yes: options.yes,
      signal,
    })
    const { transactionHash } = await retract(session.chain, { account, organization: organization.id }, { signal })
    const value = { type: 'retracted', transaction: transactionHash, account, organization: organization.id }
    terminal.result(value, transactionHash)
  },
})
