import { askAlong, noRole, type Path, patientAndDoctor, terms } from './consent-world.ts'
import { kind, none32, random16, random32 } from './fixture.ts'

export const nursing = 1
export const teaching = 30

/** A hospital, its department, its clinic and its ward, and a nurse who works at the ward. */
export async function fourLevels() {
  const world = await patientAndDoctor()
  const { actors, others, hospital, until } = world
  const [department, clinic, ward] = [random16(), random16(), random16()]
  const [forDepartment, forClinic, forWard, nurse] = others
  const below: [string, string, typeof forDepartment][] = [
    [department, hospital, forDepartment],
    [clinic, department, forClinic],
    [ward, clinic, forWard],
  ]
  for (const [id, parent, account] of below) {
    await actors.registerOrganization(id, kind.department, parent, account, random32())
  }
  const roles = (1 << nursing) | (1 << teaching)
  await actors.connect(forWard).attest(nurse, ward, roles, until, random32())
  const credentialId = await actors.credentialId(nurse, ward)
  const path = [ward, clinic, department, hospital] as const
  return { ...world, department, clinic, ward, forDepartment, forClinic, forWard, nurse, credentialId, path }
}
export type World = Awaited<ReturnType<typeof fourLevels>>

/** The id of an organization, or of a role there. */
export const idOf = async ({ consents }: World, organization: string, role = noRole, salt = none32) =>
  await consents.groupId(organization, role, salt)

/** Lets an organization, or a role there, read the one record. */
export async function permit(world: World, organization: string, role = noRole, salt = none32) {
  const grantee = await idOf(world, organization, role, salt)
  await world.mine.grant(world.pseudonym, grantee, world.recordId, terms(world))
  return await world.consents.keyOf(world.pseudonym, grantee, world.recordId)
}

export const forNurse = ({ nurse }: World, change = {}) => ({ reader: nurse.address, ...change })
export const asNurse = async (world: World, path: Partial<Path> = {}, change = {}) =>
  await askAlong(world, { credentialId: world.credentialId, ...path }, forNurse(world, change))
