/**
 * Consents before they are signed: from the options of one command, or from the lines of a file.
 * @module
 */
import { randomBytes } from 'node:crypto'
import { fromUtf8, type Hex, toHex } from '@sharewell/sdk/bytes'
import {
  type ConsentReceipt,
  encodeConsentReceipt,
  type Grant,
  type Grantee,
  granteeOf,
  type Terms,
  view,
} from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import { UsageError } from '../command.ts'
import { lower } from '../failure.ts'
import { attempt, isMap } from '../guess.ts'
import { readSmall } from '../input.ts'
import { formatMoment, parseMoment } from '../time.ts'
import { findGrantee, type GranteeWords } from './grantees.ts'
import { checkScope, type Scope, type ScopeWords, scopeOf } from './scope.ts'
import type { Session } from './session.ts'
import { parsePurposes, purposeWords } from './terms.ts'

/** One consent in the words of the command line or of a line of a file. */
export type GrantWords = GranteeWords &
  ScopeWords & {
    readonly purpose?: string | undefined
    readonly from?: string | undefined
    readonly until?: string | undefined
    /** How often; 0 or absent: any number of times. */
    readonly uses?: number | undefined
  }

/** One consent, ready to be signed. */
export type PlannedGrant = {
  readonly scope: Scope
  readonly grantee: Grantee
  /** Random where nobody shall see on the chain whom it is for. */
  readonly salt: Hex
  readonly terms: Terms
  /** One sentence for the patient. */
  readonly words: string
}

const noSalt: Hex = `0x${'00'.repeat(32)}`
const mostInBatch = 64
const maxFile = 1 << 20
/** Most uses that a consent can name. */
export const mostUses = 65_535

/** Refuses what cannot be granted, before any network is asked. */
export function checkGrant(words: GrantWords): void {
  checkScope(words)
  parsePurposes(words.purpose ?? 'TREAT')
  timesOf(words)
}

function timesOf({ from, until }: GrantWords): { readonly start: number | undefined; readonly end: number } {
  const now = Math.floor(Date.now() / 1000)
  const start = from === undefined ? undefined : parseMoment(from, now)
  const end = parseMoment(until ?? '30d', now)
  if (end <= (start ?? now) || end <= now)
    throw new UsageError({
      problem: `a grant until ${formatMoment(end)} is over before it begins`,
      hints: ['choose a later --until'],
    })
  return { start, end }
}

/** Looks up everything that one consent names. */
export async function planGrant(
  session: Session,
  words: GrantWords,
  { isPrivate, signal }: { readonly isPrivate: boolean; readonly signal: AbortSignal },
): Promise<PlannedGrant> {
  const { start, end } = timesOf(words)
  const purposes = parsePurposes(words.purpose ?? 'TREAT')
  const { grantee, name } = await findGrantee(session, words, signal)
  const scope = await scopeOf(session, words, signal)
  // Readers' machines take the earlier of their clock and the head's: what begins now must have begun for both.
  const from = start ?? (await view(session.chain, { signal })).earlier
  const { uses = 0 } = words
  if (isPrivate && uses > 0)
    throw new UsageError({
      problem: 'each use that is counted shows on the chain who reads, so a private grant cannot count them',
      hints: ['leave --uses away, or --private'],
    })
  const terms: Terms = { from, until: end, purposes, categories: scope.categories, useLimit: uses }
  const begin = start === undefined ? '' : `from ${formatMoment(from)} `
  const often = uses === 0 ? '' : `, ${timesInWords(uses)}`
  const told = `${name} may read ${scope.what}, for ${purposeWords(purposes)}, ${begin}until ${formatMoment(end)}${often}`
  return { scope, grantee, salt: isPrivate ? toHex(randomBytes(32)) : noSalt, terms, words: told }
}

/** How often somebody may open something. */
const timesInWords = (uses: number) => (uses === 1 ? 'once' : `at most ${uses} times`)

/** A consent as it is signed. */
export function asGrant({ scope, grantee, salt, terms }: PlannedGrant): Grant {
  return { granteeId: granteeOf(grantee, salt), recordId: scope.recordId, terms }
}

