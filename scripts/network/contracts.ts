import { rm } from 'node:fs/promises'
import path from 'node:path'
import { type Network, parseNetwork } from '@sharewell/sdk/chain'
import type { Hex } from 'viem'
import { type State, saveState } from './state.ts'

/** Deploys the contracts at the first start; later starts find them where the state says. */
export async function deployContracts(folder: string, state: State, rpcUrl: string): Promise<void> {
  if (state.contracts) return
  // Later starts need neither Hardhat's plugins nor the compiler.
  const [{ default: hre }, { default: Sharewell }] = await Promise.all([
    import('hardhat'),
    import('../../ignition/modules/Sharewell.ts'),
  ])
  await hre.tasks.getTask('build').run({ quiet: true, noTests: true })
  const connection = await hre.network.create({ network: 'local', override: { url: rpcUrl } })
  try {
    const deploymentId = `local-${state.networkId.slice(2, 18)}`
    const { networkId } = state
    const deployed = await connection.ignition.deploy(Sharewell, {
      deploymentId,
      parameters: { Sharewell: { networkId } },
      // This chain mines at once and never reorganizes.
      config: { requiredConfirmations: 1, blockPollingInterval: 50 },
    })
    const genesis = (await connection.provider.request({
      method: 'eth_getBlockByNumber',
      params: ['0x0', false],
    })) as { hash: Hex }
    state.contracts = Object.fromEntries(
      await Promise.all(
        Object.entries(deployed).map(async ([name, contract]) => [name, (await contract.getAddress()) as Hex] as const),
      ),
    )
    state.genesisHash = genesis.hash
    await saveState(folder, state)
    // The chain lives with the state; a journal of the deployment beside it could only contradict it.
    await rm(path.join(hre.config.paths.ignition, 'deployments', deploymentId), { recursive: true, force: true })
  } finally {
    await connection.close()
  }
}

/** The network's description, for its services, its clients and its users. */
export function describeNetwork(state: State, urls: { rpc: string; directory: string }): Network {
  return parseNetwork({
    networkId: state.networkId,
    chainId: 31337,
    genesisHash: state.genesisHash,
    rpcUrls: [urls.rpc],
    finality: { mode: 'head' },
    contracts: state.contracts,
    directoryUrls: [urls.directory],
  })
}
