import { type Hex, toHex } from '@sharewell/sdk/bytes'
import { cancelPending, guardiansOf, type Pending, pendingOf } from '@sharewell/sdk/chain'
import { command } from '../command.ts'
import { choosePlace, placeTitle } from '../network/people.ts'
import { providerOption } from '../network/scope.ts'
import { actingAt, actorOptions, openSession } from '../network/session.ts'
import { type Part, painted } from '../text.ts'
import { formatLocal } from '../time.ts'

/** `sharewell recovery`. */
export const recovery = command({
  name: 'recovery',
  group: 'Looking after it:',
  summary: 'Show who guards what you have, and whether somebody wants to take it over.',
  usage: '',
  operands: {},
  about:
    'For patients. At each provider: how many guardians are named, how many of them act together, and what waits. A ' +
    'recovery that you did not ask for is an attack or a mistake: end it with `sharewell recovery veto` before its ' +
    'seven days are over.',
  examples: [['sharewell recovery --as royal', 'Does anything wait that I did not ask for?']],
  options: actorOptions,
  async run({ options, terminal, signal }) {
    const session = await openSession(options, signal)
    // Says in words of its own that only a patient can do this.
    if (session.places.length === 0) choosePlace(session, undefined)
    for (const place of session.places) {
      const pseudonym = toHex(place.keys.pseudonym)
      const circle = await guardiansOf(session.chain, { pseudonym }, { signal })
      const pending = await pendingOf(session.chain, { pseudonym }, { signal })
      const { kind, to, readyAt } = pending
      const guards = circle
        ? `any ${circle.needed} of ${circle.places.length} guardians`
        : 'nobody guards: a lost wallet is lost'
      const waiting = kind === 'nothing' ? {} : { to, readyAt }
      terminal.result(
        {
          type: 'guarded',
          pseudonym,
          providerId: place.providerId,
          needed: circle?.needed ?? 0,
          guardians: circle?.places.length ?? 0,
          waits: kind,
          ...waiting,
        },
        [await placeTitle(session, place, signal), `  ${guards}  `, waits(pending)],
      )
    }
  },
})

/** `sharewell recovery veto`. */
export const recoveryVeto = command({
  name: 'recovery veto',
  group: 'Looking after it:',
  summary: 'End a recovery, or whatever else waits: nobody takes over.',
  usage: '',
  operands: {},
  about:
    'For patients, with the key that decides now. It counts at once, until the very moment in which the recovery is ' +
    'carried out, and what the guardians signed never counts again.',
  examples: [['sharewell recovery veto --as royal', 'I have not lost anything.']],
  options: { provider: providerOption, ...actorOptions },
  async run({ options, terminal, signal }) {
    const session = await openSession(options, signal)
    const place = choosePlace(session, options.provider)
    const pseudonym: Hex = toHex(place.keys.pseudonym)
    const { transactionHash } = await cancelPending(actingAt(session, place), { pseudonym }, { signal })
    terminal.note('what waited is over')
    terminal.result({ type: 'vetoed', pseudonym, transaction: transactionHash }, transactionHash)
  },
})

function waits({ kind, to, readyAt }: Pending): Part {
  if (kind === 'nothing') return 'nothing waits'
  const what = { recovery: `guardians want ${to}`, handover: `handed on to ${to}`, guardians: 'other guardians' }[kind]
  return painted('careful', `until ${formatLocal(readyAt)} you can stop it: ${what}`)
}
