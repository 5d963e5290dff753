import { type Hex, toHex } from '@sharewell/sdk/bytes'
import { grant as grantConsent, personId, recordOf, type Terms, view } from '@sharewell/sdk/chain'
import { command, flag, text, UsageError } from '../command.ts'
import { readMail } from '../network/mailbox.ts'
import { choosePlace, findReader, parseId, placeOfPseudonym } from '../network/people.ts'
import { NoSuchRecordError } from '../network/records.ts'
import { actingAt, actorOptions, openSession, type Place, type Session } from '../network/session.ts'
import { allCategories, maskOf, parseCategories, parsePurposes, purposeNames } from '../network/terms.ts'
import { formatMoment, parseMoment } from '../time.ts'

/** `sharewell grant`. */
export const grant = command({
  name: 'grant',
  group: 'Records on a network:',
  summary: 'Let somebody read: one record, kinds of records, or all.',
  usage: '<reader>',
  operands: { reader: 'account (0x and 40 hex digits); in the demo also a name' },
  about:
    'For patients. One transaction; you need not be there when it is used. It holds for the purposes and until the ' +
    'time that you say, and until you revoke it. What has been read cannot be unread.',
  examples: [
    ['sharewell grant okafor --as royal --categories laboratory --until 30d', 'Laboratory results, for a month.'],
    [
      'sharewell grant 0x52908400098527886E0F7030069857D2E4169EE7 --record 0x1f... --key-file me.key --vault-file me.vault',
      'One record.',
    ],
  ],
  options: {
    record: text('--record <id>', 'this record only'),
    categories: text('--categories <names>', 'these kinds of records, separated by commas, also future ones'),
    all: flag('--all', 'all records, also future ones'),
    purpose: text('--purpose <codes>', 'TREAT, ETREAT, HPAYMT, HOPERAT, HRESCH, PATRQT, PUBHLTH (default: TREAT)'),
    from: text('--from <time>', 'from when on: 2027-01-31, or 2d from now (default: now)'),
    until: text('--until <time>', 'until when: 2027-01-31, or 30d from now (default: 30d)'),
    at: text('--at <provider>', 'at which provider, if you are a patient of several'),
    ...actorOptions,
  },
  async run({ args: [who = ''], options, terminal, signal }) {
    const chosen = [options.record, options.categories, options.all || undefined].filter((each) => each !== undefined)
    if (chosen.length !== 1)
      throw new UsageError({
        problem: 'say what may be read',
        hints: ['exactly one of --record ID, --categories NAMES and --all'],
      })
    const purposes = parsePurposes(options.purpose ?? 'TREAT')
    const now = Math.floor(Date.now() / 1000)
    const start = options.from === undefined ? undefined : parseMoment(options.from, now)
    const until = parseMoment(options.until ?? '30d', now)
    if (until <= (start ?? now) || until <= now)
      throw new UsageError({
        problem: `a grant until ${formatMoment(until)} is over before it begins`,
        hints: ['choose a later --until'],
      })
    const session = await openSession(options, signal)
    const reader = findReader(session, who)
    const { place, recordId, categories, what } = await scopeOf(session, options, signal)
    // Readers' machines take the earlier of their clock and the head's: what begins now must have begun for both.
    const from = start ?? (await view(session.chain, { signal })).earlier
    const terms: Terms = { from, until, purposes, categories }
    const pseudonym = toHex(place.keys.pseudonym)
    terminal.note(
      `${who} may read ${what} for ${purposeNames(purposes)} from ${formatMoment(from)} until ${formatMoment(until)}`,
    )
    const scope = { pseudonym, granteeId: personId(reader), recordId, terms }
    const { transactionHash } = await grantConsent(actingAt(session, place), scope, { signal })
    terminal.result(
      { type: 'granted', transaction: transactionHash, pseudonym, reader, recordId, ...terms },
      transactionHash,
    )
  },
})

type Scope = { readonly place: Place; readonly recordId?: Hex; readonly categories: number; readonly what: string }
type Wanted = {
  readonly record?: string | undefined
  readonly categories?: string | undefined
  readonly at?: string | undefined
}

async function scopeOf(session: Session, { record, categories, at }: Wanted, signal: AbortSignal): Promise<Scope> {
  if (record !== undefined) {
    const recordId = parseId(record, 'record id')
    const found = await recordOf(session.chain, { recordId }, { signal })
    const place = found && placeOfPseudonym(session, found.pseudonym)
    if (place === undefined) throw new NoSuchRecordError({ recordId, mine: found !== undefined })
    return { place, recordId, categories: 0, what: `record ${recordId}` }
  }
  const place = choosePlace(session, at)
  if (categories === undefined) return { place, categories: allCategories, what: 'all records of this provider' }
  const names = parseCategories(categories)
  const { categoryKey } = await readMail(session, place, signal)
  if (categoryKey === undefined)
    throw new UsageError({
      problem: 'the provider has not sent the key to your categories yet',
      hints: ['grant single records with --record, or --all'],
    })
  return { place, categories: maskOf(categoryKey, names), what: `${names.join(', ')}, also future ones,` }
}
