import type { Network } from '@sharewell/sdk/chain'
import { createPublicClient, createWalletClient, type Hex, http } from 'viem'
import type { PrivateKeyAccount } from 'viem/accounts'
import { chainOf } from './viem-chain.ts'
import type { WalletRequest } from './wallet-request.ts'

/** Gives the account that is to sign, once the person agreed to this request. */
export type Confirm = (request: WalletRequest, address: unknown) => Promise<PrivateKeyAccount>

/** The three ways in which an EIP-1193 wallet signs, with keys that this page holds. */
export function signingMethods(network: Network, confirmed: Confirm) {
  const [transport, chain] = [http(network.rpcUrls[0]), chainOf(network)]
  const client = createPublicClient({ chain, transport })
  const gasPrice = async (): Promise<bigint> => {
    const { baseFeePerGas } = await client.getBlock()
    return baseFeePerGas ? await client.getGasPrice() : 0n
  }
  return {
    personal_sign: async (request: WalletRequest): Promise<Hex> => {
      const account = await confirmed(request, request.params?.[1])
      return await account.signMessage({ message: { raw: request.params?.[0] as Hex } })
    },
    eth_signTypedData_v4: async (request: WalletRequest): Promise<Hex> => {
      const account = await confirmed(request, request.params?.[0])
      return await account.signTypedData(JSON.parse(String(request.params?.[1])))
    },
    eth_sendTransaction: async (request: WalletRequest): Promise<Hex> => {
      const { from, to, data, value, gas } = (request.params?.[0] ?? {}) as Record<string, Hex | undefined>
      const account = await confirmed(request, from)
      const wallet = createWalletClient({ account, chain, transport })
      const call = { to: to ?? null, data: data ?? '0x', value: BigInt(value ?? 0), ...(gas && { gas: BigInt(gas) }) }
      return await wallet.sendTransaction({ ...call, gasPrice: await gasPrice() })
    },
  }
}
