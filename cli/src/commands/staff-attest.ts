import type { Hex } from '@sharewell/sdk/bytes'
import { attest, credentialId, credentialOf } from '@sharewell/sdk/chain'
import { putEntry, signEntry } from '@sharewell/sdk/flow/directory'
import { command, list, text, UsageError } from '../command.ts'
import { shownAs } from '../network/names.ts'
import { speaker } from '../network/organizations.ts'
import { findReader } from '../network/people.ts'
import { practitionerOf } from '../network/practitioner.ts'
import { namesOfRoles, parseRoles, roleNames } from '../network/roles.ts'
import { actorOptions, openSession } from '../network/session.ts'
import { review, yesOption } from '../review.ts'
import { formatMoment, parseMoment } from '../time.ts'

/** `sharewell staff attest`. */
export const staffAttest = command({
  name: 'staff attest',
  group: 'Organizations and staff:',
  summary: 'Vouch for a practitioner: in which roles, until when.',
  usage: '<account>',
  operands: { account: 'account (0x and 40 hex digits); in the demo also a name' },
  about:
    'By the organization’s own account. From then on the practitioner may ask patients, and read what they grant to ' +
    'this account, to your organization, or to the role there. The name is signed by you and published in the ' +
    'directory; the chain carries its hash alone. Vouching again replaces roles and end, and keeps the name.',
  examples: [
    [
      'sharewell staff attest 0x5290...9EE7 --name "Dr. Ada Berg" --roles physician --until 1y --key-file hospital.key',
      'A new doctor.',
    ],
    ['sharewell staff attest okafor --roles physician,emergency --until 180d --as hospital-1 --yes', 'From a script.'],
  ],
  options: {
    roles: list('--roles <names>', `one to four of ${roleNames.join(', ')} (required)`, roleNames),
    until: text('--until <time>', 'until when: 2027-01-31, or 180d from now; at most 400d (required)'),
    name: text('--name <text>', 'the name that patients will read, such as "Dr. Ada Berg"'),
    entry: text('--entry <file>', 'instead of --name: a FHIR R4 Practitioner, as JSON'),
    yes: yesOption,
    ...actorOptions,
  },
  async run({ args: [who = ''], options, terminal, signal }) {
    if (options.roles === undefined || options.until === undefined)
      throw new UsageError({
        problem: 'say in which roles, and until when',
        hints: ['for example --roles physician --until 1y'],
      })
    const roles = parseRoles(options.roles)
    const until = parseEnd(options.until)
    const session = await openSession(options, signal)
    const organization = await speaker(session, signal)
    const account = findReader(session, who)
    const listed = await credentialOf(session.chain, { credential: credentialId(account, organization.id) }, { signal })
    const resource = await practitionerOf(options, account, signal)
    if (resource === undefined && listed === undefined)
      throw new UsageError({ problem: 'patients need a name to read', hints: ['give one with --name or --entry'] })
    const { networkId, directoryUrls } = session.chain.network
    const entry = resource && (await signEntry(resource.content, { networkId, signer: session.account }))
    const directoryHash = entry?.hash ?? (listed?.directoryHash as Hex)
    await review(terminal, {
      title: `${shownAs(organization.name, organization.id)} will vouch for`,
      rows: [
        ['account', account],
        ['name', resource === undefined ? 'as in the directory now' : `${resource.name} (public, signed by you)`],
        ['roles', namesOfRoles(roles).join(', ')],
        ['until', formatMoment(until)],
      ],
      yes: options.yes,
      signal,
    })
    const terms = { account, organization: organization.id, roles, until, directoryHash }
    const { transactionHash } = await attest(session.chain, terms, { signal })
    // The directory takes an entry only once the registry names it.
    if (entry)
      await putEntry(directoryUrls, entry.bytes, { signal }).catch(() => {
        signal.throwIfAborted()
        terminal.warn('a directory did not take the name; give the same command again to publish it')
      })
    const value = { type: 'attested', transaction: transactionHash, ...terms, roles: namesOfRoles(roles) }
    terminal.result(value, transactionHash)
  },
})

const longest = 400 * 86_400

function parseEnd(words: string): number {
  const now = Math.floor(Date.now() / 1000)
  const until = parseMoment(words, now)
  if (until <= now || until > now + longest)
    throw new UsageError({
      problem: `${formatMoment(until)} is no end for an affiliation`,
      hints: ['choose one in the future, at most 400 days ahead; it can be renewed'],
    })
  return until
}
