import type { Network } from '@sharewell/sdk/chain'
import { type Chain, defineChain } from 'viem'

/** The network as viem and wagmi name a chain. */
export function chainOf({ chainId, rpcUrls }: Network): Chain {
  return defineChain({
    id: chainId,
    name: 'Sharewell',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [...rpcUrls] } },
  })
}
