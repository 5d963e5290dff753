import { getCreateAddress, id as hash, Interface } from 'ethers'
import { artifacts } from 'hardhat'
import type { Setting } from './stage.ts'
import { stage } from './stage.ts'
import { networkId } from './types.ts'

/** What an EIP-1193 provider does. */
export type Provider = { request(args: { method: string; params?: unknown[] }): Promise<unknown> }

/** A deployed contract. */
export type Contract = { readonly address: string; readonly abi: Interface }

/** What is deployed in the place of the registry, where a test plants a bug. */
export type Artifact = { readonly abi: readonly object[]; readonly bytecode: string }

/** The real contracts, and what every history starts from. */
export async function deploy(provider: Provider, registry?: Artifact) {
  const deployOne = async (name: string, args: unknown[], given?: Artifact): Promise<Contract> => {
    const { abi, bytecode } = given ?? (await artifacts.readArtifact(name))
    const data = bytecode + new Interface(abi).encodeDeploy(args).slice(2)
    const nonce = Number(await provider.request({ method: 'eth_getTransactionCount', params: [stage.admin, 'latest'] }))
    const refusal = await send(provider, { from: stage.admin, data })
    if (refusal) throw new Error(`${name} was not deployed: ${refusal}`)
    return { address: getCreateAddress({ from: stage.admin, nonce }), abi: new Interface(abi) }
  }
  const manager = await deployOne('AccessManager', [stage.admin])
  const actors = await deployOne('ActorRegistry', [manager.address])
  const patients = await deployOne('PatientRegistry', [networkId, actors.address])
  const records = await deployOne('RecordRegistry', [networkId, actors.address, patients.address])
  const delegations = await deployOne('Delegations', [patients.address])
  const around = [patients.address, records.address, actors.address, delegations.address]
  const consents = await deployOne('ConsentRegistry', around, registry)
  const committee = await deployOne('KeyCommittee', [manager.address, actors.address])
  const log = await deployOne('AccessLog', [actors.address, patients.address, committee.address, consents.address])
  const questions = await deployOne('Questionnaire', [])
  const accounts = [await deployOne('SmartAccount', [stage.owner]), await deployOne('SmartAccount', [stage.owner])]
  const contracts = { actors, patients, records, delegations, consents, log, questions, account: accounts[0] ?? actors }
  return { contracts, setting: await furnish(provider, contracts, accounts) }
}

type Contracts = Record<'actors' | 'patients', Contract>

async function furnish(
  provider: Provider,
  { actors, patients }: Contracts,
  accounts: readonly Contract[],
): Promise<Setting> {
  const act = async (from: string, to: Contract, name: string, args: unknown[]) => {
    const refusal = await send(provider, { from, to: to.address, data: to.abi.encodeFunctionData(name, args) })
    if (refusal) throw new Error(`${name}: ${refusal}`)
  }
  const view = async (to: Contract, name: string, args: unknown[]): Promise<string> => {
    const params = [{ to: to.address, data: to.abi.encodeFunctionData(name, args) }, 'latest']
    return to.abi.decodeFunctionResult(name, String(await provider.request({ method: 'eth_call', params })))[0]
  }
  const file = hash('file')
  for (const { id, parent, account } of stage.organizations) {
    const kind = parent ? 4 : 0
    await act(stage.admin, actors, 'registerOrganization', [id, kind, parent ?? `0x${'00'.repeat(16)}`, account, file])
  }
  const [hospital] = stage.organizations
  const pseudonyms: string[] = []
  for (const name of ['one', 'other']) {
    const pseudonym = await view(patients, 'pseudonymOf', [stage.keys[0], hash(name)])
    await act(stage.keys[0], patients, 'register', [stage.keys[0], hash(name), hospital.id, file, '0x'])
    pseudonyms.push(pseudonym)
  }
  return { pseudonyms, contracts: accounts.map(({ address }) => address) }
}

/** Sends it from an account that the chain unlocks. Gives the data of the refusal, where it is refused. */
export async function send(
  provider: Provider,
  transaction: { from: string; to?: string; data: string },
): Promise<string | undefined> {
  try {
    await provider.request({ method: 'eth_sendTransaction', params: [{ ...transaction, gas: '0xe00000' }] })
    return undefined
  } catch (error) {
    const data = revertData(error)
    if (data === undefined) throw error
    return data
  }
}

/** The data of a revert, wherever the error that tells of it keeps it. */
function revertData(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined
  const { data, cause } = error as { data?: unknown; cause?: unknown }
  if (typeof data === 'string') return data
  return revertData(data) ?? revertData(cause)
}
