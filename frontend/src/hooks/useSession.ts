'use client'

import { type Chain, walletSigner, withAccount } from '@sharewell/sdk/chain'
import { useCallback } from 'react'
import { type EIP1193Provider, type Hex, isAddressEqual, toFunctionSelector } from 'viem'
import { useConnection } from 'wagmi'
import { useNetwork } from '@/components/shell/network-context.tsx'
import { demoWalletName } from '@/lib/demo-wallet.ts'
import type { DemoPerson } from '@/lib/network-file.ts'
import { primaryTypeOf, reviewed, selectorOf } from '@/lib/reviewed.ts'
import type { WalletRequest } from '@/lib/wallet-request.ts'

/** Who is in front of this page, and how to sign as one of their accounts. */
export type Session = {
  /** The account that the wallet shows first. */
  readonly address: Hex | undefined
  readonly addresses: readonly Hex[]
  /** Only with the demo wallet. */
  readonly person: DemoPerson | undefined
  /** The chain, signing as `account`. Decisions are shown before the wallet sees them. */
  readonly chainAs: (account: Hex) => Promise<Chain>
}

const followUps = new Set(['RebuildRequest', 'ReadTicket', 'WriteTicket', 'DeleteTicket', 'Stored'])
const logReleaseRequest = toFunctionSelector('logReleaseRequest(bytes32)')
const logCountedRequest = toFunctionSelector(
  'logCountedRequest(bytes32,(bytes32,bytes32,bytes32,bytes32,uint8,uint8,uint40))',
)

/** What only carries out a decision that was shown before: tickets, the log entry, the signature under a sealed note. */
export const isFollowUp = (request: WalletRequest): boolean =>
  followUps.has(primaryTypeOf(request) ?? '') ||
  [logReleaseRequest, logCountedRequest].some((selector) => selectorOf(request) === selector)

const kept = new WeakMap<EIP1193Provider, Map<Hex, Chain>>()

/** One connection an account, because tickets that were signed once are kept with it. */
function signing(chain: Chain, provider: EIP1193Provider, account: Hex): Chain {
  const chains = kept.get(provider) ?? new Map<Hex, Chain>()
  kept.set(provider, chains)
  const known = chains.get(account)
  if (known?.client === chain.client) return known
  const made = withAccount(chain, walletSigner(reviewed(provider, isFollowUp), account))
  chains.set(account, made)
  return made
}

/** The connected wallet as this app uses it. */
export function useSession(): Session {
  const { chain, demo } = useNetwork()
  const { address, addresses = [], connector, isConnected } = useConnection()
  const chainAs = useCallback(
    async (account: Hex): Promise<Chain> => {
      const known = addresses.some((one) => isAddressEqual(one, account))
      if (!connector || !known) throw new WrongAccountError(account)
      const provider = (await connector.getProvider()) as EIP1193Provider
      return signing(chain, provider, account)
    },
    [chain, connector, addresses],
  )
  const person = connector?.name === demoWalletName ? demo?.person() : undefined
  return { address: isConnected ? address : undefined, addresses, person, chainAs }
}

/** Thrown when the account that must sign is not among those the wallet shares with this page. */
export class WrongAccountError extends Error {
  override readonly name = 'WrongAccountError'
  readonly code = 'WRONG_ACCOUNT'

  constructor(account: Hex) {
    super(`The account ${account} is not connected.`)
  }
}
