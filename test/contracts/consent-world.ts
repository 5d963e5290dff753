import { days, ethers, nameOf, networkHelpers, none32, oneRecord, purpose } from './fixture.ts'

const { time } = networkHelpers
export const treat = 1 << purpose.treat

export type World = Awaited<ReturnType<typeof patientAndDoctor>>

/** One record in category 3; the patient decides, the doctor's bare grantee id is known. */
export async function patientAndDoctor() {
  const world = await oneRecord()
  const mine = world.consents.connect(world.patient)
  const grantee = await world.consents.personId(world.doctor, none32)
  const now = await time.latest()
  return { ...world, mine, grantee, now }
}

export type Terms = { from: number; until: number; purposes: number; categories: number; useLimit: number }

/** Thirty days of treatment. */
export function terms({ now }: { now: number }, change: Partial<Terms> = {}): Terms {
  return { from: now, until: now + days(30), purposes: treat, categories: 0, useLimit: 0, ...change }
}

/** Terms as one word, as a batch holds them and as the slot's word begins. */
export function pack({ from, until, purposes, categories, useLimit }: Terms): bigint {
  const [start, end, limit] = [BigInt(from), BigInt(until) << 40n, BigInt(useLimit) << 128n]
  return start | end | (BigInt(purposes) << 80n) | (BigInt(categories) << 96n) | limit
}

/** The word of a slot that permits since `time`. */
export function permitWord(given: Terms, time: number): bigint {
  return pack(given) | (BigInt(time) << 160n) | (1n << 200n)
}

export type Question = {
  pseudonym: string
  recordId: string
  categoryBit: number
  reader: string
  salt: string
  purpose: number
  at: number
}

type Asked = Pick<World, 'consents' | 'pseudonym' | 'recordId' | 'doctor' | 'now'>

/** By default: may the doctor read the record for treatment tomorrow? */
export function question({ pseudonym, recordId, doctor, now }: Asked, change: Partial<Question> = {}): Question {
  const usual = { pseudonym, recordId, categoryBit: 3, reader: doctor.address, salt: none32 }
  return { ...usual, purpose: purpose.treat, at: now + days(1), ...change }
}

/** What the registry answers. */
export async function ask(world: Asked, change: Partial<Question> = {}) {
  const [code, key] = await world.consents.decide(question(world, change))
  return { code: nameOf(code), key }
}

export type Path = { credentialId: string; level: number; role: number; wide: boolean }

/** In place of a role: the organization itself. */
export const noRole = 255

/** What the registry answers along one path; by default as the person, in the record's slot. */
export async function askAlong(world: Asked, path: Partial<Path> = {}, change: Partial<Question> = {}) {
  const whole = { credentialId: none32, level: 0, role: noRole, wide: false, ...path }
  const [code, key] = await world.consents.decideAlong(question(world, change), whole)
  return { code: nameOf(code), key }
}

/** The id of a grantee as the specification derives it. */
export function granteeId(kind: number, value: string, salt = none32): string {
  const words = ethers.AbiCoder.defaultAbiCoder().encode(['uint8', 'bytes32', 'bytes32'], [kind, value, salt])
  return ethers.keccak256(words)
}
