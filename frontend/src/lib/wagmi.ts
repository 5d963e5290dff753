import type { Network } from '@sharewell/sdk/chain'
import { type Config, createConfig, createStorage, http } from 'wagmi'
import { chainOf } from './viem-chain.ts'

/**
 * The wallets' configuration for one network. Wallets announce themselves (EIP-6963); which one is connected is kept
 * for this tab only, because a desk in a hospital is shared.
 */
export function createWagmiConfig(network: Network): Config {
  const chain = chainOf(network)
  return createConfig({
    chains: [chain],
    transports: { [chain.id]: http(network.rpcUrls[0]) },
    storage: createStorage({ key: 'sharewell.wallet', storage: sessionStorage }),
    multiInjectedProviderDiscovery: true,
  })
}
