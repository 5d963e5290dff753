import { type Bytes, equal, fromBase64url, fromHex, type Hex, toBase64url, toHex } from '../bytes.ts'
import { decode, encode, field } from '../cbor/index.ts'
import { publicKeyLength } from '../envelope/index.ts'
import { BaseError } from '../errors.ts'
import { pseudonymOf } from './place.ts'

/**
 * What a patient shows to a provider, as text or as a QR code (byte mode): enough to register the pseudonym there and
 * to seal records to it. It is no secret, and holds nothing that is of use at another provider.
 */
export type PatientCode = {
  readonly networkId: Bytes
  readonly providerId: Bytes
  readonly controller: Hex
  readonly rho: Bytes
  /** Recomputed from the fields above, never taken on trust. */
  readonly pseudonym: Bytes
  /** The X-Wing key that this provider seals to. */
  readonly selfPublicKey: Bytes
  /** EIP-712 `Register` by the controller: 65 bytes, or what a contract account answers with. PatientRegistry checks it. */
  readonly signature: Bytes
}

/** What a code starts with, so that a person and a scanner tell it from other codes. */
const prefix = 'sharewell1:'
const maxSignature = 1024

/**
 * Writes a patient code: `sharewell1:` and base64url of CBOR, about 1.9 KB.
 * @throws PatientCodeError when a field has another length.
 */
export function encodePatientCode(code: Omit<PatientCode, 'pseudonym'>): string {
  const { networkId, providerId, rho, selfPublicKey, signature } = code
  const fields = { n: networkId, p: providerId, c: fromHex(code.controller), r: rho, k: selfPublicKey, s: signature }
  const text = prefix + toBase64url(encode({ v: 1, ...fields }))
  parsePatientCode(text)
  return text
}

/**
 * Reads a patient code as it comes from a screen, a scanner or a clipboard: white space in it does not matter.
 * The pseudonym is recomputed; the controller's signature is checked by PatientRegistry when it registers.
 * @throws PatientCodeError when it is no patient code, is damaged, or is of another network or provider.
 * @example
 * const { pseudonym, selfPublicKey } = parsePatientCode(scanned, { networkId, providerId })
 */
export function parsePatientCode(text: string, expected: parsePatientCode.Expected = {}): PatientCode {
  const compact = text.replace(/\s+/gu, '')
  if (!compact.startsWith(prefix)) throw new PatientCodeError({ reason: 'it does not start with "sharewell1:"' })
  let fields: ReturnType<typeof readCode>
  try {
    fields = readCode(decode(fromBase64url(compact.slice(prefix.length))), 'patient code')
  } catch (cause) {
    throw new PatientCodeError({ reason: 'it is damaged or incomplete', cause })
  }
  const { n: networkId, p: providerId, r: rho, k: selfPublicKey, s: signature } = fields
  if (signature.length < 65 || signature.length > maxSignature)
    throw new PatientCodeError({ reason: 'its signature is damaged or incomplete' })
  if (expected.networkId !== undefined && !equal(networkId, expected.networkId))
    throw new PatientCodeError({ reason: 'it is of another network' })
  if (expected.providerId !== undefined && !equal(providerId, expected.providerId))
    throw new PatientCodeError({ reason: 'it was made for another provider' })
  const controller = toHex(fields.c)
  const pseudonym = pseudonymOf({ networkId, controller, rho })
  return { networkId, providerId, controller, rho, pseudonym, selfPublicKey, signature }
}
export declare namespace parsePatientCode {
  type Expected = {
    readonly networkId?: Bytes | undefined
    /** The provider that reads it: a code for another provider would link the two. */
    readonly providerId?: Bytes | undefined
  }
}

const readCode = field.record({
  v: field.literal(1),
  n: field.bytes(32),
  p: field.bytes(16),
  c: field.bytes(20),
  r: field.bytes(32),
  k: field.bytes(publicKeyLength),
  s: field.bytes(),
})

/** Thrown when a patient code does not read, or is not for this provider. */
export class PatientCodeError extends BaseError<'PATIENT_CODE'> {
  override readonly name = 'PatientCodeError'
  constructor({ reason = 'it does not read', cause }: PatientCodeError.Options) {
    super('PATIENT_CODE', `The patient code is refused: ${reason}.`, {
      cause,
      hints: ['Ask the patient to show the code made for this provider, and scan it whole.'],
      docs: 'person.md#patient-code',
    })
  }
}
export declare namespace PatientCodeError {
  type Options = { reason?: string; cause?: unknown }
}
