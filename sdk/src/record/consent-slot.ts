import type { Bytes, Hex } from '../bytes.ts'
import { type ConsentDraft, type ConsentGrantee, type ConsentPurpose, consentPurposes } from './consent.ts'
import { everyCategory } from './consent-labels.ts'
import { categoryBits } from './ids.ts'

/** What a slot of ConsentRegistry says that still holds. */
export type Slot = {
  readonly state: string
  /** All zero where it is for categories. */
  readonly recordId: Hex
  readonly from: number
  readonly until: number
  readonly purposes: number
  readonly categories: number
  readonly useLimit: number
}

/** Bits of purposes on chain, in their order (docs/spec/consent.md#slot). */
const purposeBits = ['TREAT', 'ETREAT', 'BTG', 'HPAYMT', 'HOPERAT', 'HRESCH', 'PATRQT', 'PUBHLTH']
const bitOf = (purpose: ConsentPurpose): number => 1 << purposeBits.indexOf(purpose)

/** The purposes of a grant as the chain holds them. */
export function purposeMask(purposes: readonly ConsentPurpose[]): number {
  return purposes.reduce((mask, one) => mask | bitOf(one), 0)
}

/**
 * A consent on chain as a draft, for {@link consentToFhir}. Undefined where it names some categories, and the key to
 * their bits is not known.
 */
export function draftOfSlot(
  { state, recordId, ...terms }: Slot,
  { grantee, categoryKey }: { readonly grantee: ConsentGrantee; readonly categoryKey: Bytes | undefined },
): ConsentDraft | undefined {
  const record = BigInt(recordId) === 0n ? undefined : recordId
  if (state === 'denied') return { kind: 'deny', grantee, recordId: record }
  const categories = record ? [] : categoriesOfMask(terms.categories, categoryKey)
  if (categories === undefined) return undefined
  const { from, until, useLimit } = terms
  const purposes = consentPurposes.filter((one) => (terms.purposes & bitOf(one)) !== 0)
  return { kind: 'permit', grantee, recordId: record, categories, purposes, from, until, useLimit }
}

/** Ids of the categories of a mask; a mask of all 32 needs no key. */
export function categoriesOfMask(mask: number, categoryKey: Bytes | undefined): readonly number[] | undefined {
  if (mask >>> 0 === 0xffff_ffff) return everyCategory
  if (categoryKey === undefined) return undefined
  const bits = categoryBits(categoryKey)
  return everyCategory.filter((id) => (mask >>> (bits[id] ?? 0)) & 1)
}
