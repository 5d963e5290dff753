import { type Address, type Hex, pad, zeroHash } from 'viem'
import { type Bytes, fromBase64url, fromHex, toBase64url, toHex } from '../bytes.ts'
import { decode, encode, field } from '../cbor/index.ts'
import { BaseError } from '../errors.ts'
import { type Terms, termsOf } from './consents.ts'
import type { SignedConsent } from './consents-signed.ts'
import { type Grantee, granteeOf } from './ids.ts'

/**
 * What a patient hands to whom a consent names, as text, file or QR code: with the salt in it the reader finds the
 * consent, and nobody else can tell from the chain whom it names. It opens nothing by itself; who holds it learns which
 * pseudonym permits what to whom.
 */
export type ConsentReceipt = {
  readonly networkId: Hex
  readonly pseudonym: Hex
  readonly grantee: Grantee
  /** Shared by patient and reader; all zero where the chain shows the grantee. */
  readonly salt: Hex
  /** Recomputed from grantee and salt, never taken on trust. */
  readonly granteeId: Hex
  /** Absent: the consent is for categories. */
  readonly recordId?: Hex | undefined
  readonly terms: WholeTerms
  /** Where the consent stands: the transaction that carried it, or what the patient signed for anyone to carry. */
  readonly proof: ConsentProof
}

type WholeTerms = ReturnType<typeof termsOf>

/** The transaction of a consent, or the controller's signature under its `Grant`. */
export type ConsentProof =
  | { readonly transaction: Hex }
  | {
      readonly controller: Address
      readonly nonce: bigint
      readonly signedAt: number
      readonly deadline: number
      readonly signature: Hex
    }

const prefix = 'sharewell-consent1:'
/** Longest text that is read: a signature of 1 KiB and the rest. */
const maxLength = 4_096
const maxSignature = 1_024

/** Writes a consent receipt: `sharewell-consent1:` and base64url of CBOR, about 400 characters.
 * Errors: {@link ConsentReceiptError} when a field is out of range.
 * @example
 * const salt = toHex(randomBytes(32))
 * await grant(chain, { pseudonym, granteeId: granteeOf(grantee, salt), recordId, terms })
 * show(encodeConsentReceipt({ networkId, pseudonym, grantee, salt, recordId, terms, proof: { transaction } })) */
export function encodeConsentReceipt(receipt: encodeConsentReceipt.Receipt): string {
  const { networkId, pseudonym, grantee, salt, recordId = zeroHash, terms, proof } = receipt
  const { from, until, purposes, categories, useLimit } = termsOf(terms)
  const fields = {
    v: 1,
    n: fromHex(networkId),
    p: fromHex(pseudonym),
    k: kinds.indexOf(grantee.kind) + 1,
    w: wordOf(grantee),
    s: fromHex(salt),
    g: fromHex(granteeOf(grantee, salt)),
    r: fromHex(recordId),
    t: [from, until, purposes, categories, useLimit],
    ...('transaction' in proof ? { x: fromHex(proof.transaction) } : { c: signedFields(proof) }),
  }
  const text = prefix + toBase64url(encode(fields))
  parseConsentReceipt(text)
  return text
}
export declare namespace encodeConsentReceipt {
  type Receipt = Omit<ConsentReceipt, 'granteeId' | 'terms'> & { readonly terms: Terms }
}

/** Reads a consent receipt as it comes from a screen, a scanner, a file or a clipboard: white space in it does not
 * matter. The grantee id is recomputed; whether the consent stands is ConsentRegistry's to say (`decide`).
 * Errors: {@link ConsentReceiptError} when it is none, is damaged, or is of another network.
 * @example
 * const { pseudonym, salt } = parseConsentReceipt(pasted, { networkId: network.networkId })
 * const record = await retrieve({ chain, recordId, as: { kind: 'reader', purpose: 0, consentSalt: salt } }) */
export function parseConsentReceipt(text: string, { networkId }: { networkId?: Hex | undefined } = {}): ConsentReceipt {
  if (text.length > 2 * maxLength) throw new ConsentReceiptError({ reason: 'it is too long' })
  const compact = text.replace(/\s+/gu, '')
  if (!compact.startsWith(prefix)) throw new ConsentReceiptError({ reason: `it does not start with "${prefix}"` })
  if (compact.length > maxLength) throw new ConsentReceiptError({ reason: 'it is too long' })
  const receipt = read(compact.slice(prefix.length))
  if (networkId !== undefined && receipt.networkId !== networkId.toLowerCase())
    throw new ConsentReceiptError({ reason: 'it is of another network' })
  return receipt
}

/** The signed consent that a receipt carries, for its holder to bring to the chain with `relay` or `submitConsent`;
 * undefined where a transaction carried it already. */
export function signedConsentOf(receipt: ConsentReceipt): SignedConsent | undefined {
  const { pseudonym, granteeId, recordId = zeroHash, terms, proof } = receipt
  if ('transaction' in proof) return undefined
  const { signature, controller, ...once } = proof
  const message = { pseudonym, controller, granteeId, recordId, ...terms, ...once }
  return { kind: 'Grant', message, signature }
}

