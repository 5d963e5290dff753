import { toHex } from '@sharewell/sdk/bytes'
import { granteeOf } from '@sharewell/sdk/chain'
import { command, flag, text } from '../command.ts'
import { carry, sendOption } from '../network/carry.ts'
import { personNamed } from '../network/grantees.ts'
import { choosePlace } from '../network/people.ts'
import { providerOption, recordScope } from '../network/scope.ts'
import { actorOptions, openSession } from '../network/session.ts'

/** `sharewell deny`. */
export const deny = command({
  name: 'deny',
  group: 'Records on a network:',
  summary: 'Forbid one person to read, whatever else you granted.',
  usage: '<person>',
  operands: { person: 'account (0x and 40 hex digits); in the demo also a name' },
  about:
    'For patients. It wins over every grant: to this person, to an organization where the person works, to a role ' +
    'there. An organization cannot be denied: revoke what you granted to it. A denial stays until --undo, or until ' +
    'you grant the same to the same person.',
  examples: [
    ['sharewell deny lindqvist --as royal', 'My neighbour works there, and shall see nothing.'],
    ['sharewell deny lindqvist --undo --as royal', 'Take it back; earlier grants count again.'],
  ],
  options: {
    record: text('--record <id>', 'only this record'),
    undo: flag('--undo', 'end a denial'),
    provider: providerOption,
    send: sendOption,
    ...actorOptions,
  },
  async run({ args: [who = ''], options, terminal, signal }) {
    const { record, undo, provider, send } = options
    const session = await openSession(options, signal)
    const { grantee, name } = await personNamed(session, who, signal)
    const { place, pseudonym, recordId, what } =
      record === undefined ? placeScope(choosePlace(session, provider)) : await recordScope(session, record, signal)
    const account = grantee.kind === 'person' ? grantee.account : '0x'
    const scope = { pseudonym, recordId, granteeId: granteeOf(grantee) }
    const act = undo
      ? ({ kind: 'Revoke', ...scope } as const)
      : ({ kind: 'Deny', pseudonym, recordId, account } as const)
    const { transaction, by } = await carry(session, place, act, { send, signal })
    terminal.note(
      undo
        ? `${name} is denied ${what} no longer`
        : `${name} can read nothing of ${what}; what has been read cannot be unread`,
    )
    terminal.result({ type: undo ? 'undenied' : 'denied', transaction, by, account, ...scope }, transaction)
  },
})

function placeScope(place: ReturnType<typeof choosePlace>) {
  return { place, pseudonym: toHex(place.keys.pseudonym), recordId: undefined, what: 'your records there' }
}
