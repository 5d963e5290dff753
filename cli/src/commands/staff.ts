import { command, flag, UsageError } from '../command.ts'
import { shownAs } from '../network/names.ts'
import { findOrganization, speaker } from '../network/organizations.ts'
import { namesOfRoles } from '../network/roles.ts'
import { actorOptions, openSession, openView } from '../network/session.ts'
import { listStaff, type StaffMember } from '../network/staff.ts'
import { columns, type Part, painted, type Text } from '../text.ts'
import { formatMoment } from '../time.ts'

/** `sharewell staff`. */
export const staff = command({
  name: 'staff',
  group: 'Organizations and staff:',
  summary: 'List for whom an organization vouches.',
  usage: '[organization]',
  operands: { organization: 'its id or name; left away: the one that --as or --key-file speaks for' },
  about:
    'Each with the roles, until when, and the account. A name is shown only where the organization signed it. Those ' +
    'whose time is over stay on the chain and are listed with --all.',
  examples: [
    ['sharewell staff "Harbor General"', 'Who works there?'],
    ['sharewell staff --as hospital-1 --all', 'Our own staff, former ones too.'],
  ],
  options: { all: flag('--all', 'also those whose time is over'), ...actorOptions },
  async run({ args: [who], options, terminal, signal }) {
    const { chain, organization } = await whose(options, who, signal)
    const everyone = await listStaff(chain, { organization: organization.id }, signal)
    const shown = everyone.filter(({ state }) => options.all || state === 'live')
    const rows = rowsOf(shown)
    terminal.note(`${shownAs(organization.name, organization.id)} vouches for ${shown.length || 'nobody'}`)
    terminal.list(
      shown.map((member, at) => ({
        value: { type: 'staff', ...jsonOf(member) },
        text: rows[at] ?? '',
      })),
    )
    const over = everyone.length - shown.length
    if (over > 0) terminal.note(`${over} more whose time is over: --all lists them`)
  },
})

type ActorValues = Parameters<typeof openSession>[0]

/** The organization of a list: the one named, else the one that the account speaks for. */
async function whose(options: ActorValues, who: string | undefined, signal: AbortSignal) {
  if (who !== undefined) {
    const view = await openView(options, signal)
    return { chain: view.chain, organization: await findOrganization(view, who, signal) }
  }
  if (options.as === undefined && options.keyFile === undefined)
    throw new UsageError({
      problem: 'whose staff?',
      hints: ["name an organization ('sharewell organizations' lists them), or act as one with --as or --key-file"],
    })
  const session = await openSession(options, signal)
  return { chain: session.chain, organization: await speaker(session, signal) }
}

/** Two lines each: who and until when, then the account to copy. */
function rowsOf(members: readonly StaffMember[]): Text[] {
  const rows = columns(
    members.map(({ name, roles, until, state }): Part[] => {
      const end =
        state === 'retracted' ? 'retracted' : `${state === 'live' ? 'until' : 'over since'} ${formatMoment(until)}`
      const names = namesOfRoles(roles).join(', ')
      return [name ?? '(no verified name)', names, state === 'live' ? end : painted('careful', end)]
    }),
  )
  return rows.map((row, at) => [...row, '\n  ', painted('faint', members[at]?.account ?? '')])
}

function jsonOf({ id, account, organization, roles, until, state, name, directoryHash }: StaffMember) {
  const named = name === undefined ? {} : { name }
  return { id, account, organization, ...named, roles: namesOfRoles(roles), until, state, directoryHash }
}
