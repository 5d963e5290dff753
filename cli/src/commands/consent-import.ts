import { command, flag, text } from '../command.ts'
import { carry, sendOption } from '../network/carry.ts'
import { planImport, readConsentFile } from '../network/consent-file.ts'
import { choosePlace, placeTitle } from '../network/people.ts'
import { providerOption } from '../network/scope.ts'
import { actorOptions, openSession } from '../network/session.ts'
import { review, yesOption } from '../review.ts'

/** `sharewell consent import`. */
export const consentImport = command({
  name: 'consent import',
  group: 'Records on a network:',
  summary: 'Grant what a FHIR Consent says, exactly that or nothing.',
  usage: '<file>',
  operands: { file: 'one FHIR R4 Consent, as JSON' },
  about:
    'For patients. Shows in plain words what would be granted, asks, and grants it. Nothing is rounded: what no grant ' +
    'here can say is refused by the name of the element. Names of other systems mean nothing here until you explain ' +
    'them: --means for people and organizations, --everyone for a consent to nobody in particular, --policy for a ' +
    'policy that you have read and that says no more than the consent itself.',
  examples: [
    ['sharewell consent import consent.json --as royal', 'One that was written here.'],
    [
      'sharewell consent import theirs.json --means Patient/7=me,Practitioner/13=okafor,Organization/3=org:hospital-1 ' +
        '--policy https://example.org/policy --as royal',
      'One of another system.',
    ],
  ],
  options: {
    means: text('--means <pairs>', 'NAME=WHO, separated by commas; WHO is me, an account or name, or org:NAME'),
    everyone: text('--everyone <id|name>', 'who is meant where nobody is named: everyone at this organization'),
    policy: text('--policy <uri>', 'the policy that it is made under, which says no more than it does'),
    utcDays: flag('--utc-days', 'days in it begin at midnight UTC'),
    provider: providerOption,
    yes: yesOption,
    send: sendOption,
    ...actorOptions,
  },
  async run({ args: [file = ''], options, terminal, signal }) {
    const { provider, yes, send, means, everyone, policy, utcDays } = options
    const session = await openSession(options, signal)
    const place = choosePlace(session, provider)
    const drafts = await readConsentFile(session, place, { file, means, everyone, policy, utcDays }, signal)
    const { acts, rows } = await planImport(session, place, drafts, signal)
    const title = `At ${await placeTitle(session, place, signal)}, as ${file} says:`
    await review(terminal, { title, rows, yes, signal })
    for (const act of acts) {
      const { transaction, by } = await carry(session, place, act, { send, signal })
      terminal.result({ type: act.kind === 'Deny' ? 'denied' : 'granted', transaction, by, act }, transaction)
    }
  },
})
