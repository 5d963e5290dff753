import { toHex } from '@sharewell/sdk/bytes'
import { type AnchoredRecord, purposes, recordOf, recordsOf } from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import { atMost } from '../at-most.ts'
import { command, flag, integer, text, UsageError } from '../command.ts'
import { createNames, shownAs } from '../network/names.ts'
import { parseId, placeOfPseudonym } from '../network/people.ts'
import { givenReceipt, receiptOption } from '../network/reader-grants.ts'
import { NoSuchRecordError } from '../network/records.ts'
import { actingAt, actorOptions, openSession, type Session } from '../network/session.ts'
import { type RecordHealth, recordHealth } from '../network/share-health.ts'
import { parsePurpose } from '../network/terms.ts'
import { counted, type Part, painted, type Style } from '../text.ts'

const recordsAtOnce = 3

/** `sharewell health`. */
export const health = command({
  name: 'health',
  group: 'Looking after it:',
  summary: 'Ask how many shares of a record are alive.',
  usage: '[record]',
  operands: { record: 'record id (0x and 64 hex digits); left away: all of your own' },
  about:
    'For patients, and for whom a record is open. Each of the n nodes must give one chunk of its share, drawn at ' +
    'random, and say that it has others. Any t living shares rebuild the record. The exit code is 1 where fewer than ' +
    't + margin are alive: then nodes should be brought back, or the record deposited anew.',
  examples: [
    ['sharewell health --as royal', 'Are my records well?'],
    ['sharewell health 0x1f... --full --margin 2 --key-file me.key --vault-file me.vault', 'One record, thoroughly.'],
  ],
  options: {
    margin: integer('--margin <shares>', 'how many living shares there must be beyond t', 1, { most: 65_535 }),
    full: flag('--full', 'ask for every chunk, and not for a few'),
    purpose: text('--purpose <code>', 'for readers: what for (default: TREAT)'),
    receipt: receiptOption,
    ...actorOptions,
  },
  async run({ args: [record], options, terminal, signal }) {
    const recordId = record === undefined ? undefined : parseId(record, 'record id')
    const purpose = parsePurpose(options.purpose ?? 'TREAT')
    const session = await openSession(options, signal)
    const records = await which(session, recordId, signal)
    const consentSalt = (await givenReceipt(session, options.receipt, signal))?.salt
    const bar = terminal.progress(
      'asking',
      records.reduce((sum, { n }) => sum + n, 0),
      'count',
    )
    const names = createNames(session.chain, signal)
    const verdicts = await atMost(recordsAtOnce, records, async (each) => {
      const place = placeOfPseudonym(session, each.pseudonym)
      const who = place
        ? { chain: actingAt(session, place), purpose: purposes.indexOf('PATRQT') }
        : { chain: session.chain, purpose, consentSalt }
      const found = await recordHealth(each, { ...who, full: options.full ?? false, onShare: () => bar.add(1) }, signal)
      const verdict = verdictOf(found, options.margin)
      const bad = await Promise.all(
        found.shares
          .filter(({ state, lies }) => state !== 'alive' || lies > 0)
          .map(async ({ index, operator, organization, reason, lies }) => {
            const name = organization && (await names.organization(organization))
            const said = [reason, lies > 0 && `${counted(lies, 'proven lie')}, see 'sharewell fault'`].filter(Boolean)
            return `\n  share ${index} at ${shownAs(name, operator)}: ${said.join('; ')}`
          }),
      )
      const words = [...wordsOf(each, found, verdict), bad.join('')]
      terminal.result({ type: 'health', recordId: each.recordId, verdict, ...found, margin: options.margin }, words)
      return verdict
    })
    terminal.settle()
    terminal.note(records.length === 0 ? 'no records' : summaryOf(verdicts))
    const low = verdicts.filter((verdict) => verdict === 'at-risk' || verdict === 'lost').length
    if (low > 0) throw new AtRiskError({ records: low })
  },
})

/** The record that was named, or every one of the patient's own. */
async function which(
  session: Session,
  recordId: `0x${string}` | undefined,
  signal: AbortSignal,
): Promise<readonly AnchoredRecord[]> {
  const { chain, places } = session
  if (recordId !== undefined) {
    const found = await recordOf(chain, { recordId }, { signal })
    if (found === undefined || found.erased) throw new NoSuchRecordError({ recordId })
    return [found]
  }
  if (places.length === 0)
    throw new UsageError({
      problem: 'name a record',
      hints: ["'sharewell records' lists those that you may open; a patient may leave it away"],
    })
  const found = await Promise.all(
    places.map(({ keys }) => recordsOf(chain, { pseudonym: toHex(keys.pseudonym) }, { signal })),
  )
  return found.flat()
}

/** What a number of living shares means. */
export type Verdict = (typeof verdictNames)[number]

const verdictNames = ['whole', 'weakened', 'at-risk', 'lost'] as const

/** `at-risk`: fewer than t + margin, where n allows so many. */
export function verdictOf({ n, t, alive }: Pick<RecordHealth, 'n' | 't' | 'alive'>, margin: number): Verdict {
  if (alive < t) return 'lost'
  if (alive < Math.min(n, t + margin)) return 'at-risk'
  return alive < n ? 'weakened' : 'whole'
}

/** `3 records: 2 whole, 1 weakened`. */
function summaryOf(verdicts: readonly Verdict[]): string {
  const counts = verdictNames.flatMap((name) => {
    const count = verdicts.filter((verdict) => verdict === name).length
    return count === 0 ? [] : [`${count} ${name}`]
  })
  return `${counted(verdicts.length, 'record')}: ${counts.join(', ')}`
}

const styles: Readonly<Record<Verdict, Style>> = { whole: 'good', weakened: 'careful', 'at-risk': 'bad', lost: 'bad' }

function wordsOf({ recordId }: AnchoredRecord, { n, t, alive, organizations }: RecordHealth, verdict: Verdict): Part[] {
  const said: Readonly<Record<Verdict, string>> = {
    whole: 'whole',
    weakened: `weakened; ${alive - t} more may fail`,
    'at-risk':
      alive === t ? 'at risk: one more loss, and it cannot be rebuilt' : `at risk: only ${alive - t} more may fail`,
    lost: 'cannot be rebuilt now',
  }
  return [
    `${recordId}\n  `,
    painted(styles[verdict], bar({ n, t, alive })),
    `  ${alive} of ${n} alive, any ${t} rebuild, at ${counted(organizations, 'organization')}: `,
    painted(styles[verdict], said[verdict]),
  ]
}

/** `[###|##..]`: a # for each living share, the mark after the t that rebuild. */
function bar({ n, t, alive }: { n: number; t: number; alive: number }): string {
  if (n > 40) return ''
  const shares = '#'.repeat(alive) + '.'.repeat(n - alive)
  return `[${shares.slice(0, t)}|${shares.slice(t)}]`
}

/** Thrown at the end where records have too few living shares. */
export class AtRiskError extends BaseError<'AT_RISK'> {
  override readonly name = 'AtRiskError'
  constructor({ records = 0 }: { records?: number }) {
    super('AT_RISK', `${records === 1 ? 'One record has' : `${records} records have`} too few living shares.`, {
      hints: ['have the nodes above brought back; deposit it anew where they are lost'],
    })
  }
}