const kinds = ['person', 'organization', 'role'] as const

/** The 32 bytes by which a grantee id names its grantee. */
function wordOf(grantee: Grantee): Bytes {
  if (grantee.kind === 'person') return fromHex(pad(grantee.account), 32)
  const value = fromHex(pad(grantee.organization, { size: 32, dir: 'right' }), 32)
  if (grantee.kind === 'role') value[31] = grantee.role
  return value
}

/** The grantee of those bytes; undefined where they are not the one form that the kind has. */
function granteeFrom(kind: number, value: Bytes): Grantee | undefined {
  const isZero = (from: number, to: number) => value.subarray(from, to).every((byte) => byte === 0)
  const organization = toHex(value.slice(0, 16))
  const role = value[31] ?? 0
  if (kind === 1) return isZero(0, 12) ? { kind: 'person', account: toHex(value.slice(12)) } : undefined
  if (!isZero(16, 31) || isZero(0, 16)) return undefined
  if (kind === 2) return role === 0 ? { kind: 'organization', organization } : undefined
  return role < 32 ? { kind: 'role', organization, role } : undefined
}

const uint40 = field.integer(0, 2 ** 40 - 1)
const readFields = field.record({
  v: field.literal(1),
  n: field.bytes(32),
  p: field.bytes(32),
  k: field.integer(1, 3),
  w: field.bytes(32),
  s: field.bytes(32),
  g: field.bytes(32),
  r: field.bytes(32),
  t: field.array(field.integer(0, 2 ** 40 - 1), 5),
  x: field.optional(field.bytes(32)),
  c: field.optional(field.record({ a: field.bytes(20), o: field.bytes(32), f: uint40, d: uint40, s: field.bytes() })),
})
type Fields = ReturnType<typeof readFields>

function read(encoded: string): ConsentReceipt {
  let fields: Fields
  try {
    fields = readFields(decode(fromBase64url(encoded)), 'consent receipt')
  } catch (cause) {
    throw new ConsentReceiptError({ reason: 'it is damaged or incomplete', cause })
  }
  const grantee = granteeFrom(fields.k, fields.w)
  if (!grantee) throw new ConsentReceiptError({ reason: 'it names nobody that a consent can name' })
  const salt = toHex(fields.s)
  const granteeId = granteeOf(grantee, salt)
  if (granteeId !== toHex(fields.g))
    throw new ConsentReceiptError({ reason: 'its grantee is not the one it was made for' })
  const recordId = fields.r.every((byte) => byte === 0) ? undefined : toHex(fields.r)
  const names = { networkId: toHex(fields.n), pseudonym: toHex(fields.p), grantee, salt, granteeId, recordId }
  return { ...names, terms: readTerms(fields), proof: readProof(fields) }
}

function readTerms({ t, r }: Fields): WholeTerms {
  const [from = 0, until = 0, purposes = 0, categories = 0, useLimit = 0] = t
  const isWide = r.every((byte) => byte === 0)
  const good = from < until && purposes > 0 && purposes < 2 ** 16 && categories < 2 ** 32 && useLimit < 2 ** 16
  if (!good || isWide !== categories > 0)
    throw new ConsentReceiptError({ reason: 'it permits nothing that can be permitted' })
  return { from, until, purposes, categories, useLimit }
}

function readProof({ x, c }: Fields): ConsentProof {
  if (x && !c) return { transaction: toHex(x) }
  if (!c || x || c.s.length < 65 || c.s.length > maxSignature)
    throw new ConsentReceiptError({ reason: 'neither a transaction nor a signature stands under it' })
  const nonce = BigInt(toHex(c.o))
  return { controller: toHex(c.a), nonce, signedAt: c.f, deadline: c.d, signature: toHex(c.s) }
}

const signedFields = ({ controller, nonce, signedAt, deadline, signature }: SignedProof) => ({
  a: fromHex(controller),
  o: fromHex(pad(`0x${nonce.toString(16)}`), 32),
  f: signedAt,
  d: deadline,
  s: fromHex(signature),
})
type SignedProof = Exclude<ConsentProof, { readonly transaction: Hex }>

/** Thrown when a text is no consent receipt, or not one for this network. */
export class ConsentReceiptError extends BaseError<'CONSENT_RECEIPT'> {
  override readonly name = 'ConsentReceiptError'
  constructor({ reason = 'it does not read', cause }: ConsentReceiptError.Options) {
    super('CONSENT_RECEIPT', `The consent receipt is refused: ${reason}.`, {
      cause,
      hints: ['Ask the patient to show the consent receipt again, and copy or scan the whole of it.'],
      docs: 'consent.md#consent-receipt',
    })
  }
}
export declare namespace ConsentReceiptError {
  type Options = { reason?: string; cause?: unknown }
}
