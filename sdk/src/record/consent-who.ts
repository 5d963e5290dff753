import type { Hex } from '../bytes.ts'
import { type ConsentGrantee, urns } from './consent.ts'
import type { StartOfDay } from './consent-time.ts'
import type { Element } from './element.ts'

/** What the names in a FHIR Consent mean, for whom reads it. */
export type Known = {
  readonly networkId: Hex
  /** Whose consent it has to be. */
  readonly pseudonym: Hex
  /** The organization that keeps the records. */
  readonly provider: Hex
  /** Whom a reference (`Practitioner/13`) or an identifier (`system|value`) of another system means. */
  readonly means?: ((name: string) => ConsentGrantee | 'patient' | undefined) | undefined
  /** Whom a consent means that names nobody: everybody in a community that somebody has to draw. */
  readonly everyone?: readonly ConsentGrantee[] | undefined
  /** Addresses of policies that the patient has read and that say no more than the provisions. */
  readonly policies?: readonly string[] | undefined
  /** Where days begin. Without it a date without a time is refused. */
  readonly startOfDay?: StartOfDay | undefined
}

/** What a Reference calls its target: `system|value` of an identifier, or the reference itself. */
export function nameOf(reference: Element): string | undefined {
  const fields = reference.fields(['reference', 'identifier'], ['type', 'display'])
  if (fields.identifier) {
    const { system, value } = fields.identifier.fields(['system', 'value'], ['use', 'type', 'period', 'assigner'])
    const of = value?.text()
    return of === undefined ? reference.refuse('it names nobody') : `${system?.text() ?? ''}|${of}`
  }
  return fields.reference ? fields.reference.text() : reference.refuse('it names nobody')
}

/** Whom a name means: one of ours by its own form, any other by what `known` says. */
export function whoIs(name: string, known: Known): ConsentGrantee | 'patient' | undefined {
  const [, system, value = ''] = /^(urn:sharewell:[a-z]+)\|(.*)$/u.exec(name) ?? []
  switch (system) {
    case undefined:
      return known.means?.(name)
    case urns.pseudonym:
      return value === known.pseudonym.toLowerCase() ? 'patient' : undefined
    case urns.account:
      return isHex(value, 20) ? { kind: 'person', account: value } : undefined
    case urns.organization:
      return isHex(value, 16) ? { kind: 'organization', organization: value } : undefined
    case urns.role: {
      const [organization = '', role = ''] = value.split('/')
      const isRole = /^(?:\d|[12]\d|3[01])$/u.test(role) && value === `${organization}/${role}`
      return isRole && isHex(organization, 16) ? { kind: 'role', organization, role: Number(role) } : undefined
    }
    default:
      return undefined
  }
}

/** The record that a name means; only ours have names here. */
export function recordNamed(name: string): Hex | undefined {
  const value = name.startsWith(`${urns.record}|`) ? name.slice(urns.record.length + 1) : ''
  return isHex(value, 32) ? value : undefined
}

const isHex = (text: string, bytes: number): text is Hex => new RegExp(`^0x[0-9a-f]{${2 * bytes}}$`, 'u').test(text)
