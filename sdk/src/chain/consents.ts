import { type Address, type Hex, type TransactionReceipt, zeroHash } from 'viem'
import { consentRegistryAbi } from './abi.ts'
import { type ReadOptions, read, write } from './call.ts'
import type { Chain } from './connect.ts'
import { type EventOptions, events, type Occurrence } from './events.ts'
import { consentKey, personId } from './ids.ts'
import type { Struct } from './typed-data.ts'
import type { WaitOptions } from './wait.ts'

/** Purposes of use (HL7 v3-ActReason); the index of each is its bit. They are no hierarchy. */
export const purposes = ['TREAT', 'ETREAT', 'BTG', 'HPAYMT', 'HOPERAT', 'HRESCH', 'PATRQT', 'PUBHLTH'] as const

/** One of {@link purposes}. */
export type Purpose = (typeof purposes)[number]

/** What a grant says. Times in seconds since 1970. */
export type Terms = {
  /** First second. */
  readonly from: number
  /** First second after. */
  readonly until: number
  /** Bits of {@link purposes}. */
  readonly purposes: number
  /** Mask in the pseudonym's permutation; 0 when one record is granted. */
  readonly categories: number
  /** How many release requests it permits; 0: any number. */
  readonly useLimit?: number | undefined
}

/** What one slot says. */
export type Consent = FullTerms & {
  readonly pseudonym: Hex
  readonly granteeId: Hex
  /** All zero where the consent is for categories. */
  readonly recordId: Hex
  readonly key: Hex
  readonly state: (typeof consentStates)[number]
  readonly changedAt: number
  /** Uses counted since the grant, where they are limited. */
  readonly used: number
}

const consentStates = ['none', 'permit', 'revoked', 'denied'] as const

/** Whom and what a consent is about. `recordId` absent: categories. */
export type ConsentScope = { readonly pseudonym: Hex; readonly granteeId: Hex; readonly recordId?: Hex | undefined }

/** One consent of a batch. `recordId` absent: the categories of `terms`. */
export type Grant = { readonly granteeId: Hex; readonly recordId?: Hex | undefined; readonly terms: Terms }

/** Up to 64 consents of one pseudonym. */
export type ConsentBatch = { readonly pseudonym: Hex; readonly consents: readonly Grant[] }

/** Which person is denied what. `recordId` absent: everything. */
export type DenialScope = {
  readonly pseudonym: Hex
  readonly account: Address
  /** Of the grantee id, where the person is known to the chain under a salted one only. */
  readonly salt?: Hex | undefined
  readonly recordId?: Hex | undefined
}

/** A consent as a signed batch holds it. */
export const structOf = ({ granteeId, recordId = zeroHash, terms }: Grant): Struct<'Consent'> => ({
  granteeId,
  recordId,
  ...termsOf(terms),
})

/** Terms with every field filled. */
export const termsOf = ({ from, until, purposes, categories, useLimit = 0 }: Terms): FullTerms => ({
  from,
  until,
  purposes,
  categories,
  useLimit,
})

type FullTerms = Omit<Terms, 'useLimit'> & { readonly useLimit: number }

/** Terms as one word, from the low end in the order of {@link Terms}: bits 40, 40, 16, 32, 16. */
function wordOf({ from, until, purposes, categories, useLimit }: FullTerms): bigint {
  const fields = [useLimit, categories, purposes, until, from] as const
  const bits = [16n, 32n, 16n, 40n, 40n] as const
  return fields.reduce((word, field, index) => (word << (bits[index] ?? 0n)) | BigInt(field), 0n)
}

/** The terms in the word of a slot, which a grant leaves in its event. */
export function termsIn(slot: bigint): FullTerms {
  const field = (shift: bigint, bits: bigint) => Number(BigInt.asUintN(Number(bits), slot >> shift))
  return {
    from: field(0n, 40n),
    until: field(40n, 40n),
    purposes: field(80n, 16n),
    categories: field(96n, 32n),
    useLimit: field(128n, 16n),
  }
}

/** A batch as the contract takes it: the terms of each consent as one word. */
export const batchOf = (consents: readonly Struct<'Consent'>[]) =>
  consents.map(({ granteeId, recordId, ...terms }) => ({ granteeId, recordId, terms: wordOf(terms) }))

/** Permits, or replaces what the slot said. By the pseudonym's controller.
 * @example
 * await grant(chain, { pseudonym, granteeId: personId(doctor), recordId, terms: { from, until, purposes: 1, categories: 0 } }) */
export async function grant(
  chain: Chain,
  { pseudonym, granteeId, recordId = zeroHash, terms }: ConsentScope & { terms: Terms },
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  const args = [pseudonym, granteeId, recordId, termsOf(terms)] as const
  return await write(chain, { ...registry(chain), functionName: 'grant', args }, options)
}

