import { type Hex, hexToString, isHex } from 'viem'
import type { WalletRequest } from '../wallet-request.ts'
import type { Context, Described, Words } from './described.ts'
import { describeMessage, type TypedMessage } from './messages.ts'
import { describeTransaction } from './transactions.ts'

export type { Context, Described } from './described.ts'

/** Puts a request to a wallet into plain words. What this page does not understand, it says so. */
export function describe(request: WalletRequest, context: Context): Described {
  const [first, second] = request.params ?? []
  if (request.method === 'eth_sendTransaction') {
    const transaction = (first ?? {}) as { to?: Hex; data?: Hex }
    return { ...(describeTransaction(transaction, context) ?? unknown), raw: pretty(transaction) }
  }
  if (request.method === 'eth_signTypedData_v4') {
    const typed = parse(second)
    return { ...(describeMessage(typed, context) ?? unknown), raw: pretty(typed) }
  }
  const text = isHex(first) ? hexToString(first) : String(first)
  return { ...unknown, title: 'Sign a text', sentence: text, raw: text }
}

const unknown: Words = {
  title: 'Something this page does not know',
  sentence: 'This request is none of Sharewell’s own. Say no unless you know where it comes from.',
  facts: [],
  warning: 'A signature can give away what you own.',
}

const pretty = (value: unknown): string => JSON.stringify(value, null, 2)

function parse(value: unknown): TypedMessage {
  const json: unknown = JSON.parse(String(value))
  return typeof json === 'object' && json !== null ? json : {}
}
