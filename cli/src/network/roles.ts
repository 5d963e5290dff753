/**
 * What somebody is at an organization: the bits of docs/spec/actors.md by name.
 * @module
 */
import { UsageError } from '../command.ts'

/** Names of the role bits, from bit 0 on. */
export const roleNames = [
  'physician',
  'nurse',
  'pharmacist',
  'laboratory',
  'clerk',
  'emergency',
  'researcher',
  'administration',
  'emergency-clinician',
  'reviewer',
] as const

/** One attestation takes no more. */
const mostRoles = 4

/** The bit of one role. */
export function parseRole(text: string): number {
  const bit = (roleNames as readonly string[]).indexOf(text.trim().toLowerCase())
  if (bit < 0)
    throw new UsageError({
      problem: `${text.trim().slice(0, 40)} is no role`,
      hints: [`roles: ${roleNames.join(', ')}`],
    })
  return bit
}

/** The mask of one to four roles, separated by commas. */
export function parseRoles(text: string): number {
  const bits = new Set(text.split(',').map(parseRole))
  if (bits.size > mostRoles)
    throw new UsageError({
      problem: `${bits.size} roles in one attestation`,
      hints: [`name at most ${mostRoles}, those that are needed`],
    })
  return [...bits].reduce((mask, bit) => mask | (1 << bit), 0)
}

/** Names of the roles in a mask; a bit that has none is shown as its number. */
export function namesOfRoles(mask: number): string[] {
  return Array.from({ length: 32 }, (_, bit) => bit)
    .filter((bit) => (mask >>> bit) & 1)
    .map((bit) => roleNames[bit] ?? `role ${bit}`)
}
