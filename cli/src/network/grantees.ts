/**
 * Whom a consent is for: a person, an organization, a role at one; by the words of the command line, or by a receipt.
 * @module
 */
import { existsSync } from 'node:fs'
import { fromUtf8, type Hex } from '@sharewell/sdk/bytes'
import { type ConsentReceipt, type Grantee, granteeOf, parseConsentReceipt } from '@sharewell/sdk/chain'
import { text, UsageError } from '../command.ts'
import { readSmall } from '../input.ts'
import { createNames, shownAs } from './names.ts'
import { findOrganization } from './organizations.ts'
import { findReader, personOf } from './people.ts'
import { parseRole, roleNames } from './roles.ts'
import type { Session } from './session.ts'

/** Options that name a grantee which is no person. */
export const granteeOptions = {
  organization: text('--organization <id|name>', 'everyone whom this organization, or one below it, vouches for'),
  role: { ...text('--role <role>', `only those in this role there: ${roleNames.join(', ')}`), words: roleNames },
  at: text('--at <id|name>', 'with --role: at this organization'),
}

/** What {@link granteeOptions} were given, and the operand. */
export type GranteeWords = {
  readonly who?: string | undefined
  readonly organization?: string | undefined
  readonly role?: string | undefined
  readonly at?: string | undefined
}

/** A grantee, and what a person calls it. */
export type NamedGrantee = { readonly grantee: Grantee; readonly name: string }

/** Who of a group is meant, in the plural. */
const plurals = [
  'physicians',
  'nurses',
  'pharmacists',
  'laboratory staff',
  'registration clerks',
  'emergency officers',
  'researchers',
  'administrators',
] as const

/** `everyone at Harbor General`, `physicians at Harbor General`. */
export function groupName(role: number | undefined, organization: string): string {
  return `${role === undefined ? 'everyone' : (plurals[role] ?? `role ${role}`)} at ${organization}`
}

/** The one grantee that the words name. */
export async function findGrantee(session: Session, words: GranteeWords, signal: AbortSignal): Promise<NamedGrantee> {
  const { who, organization, role, at } = words
  if ((role === undefined) !== (at === undefined))
    throw new UsageError({
      problem: role === undefined ? '--at names where a role is held' : 'a role is held somewhere',
      hints: ['--role physician --at "Harbor General"'],
    })
  const group = organization ?? at
  const named = [who, organization, at].filter((each) => each !== undefined).length
  if (named !== 1)
    throw new UsageError({
      problem: named === 0 ? 'say for whom' : 'one at a time',
      hints: ['name an account, or --organization NAME, or --role ROLE --at NAME'],
    })
  if (group === undefined) return await personNamed(session, who ?? '', signal)
  const { id, name } = await findOrganization(session, group, signal)
  const bit = role === undefined ? undefined : parseRole(role)
  const grantee: Grantee =
    bit === undefined ? { kind: 'organization', organization: id } : { kind: 'role', organization: id, role: bit }
  return { grantee, name: groupName(bit, shownAs(name, id)) }
}

/** The person that a word names, with the name under which an organization vouches for the account. */
export async function personNamed(session: Session, who: string, signal: AbortSignal): Promise<NamedGrantee> {
  const account = findReader(session, who)
  const demo = personOf(session.file.people, account)?.name
  const name = demo ?? (await createNames(session.chain, signal).account(account)) ?? account
  return { grantee: { kind: 'person', account }, name }
}

/** A grantee as revocations need it: its id is enough. */
export type GranteeRef = {
  readonly granteeId: Hex
  readonly name: string
  /** From a receipt: what it was for. */
  readonly receipt?: ConsentReceipt | undefined
}

/** The grantee that the words name; they may also be a consent receipt, or the id that 'sharewell grants' shows. */
export async function findGranteeRef(session: Session, words: GranteeWords, signal: AbortSignal): Promise<GranteeRef> {
  const { who, ...rest } = words
  const alone = Object.values(rest).every((each) => each === undefined)
  if (who !== undefined && alone && /^0x[0-9a-fA-F]{64}$/.test(who))
    return { granteeId: who.toLowerCase() as Hex, name: `${who.slice(0, 10)}...` }
  const receipt =
    who !== undefined && alone ? await readReceipt(who, session.chain.network.networkId, signal) : undefined
  if (receipt) return { granteeId: receipt.granteeId, name: await receiptName(session, receipt, signal), receipt }
  const { grantee, name } = await findGrantee(session, words, signal)
  return { granteeId: granteeOf(grantee), name }
}

const receiptPrefix = 'sharewell-consent'
const maxReceipt = 16_384

/** A consent receipt, from its text or a file with it; undefined where the word is neither. */
export async function readReceipt(
  word: string,
  networkId: Hex,
  signal: AbortSignal,
): Promise<ConsentReceipt | undefined> {
  if (word.startsWith(receiptPrefix)) return parseConsentReceipt(word, { networkId })
  if (word !== '-' && !existsSync(word)) return undefined
  const content = fromUtf8(await readSmall(word, maxReceipt, signal)).trim()
  return parseConsentReceipt(content, { networkId })
}

/** Whom a receipt is for, as a person says it. */
export async function receiptName(
  { file, chain }: Pick<Session, 'file' | 'chain'>,
  { grantee }: Pick<ConsentReceipt, 'grantee'>,
  signal: AbortSignal,
): Promise<string> {
  const names = createNames(chain, signal)
  if (grantee.kind === 'person')
    return (
      personOf(file.people, grantee.account)?.name ?? shownAs(await names.account(grantee.account), grantee.account)
    )
  const organization = shownAs(await names.organization(grantee.organization), grantee.organization)
  return groupName(grantee.kind === 'role' ? grantee.role : undefined, organization)
}
