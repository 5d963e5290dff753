import type { BaseContract } from 'ethers'
import Council from '../../ignition/modules/Council.ts'
import { members } from './committee.ts'
import { buildHospitals, type deploy, ethers, ignition, random32 } from './fixture.ts'

type Contracts = Pick<Awaited<ReturnType<typeof deploy>>, 'manager' | 'actors'>

/** Deploys a council of these founders, to whom the deployer hands the administration over. */
export async function found({ manager, actors }: Contracts, founders: readonly string[], threshold: number) {
  const [accessManager, actorRegistry] = await Promise.all([manager.getAddress(), actors.getAddress()])
  const parameters = { Council: { accessManager, actorRegistry, founders: [...founders], threshold } }
  const { council } = await ignition.deploy(Council, { parameters })
  return await ethers.getContractAt('Council', await council.getAddress())
}

/** Five hospitals that administer together, 3 of 5; the deployer is nobody any more. */
export async function buildCouncil(next: () => string = random32) {
  const world = await members(await buildHospitals(next), next)
  const council = await found(world, world.memberHospitals, 3)
  /** Proposes as the first member, and confirms as the second. */
  const nearly = async (calls: readonly Call[]) => {
    const salt = next()
    await council.connect(world.keyAccounts[0]).propose([...calls], salt)
    const id = await council.proposalIdOf([...calls], salt)
    await council.connect(world.keyAccounts[1]).confirm(id)
    return id
  }
  /** Has three members agree. */
  const agree = async (calls: readonly Call[]) => {
    const id = await nearly(calls)
    return await council.connect(world.keyAccounts[2]).confirm(id)
  }
  return { ...world, council, nearly, agree }
}

/** A call as a proposal carries it. */
export type Call = { readonly target: string; readonly data: string }

/** Writes a call of a contract. */
export async function callOf(contract: BaseContract, name: string, args: readonly unknown[]): Promise<Call> {
  return { target: await contract.getAddress(), data: contract.interface.encodeFunctionData(name, args) }
}

export async function fiveHospitals() {
  return await buildCouncil()
}
