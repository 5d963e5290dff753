import { type Grantee, granteeOf } from '@sharewell/sdk/chain'
import type { Hex } from 'viem'
import type { Directory } from './directory.ts'
import { lower, type NameBook, short } from './names.ts'

/** A role at an organization: its bit in an attestation, and what people call those who have it. */
export type Role = { readonly index: number; readonly label: string; readonly every: string }

/** Roles that an organization vouches for (docs/spec/actors.md). */
export const roles: readonly Role[] = [
  { index: 0, label: 'Doctors', every: 'every doctor' },
  { index: 1, label: 'Nurses', every: 'every nurse' },
  { index: 2, label: 'Pharmacists', every: 'every pharmacist' },
  { index: 3, label: 'Laboratory staff', every: 'everyone in the laboratory' },
  { index: 4, label: 'Registration desk', every: 'everyone at the registration desk' },
  { index: 5, label: 'Emergency staff', every: 'everyone on emergency duty' },
  { index: 6, label: 'Researchers', every: 'every researcher' },
  { index: 7, label: 'Administration', every: 'everyone in the administration' },
]

/** Those who have a role, in words. */
export const everyRole = (role: number): string =>
  roles.find(({ index }) => index === role)?.every ?? `everyone in role ${role}`

/** Whom a consent names, as it stands in a sentence. */
export function granteeText(grantee: Grantee, names: NameBook): string {
  if (grantee.kind === 'person')
    return nameOf(names.accounts.get(lower(grantee.account)), `account ${short(grantee.account)}`)
  const place = nameOf(
    names.organizations.get(lower(grantee.organization)),
    `organization ${short(grantee.organization)}`,
  )
  return `${grantee.kind === 'role' ? everyRole(grantee.role) : 'everyone'} at ${place}`
}

/** What it means to name them, in one sentence. */
export function granteeMeaning(grantee: Grantee, names: NameBook): string {
  const text = granteeText(grantee, names)
  if (grantee.kind === 'person') return `Only ${text}, as long as a hospital vouches for them.`
  const place = nameOf(names.organizations.get(lower(grantee.organization)), 'the organization')
  const who = text.slice(0, 1).toUpperCase() + text.slice(1)
  return `${who} and its departments, also those hired later, as long as ${place} vouches for them. Who leaves, loses it.`
}

const nameOf = (name: { text: string; verified: boolean } | undefined, otherwise: string): string =>
  name ? `${name.text}${name.verified ? '' : ' (name not verified)'}` : otherwise

/** Everyone whom a consent can name here: each person, organization and role of the directory. */
export function namedIn({ organizations, practitioners }: Directory): readonly Grantee[] {
  const people = practitioners.map(({ account }): Grantee => ({ kind: 'person', account }))
  const places = organizations
    .filter(({ canRead }) => canRead)
    .flatMap(({ id }): Grantee[] => [
      { kind: 'organization', organization: id },
      ...roles.map(({ index }): Grantee => ({ kind: 'role', organization: id, role: index })),
    ])
  return [...people, ...places]
}

/** Lets the page know grantees again by the ids under which the chain has them; `salt` keeps one from everybody else. */
export function learnGrantee(names: NameBook, grantee: Grantee, salt?: Hex): Hex {
  const id = lower(granteeOf(grantee, salt))
  names.grantees.set(id, { ...grantee, hidden: salt !== undefined })
  return id
}
