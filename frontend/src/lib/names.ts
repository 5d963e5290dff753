import type { Grantee } from '@sharewell/sdk/chain'
import type { Hex } from 'viem'

/** A name with how far it can be trusted: `verified` when a signed directory entry says so. */
export type Name = { readonly text: string; readonly verified: boolean; readonly about?: string | undefined }

/** Which kinds of record a mask of bits means under one pseudonym. */
export type CategoryReader = (mask: number) => readonly string[]

/**
 * What this page has learned about the ids that stand in requests and events, so that a person reads names. It lives in
 * memory only and holds no more than what is on the screen anyway.
 */
export type NameBook = {
  readonly accounts: Map<Hex, Name>
  readonly organizations: Map<Hex, Name>
  readonly operators: Map<Hex, Name>
  /** From a grantee's id to whom it names; `hidden` where only those who share its salt can tell. */
  readonly grantees: Map<Hex, Grantee & { readonly hidden: boolean }>
  readonly pseudonyms: Map<Hex, Name>
  readonly records: Map<Hex, Name>
  readonly categories: Map<Hex, CategoryReader>
  /** What patients permit now, by the consent's key: what a new permission for the same takes the place of. */
  readonly standing: Map<Hex, Standing>
}

/** A permission that stands, as far as a person reads it. */
export type Standing = {
  readonly recordId: Hex
  readonly from: number
  readonly until: number
  readonly purposes: number
  readonly categories: number
  readonly useLimit: number
  readonly used: number
}

/** The one book of this page. */
export const names: NameBook = {
  accounts: new Map(),
  organizations: new Map(),
  operators: new Map(),
  grantees: new Map(),
  pseudonyms: new Map(),
  records: new Map(),
  categories: new Map(),
  standing: new Map(),
}

/** Ids are looked up in lower case, however a wallet writes them. */
export const lower = (hex: string): Hex => hex.toLowerCase() as Hex

/** A long id for a sentence: `0x1234…abcd`. */
export const short = (hex: string): string => (hex.length > 14 ? `${hex.slice(0, 6)}…${hex.slice(-4)}` : hex)
