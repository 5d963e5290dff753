import { rm } from 'node:fs/promises'
import path from 'node:path'
import { type Chain, connect, type Network, parseNetwork } from '@sharewell/sdk/chain'
import type { Hex } from 'viem'
import { mnemonicToAccount } from 'viem/accounts'
import { councilThreshold } from './layout.ts'
import { admitFounders, founders } from './parties.ts'
import { interfacesHash, type State, saveState } from './state.ts'

/** Hardhat's well-known first account deploys, and hands over to the hospitals' council before anything else happens. */
const deployer = mnemonicToAccount('test test test test test test test test test test test junk')

/**
 * Deploys the contracts at the first start, registers the hospitals and founds their council, after which the deployer
 * has no role left (docs/spec/council.md#handover). Later starts find all that where the state says.
 */
export async function deployContracts(folder: string, state: State, urls: Urls, signal: AbortSignal): Promise<void> {
  if (state.contracts) return
  // Later starts need neither Hardhat's plugins nor the compiler.
  const [{ default: hre }, { default: Sharewell }, { default: Council }] = await Promise.all([
    import('hardhat'),
    import('../../ignition/modules/Sharewell.ts'),
    import('../../ignition/modules/Council.ts'),
  ])
  await hre.tasks.getTask('build').run({ quiet: true, noTests: true })
  const connection = await hre.network.create({ network: 'local', override: { url: urls.rpc } })
  const { networkId } = state
  const deploymentId = `local-${networkId.slice(2, 18)}`
  const councilId = `${deploymentId}-council`
  // This chain mines at once and never reorganizes.
  const config = { requiredConfirmations: 1, blockPollingInterval: 50 }
  try {
    const parameters = { Sharewell: { networkId } }
    const contracts = await addressesOf(
      await connection.ignition.deploy(Sharewell, { deploymentId, parameters, config }),
    )
    const genesis = (await connection.provider.request({
      method: 'eth_getBlockByNumber',
      params: ['0x0', false],
    })) as { hash: Hex }
    const described = { ...state, contracts, genesisHash: genesis.hash }
    const chain = await connect(describeNetwork(described, urls), { account: deployer, signal })
    const { council } = await addressesOf(
      await connection.ignition.deploy(Council, {
        deploymentId: councilId,
        parameters: { Council: await foundation(chain, state) },
        config,
      }),
    )
    Object.assign(state, { ...described, contracts: { ...contracts, council }, interfaces: await interfacesHash() })
    await saveState(folder, state)
    // The chain lives with the state; a journal of the deployment beside it could only contradict it.
    for (const id of [deploymentId, councilId])
      await rm(path.join(hre.config.paths.ignition, 'deployments', id), { recursive: true, force: true })
  } finally {
    await connection.close()
  }
}

type Urls = { readonly rpc: string; readonly directory: string; readonly relayer: string }

async function addressesOf(
  deployed: Readonly<Record<string, { getAddress(): Promise<string> }>>,
): Promise<Record<string, Hex>> {
  const entries = Object.entries(deployed).map(
    async ([name, contract]) => [name, (await contract.getAddress()) as Hex] as const,
  )
  return Object.fromEntries(await Promise.all(entries))
}

/** The hospitals found the council: they are registered first, so that it can look them up. */
async function foundation(chain: Chain, state: State) {
  await admitFounders(chain, state)
  const { accessManager, actorRegistry } = chain.network.contracts
  return { accessManager, actorRegistry, founders: founders(state), threshold: councilThreshold }
}

/** The network's description, for its services, its clients and its users. */
export function describeNetwork(state: State, urls: Urls): Network {
  return parseNetwork({
    networkId: state.networkId,
    chainId: 31337,
    genesisHash: state.genesisHash,
    rpcUrls: [urls.rpc],
    finality: { mode: 'head' },
    contracts: state.contracts,
    directoryUrls: [urls.directory],
    relayerUrls: [urls.relayer],
  })
}
