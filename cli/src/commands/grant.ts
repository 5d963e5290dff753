import { type Hex, utf8 } from '@sharewell/sdk/bytes'
import { type Consent, consentsOf } from '@sharewell/sdk/chain'
import { categories } from '@sharewell/sdk/record'
import { command, common, flag, integer, list, text, UsageError } from '../command.ts'
import { carry, sendOption } from '../network/carry.ts'
import {
  asGrant,
  checkGrant,
  type GrantWords,
  lineError,
  mostUses,
  type PlannedGrant,
  planGrant,
  readGrants,
  receiptOf,
} from '../network/grant-plan.ts'
import { granteeOptions } from '../network/grantees.ts'
import { providerOption } from '../network/scope.ts'
import { actorOptions, openSession, type Session } from '../network/session.ts'
import { namedPurposes, sensitiveLabels } from '../network/terms.ts'
import { checkFree, openOutput } from '../output.ts'
import { formatMoment } from '../time.ts'

/** `sharewell grant`. */
export const grant = command({
  name: 'grant',
  group: 'Records on a network:',
  summary: 'Let somebody read: a record, kinds of records, or all.',
  usage: '[reader]',
  operands: { reader: 'account (0x and 40 hex digits); in the demo also a name' },
  about:
    'For patients. To a person, to everyone at an organization, or to a role there. You need not be there when it is ' +
    'used. It holds for the purposes and until the time that you say, and until you revoke it; what has been read ' +
    'cannot be unread. You sign, and a relayer carries it to the chain and pays; with --send you send it yourself. ' +
    'With --private the chain does not show whom it is for: hand the receipt to the reader, who cannot use the grant ' +
    'without it. A file of JSON Lines grants up to 64 at once, all or none.',
  examples: [
    ['sharewell grant okafor --as royal --categories laboratory --until 30d', 'Laboratory results, for a month.'],
    [
      'sharewell grant 0x52908400098527886E0F7030069857D2E4169EE7 --record 0x1f... --key-file me.key --vault-file me.vault',
      'One record.',
    ],
    [
      'sharewell grant okafor --categories general --sensitive mental-health --as royal',
      'Every kind of record, and of the sensitive ones those about mental health.',
    ],
    ['sharewell grant --role physician --at "Harbor General" --all --as royal', 'Every physician of a hospital.'],
    ['sharewell grant okafor --record 0x1f... --private --receipt okafor.receipt --as royal', 'Nobody sees for whom.'],
    [
      'echo \'{"to":"okafor","categories":["laboratory"],"until":"7d"}\' | sharewell grant --file - --as royal',
      'Many at once.',
    ],
  ],
  options: {
    ...granteeOptions,
    record: text('--record <id>', 'this record only'),
    categories: list('--categories <names>', 'these kinds of records, separated by commas, also future ones', [
      'general',
      ...categories.map(({ name }) => name),
    ]),
    sensitive: list(
      '--sensitive <parts>',
      `also what is sensitive, which no kind includes: ${sensitiveLabels.join(', ')}`,
      sensitiveLabels,
    ),
    all: flag('--all', 'all records, the sensitive ones too, also future ones'),
    purpose: list('--purpose <codes>', `${namedPurposes.join(', ')} (default: TREAT)`, namedPurposes),
    from: text('--from <time>', 'from when on: 2027-01-31, or 2d from now (default: now)'),
    until: text('--until <time>', 'until when: 2027-01-31, or 30d from now (default: 30d)'),
    uses: integer('--uses <n>', 'how many times something may be opened; 0: any number', 0, { most: mostUses }),
    private: flag('--private', 'do not show on the chain whom it is for; makes a receipt for the reader'),
    receipt: text('--receipt <file>', 'with --private: write the receipts there, mode 0600 (default: stdout)'),
    file: text('--file <file>', 'grant what the lines of this file say; - is stdin'),
    provider: providerOption,
    send: sendOption,
    force: common.force,
    ...actorOptions,
  },
  async run({ args: [who], options, terminal, signal }) {
    const { file, receipt, force, provider, send } = options
    const isPrivate = options.private ?? false
    if (receipt !== undefined && !isPrivate)
      throw new UsageError({ problem: 'only a private grant has a receipt', hints: ['add --private'] })
    const asked = await wordsOf({ ...options, who, uses: options.uses || undefined }, signal)
    if (receipt !== undefined) await checkFree(receipt, force)
    const session = await openSession(options, signal)
    const planned = await planAll(session, asked, { provider, isPrivate, inFile: file !== undefined, signal })
    const [first, ...others] = planned as [PlannedGrant, ...PlannedGrant[]]
    const { place, pseudonym } = first.scope
    const before = await consentsOf(session.chain, { pseudonym }, { signal })
    for (const each of planned) terminal.note(`${each.words}${replacing(before, each, session.chain.clock())}`)
    const act =
      others.length === 0
        ? ({ kind: 'Grant', pseudonym, ...asGrant(first) } as const)
        : ({ kind: 'GrantMany', pseudonym, consents: planned.map(asGrant) } as const)
    const { transaction, by } = await carry(session, place, act, { send, signal })
    const { networkId } = session.chain.network
    const receipts = isPrivate ? planned.map((each) => receiptOf(networkId, each, { transaction })) : []
    if (receipt !== undefined) await writeReceipts(receipt, receipts, force)
    const shown = receipt === undefined ? receipts : []
    terminal.line(transaction)
    planned.forEach((each, at) => {
      const { recordId } = each.scope
      const { granteeId, terms } = asGrant(each)
      const handed = shown[at]
      const value = {
        type: 'granted',
        transaction,
        by,
        pseudonym,
        grantee: each.grantee,
        granteeId,
        recordId,
        ...terms,
      }
      terminal.result({ ...value, ...(handed !== undefined && { receipt: handed }) }, handed ?? '')
    })
    if (isPrivate)
      terminal.note('give the receipt to the reader, and to nobody else; keep a copy to know whom it is for')
  },
})

