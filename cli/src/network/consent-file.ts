/**
 * FHIR Consents on the command line: a file as consents to sign, and consents as files.
 * @module
 */
import { type Bytes, fromUtf8, toHex } from '@sharewell/sdk/bytes'
import { type ConsentAct, type Grant, granteeOf } from '@sharewell/sdk/chain'
import {
  type ConsentDraft,
  type ConsentGrantee,
  categoriesOfMask,
  categoryMask,
  consentFromFhir,
  forever,
  type Known,
  type PermitDraft,
  purposeMask,
} from '@sharewell/sdk/record'
import { UsageError } from '../command.ts'
import { attempt } from '../guess.ts'
import { readSmall } from '../input.ts'
import { formatMoment } from '../time.ts'
import { findGrantee, receiptName } from './grantees.ts'
import { readMail } from './mailbox.ts'
import type { Place, Session } from './session.ts'
import { allCategories, categoryWords, purposeWords } from './terms.ts'

const maxFile = 1 << 20
const mostInBatch = 64

/** How names of other systems are explained: the options of `sharewell consent import`. */
export type Explained = {
  /** `Practitioner/13=okafor`, several separated by commas. */
  readonly means?: string | undefined
  readonly everyone?: string | undefined
  readonly policy?: string | undefined
  readonly utcDays?: boolean | undefined
}

/** Reads a FHIR Consent as the consents that mean the same, at one place of the patient. */
export async function readConsentFile(
  session: Session,
  place: Place,
  { file, ...explained }: Explained & { readonly file: string },
  signal: AbortSignal,
): Promise<readonly ConsentDraft[]> {
  const text = fromUtf8(await readSmall(file, maxFile, signal))
  const resource = attempt((): unknown => JSON.parse(text))
  if (resource === undefined)
    throw new UsageError({ problem: `${file} is no JSON`, hints: ['one FHIR Consent in a file'] })
  const drafts = consentFromFhir(resource, await knownBy(session, place, explained, signal))
  if (drafts.length > mostInBatch)
    throw new UsageError({
      problem: `${drafts.length} consents at once`,
      hints: [`at most ${mostInBatch} go into one batch; ask for a Consent with fewer actors or records`],
    })
  return drafts
}

async function knownBy(
  { file, chain, ...session }: Session,
  place: Place,
  { means, everyone, policy, utcDays }: Explained,
  signal: AbortSignal,
): Promise<Known> {
  const find = async (who: string): Promise<ConsentGrantee> => {
    const group = /^org:(.+)$/u.exec(who)?.[1]
    const words = group === undefined ? { who } : { organization: group }
    return (await findGrantee({ file, chain, ...session }, words, signal)).grantee
  }
  const names = new Map<string, ConsentGrantee | 'patient'>()
  for (const pair of means?.split(',') ?? []) {
    const at = pair.lastIndexOf('=')
    const [name, who] = [pair.slice(0, at).trim(), pair.slice(at + 1).trim()]
    if (at < 1 || who === '')
      throw new UsageError({
        problem: `--means ${pair} explains nothing`,
        hints: ['--means Practitioner/13=okafor,Patient/7=me,Organization/3=org:"Harbor General"'],
      })
    names.set(name, who === 'me' ? 'patient' : await find(who))
  }
  return {
    networkId: chain.network.networkId,
    pseudonym: toHex(place.keys.pseudonym),
    provider: place.providerId,
    means: (name) => names.get(name),
    ...(everyone !== undefined && { everyone: [await find(`org:${everyone}`)] }),
    policies: policy === undefined ? [] : [policy],
    ...(utcDays && { startOfDay: (day: string) => Date.parse(`${day}T00:00:00Z`) / 1000 }),
  }
}

/** What drafts are on the chain, and what each says in plain words. */
export type PlannedImport = {
  readonly acts: readonly ConsentAct[]
  readonly rows: readonly (readonly [who: string, what: string])[]
}

/** Turns drafts into decisions to sign: all permits in one, each denial by itself. */
export async function planImport(
  session: Session,
  place: Place,
  drafts: readonly ConsentDraft[],
  signal: AbortSignal,
): Promise<PlannedImport> {
  const pseudonym = toHex(place.keys.pseudonym)
  const categoryKey = await keyFor(session, place, drafts, signal)
  const rows = await Promise.all(
    drafts.map(
      async (draft) => [await receiptName(session, { grantee: draft.grantee }, signal), draftWords(draft)] as const,
    ),
  )
  const denials = drafts.flatMap(({ kind, grantee, recordId }): ConsentAct[] =>
    kind === 'deny' && grantee.kind === 'person'
      ? [{ kind: 'Deny', pseudonym, recordId, account: grantee.account }]
      : [],
  )
  const grants = drafts.flatMap((draft) => (draft.kind === 'permit' ? [grantOf(draft, categoryKey)] : []))
  const [first, ...others] = grants
  if (!first) return { acts: denials, rows }
  const act: ConsentAct =
    others.length === 0 ? { kind: 'Grant', pseudonym, ...first } : { kind: 'GrantMany', pseudonym, consents: grants }
  return { acts: [act, ...denials], rows }
}

/** The key to the bits of categories, where some of the drafts name fewer than all. */
async function keyFor(
  session: Session,
  place: Place,
  drafts: readonly ConsentDraft[],
  signal: AbortSignal,
): Promise<Bytes | undefined> {
  const needed = drafts.some(
    (draft) => draft.kind === 'permit' && !draft.recordId && categoryWords(draft.categories) !== everything,
  )
  if (!needed) return undefined
  const { categoryKey } = await readMail(session, place, signal)
  if (categoryKey !== undefined) return categoryKey
  throw new UsageError({
    problem: 'the provider has not sent the key to your categories yet',
    hints: ['try again when it has; nothing was granted'],
  })
}

/** Without a key every category is meant, whichever bits they have. */
function grantOf({ grantee, recordId, categories, ...draft }: PermitDraft, categoryKey: Bytes | undefined): Grant {
  const { from, until, useLimit } = draft
  const mask = categoryKey ? categoryMask(categoryKey, categories) : allCategories
  const terms = { from, until, useLimit, categories: recordId ? 0 : mask, purposes: purposeMask(draft.purposes) }
  return { granteeId: granteeOf(grantee), recordId, terms }
}

const everything = categoryWords(categoriesOfMask(allCategories, undefined) ?? [])

/** One draft as a person reads it. */
function draftWords(draft: ConsentDraft): string {
  const record = draft.recordId && `record ${draft.recordId}`
  if (draft.kind === 'deny') return `may read nothing of ${record ?? 'your records there'}, whatever else you granted`
  const { from, until, useLimit, categories } = draft
  const what = record ?? `${categoryWords(categories)}, also future ones`
  const times = useLimit === 0 ? '' : `, ${useLimit} times at most`
  const start = from === 0 ? '' : `, from ${formatMoment(from)}`
  const end = until === forever ? ', without an end' : `, until ${formatMoment(until)}`
  return `may read ${what}, for ${purposeWords(purposeMask(draft.purposes))}${times}${start}${end}`
}
