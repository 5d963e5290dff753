import type { Hex } from '../bytes.ts'
import { BaseError } from '../errors.ts'
import type { Refusal } from './element.ts'

/** Purposes that a consent can name: HL7 v3-ActReason without BTG, which asks nobody. */
export const consentPurposes = ['TREAT', 'ETREAT', 'HPAYMT', 'HOPERAT', 'HRESCH', 'PATRQT', 'PUBHLTH'] as const
/** One of {@link consentPurposes}. */
export type ConsentPurpose = (typeof consentPurposes)[number]

/** Whom a consent names. */
export type ConsentGrantee =
  | { readonly kind: 'person'; readonly account: Hex }
  | { readonly kind: 'organization'; readonly organization: Hex }
  | { readonly kind: 'role'; readonly organization: Hex; readonly role: number }

/** A grant that somebody may sign, or a file says. Times in seconds since 1970. */
export type PermitDraft = {
  readonly kind: 'permit'
  readonly grantee: ConsentGrantee
  /** One record; absent where `categories` are granted. */
  readonly recordId?: Hex | undefined
  /** Ids, ascending; empty beside a record. */
  readonly categories: readonly number[]
  /** In the order of {@link consentPurposes}. */
  readonly purposes: readonly ConsentPurpose[]
  /** First second; 0 where no first one is set. */
  readonly from: number
  /** First second after; {@link forever} where no end is set. */
  readonly until: number
  /** 0: any number of uses. */
  readonly useLimit: number
}

/** A denial: the person reads nothing, or not this record, for whatever purpose, until it is undone. */
export type DenyDraft = {
  readonly kind: 'deny'
  readonly grantee: ConsentGrantee
  readonly recordId?: Hex | undefined
}

/** A consent as ConsentRegistry can hold it. */
export type ConsentDraft = PermitDraft | DenyDraft

/** Where and when a consent was given. */
export type ConsentFrame = {
  readonly networkId: Hex
  readonly pseudonym: Hex
  /** Organization that keeps the records. */
  readonly provider: Hex
  /** The slot that holds it on chain. */
  readonly key: Hex
  /** When it was decided. */
  readonly decidedAt: number
}

/** The end of a permit that has none: the last moment that the chain can write. */
export const forever = 2 ** 40 - 1

/** Systems of our identifiers and codes, and the policy that a consent of ours is made under. */
export const urns = {
  account: 'urn:sharewell:account',
  organization: 'urn:sharewell:organization',
  role: 'urn:sharewell:role',
  record: 'urn:sharewell:record',
  pseudonym: 'urn:sharewell:pseudonym',
  network: 'urn:sharewell:network',
  consent: 'urn:sharewell:consent',
  category: 'urn:sharewell:category',
  useLimit: 'urn:sharewell:use-limit',
  policy: 'urn:sharewell:policy:1',
} as const

/** Code systems of HL7 and LOINC that a Consent uses. */
export const codeSystems = {
  scope: 'http://terminology.hl7.org/CodeSystem/consentscope',
  loinc: 'http://loinc.org',
  participation: 'http://terminology.hl7.org/CodeSystem/v3-ParticipationType',
  purpose: 'http://terminology.hl7.org/CodeSystem/v3-ActReason',
  confidentiality: 'http://terminology.hl7.org/CodeSystem/v3-Confidentiality',
  sensitivity: 'http://terminology.hl7.org/CodeSystem/v3-ActCode',
  action: 'http://terminology.hl7.org/CodeSystem/consentaction',
} as const

/**
 * Thrown when a FHIR Consent says what no consent of ours can hold, or the reverse. It names every element in the way;
 * nothing is left out or rounded.
 */
export class FhirConsentError extends BaseError<'FHIR_CONSENT'> {
  override readonly name = 'FhirConsentError'
  /** Every element in the way, with the reason. */
  readonly refused: readonly Refusal[]
  constructor({ refused = [{ element: 'Consent', reason: 'it is none' }] }: FhirConsentError.Options) {
    const [first] = refused
    const more = refused.length > 1 ? ` (and ${refused.length - 1} more)` : ''
    super('FHIR_CONSENT', `The FHIR Consent is refused at ${first?.element}: ${first?.reason}${more}.`, {
      hints: [
        ...refused.slice(1, 9).map(({ element, reason }) => `also ${element}: ${reason}`),
        'Ask for a Consent without it, or grant what you mean yourself.',
      ],
      docs: 'fhir-consent.md#refused',
    })
    this.refused = refused
  }
}
export declare namespace FhirConsentError {
  type Options = { refused?: readonly Refusal[] }
}