/** Ends what the slot says. Key nodes stop from that block on; what was read stays read. */
export async function revoke(
  chain: Chain,
  { pseudonym, granteeId, recordId = zeroHash }: ConsentScope,
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  const args = [pseudonym, granteeId, recordId] as const
  return await write(chain, { ...registry(chain), functionName: 'revoke', args }, options)
}

/** Permits several things at once, all or none. By the pseudonym's controller; a batch is never of two pseudonyms.
 * @example
 * await grantMany(chain, { pseudonym, consents: [{ granteeId: granteeOf({ kind: 'organization', organization }), terms }] }) */
export async function grantMany(
  chain: Chain,
  { pseudonym, consents }: ConsentBatch,
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  const args = [pseudonym, batchOf(consents.map(structOf))] as const
  return await write(chain, { ...registry(chain), functionName: 'grantMany', args }, options)
}

/** Forbids a person one record, or everything where none is named. Wins over every permit, also over one to an
 * organization that the person belongs to. Without a salt it binds the person whatever salt they show. */
export async function denyPerson(
  chain: Chain,
  { account, salt, pseudonym, recordId = zeroHash }: DenialScope,
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  const args = [pseudonym, personId(account, salt), recordId] as const
  return await write(chain, { ...registry(chain), functionName: 'deny', args }, options)
}

/** Stops sharing with a grantee altogether, or with everyone where none is named. */
export async function revokeAll(
  chain: Chain,
  { pseudonym, granteeId = zeroHash }: { pseudonym: Hex; granteeId?: Hex | undefined },
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  return await write(chain, { ...registry(chain), functionName: 'revokeAll', args: [pseudonym, granteeId] }, options)
}

/** What one slot says; state `none` where nothing was ever said. */
export async function consentOf(chain: Chain, scope: ConsentScope, options?: ReadOptions): Promise<Consent> {
  const { pseudonym, granteeId, recordId = zeroHash } = scope
  const key = consentKey(pseudonym, granteeId, recordId)
  const slot = await read(chain, { ...registry(chain), functionName: 'slotOf', args: [key] }, options)
  const { from, until, purposes, categories, useLimit, used, changedAt } = slot
  const state = consentStates[slot.state] ?? 'none'
  const terms = { from, until, purposes, categories, useLimit }
  return { pseudonym, granteeId, recordId, key, ...terms, used, changedAt, state }
}

/** The last `revokeAll` for a grantee (for everyone, where none is named); permits not younger are over. 0: never. */
export async function floorOf(
  chain: Chain,
  { pseudonym, granteeId = zeroHash }: { pseudonym: Hex; granteeId?: Hex | undefined },
  options?: ReadOptions,
): Promise<number> {
  return await read(chain, { ...registry(chain), functionName: 'floorOf', args: [pseudonym, granteeId] }, options)
}

/** Every consent of a pseudonym as its slot says it now, latest decision first. A permit that a `revokeAll` ended
 * is shown as revoked. */
export async function consentsOf(
  chain: Chain,
  { pseudonym }: { pseudonym: Hex },
  options?: WaitOptions,
): Promise<Consent[]> {
  const query = { ...registry(chain), args: { pseudonym } }
  const found = await Promise.all([
    events(chain, { ...query, eventName: 'Granted' }, options),
    events(chain, { ...query, eventName: 'Denied' }, options),
  ])
  const scopes = new Map(found.flat().map((scope) => [`${scope.granteeId}${scope.recordId}`, scope]))
  const everyone = await floorOf(chain, { pseudonym }, options)
  const consents = await Promise.all(
    [...scopes.values()].map(async ({ granteeId, recordId }) => {
      const consent = await consentOf(chain, { pseudonym, granteeId, recordId }, options)
      const floor = Math.max(everyone, await floorOf(chain, { pseudonym, granteeId }, options))
      const over = consent.state === 'permit' && consent.changedAt <= floor
      return over ? { ...consent, state: 'revoked' as const, changedAt: floor } : consent
    }),
  )
  // Of one second, the later one first too.
  return consents.toReversed().sort((a, b) => b.changedAt - a.changedAt)
}

/** The grants to one grantee, over all pseudonyms; what became of each is in its slot. */
export async function grantsTo(
  chain: Chain,
  { granteeId }: { granteeId: Hex },
  options?: EventOptions,
): Promise<(FullTerms & { pseudonym: Hex; granteeId: Hex; recordId: Hex } & Occurrence)[]> {
  const found = await events(chain, { ...registry(chain), eventName: 'Granted', args: { granteeId } }, options)
  return found.map(({ slot, ...grant }) => ({ ...grant, ...termsIn(slot) }))
}

/** What `decide` is asked. The time is not in it: {@link decide} asks for both clocks. */
export type DecideQuery = {
  readonly pseudonym: Hex
  readonly recordId?: Hex | undefined
  readonly categoryBit: number
  readonly reader: Address
  readonly salt?: Hex | undefined
  /** Index of {@link purposes}. */
  readonly purpose: number
}

export const registry = (chain: Chain) =>
  ({ address: chain.network.contracts.consentRegistry, abi: consentRegistryAbi }) as const
