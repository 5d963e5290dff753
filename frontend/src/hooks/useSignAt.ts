'use client'

import { type Chain, walletSigner, withAccount } from '@sharewell/sdk/chain'
import { useCallback } from 'react'
import type { EIP1193Provider, Hex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { signingMethods } from '@/lib/local-wallet.ts'
import { reviewed } from '@/lib/reviewed.ts'
import type { WalletRequest } from '@/lib/wallet-request.ts'
import type { Place } from './usePlaces.ts'
import { isFollowUp, useSession } from './useSession.ts'

const kept = new WeakMap<Chain, Map<Hex, Chain>>()

/** One connection an account of the vault, because tickets that were signed once are kept with it. */
function vaultSigner(chain: Chain, privateKey: Hex): Chain {
  const chains = kept.get(chain) ?? new Map<Hex, Chain>()
  kept.set(chain, chains)
  const known = chains.get(privateKey)
  if (known) return known
  const account = privateKeyToAccount(privateKey)
  const methods: Record<string, (request: WalletRequest) => Promise<unknown>> = signingMethods(
    chain.network,
    async () => account,
  )
  const request = async (asked: WalletRequest): Promise<unknown> => {
    const method = Object.hasOwn(methods, asked.method) ? methods[asked.method] : undefined
    return method ? await method(asked) : await chain.client.request(asked as never)
  }
  const nothing = (): void => undefined
  const provider = { request, on: nothing, removeListener: nothing } as unknown as EIP1193Provider
  const made = withAccount(chain, walletSigner(reviewed(provider, isFollowUp), account.address))
  chains.set(privateKey, made)
  return made
}

/** The chain, signing as the account that decides at a place: one of the wallet's, or the vault's own. */
export function useSignAt(): (place: Pick<Place, 'controller' | 'privateKey'>) => Promise<Chain> {
  const { chain } = useNetwork()
  const { chainAs } = useSession()
  return useCallback(
    async ({ controller, privateKey }) => (privateKey ? vaultSigner(chain, privateKey) : await chainAs(controller)),
    [chain, chainAs],
  )
}
