import { createPublicClient, type Hex, http, numberToHex } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { type Confirm, signingMethods } from './local-wallet.ts'
import type { DemoPerson, NetworkFile } from './network-file.ts'
import { createPrompts, type Prompts } from './prompts.ts'
import { chainOf } from './viem-chain.ts'
import type { WalletRequest } from './wallet-request.ts'

/** What the demo wallet asks the person in front of it. */
export type DemoQuestion =
  | { readonly kind: 'choose' }
  | { readonly kind: 'confirm'; readonly person: DemoPerson; readonly request: WalletRequest }

/** The demo wallet: an EIP-1193 provider whose keys are public, and the questions it waits for. */
export type DemoWallet = {
  readonly provider: { request: (request: WalletRequest) => Promise<unknown>; on: Listen; removeListener: Listen }
  readonly prompts: Prompts<DemoQuestion, DemoPerson | undefined>
  readonly people: readonly DemoPerson[]
  readonly person: () => DemoPerson | undefined
}

type Listener = (value: unknown) => void
type Listen = (event: string, listener: Listener) => void

const storageKey = 'sharewell.demo.person'

/** Name under which the wallet stands among the others. */
export const demoWalletName = 'Sharewell demo wallet'

/**
 * Makes the demo wallet. Who one is lasts as long as the browser tab, so that a patient and a doctor fit side by side.
 * It asks before every signature, as a wallet with real keys would.
 */
export function createDemoWallet({ network, people }: NetworkFile, storage: Storage): DemoWallet {
  const prompts = createPrompts<DemoQuestion, DemoPerson | undefined>()
  const seat = createSeat(people, storage)
  const client = createPublicClient({ chain: chainOf(network), transport: http(network.rpcUrls[0]) })

  const choose = async (): Promise<readonly Hex[]> => {
    seat.take(await prompts.ask({ kind: 'choose' }))
    return addressesOf(seat.person())
  }
  const confirmed: Confirm = async (request, address) => {
    const person = seat.person()
    const account = person?.accounts.find((one) => one.address.toLowerCase() === String(address).toLowerCase())
    if (!person || !account) throw new WalletError(4100, 'This account is not connected.')
    await prompts.ask({ kind: 'confirm', person, request })
    return privateKeyToAccount(account.privateKey)
  }
  const methods: Record<string, (request: WalletRequest) => Promise<unknown>> = {
    eth_accounts: async () => addressesOf(seat.person()),
    eth_requestAccounts: async () => (seat.person() ? addressesOf(seat.person()) : await choose()),
    wallet_requestPermissions: async () => [
      { parentCapability: 'eth_accounts', caveats: [{ type: 'restrictReturnedAccounts', value: await choose() }] },
    ],
    wallet_revokePermissions: async () => seat.take(undefined),
    eth_chainId: async () => numberToHex(network.chainId),
    wallet_switchEthereumChain: async () => null,
    wallet_addEthereumChain: async () => null,
    ...signingMethods(network, confirmed),
  }
  const request = async (asked: WalletRequest): Promise<unknown> => {
    const method = Object.hasOwn(methods, asked.method) ? methods[asked.method] : undefined
    if (method) return await method(asked)
    if (/^(?:wallet_|personal_|eth_sign)/.test(asked.method))
      throw new WalletError(4200, `The demo wallet has no ${asked.method}.`)
    return await client.request(asked as never)
  }
  return {
    people,
    prompts,
    person: seat.person,
    provider: { request, on: seat.on, removeListener: seat.removeListener },
  }
}

/** Who sits in front of this tab, and who wants to know when that changes. */
function createSeat(people: readonly DemoPerson[], storage: Storage) {
  const listeners = new Map<string, Set<Listener>>()
  let person = people.find(({ id }) => id === storage.getItem(storageKey))
  return {
    person: (): DemoPerson | undefined => person,
    take: (next: DemoPerson | undefined): null => {
      person = next
      if (next) storage.setItem(storageKey, next.id)
      else storage.removeItem(storageKey)
      for (const listener of listeners.get('accountsChanged') ?? []) listener(addressesOf(next))
      return null
    },
    on: (event: string, listener: Listener): void => {
      listeners.set(event, (listeners.get(event) ?? new Set()).add(listener))
    },
    removeListener: (event: string, listener: Listener): void => {
      listeners.get(event)?.delete(listener)
    },
  }
}

/** Announces the wallet as EIP-6963 asks, now and to everyone who looks for wallets later. */
export function announceDemoWallet({ provider }: DemoWallet): () => void {
  const info = {
    uuid: 'b5a0f8de-6d0c-4c8e-9f0a-5a4e3b1c2d10',
    name: demoWalletName,
    icon,
    rdns: 'example.sharewell.demo',
  }
  const detail = Object.freeze({ info: Object.freeze(info), provider })
  const announce = (): void => {
    window.dispatchEvent(new CustomEvent('eip6963:announceProvider', { detail }))
  }
  window.addEventListener('eip6963:requestProvider', announce)
  announce()
  return () => window.removeEventListener('eip6963:requestProvider', announce)
}

const addressesOf = (person: DemoPerson | undefined): readonly Hex[] =>
  person?.accounts.map(({ address }) => address) ?? []

const icon = `data:image/svg+xml,${encodeURIComponent(
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="9" fill="#7a5200"/><path d="M8 12h16v11H8z M8 12l11-4v4" fill="none" stroke="#fbefd3" stroke-width="2.4" stroke-linejoin="round"/><circle cx="20" cy="17.5" r="1.8" fill="#fbefd3"/></svg>',
)}`

/** A refusal with the number that EIP-1193 gives it. */
export class WalletError extends Error {
  override readonly name = 'WalletError'
  readonly code: number

  constructor(code: number, message: string) {
    super(message)
    this.code = code
  }
}
