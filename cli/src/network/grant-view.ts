/**
 * A patient's consents at one place, as a person reads them.
 * @module
 */
import { type Bytes, type Hex, toHex } from '@sharewell/sdk/bytes'
import { type Consent, consentsOf, recordsOf } from '@sharewell/sdk/chain'
import type { Line } from '../terminal.ts'
import { type Part, painted } from '../text.ts'
import { formatMoment } from '../time.ts'
import type { KnownGrantees } from './known-grantees.ts'
import type { Place, Session } from './session.ts'
import { categoryName, categoryNames, purposeWords } from './terms.ts'

/** What the view needs beside the chain. */
export type Knowledge = {
  readonly known: KnownGrantees
  readonly categoryKey: Bytes | undefined
  /** Also what is over. */
  readonly all: boolean
  /** Columns before each name. */
  readonly indent?: number | undefined
}

/** Who may read what, until when; latest decision first. */
export async function viewGrants(
  { chain }: Session,
  place: Place,
  { known, categoryKey, all, indent = 2 }: Knowledge,
  signal: AbortSignal,
): Promise<{ readonly lines: readonly Line[]; readonly hidden: number }> {
  const pseudonym = toHex(place.keys.pseudonym)
  const [consents, records] = await Promise.all([
    consentsOf(chain, { pseudonym }, { signal }),
    recordsOf(chain, { pseudonym }, { signal }),
  ])
  const kinds = new Map(records.map(({ recordId, category }) => [recordId, categoryName(categoryKey, category)]))
  const now = chain.clock()
  const shown = consents.filter((one) => all || isAlive(one, now))
  const lines = await Promise.all(
    shown.map(async (consent): Promise<Line> => {
      const grantee = known(consent.granteeId)
      const name =
        (await grantee?.name()) ?? `somebody whose receipt is not here (${consent.granteeId.slice(0, 10)}...)`
      const standing = standingOf(consent, now)
      const what = whatOf(consent, categoryKey, kinds)
      const value = {
        type: 'grant',
        ...consent,
        standing,
        name: grantee === undefined ? null : name,
        grantee: grantee?.grantee ?? null,
        private: grantee?.isPrivate ?? null,
      }
      return { value, text: wordsOf({ name, what, standing, consent, isPrivate: grantee?.isPrivate ?? false, indent }) }
    }),
  )
  return { lines, hidden: consents.length - shown.length }
}

/** `live`: somebody can read now; `later`: from a time on; the others let nobody read. */
type Standing = 'live' | 'later' | 'used up' | 'over' | 'revoked' | 'denied'

function standingOf({ state, from, until, useLimit, used }: Consent, now: number): Standing {
  if (state === 'denied') return 'denied'
  if (state !== 'permit') return 'revoked'
  if (until <= now) return 'over'
  if (useLimit > 0 && used >= useLimit) return 'used up'
  return from > now ? 'later' : 'live'
}

const isAlive = (consent: Consent, now: number) => ['live', 'later', 'denied'].includes(standingOf(consent, now))

function whatOf(
  { recordId, categories, state }: Consent,
  categoryKey: Bytes | undefined,
  kinds: ReadonlyMap<Hex, string>,
): string {
  if (BigInt(recordId) !== 0n) return `record ${recordId.slice(0, 12)}... (${kinds.get(recordId) ?? 'erased'})`
  if (state === 'denied') return 'everything'
  return `${categoryNames(categoryKey, categories)}, also future ones`
}

type Words = {
  readonly name: string
  readonly what: string
  readonly standing: Standing
  readonly consent: Consent
  readonly isPrivate: boolean
  readonly indent: number
}

function wordsOf({ name, what, standing, consent, isPrivate, indent }: Words): Part[] {
  const { from, until, purposes, changedAt, useLimit, used } = consent
  const left = useLimit > 0 ? `, ${useLimit - used} of ${useLimit} uses left` : ''
  const hidden = isPrivate ? ' (private)' : ''
  const ends: Readonly<Record<Standing, Part>> = {
    live: `for ${purposeWords(purposes)}, until ${formatMoment(until)}${left}`,
    later: painted(
      'careful',
      `for ${purposeWords(purposes)}, from ${formatMoment(from)} until ${formatMoment(until)}${left}`,
    ),
    'used up': painted('faint', `used up: opened ${used} times`),
    over: painted('faint', `over since ${formatMoment(until)}`),
    revoked: painted('faint', `revoked ${formatMoment(changedAt)}`),
    denied: painted('bad', `denied since ${formatMoment(changedAt)}`),
  }
  const [pad, deeper] = [' '.repeat(indent), ' '.repeat(indent + 2)]
  return [pad, painted('strong', name), `${hidden}\n${deeper}${what}\n${deeper}`, ends[standing]]
}
