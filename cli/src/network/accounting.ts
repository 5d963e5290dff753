/**
 * Who was given the keys of a patient's records, with the names that verify.
 * @module
 */
import { type Hex, toHex } from '@sharewell/sdk/bytes'
import { purposes, recordsOf } from '@sharewell/sdk/chain'
import { type Accounting, accountOfDisclosures, type Disclosure, type NodeFault } from '@sharewell/sdk/flow/book'
import { readPass } from '@sharewell/sdk/flow/key-nodes'
import type { NamesOf } from '@sharewell/sdk/record'
import { atMost } from '../at-most.ts'
import type { Line, Terminal } from '../terminal.ts'
import { type Part, painted } from '../text.ts'
import { formatMoment } from '../time.ts'
import { readMail } from './mailbox.ts'
import { createNames, shownAs } from './names.ts'
import { choosePlace } from './people.ts'
import { actingAt, type Place, type Session } from './session.ts'
import { categoryName, purposeWords } from './terms.ts'

/** The accounting at one provider, and what its readers, organizations and records are called. */
export type PlaceAccounting = { readonly place: Place; readonly accounting: Accounting; readonly names: NamesOf }

/** The accountings at a patient's places, or at the one that was named. */
export async function accountEverywhere(
  session: Session,
  provider: string | undefined,
  signal: AbortSignal,
): Promise<PlaceAccounting[]> {
  const [first] = session.places
  const places = provider === undefined && first ? session.places : [choosePlace(session, provider)]
  const found: PlaceAccounting[] = []
  for (const place of places) found.push(await accountAt(session, place, signal))
  return found
}

/** Asks all key nodes as the patient of one place. */
async function accountAt(session: Session, place: Place, signal: AbortSignal): Promise<PlaceAccounting> {
  const chain = actingAt(session, place)
  const pseudonym = toHex(place.keys.pseudonym)
  const pass = await readPass(chain, { pseudonym, purpose: purposes.indexOf('PATRQT') })
  const accounting = await accountOfDisclosures(chain, { pass }, { signal })
  return { place, accounting, names: await namesIn(session, place, accounting.disclosures, signal) }
}

async function namesIn(
  session: Session,
  place: Place,
  disclosures: readonly Disclosure[],
  signal: AbortSignal,
): Promise<NamesOf> {
  const { chain } = session
  const directory = createNames(chain, signal)
  const [readers, organizations] = await Promise.all([
    found(
      disclosures.map(({ reader }) => reader),
      (reader) => directory.account(reader),
    ),
    found(
      disclosures.flatMap(({ organization }) => organization ?? []),
      (id) => directory.organization(id),
    ),
  ])
  // Kinds of records have names where the mailbox can be read.
  const mail = await readMail(session, place, signal).catch(() => undefined)
  signal.throwIfAborted()
  const pseudonym = toHex(place.keys.pseudonym)
  const records = mail?.categoryKey ? await recordsOf(chain, { pseudonym }, { signal }) : []
  const kinds = new Map(records.map(({ recordId, category }) => [recordId, categoryName(mail?.categoryKey, category)]))
  return {
    reader: (account) => readers.get(account),
    organization: (id) => organizations.get(id),
    record: (id) => kinds.get(id),
  }
}

async function found(ids: readonly Hex[], find: (id: Hex) => Promise<string | undefined>): Promise<Map<Hex, string>> {
  const each = [...new Set(ids)]
  const all = await atMost(8, each, find)
  return new Map(each.flatMap((id, at) => (all[at] === undefined ? [] : [[id, all[at]] as const])))
}

/** The names at all places: an id means the same at each. */
export function joinedNames(found: readonly PlaceAccounting[]): NamesOf {
  const first = <T>(of: (names: NamesOf) => T | undefined): T | undefined => {
    for (const { names } of found) {
      const name = of(names)
      if (name !== undefined) return name
    }
    return undefined
  }
  return {
    reader: (id) => first((names) => names.reader?.(id)),
    organization: (id) => first((names) => names.organization?.(id)),
    record: (id) => first((names) => names.record?.(id)),
  }
}

/** A reader as people call it, and for whom it acted. */
export function readerWords({ reader, organization }: Disclosure, names: NamesOf): string {
  const who = shownAs(names.reader?.(reader), reader)
  if (organization === undefined) return `${who}, as your delegate`
  return `${who}, ${names.organization?.(organization) ?? organization}`
}

/** What was opened, for a person. */
export function recordWords({ recordId }: Pick<Disclosure, 'recordId'>, names: NamesOf): string {
  return `${names.record?.(recordId) ?? 'record'} ${recordId.slice(0, 12)}...`
}

/** The openings and what nobody explains, newest first. */
export function disclosureLines({ accounting, names }: PlaceAccounting): Line[] {
  const shown = accounting.disclosures.map((one): [number, Line] => {
    const { logged } = one
    const value = {
      type: 'disclosure',
      ...one,
      purpose: purposes[one.purpose],
      readerName: names.reader?.(one.reader),
      organizationName: one.organization && names.organization?.(one.organization),
      recordName: names.record?.(one.recordId),
    }
    const text: Part[] = [
      `  ${formatMoment(one.at)}  `,
      painted('strong', readerWords(one, names)),
      `\n    opened ${recordWords(one, names)}, for ${purposeWords(1 << one.purpose)}`,
      ...(logged ? [] : [painted('bad', '\n    nobody had logged that it was asked for')]),
    ]
    return [one.at, { value, text }]
  })
  const dark = accounting.unexplained.map((one): [number, Line] => {
    const said = `${one.released.length} key nodes wrote that they released it`
    const text: Part[] = [
      `  ${formatMoment(one.at)}  `,
      painted('bad', 'unexplained'),
      `\n    a use of your permission ${one.consentKey.slice(0, 12)}... was counted, and no key node shows by whom; ${said}`,
    ]
    return [one.at, { value: { type: 'unexplained', ...one }, text }]
  })
  return [...shown, ...dark].sort(([a], [b]) => b - a).map(([, line]) => line)
}

const said: Readonly<Record<NodeFault['code'], string>> = {
  MALFORMED: 'it shows what nobody can read',
  OTHER_NETWORK: 'it shows a request of another network',
  UNTIMELY: 'it shows a request at a time when nobody answers it',
  OTHER_PATIENT: "it shows a request for another patient's record",
  NOT_SIGNED: 'it shows a request that its reader did not sign',
  WITHHELD: 'it wrote that it released something and does not show it',
  UNLOGGED: 'it released something and never wrote that it did',
  UNREQUESTED: 'it released what nobody had logged',
}

/** What key nodes did wrong, each kind once for each node, and which told nothing. `alone`: stdout is for something else. */
export function nodeLines({ accounting }: PlaceAccounting, terminal: Terminal, { alone }: { alone: boolean }): void {
  const { faults, silent } = accounting
  const counts = new Map<string, { readonly fault: NodeFault; count: number }>()
  for (const fault of faults) {
    const name = `${fault.operator} ${fault.code}`
    const known = counts.get(name) ?? { fault, count: 0 }
    counts.set(name, { fault, count: known.count + 1 })
  }
  if (terminal.json && !alone) for (const fault of faults) terminal.result({ type: 'fault', ...fault }, '')
  for (const { fault, count } of counts.values())
    terminal.warn(
      `key node ${fault.operator}: ${fault.code}, ${said[fault.code]}${count > 1 ? ` (${count} times)` : ''}`,
    )
  for (const { operator, code } of silent) terminal.warn(`key node ${operator} told nothing: ${code}`)
}
