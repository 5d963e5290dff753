/**
 * What a consent is about: one record, kinds of records, or all of one provider's.
 * @module
 */
import { type Hex, toHex } from '@sharewell/sdk/bytes'
import { recordOf } from '@sharewell/sdk/chain'
import { type CategoryName, categoryOf } from '@sharewell/sdk/record'
import { text, UsageError } from '../command.ts'
import { readMail } from './mailbox.ts'
import { choosePlace, parseId, placeOfPseudonym } from './people.ts'
import { NoSuchRecordError } from './records.ts'
import type { Place, Session } from './session.ts'
import { allCategories, categoryWords, maskOf, parseGranted, parseSensitive } from './terms.ts'

/** Which of a patient's places a command is about. */
export const providerOption = text('--provider <provider>', 'of which provider, if you are a patient of several')

/** What a consent covers, and how a person says it. */
export type Scope = {
  readonly place: Place
  readonly pseudonym: Hex
  readonly recordId?: Hex | undefined
  /** 0 where it is one record. */
  readonly categories: number
  readonly what: string
}

/** What the words of the command line cover: exactly one of record, categories and all. */
export type ScopeWords = {
  readonly record?: string | undefined
  readonly categories?: string | undefined
  /** Labels of what is sensitive, beside or instead of categories. */
  readonly sensitive?: string | undefined
  readonly all?: boolean | undefined
  readonly provider?: string | undefined
}

/** Reads what may be read; refuses none and two of the ways to say it. */
export async function scopeOf(session: Session, words: ScopeWords, signal: AbortSignal): Promise<Scope> {
  const { record, all, provider } = checkScope(words)
  if (record !== undefined) return await recordScope(session, record, signal)
  const place = choosePlace(session, provider)
  const pseudonym = toHex(place.keys.pseudonym)
  if (all)
    return {
      place,
      pseudonym,
      categories: allCategories,
      what: 'all records of this provider, the sensitive ones too, also future ones',
    }
  const names = namesIn(words)
  const { categoryKey } = await readMail(session, place, signal)
  if (categoryKey === undefined)
    throw new UsageError({
      problem: 'the provider has not sent the key to your categories yet',
      hints: ['grant single records with --record, or --all'],
    })
  const what = `${categoryWords(names.map((name) => categoryOf(name).id))}, also future ones`
  return { place, pseudonym, categories: maskOf(categoryKey, names), what }
}

/** The categories that the words name, each once. */
function namesIn({ categories, sensitive }: ScopeWords): CategoryName[] {
  const kinds = categories === undefined ? [] : parseGranted(categories)
  return [...new Set([...kinds, ...(sensitive === undefined ? [] : parseSensitive(sensitive))])]
}

/** Refuses words that name nothing, or two things; needs no network. */
export function checkScope(words: ScopeWords): ScopeWords {
  const { record, categories, sensitive, all } = words
  const chosen = [record, categories ?? sensitive, all || undefined].filter((each) => each !== undefined)
  if (chosen.length !== 1)
    throw new UsageError({
      problem: 'say what may be read',
      hints: ['exactly one of --record ID, --categories NAMES (with --sensitive PARTS) and --all'],
    })
  if (record !== undefined) parseId(record, 'record id')
  namesIn(words)
  return words
}

/** One record of the patient's own. */
export async function recordScope(session: Session, record: string, signal: AbortSignal): Promise<Scope> {
  const recordId = parseId(record, 'record id')
  const found = await recordOf(session.chain, { recordId }, { signal })
  const place = found && placeOfPseudonym(session, found.pseudonym)
  if (place === undefined) throw new NoSuchRecordError({ recordId, mine: found !== undefined })
  return { place, pseudonym: toHex(place.keys.pseudonym), recordId, categories: 0, what: `record ${recordId}` }
}
