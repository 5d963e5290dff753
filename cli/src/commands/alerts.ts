import { fromUtf8, type Hex } from '@sharewell/sdk/bytes'
import { type Chain, glassWindows, organizations, purposes, releaseRequestsOf, staffOf } from '@sharewell/sdk/chain'
import {
  type Access,
  type Alert,
  type AlertRule,
  AlertRulesError,
  accessesOf,
  accessOfWindow,
  defaultAlertRules,
  evaluateAlerts,
  parseAlertRules,
} from '@sharewell/sdk/flow/book'
import type { NamesOf } from '@sharewell/sdk/record'
import { atMost } from '../at-most.ts'
import { command, text, UsageError } from '../command.ts'
import { attempt } from '../guess.ts'
import { readSmall } from '../input.ts'
import { accountEverywhere, joinedNames, nodeLines } from '../network/accounting.ts'
import { createNames, shownAs } from '../network/names.ts'
import { providerOption } from '../network/scope.ts'
import { actorOptions, openSession, type Session } from '../network/session.ts'
import type { Line, Terminal } from '../terminal.ts'
import { type Part, painted } from '../text.ts'
import { formatMoment } from '../time.ts'

/** `sharewell alerts`. */
export const alerts = command({
  name: 'alerts',
  group: 'Records on a network:',
  summary: 'List what is unusual about who opened what.',
  usage: '',
  operands: {},
  about:
    'Compares the openings of your records with rules: outside the usual hours, more in an hour than usual, a reader ' +
    'new to you, any break-glass. Without --rules those of docs/spec/alerts.md hold, in the time zone of this machine. ' +
    'An organization sees when its staff asked for a release by their own accounts; what the chain does not tell it, ' +
    'such as which patient, breaks no rule.',
  examples: [
    ['sharewell alerts --as royal', 'What should I look at?'],
    ['sharewell alerts --as royal --rules alerts.json', 'By rules of my own.'],
    ['sharewell alerts --as hospital-1', 'What our staff did outside the usual hours.'],
  ],
  options: {
    rules: text('--rules <file>', 'rules as JSON (docs/spec/alerts.md)'),
    zone: text('--zone <zone>', 'time zone of hours without one, such as Europe/Zurich (default: of this machine)'),
    provider: providerOption,
    ...actorOptions,
  },
  async run({ options, terminal, signal }) {
    const timeZone = zoneOf(options.zone)
    const rules = options.rules === undefined ? defaultAlertRules : await readRules(options.rules, signal)
    const session = await openSession(options, signal)
    const { accesses, names } =
      session.places.length > 0
        ? await ofPatient(session, options.provider, { terminal, signal })
        : await ofStaff(session, signal)
    const found = evaluateAlerts(rules, accesses, { timeZone })
    if (found.length === 0) terminal.note(`nothing unusual among ${accesses.length}`)
    terminal.list(found.map((alert) => lineOf(alert, rules, names)))
  },
})

type Known = { readonly accesses: readonly Access[]; readonly names: NamesOf }

function zoneOf(named: string | undefined): string {
  const zone = named ?? new Intl.DateTimeFormat().resolvedOptions().timeZone
  if (attempt(() => new Intl.DateTimeFormat('en', { timeZone: zone })) !== undefined) return zone
  throw new UsageError({ problem: `there is no time zone ${zone}`, hints: ['write it as Europe/Zurich, or UTC'] })
}

async function readRules(file: string, signal: AbortSignal): Promise<readonly AlertRule[]> {
  const json = fromUtf8(await readSmall(file, 1 << 20, signal))
  try {
    return parseAlertRules(JSON.parse(json))
  } catch (error) {
    if (error instanceof SyntaxError) throw new AlertRulesError({ field: 'file', reason: 'it is no JSON' })
    throw error
  }
}

async function ofPatient(
  session: Session,
  provider: string | undefined,
  { terminal, signal }: { terminal: Terminal; signal: AbortSignal },
): Promise<Known> {
  const found = await accountEverywhere(session, provider, signal)
  for (const one of found) nodeLines(one, terminal, { alone: true })
  return { accesses: found.flatMap(({ accounting }) => accessesOf(accounting)), names: joinedNames(found) }
}

/** What the chain tells of the staff of the one who acts: their own requests, who and when and nothing else, and whose
 * glass they broke. */
async function ofStaff({ chain, account }: Session, signal: AbortSignal): Promise<Known> {
  const own = (await organizations(chain, { signal })).filter(
    (one) => one.account.toLowerCase() === account.address.toLowerCase(),
  )
  if (own.length === 0)
    throw new UsageError({
      problem: 'only a patient or an organization can do this',
      hints: [
        "use --as with one of the demo ('sharewell status' lists them), or --key-file, for a patient with --vault-file",
      ],
    })
  const accesses = await atMost(4, own, ({ id }) => accessesAt(chain, id, signal))
  const flat = accesses.flat()
  const directory = createNames(chain, signal)
  const readers = [...new Set(flat.map(({ reader }) => reader))]
  const named = await atMost(8, readers, (reader) => directory.account(reader))
  return { accesses: flat, names: { reader: (id) => named[readers.indexOf(id)] } }
}

const lower = (account: Hex): Hex => account.toLowerCase() as Hex

async function accessesAt(chain: Chain, organization: Hex, signal: AbortSignal): Promise<Access[]> {
  const staff = await staffOf(chain, { organization }, { signal })
  const all = await atMost(8, staff, (sender) => releaseRequestsOf(chain, { sender }, { signal }))
  const windows = await glassWindows(chain, { institution: organization }, { signal })
  const requests = all
    .flat()
    .map(({ requestHash, sender, time: at }) => ({ at, reader: lower(sender), requestHash, organization }))
  return [...requests, ...windows.map(accessOfWindow)]
}

function lineOf({ rule, kind, access, count }: Alert, rules: readonly AlertRule[], names: NamesOf): Line {
  const { at, reader, recordId } = access
  const what = whatOf(access, names)
  const text: Part[] = [
    `${formatMoment(at)}  `,
    painted(kind === 'break-glass' ? 'bad' : 'careful', rule),
    `\n  ${shownAs(names.reader?.(reader), reader)} ${what}: ${whyOf(
      kind,
      count,
      rules.find(({ id }) => id === rule),
    )}`,
  ]
  const { requestHash, pseudonym, organization, purpose } = access
  const value = {
    type: 'alert',
    rule,
    kind,
    at,
    reader,
    requestHash,
    pseudonym,
    recordId,
    organization,
    purpose: purpose === undefined ? undefined : purposes[purpose],
    count,
  }
  return { value, text }
}

function whatOf({ recordId, purpose }: Access, names: NamesOf): string {
  if (recordId !== undefined) return `opened ${names.record?.(recordId) ?? 'record'} ${recordId.slice(0, 12)}...`
  return purpose === purposes.indexOf('BTG') ? 'broke the glass' : 'asked for a release'
}

function whyOf(kind: Alert['kind'], count: number | undefined, rule: AlertRule | undefined): string {
  const why = {
    hours: 'outside the usual hours',
    rush: `${count} ${rule?.kind === 'rush' ? rule.of : 'things'} within an hour`,
    'new-reader': rule?.kind === 'new-reader' && rule.days ? `first time in ${rule.days} days` : 'for the first time',
    'break-glass': 'nobody was asked',
  }
  return why[kind]
}