/** The consents that were asked for: the one of the options, or those of a file. */
async function wordsOf(
  { file, ...words }: GrantWords & { readonly file?: string | undefined },
  signal: AbortSignal,
): Promise<readonly GrantWords[]> {
  if (file === undefined) {
    checkGrant(words)
    return [words]
  }
  const { who, organization, role, at, record, categories, sensitive, all, purpose, from, until, uses } = words
  const named = [who, organization, role, at, record, categories, sensitive, all || undefined]
  const beside = [...named, purpose, from, until, uses]
  if (beside.some((each) => each !== undefined))
    throw new UsageError({
      problem: 'the lines of --file say for whom, what, and until when',
      hints: ['leave the other options away, or --file'],
    })
  return await readGrants(file, signal)
}

/** What the grant says beside itself: a grantee has one consent for kinds of records, and one for each record. */
function replacing(before: readonly Consent[], planned: PlannedGrant, now: number): string {
  const { granteeId, recordId = noRecord, terms } = asGrant(planned)
  const old = before.find((one) => one.granteeId === granteeId && one.recordId === recordId)
  if (old?.state === 'denied') return '; this ends your denial'
  if (old?.state !== 'permit' || old.until <= now) return ''
  const fewer = (old.categories & ~terms.categories) !== 0
  const left = old.useLimit > 0 ? ` with ${old.useLimit - old.used} of ${old.useLimit} uses left` : ''
  return `; this replaces the grant until ${formatMoment(old.until)}${left}${fewer ? ', which named other kinds of records too' : ''}`
}

const noRecord: Hex = `0x${'00'.repeat(32)}`

type Planning = {
  readonly provider: string | undefined
  readonly isPrivate: boolean
  readonly inFile: boolean
  readonly signal: AbortSignal
}

/** Everything is looked up before anything is signed, and all of it is of one pseudonym. */
async function planAll(
  session: Session,
  asked: readonly GrantWords[],
  { provider, inFile, ...how }: Planning,
): Promise<readonly PlannedGrant[]> {
  const planned: PlannedGrant[] = []
  for (const [at, words] of asked.entries()) {
    const one = await planGrant(session, { ...words, provider }, how).catch((error: unknown) => {
      throw inFile ? lineError(at + 1, error) : error
    })
    planned.push(one)
    if (one.scope.pseudonym === planned[0]?.scope.pseudonym) continue
    const problem = 'consents of two providers in one batch would link them on the chain'
    throw lineError(at + 1, new UsageError({ problem, hints: ['one file for each provider'] }))
  }
  return planned
}

async function writeReceipts(file: string, receipts: readonly string[], force: boolean | undefined): Promise<void> {
  const output = await openOutput(file, { force, mode: 0o600 })
  try {
    await output.write(utf8(`${receipts.join('\n')}\n`))
    await output.commit()
  } finally {
    await output.discard()
  }
}