/** What the patient hands to a reader whom the chain does not show. */
export function receiptOf(networkId: Hex, planned: PlannedGrant, proof: ConsentReceipt['proof']): string {
  const { scope, grantee, salt, terms } = planned
  const { pseudonym, recordId } = scope
  return encodeConsentReceipt({ networkId, pseudonym, grantee, salt, recordId, terms, proof })
}

/** Reads consents from a file of JSON Lines: `{"to": "0x...", "categories": ["laboratory"], "until": "30d"}`. */
export async function readGrants(file: string, signal: AbortSignal): Promise<readonly GrantWords[]> {
  const lines = fromUtf8(await readSmall(file, maxFile, signal)).split('\n')
  const found = lines.flatMap((line, at) => (line.trim() === '' ? [] : [inLine(at + 1, () => parseLine(line))]))
  if (found.length === 0)
    throw new UsageError({ problem: `${file} names no consent`, hints: ['write one JSON object a line'] })
  if (found.length > mostInBatch)
    throw new UsageError({
      problem: `${found.length} consents at once`,
      hints: [`at most ${mostInBatch} go into one batch; split the file`],
    })
  return found
}

/** Does something for one line, and names the line where that fails. */
export function inLine<T>(line: number, run: () => T): T {
  try {
    return run()
  } catch (error) {
    throw lineError(line, error)
  }
}

/** The same error, with its line. */
export function lineError(line: number, error: unknown): unknown {
  if (!(error instanceof BaseError)) return error
  const [said = ''] = error.message.split('\n')
  return new BatchLineError({ line, said: lower(said), hints: error.hints, misused: error.code === 'USAGE' })
}

const fields = [
  ...(['to', 'organization', 'role', 'at', 'record', 'categories', 'sensitive'] as const),
  ...(['all', 'purpose', 'from', 'until', 'uses'] as const),
] as const

function parseLine(line: string): GrantWords {
  const value = attempt((): unknown => JSON.parse(line))
  if (!isMap(value)) throw new UsageError({ problem: 'it is no JSON object' })
  const strange = Object.keys(value).find((key) => !(fields as readonly string[]).includes(key))
  if (strange !== undefined)
    throw new UsageError({
      problem: `it has the unknown field ${strange.slice(0, 40)}`,
      hints: [`fields: ${fields.join(', ')}`],
    })
  const { to, categories, sensitive, all, uses, ...rest } = value
  const [names, parts] = [categories, sensitive].map((each) => (Array.isArray(each) ? each.join(',') : each))
  const words = {
    ...rest,
    who: to,
    ...(names !== undefined && { categories: names }),
    ...(parts !== undefined && { sensitive: parts }),
  }
  const odd = Object.entries(words).find(([, each]) => each !== undefined && typeof each !== 'string')
  if (odd !== undefined || (all !== undefined && typeof all !== 'boolean'))
    throw new UsageError({
      problem: `${odd?.[0] === 'who' ? 'to' : (odd?.[0] ?? 'all')} is no ${odd ? 'text' : 'true or false'}`,
    })
  checkUses(uses)
  // Every other value is a string or absent, and every name one of ours.
  const grant = { ...words, ...(all === true && { all }), ...(uses !== undefined && { uses }) } as GrantWords
  checkGrant(grant)
  return grant
}

function checkUses(uses: unknown): void {
  if (uses === undefined || (Number.isInteger(uses) && Number(uses) > 0 && Number(uses) <= mostUses)) return
  throw new UsageError({ problem: `uses is no whole number from 1 to ${mostUses}` })
}

/** Thrown when one line of a file of consents cannot be granted; nothing of the file was. */
export class BatchLineError extends BaseError<'USAGE' | 'BATCH_LINE'> {
  override readonly name = 'BatchLineError'
  constructor({ line = 0, said = '', hints = [], misused = false }: BatchLineError.Options) {
    super(misused ? 'USAGE' : 'BATCH_LINE', `line ${line}: ${said}`, {
      hints: [...hints, 'nothing was granted; correct the line and try again'],
    })
  }
}
export declare namespace BatchLineError {
  type Options = { line?: number; said?: string; hints?: readonly string[]; misused?: boolean }
}
