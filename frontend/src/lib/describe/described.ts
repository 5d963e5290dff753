import type { Network } from '@sharewell/sdk/chain'
import type { Hex } from 'viem'
import { granteeText } from '../grantees.ts'
import { lower, type NameBook, short } from '../names.ts'

/** A request to a wallet in plain words. */
export type Described = {
  readonly title: string
  readonly sentence: string
  readonly facts: readonly { readonly label: string; readonly value: string }[]
  /** What to think of before saying yes. */
  readonly warning?: string | undefined
  /** The request as the wallet gets it, for those who want to compare. */
  readonly raw: string
}

/** A description without its raw text, as the describers of each kind write it. */
export type Words = Omit<Described, 'raw'>

/** What a describer may look up. */
export type Context = { readonly network: Network; readonly names: NameBook }

/** The name behind an account, with its mark, or the short account itself. */
export function accountName(address: Hex, { names }: Context): string {
  const name = names.accounts.get(lower(address))
  return name ? marked(name.text, name.verified) : `account ${short(address)}`
}

/** The name of an organization. */
export function organizationName(id: Hex, { names }: Context): string {
  const name = names.organizations.get(lower(id))
  return name ? marked(name.text, name.verified) : `organization ${short(id)}`
}

/** Who a grantee's hashed id stands for. */
export function granteeName(id: Hex, context: Context): string {
  if (/^0x0+$/.test(id)) return 'everyone'
  const grantee = context.names.grantees.get(lower(id))
  return grantee ? granteeText(grantee, context.names) : `somebody this page does not know (${short(id)})`
}

/** How a pseudonym is called on this page. */
export function pseudonymName(id: Hex, { names }: Context): string {
  return names.pseudonyms.get(lower(id))?.text ?? `patient code ${short(id)}`
}

/** How a record is called on this page. */
export function recordName(id: Hex, { names }: Context): string {
  return names.records.get(lower(id))?.text ?? `record ${id.slice(2, 6).toUpperCase()}`
}

/** The kinds of record that a mask means, or how many bits where this page cannot know. */
export function categoryNames(pseudonym: Hex, mask: number, { names }: Context): string {
  if (mask >>> 0 === 0xffffffff) return 'all kinds of record, also those that come later'
  const read = names.categories.get(lower(pseudonym))
  if (read) return read(mask >>> 0).join(', ')
  const count = [...(mask >>> 0).toString(2)].filter((bit) => bit === '1').length
  return `${count} of 32 kinds, which only the patient and the hospital can name`
}

const marked = (text: string, verified: boolean): string => (verified ? text : `${text} (name not verified)`)
