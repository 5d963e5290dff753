import type { EIP1193Provider, Hex } from 'viem'
import { createPrompts } from './prompts.ts'
import type { WalletRequest } from './wallet-request.ts'

/** Requests that the page shows in plain words before any wallet sees them. */
export const reviews = createPrompts<WalletRequest, void>()

const decisions = new Set(['eth_sendTransaction', 'eth_signTypedData_v4', 'personal_sign'])

/**
 * Puts the review before a wallet: a decision reaches the wallet only after the person agreed, and then it is the very
 * object that was shown. Frozen, so that nothing changes it in between.
 *
 * `without` names typed messages and functions that follow from a decision already shown (a ticket, a log entry); the
 * wallet itself still asks.
 */
export function reviewed(provider: EIP1193Provider, without: (request: WalletRequest) => boolean): EIP1193Provider {
  const request = async (asked: WalletRequest): Promise<unknown> => {
    const shown = freeze(structuredClone({ method: asked.method, params: asked.params }))
    if (decisions.has(asked.method) && !without(shown)) await reviews.ask(shown)
    return await provider.request(shown as never)
  }
  return {
    ...provider,
    request,
    on: provider.on.bind(provider),
    removeListener: provider.removeListener.bind(provider),
  } as EIP1193Provider
}

function freeze<value>(value: value): value {
  if (typeof value === 'object' && value !== null) Object.values(Object.freeze(value)).forEach(freeze)
  return value
}

/** The primary type of a typed message, or undefined for anything else. */
export function primaryTypeOf({ method, params }: WalletRequest): string | undefined {
  if (method !== 'eth_signTypedData_v4') return undefined
  const { primaryType } = JSON.parse(String(params?.[1])) as { primaryType?: string }
  return primaryType
}

/** The function that a transaction calls, as its first four bytes. */
export function selectorOf({ method, params }: WalletRequest): Hex | undefined {
  const [transaction] = (params ?? []) as { data?: Hex }[]
  return method === 'eth_sendTransaction' ? (transaction?.data?.slice(0, 10) as Hex | undefined) : undefined
}
