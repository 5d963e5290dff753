import { consentKey } from '@sharewell/sdk/chain'
import type { Hex } from 'viem'
import { list, moment, plural } from '../format.ts'
import { granteeMeaning } from '../grantees.ts'
import { lower, type Standing } from '../names.ts'
import { purposesIn } from '../purposes.ts'
import { oftenText } from '../uses.ts'
import { type Context, categoryNames, granteeName, pseudonymName, recordName, type Words } from './described.ts'

/** One permission, however it reaches the chain: as a transaction, signed, or in a batch. */
export type Permission = {
  readonly granteeId: Hex
  readonly recordId: Hex
  readonly from: number
  readonly until: number
  readonly purposes: number
  readonly categories: number
  /** 0: any number of times. */
  readonly useLimit: number
}

/** A decision of a patient, in the words of a signed message and of a transaction alike. */
export const consentWords = {
  grant: (pseudonym: Hex, permission: Permission, context: Context): Words => {
    const who = granteeName(permission.granteeId, context)
    const before = standing(pseudonym, permission, context)
    return {
      title: before ? 'Change what you allowed' : 'Give access',
      sentence: `${upper(who)} may open what is listed here until ${moment(permission.until)}.${before ? ' This takes the place of what you allowed before.' : ''}`,
      facts: [
        { label: 'Who', value: who },
        ...meaningOf(permission.granteeId, context),
        ...changedFacts(
          permissionFacts(pseudonym, permission, context),
          before && permissionFacts(pseudonym, before, context),
        ),
        { label: 'Records of', value: pseudonymName(pseudonym, context) },
      ],
      warning: cannotUnread,
    }
  },

  grantMany: (pseudonym: Hex, permissions: readonly Permission[], context: Context): Words => ({
    title: 'Give access',
    sentence: `${plural(permissions.length, 'permission')} at once: all of them count, or none.`,
    facts: [
      ...permissions.map((permission, index) => ({
        label: `Permission ${index + 1}`,
        value: `${upper(granteeName(permission.granteeId, context))}: ${permissionText(pseudonym, permission, context)}${standing(pseudonym, permission, context) ? '; instead of what you allowed before' : ''}`,
      })),
      ...(permissions.some(({ granteeId }) => isHidden(granteeId, context)) ? [hiddenFact] : []),
      { label: 'Records of', value: pseudonymName(pseudonym, context) },
    ],
    warning: cannotUnread,
  }),

  revoke: (pseudonym: Hex, { granteeId, recordId }: Pick<Permission, 'granteeId' | 'recordId'>, context: Context) => {
    const who = granteeName(granteeId, context)
    return {
      title: 'Stop sharing',
      sentence: `What you said about ${who} here ends: nothing more can be opened under it.`,
      facts: [
        { label: 'Who', value: who },
        { label: 'What', value: isZero(recordId) ? 'All kinds granted together' : recordName(recordId, context) },
        { label: 'Records of', value: pseudonymName(pseudonym, context) },
      ],
    }
  },

  revokeAll: (pseudonym: Hex, granteeId: Hex, context: Context): Words => {
    const who = granteeName(granteeId, context)
    return {
      title: isZero(granteeId) ? 'Stop sharing with everyone' : 'Stop sharing everything',
      sentence: isZero(granteeId) ? 'Every permission you gave here ends.' : `Every permission for ${who} ends.`,
      facts: [
        { label: 'Who', value: who },
        { label: 'Records of', value: pseudonymName(pseudonym, context) },
      ],
      warning: 'Whom you refused stays refused. What was read until then cannot be unread.',
    }
  },

  deny: (pseudonym: Hex, { granteeId, recordId }: Pick<Permission, 'granteeId' | 'recordId'>, context: Context) => {
    const who = granteeName(granteeId, context)
    return {
      title: 'Say no',
      sentence: `${upper(who)} is refused, whatever other permissions say, also as a member of a team you share with.`,
      facts: [
        { label: 'Who', value: who },
        { label: 'What', value: isZero(recordId) ? 'Everything' : recordName(recordId, context) },
        { label: 'Records of', value: pseudonymName(pseudonym, context) },
      ],
      warning: 'It holds until you take it back.',
    }
  },
} as const

const cannotUnread = 'You can stop this at any time. What was read until then cannot be unread.'

/** All zero: no one record, or no one grantee. */
export const isZero = (hex: Hex): boolean => /^0x0*$/.test(hex)

const upper = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1)

/** What the patient allows the same grantee for the same now, and a new permission takes the place of. */
const standing = (pseudonym: Hex, { granteeId, recordId }: Permission, { names }: Context): Standing | undefined =>
  names.standing.get(lower(consentKey(pseudonym, granteeId, isZero(recordId) ? undefined : recordId)))

type Fact = { readonly label: string; readonly value: string }

/** The facts, each that changes with what it was. */
const changedFacts = (facts: readonly Fact[], before: readonly Fact[] | undefined): readonly Fact[] =>
  facts.map(({ label, value }) => {
    const was = before?.find((fact) => fact.label === label)?.value
    return { label, value: was === undefined || was === value ? value : `${was} → ${value}` }
  })

/** How often, of a new permission and of one that was used already. */
type Told = Omit<Permission, 'granteeId'> & { readonly used?: number }

function permissionFacts(pseudonym: Hex, permission: Told, context: Context): readonly Fact[] {
  const { recordId, categories, purposes, from, until, useLimit, used = 0 } = permission
  return [
    {
      label: 'What',
      value: isZero(recordId) ? categoryNames(pseudonym, categories, context) : recordName(recordId, context),
    },
    { label: 'Why', value: list(purposesIn(purposes).map(({ label }) => label)) },
    { label: 'From', value: moment(from) },
    { label: 'Until', value: moment(until) },
    { label: 'How often', value: upper(oftenText({ useLimit, used })) },
  ]
}

function permissionText(pseudonym: Hex, permission: Permission, context: Context): string {
  const [what, why, , until, often] = permissionFacts(pseudonym, permission, context)
  return `${what?.value}; for ${why?.value.toLowerCase()}; until ${until?.value}; ${often?.value.toLowerCase()}`
}

/** What naming a team means, and who can tell that it is named. */
function meaningOf(granteeId: Hex, { names }: Context) {
  const grantee = names.grantees.get(lower(granteeId))
  if (!grantee) return []
  const meaning = grantee.kind === 'person' ? [] : [{ label: 'That is', value: granteeMeaning(grantee, names) }]
  return grantee.hidden ? [...meaning, hiddenFact] : meaning
}

const hiddenFact = { label: 'In public', value: 'Nobody can tell from the public ledger who it is.' }

const isHidden = (granteeId: Hex, { names }: Context): boolean => names.grantees.get(lower(granteeId))?.hidden ?? false
