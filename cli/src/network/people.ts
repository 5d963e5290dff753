/**
 * Whom a word on the command line means.
 * @module
 */
import { existsSync } from 'node:fs'
import { type Bytes, fromHex, fromUtf8, type Hex, toHex } from '@sharewell/sdk/bytes'
import { patientOf } from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import { parsePatientCode } from '@sharewell/sdk/person'
import { UsageError } from '../command.ts'
import { attempt, isMap } from '../guess.ts'
import { readSmall } from '../input.ts'
import { createNames, shownAs } from './names.ts'
import { type KnownPatient, parseKnownPatient } from './network-file.ts'
import { demoPlaces, findPerson, type Place, registeredPlaces, type Session } from './session.ts'

/** A patient as somebody else sees one: a pseudonym, and the keys that this somebody knows. */
export type PatientRef = {
  readonly pseudonym: Hex
  readonly providerId: Hex
  readonly selfPublicKey?: Bytes | undefined
  readonly categoryKey?: Bytes | undefined
}

const hexOf = (length: number) => new RegExp(`^0x[0-9a-fA-F]{${2 * length}}$`)

/** Reads a 32-byte id from the command line. */
export function parseId(text: string, what: string): Hex {
  if (!hexOf(32).test(text))
    throw new UsageError({
      problem: `${text} is no ${what}`,
      hints: [`a ${what} is 0x and 64 hex digits; 'sharewell records' lists them`],
    })
  return text.toLowerCase() as Hex
}

/**
 * Finds a patient by a pseudonym, a patient code (text or file), a file with what a provider knows of the patient, a
 * label of this provider's, or the name of a patient of the demo.
 */
export async function findPatient(session: Session, who: string, signal: AbortSignal): Promise<PatientRef> {
  const named = session.patients.filter(({ label }) => label.toLowerCase() === who.toLowerCase())
  const found = hexOf(32).test(who)
    ? { pseudonym: who.toLowerCase() as Hex }
    : (named[0] ?? (await readPatient(session, who, signal)))
  const registered = await patientOf(session.chain, { pseudonym: found.pseudonym }, { signal })
  if (registered === undefined) throw new NoSuchPatientError({ who })
  const known = session.patients.find(({ pseudonym }) => pseudonym === found.pseudonym)
  return { ...found, ...known, providerId: registered.provider }
}

async function readPatient(
  session: Session,
  who: string,
  signal: AbortSignal,
): Promise<Partial<KnownPatient> & { pseudonym: Hex }> {
  const { network, people } = session.file
  if (!who.startsWith('sharewell1:') && !existsSync(who)) return demoPatient(session, who, signal)
  const text = who.startsWith('sharewell1:') ? who : fromUtf8(await readSmall(who, 1 << 16, signal)).trim()
  const known = attempt((): unknown => JSON.parse(text))
  if (isMap(known)) return parseKnownPatient(known)
  const { pseudonym, selfPublicKey } = parsePatientCode(text, { networkId: fromHex(network.networkId) })
  const categoryKey = people
    .flatMap(({ patients }) => patients)
    .find((each) => each.pseudonym === toHex(pseudonym))?.categoryKey
  return { pseudonym: toHex(pseudonym), selfPublicKey, ...(categoryKey && { categoryKey }) }
}

/** A patient of the demo: at the provider of whoever asks where the patient is registered there, else anywhere. */
async function demoPatient({ file, chain, person }: Session, who: string, signal: AbortSignal) {
  const places = await registeredPlaces(chain, demoPlaces(findPerson(file.people, who), file.network), signal)
  const place = places.find(({ providerId }) => providerId === person?.organizationId) ?? places[0]
  if (place === undefined) throw new NoSuchPatientError({ who })
  return { pseudonym: toHex(place.keys.pseudonym), selfPublicKey: place.keys.self.publicKey }
}

/** The account that a grant is for: an address, or a person of the demo. */
export function findReader({ file }: Session, who: string): Hex {
  if (hexOf(20).test(who)) return who.toLowerCase() as Hex
  const { accounts } = findPerson(file.people, who)
  const [first] = accounts
  if (first === undefined) throw new NoSuchPatientError({ who })
  return first.address
}

/** The patient's own place at a provider: the one named, or the only one. */
export function choosePlace({ places, file }: Session, at: string | undefined, option = '--provider'): Place {
  const [first, ...others] = places
  if (first === undefined)
    throw new UsageError({
      problem: 'only a patient can do this',
      hints: ['use --as with a patient of the demo, or --key-file and --vault-file'],
    })
  if (at === undefined) {
    if (others.length === 0) return first
    throw new UsageError({
      problem: 'you are a patient of several providers',
      hints: [
        `name one with ${option}: ${places.map(({ providerId }) => providerName(file.people, providerId)).join(', ')}`,
      ],
    })
  }
  const id = hexOf(16).test(at) ? at.toLowerCase() : findPerson(file.people, at).organizationId
  const place = places.find(({ providerId }) => providerId === id)
  if (place === undefined)
    throw new UsageError({
      problem: `you are no patient of ${at}`,
      hints: ["'sharewell records' shows where you are one"],
    })
  return place
}

/** What to call a provider: its id in the demo, else its number. */
function providerName(people: Session['file']['people'], providerId: Hex): string {
  return (
    people.find(({ role, organizationId }) => role === 'organization' && organizationId === providerId)?.id ??
    providerId
  )
}

/** What to call a patient's place: the provider's name where it verifies, else its id in the demo. */
export async function placeTitle(session: Session, { providerId }: Place, signal: AbortSignal): Promise<string> {
  const { chain, file } = session
  const name = await createNames(chain, signal).organization(providerId)
  const demo = providerName(file.people, providerId)
  return name ?? (demo === providerId ? shownAs(undefined, providerId) : demo)
}

/** The person of the demo behind an account. */
export function personOf(
  people: Session['file']['people'],
  account: Hex,
): Session['file']['people'][number] | undefined {
  return people.find(({ accounts }) => accounts.some(({ address }) => sameHex(address, account)))
}

const sameHex = (a: Hex, b: Hex) => a.toLowerCase() === b.toLowerCase()

/** The patient's place whose pseudonym it is. */
export function placeOfPseudonym({ places }: Pick<Session, 'places'>, pseudonym: Hex): Place | undefined {
  return places.find(({ keys }) => toHex(keys.pseudonym) === pseudonym)
}

/** Thrown when nobody is registered under a pseudonym, or a name means no patient. */
export class NoSuchPatientError extends BaseError<'NO_SUCH_PATIENT'> {
  override readonly name = 'NoSuchPatientError'
  constructor({ who = '' }: { who?: string }) {
    super('NO_SUCH_PATIENT', `No patient is registered as ${who.slice(0, 80)}.`, {
      hints: ['name a pseudonym (0x and 64 hex digits), a patient code or its file, or a patient whom you registered'],
    })
  }
}
