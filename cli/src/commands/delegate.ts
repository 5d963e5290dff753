import { toHex } from '@sharewell/sdk/bytes'
import { type Delegation, delegatesOf } from '@sharewell/sdk/chain'
import { command, flag, list, text, UsageError } from '../command.ts'
import { carryDelegation, sendOption } from '../network/carry.ts'
import { personNamed } from '../network/grantees.ts'
import { readMail } from '../network/mailbox.ts'
import { createNames } from '../network/names.ts'
import { choosePlace, placeTitle } from '../network/people.ts'
import { providerOption, scopeOf } from '../network/scope.ts'
import { actorOptions, openSession } from '../network/session.ts'
import { categoryNames, namedPurposes, parsePurposes, purposeWords } from '../network/terms.ts'
import { review, yesOption } from '../review.ts'
import { painted } from '../text.ts'
import { formatMoment, parseMoment } from '../time.ts'

const group = 'Records on a network:'
const operands = { person: 'account (0x and 40 hex digits); in the demo also a name' }

/** `sharewell delegate add`. */
export const delegateAdd = command({
  name: 'delegate add',
  group,
  summary: 'Let a parent or carer read your records, or consent for you, within limits.',
  usage: '<person>',
  operands,
  about:
    'For patients. A delegate names nobody else, never widens what you say here, and never undoes your denial. Replaces ' +
    'what you said about this person before. You sign it; a relayer sends it, where the network has one.',
  examples: [
    ['sharewell delegate add 0x5290... --all --reads TREAT,PATRQT --until 90d --as royal', 'My mother reads for me.'],
    [
      'sharewell delegate add 0x5290... --categories medications --consents TREAT --as royal',
      'My carer decides who sees my medicines.',
    ],
  ],
  options: {
    reads: list('--reads <codes>', `may read for: ${namedPurposes.join(', ')}`, namedPurposes),
    consents: list('--consents <codes>', 'may let others read for these purposes', namedPurposes),
    categories: text('--categories <names>', 'these kinds of records, separated by commas, also future ones'),
    all: flag('--all', 'all records, the sensitive ones too, also future ones'),
    until: text('--until <time>', 'until when: 2027-01-31, or 30d from now (default: 30d)'),
    provider: providerOption,
    send: sendOption,
    yes: yesOption,
    ...actorOptions,
  },
  async run({ args: [who = ''], options, terminal, signal }) {
    const { provider, categories, all, yes } = options
    if (options.reads === undefined && options.consents === undefined)
      throw new UsageError({
        problem: 'say what the delegate may do',
        hints: ['--reads TREAT, --consents TREAT, or both'],
      })
    const [reads, grants] = [options.reads, options.consents].map((words) => (words ? parsePurposes(words) : 0)) as [
      number,
      number,
    ]
    const until = parseMoment(options.until ?? '30d', Math.floor(Date.now() / 1000))
    const session = await openSession(options, signal)
    const { grantee, name } = await personNamed(session, who, signal)
    const account = grantee.kind === 'person' ? grantee.account : '0x'
    const scope = await scopeOf(session, { categories, all, provider }, signal)
    const may = [
      ...(reads ? [['read', `${scope.what}, for ${purposeWords(reads)}`] as const] : []),
      ...(grants ? [['consent', `that others read the same, for ${purposeWords(grants)}`] as const] : []),
    ]
    await review(terminal, {
      title: `${name} may, until you end it or ${formatMoment(until)}:`,
      rows: may,
      yes,
      signal,
    })
    const { pseudonym, place } = scope
    const terms = { until, reads, grants, categories: scope.categories }
    const act = { kind: 'Delegate', pseudonym, account, terms } as const
    const { transaction, by } = await carryDelegation(session, place, act, { send: options.send, signal })
    if (grants)
      terminal.note(
        "who may consent can let anyone in, within these limits; you see it in 'sharewell grants', and end it there",
      )
    terminal.result({ type: 'delegated', transaction, by, pseudonym, account, ...terms }, transaction)
  },
})

/** `sharewell delegate remove`. */
export const delegateRemove = command({
  name: 'delegate remove',
  group,
  summary: 'End what a delegate may do, at once.',
  usage: '<person>',
  operands,
  about: 'For patients. What the delegate granted to others stays until you revoke it; sharewell grants lists it.',
  examples: [['sharewell delegate remove 0x5290... --as royal', 'From the next block on.']],
  options: { provider: providerOption, send: sendOption, ...actorOptions },
  async run({ args: [who = ''], options, terminal, signal }) {
    const session = await openSession(options, signal)
    const { grantee, name } = await personNamed(session, who, signal)
    const account = grantee.kind === 'person' ? grantee.account : '0x'
    const place = choosePlace(session, options.provider)
    const pseudonym = toHex(place.keys.pseudonym)
    const act = { kind: 'EndDelegation', pseudonym, account } as const
    const { transaction, by } = await carryDelegation(session, place, act, { send: options.send, signal })
    terminal.note(`${name} reads and decides nothing for you any more; what they granted stays until you revoke it`)
    terminal.result({ type: 'undelegated', transaction, by, pseudonym, account }, transaction)
  },
})

/** `sharewell delegate list`. */
export const delegateList = command({
  name: 'delegate list',
  group,
  summary: 'List who may read or decide for you.',
  usage: '',
  operands: {},
  about: 'For patients. Names come from the directory and are shown only where they verify.',
  examples: [['sharewell delegate list --as royal', 'Who may decide for me?']],
  options: {
    all: flag('--all', 'also those whose time is over, or that you ended'),
    provider: providerOption,
    ...actorOptions,
  },
  async run({ options, terminal, signal }) {
    const session = await openSession(options, signal)
    const { chain } = session
    const names = createNames(chain, signal)
    const place = choosePlace(session, options.provider)
    const pseudonym = toHex(place.keys.pseudonym)
    const mail = await readMail(session, place, signal).catch(() => undefined)
    signal.throwIfAborted()
    const found = await delegatesOf(chain, { pseudonym }, { signal })
    const shown = found.filter(({ state }) => options.all || state === 'live')
    terminal.line(await placeTitle(session, place, signal))
    if (shown.length === 0) terminal.line('  nobody')
    terminal.list(
      await Promise.all(
        shown.map(async (one) => {
          const name = (await names.account(one.account)) ?? one.account
          const text = ['  ', painted('strong', name), `\n${wordsOf(one, mail?.categoryKey)}`]
          return { value: { type: 'delegate', pseudonym, name, ...one }, text }
        }),
      ),
    )
  },
})

function wordsOf(
  { state, reads, grants, categories, until, changedAt }: Delegation,
  key: Parameters<typeof categoryNames>[0],
) {
  if (state === 'ended') return `    ended ${formatMoment(changedAt)}`
  const may = [
    ...(reads ? [`reads: ${purposeWords(reads)}`] : []),
    ...(grants ? [`consents: ${purposeWords(grants)}`] : []),
    categoryNames(key, categories),
  ]
  const end = state === 'over' ? `over since ${formatMoment(until)}` : `until ${formatMoment(until)}`
  return `    ${may.join('; ')}\n    ${end}`
}
