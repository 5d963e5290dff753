import type { Page } from '@playwright/test'
import { createWalletClient, defineChain, type Hex, http, isHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import type { RunningNetwork } from './network.ts'

/** A decision that the wallet was given: what it signed or sent, word for word. */
export type Asked = { readonly method: string; readonly params: readonly unknown[] }

/**
 * Puts a wallet of one account into a page: an EIP-1193 provider, announced by EIP-6963, whose key stays in the test.
 * It agrees to everything and remembers what it was asked.
 */
export async function installWallet(page: Page, network: RunningNetwork, privateKey: Hex): Promise<Asked[]> {
  const account = privateKeyToAccount(privateKey)
  const [rpcUrl] = network.description.network.rpcUrls
  const chain = defineChain({
    id: 31337,
    name: 'local',
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [rpcUrl] } },
  })
  const wallet = createWalletClient({ account, chain, transport: http(rpcUrl) })
  const asked: Asked[] = []
  let permitted = false

  const answer = async (method: string, params: readonly unknown[]): Promise<unknown> => {
    if (method === 'eth_requestAccounts' || method === 'wallet_requestPermissions') permitted = true
    switch (method) {
      case 'eth_requestAccounts':
        return [account.address]
      // A site sees no account before the person let it.
      case 'eth_accounts':
        return permitted ? [account.address] : []
      case 'wallet_requestPermissions':
        return [{ parentCapability: 'eth_accounts' }]
      case 'wallet_switchEthereumChain':
      case 'wallet_revokePermissions':
        return null
      case 'eth_chainId':
        return `0x${chain.id.toString(16)}`
      case 'personal_sign': {
        asked.push({ method, params })
        const [message] = params as [string]
        return await account.signMessage({ message: isHex(message) ? { raw: message } : message })
      }
      case 'eth_signTypedData_v4':
        asked.push({ method, params })
        return await account.signTypedData(JSON.parse(String(params[1])))
      case 'eth_sendTransaction': {
        asked.push({ method, params })
        const [{ to, data, gas }] = params as [{ to: Hex; data: Hex; gas?: Hex }]
        return await wallet.sendTransaction({ to, data, gasPrice: 0n, ...(gas && { gas: BigInt(gas) }) })
      }
      default:
        return await wallet.request({ method, params } as never)
    }
  }

  await page.exposeFunction('sharewellTestWallet', async (text: string): Promise<string> => {
    const { method, params = [] } = JSON.parse(text) as { method: string; params?: unknown[] }
    try {
      return JSON.stringify({ result: (await answer(method, params)) ?? null })
    } catch (error) {
      const { code = -32_603, message } = error as { code?: number; message: string }
      return JSON.stringify({ error: { code, message } })
    }
  })
  await page.addInitScript(announceWallet)
  return asked
}

/** Runs in the page. */
function announceWallet(): void {
  type Bridge = { sharewellTestWallet(text: string): Promise<string> }
  const provider = {
    async request(request: { method: string; params?: unknown[] }) {
      const text = await (window as unknown as Bridge).sharewellTestWallet(JSON.stringify(request))
      const reply = JSON.parse(text) as { result?: unknown; error?: { code: number; message: string } }
      if (reply.error) throw Object.assign(new Error(reply.error.message), { code: reply.error.code })
      return reply.result
    },
    on: () => undefined,
    removeListener: () => undefined,
  }
  const info = {
    uuid: '7b1d3a52-0a86-4b53-9d63-3d3a0f6f1f01',
    name: 'Test Wallet',
    icon: "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg'/>",
    rdns: 'example.test.wallet',
  }
  const detail = Object.freeze({ info: Object.freeze(info), provider })
  const announce = () => window.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail }))
  window.addEventListener('eip6963:requestProvider', announce)
  announce()
}
