import type { ContractTransactionResponse } from 'ethers'
import { committee } from './committee.ts'
import { buildRecord, ethers, kind, networkHelpers } from './fixture.ts'
import { prepared, roles } from './glass.ts'

/** What an emergency may cost: the clinician of a department of another institution than the patient's. */
export const glassBars = {
  'break the glass': 330_000,
  'close an emergency': 36_000,
  'review an emergency': 112_000,
} as const

type GasOf = (sent: Promise<ContractTransactionResponse>) => Promise<number>

/** Measures {@link glassBars}, all slots and accounts cold. */
export async function measureGlass(next: () => string, gasOf: GasOf): Promise<Record<keyof typeof glassBars, number>> {
  const world = await committee(await buildRecord(next), next)
  const { actors, glass, first, hospital, otherHospital, others, until, stranger, pseudonym } = world
  const [clinician, officer, reviewer, department] = [others[5], others[6], others[7], others[9]]
  const ward = next().slice(0, 34)
  await actors.registerOrganization(ward, kind.department, otherHospital, department, next())
  await actors.connect(department).attest(clinician, ward, roles.physician | roles.clinician, until, next())
  await actors.connect(first).attest(officer, hospital, roles.officer, until, next())
  await actors.connect(first).attest(reviewer, hospital, roles.reviewer, until, next())
  const publicKey = ethers.concat(Array.from({ length: 38 }, next))
  await glass.connect(first).nameOfficers(hospital, [{ account: officer, publicKey }])
  const credential = await actors.credentialId(clinician, ward)
  const reviewing = await actors.credentialId(reviewer, hospital)
  const open = async (): ReturnType<typeof prepared> => {
    const change = { reasonCommit: next(), partKeyHash: next(), deadline: await fullDeadline() }
    const made = await prepared({ ...world, clinician, officer, stranger, pseudonym, credential }, change)
    return made.signatures.some((signature) => ethers.getBytes(signature).includes(0)) ? await open() : made
  }
  const { id, open: send } = await open()
  return {
    'break the glass': await gasOf(send()),
    'close an emergency': await gasOf(glass.connect(clinician).closeBreakGlass(id)),
    'review an emergency': await gasOf(glass.connect(reviewer).reviewBreakGlass(id, reviewing, 1, next())),
  }
}

/** A deadline that the contract takes, with as few zero bytes as any has, so that each run costs the same. */
async function fullDeadline(): Promise<number> {
  const now = await networkHelpers.time.latest()
  const all = Array.from({ length: 500 }, (_, i) => now + 300 + i)
  return all.find((one) => !one.toString(16).padStart(8, '0').match(/../g)?.includes('00')) ?? now + 600
}
