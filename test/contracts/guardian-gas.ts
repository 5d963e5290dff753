import type { ContractTransactionResponse } from 'ethers'
import { buildHospitals, days, ethers, networkHelpers } from './fixture.ts'
import { circleOf, guard } from './guardians.ts'

const { time } = networkHelpers

/** What guardians may cost: three of them, of whom two act. */
export const guardianBars = {
  'name three guardians': 60_000,
  'propose a recovery by guardians': 92_000,
  'veto a recovery': 36_000,
  'carry a recovery out': 40_000,
} as const

/** No zero byte in it, so that each run pays the same for its calldata. */
const start = 0x72727171

/** Measures {@link guardianBars} in a world of its own. */
export async function measureGuardians(
  next: () => string,
  gasOf: (sent: Promise<ContractTransactionResponse>) => Promise<number>,
): Promise<Record<keyof typeof guardianBars, number>> {
  const before = await networkHelpers.takeSnapshot()
  const world = await guard(await buildHospitals(next), next)
  const { patients, patient, guardians, phone, pseudonym, hospital, circle, recovery } = world
  const rho = next()
  const other = await patients.pseudonymOf(patient, rho)
  await patients.connect(patient).register(patient, rho, hospital, next(), '0x')
  const accounts = guardians.map(({ address }) => address)
  const named = await gasOf(patients.connect(patient).nameGuardians(other, circleOf(accounts, 2, next).circle))
  await time.increaseTo(start)
  /** Approvals until the first end that gives signatures without a zero byte, which would be cheaper by chance. */
  const approved = async (deadline: number): ReturnType<typeof recovery> => {
    const signed = await recovery(guardians.slice(0, 2), phone.address, { deadline })
    const cheap = signed.approvals.some(({ signature }) => ethers.getBytes(signature).includes(0))
    return cheap ? await approved(deadline + 1) : signed
  }
  const propose = async () => {
    const { deadline, approvals } = await approved(start + 0x0101)
    return await gasOf(patients.proposeRecovery(pseudonym, phone, deadline, circle, approvals))
  }
  const proposed = await propose()
  const vetoed = await gasOf(patients.connect(patient).cancel(pseudonym))
  await propose()
  await time.increase(days(7))
  const done = await gasOf(patients.execute(pseudonym))
  // Other tests are not to wake up years later.
  await before.restore()
  return {
    'name three guardians': named,
    'propose a recovery by guardians': proposed,
    'veto a recovery': vetoed,
    'carry a recovery out': done,
  }
}
