import { type Address, type Hex, hashTypedData, isAddressEqual, parseSignature, recoverAddress, size } from 'viem'
import { BaseError } from '../errors.ts'
import type { Chain } from './connect.ts'
import { structTypes } from './consents-typed.ts'
import { ask, type BlockMark } from './head.ts'
import type { Network } from './network.ts'
import { type Message, type MessageKind, messageTypes, typedData } from './typed-data.ts'
import type { WaitOptions } from './wait.ts'
import { rethrow } from './wallet.ts'

/** The EIP-712 digest of a message; for a KeyRequest this is the requestHash that the chain logs.
 * @example
 * const requestHash = hashMessage(network, 'KeyRequest', request) */
export function hashMessage<kind extends MessageKind>(
  network: Pick<Network, 'chainId' | 'contracts'>,
  kind: kind,
  message: Message<kind>,
): Hex {
  return hashTypedData(typedData(network, kind, message))
}

/** Signs a message as the chain's account; a browser wallet shows every field first.
 * Throws {@link SignerMissingError}, `WalletRefusedError`.
 * @example
 * const signature = await signMessage(chain, 'KeyRequest', request) */
export async function signMessage<kind extends MessageKind>(
  chain: Pick<Chain, 'network' | 'wallet'>,
  kind: kind,
  message: Message<kind>,
): Promise<Hex> {
  if (!chain.wallet) throw new SignerMissingError({})
  return await chain.wallet.signTypedData(typedData(chain.network, kind, message)).catch(rethrow(`the ${kind}`))
}

/** Who signed a message, by ECDSA alone. Refuses a signature with a high `s`, which anyone could derive from a good one.
 * Throws {@link SignatureError}. */
export async function signerOf(
  network: Pick<Network, 'chainId' | 'contracts'>,
  signed: SignedMessage,
): Promise<Address> {
  const { kind, signature } = signed
  if (size(signature) !== 65) throw new SignatureError({ kind, reason: 'it is not 65 bytes long' })
  try {
    if (BigInt(parseSignature(signature).s) > halfOrder) throw new SignatureError({ kind, reason: 'its s is high' })
    return await recoverAddress({ hash: digestOf(network, signed), signature })
  } catch (error) {
    if (error instanceof SignatureError) throw error
    throw new SignatureError({ kind, reason: 'it recovers no account', cause: error })
  }
}

/** Checks that `signer` signed the message: low-s ECDSA, else ERC-1271 where `signer` is a contract, asked at block `at`.
 * Throws {@link SignatureError}. */
export async function verifyMessage(
  chain: Chain,
  signed: SignedMessage & { readonly signer: Address },
  { at, signal }: WaitOptions & { at: Pick<BlockMark, 'number'> },
): Promise<void> {
  const { kind, signature, signer } = signed
  const recovered = await signerOf(chain.network, signed).catch((error: unknown) => error)
  if (typeof recovered === 'string' && isAddressEqual(recovered as Address, signer)) return
  if (await contractAccepts(chain, signer, digestOf(chain.network, signed), signature, at, { signal })) return
  throw recovered instanceof SignatureError ? recovered : new SignatureError({ kind, reason: 'another account signed' })
}

/** A message with its signature. */
export type SignedMessage<kind extends MessageKind = MessageKind> = {
  readonly [one in kind]: { readonly kind: one; readonly message: Message<one>; readonly signature: Hex }
}[kind]

const digestOf = (network: Pick<Network, 'chainId' | 'contracts'>, { kind, message }: SignedMessage): Hex =>
  hashTypedData(typedData(network, kind, message as Message<typeof kind>))

/** Reads a message from JSON: each field by its Solidity type, nothing missing, nothing beside. Throws {@link MessageError}.
 * Numbers above 48 bits are decimal strings in JSON. */
export function parseMessage<kind extends MessageKind>(kind: kind, json: unknown): Message<kind> {
  return parseFields(kind, messageTypes[kind], json) as Message<kind>
}

/** A message as JSON: bigints as decimal strings, hex in lower case. */
export function messageToJson(message: SignedMessage['message']): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(message).map(([name, value]) => [name, typeof value === 'bigint' ? `${value}` : value]),
  )
}

const halfOrder = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n
const erc1271Abi = [
  {
    type: 'function',
    name: 'isValidSignature',
    stateMutability: 'view',
    inputs: [
      { name: 'hash', type: 'bytes32' },
      { name: 'signature', type: 'bytes' },
    ],
    outputs: [{ type: 'bytes4' }],
  },
] as const
const erc1271Magic = '0x1626ba7e'

async function contractAccepts(
  chain: Chain,
  address: Address,
  hash: Hex,
  signature: Hex,
  { number }: Pick<BlockMark, 'number'>,
  options: WaitOptions,
): Promise<boolean> {
  const code = await ask(chain, 'eth_getCode', chain.client.getCode({ address, blockNumber: number }), options)
  if (code === undefined || code === '0x') return false
  const call = { address, abi: erc1271Abi, functionName: 'isValidSignature', args: [hash, signature] } as const
  // A contract that reverts has not accepted.
  const answer = chain.client.readContract({ ...call, blockNumber: number }).catch(() => '0x')
  return (await ask(chain, 'isValidSignature', answer, options)) === erc1271Magic
}

type Field = { readonly name: string; readonly type: string }
type Parsed = string | number | bigint | boolean | readonly Record<string, Parsed>[]

function parseFields(kind: MessageKind, fields: readonly Field[], json: unknown): Record<string, Parsed> {
  if (typeof json !== 'object' || json === null) throw new MessageError({ kind })
  const given = json as Record<string, unknown>
  const unknown = Object.keys(given).find((name) => !fields.some((field) => field.name === name))
  if (unknown !== undefined) throw new MessageError({ kind, field: 'a field it does not have' })
  return Object.fromEntries(fields.map((field) => [field.name, parseField(kind, field, given[field.name])]))
}

function parseField(kind: MessageKind, { name, type }: Field, value: unknown): Parsed {
  const parsed = type.endsWith('[]') ? parseStructs(kind, type.slice(0, -2), value) : parseScalar(type, value)
  if (parsed === undefined) throw new MessageError({ kind, field: name })
  return parsed
}

/** The contracts take no longer list. */
const mostStructs = 64

function parseStructs(kind: MessageKind, name: string, value: unknown): readonly Record<string, Parsed>[] | undefined {
  if (!Array.isArray(value) || value.length > mostStructs) return undefined
  return value.map((one) => parseFields(kind, structTypes[name as keyof typeof structTypes], one))
}

function parseScalar(type: string, value: unknown): string | number | bigint | boolean | undefined {
  if (type === 'bool') return typeof value === 'boolean' ? value : undefined
  return type.startsWith('uint') ? parseInteger(Number(type.slice(4)), value) : parseText(type, value)
}

function parseText(type: string, value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  if (type === 'string') return value.length <= 64 ? value : undefined
  const digits = type === 'address' ? 40 : 2 * Number(type.slice('bytes'.length))
  return value.length === digits + 2 && /^0x[0-9a-fA-F]*$/.test(value) ? value.toLowerCase() : undefined
}

function parseInteger(bits: number, value: unknown): number | bigint | undefined {
  if (bits > 48) {
    const whole = typeof value === 'string' && /^\d{1,78}$/.test(value) ? BigInt(value) : undefined
    return whole !== undefined && whole < 2n ** BigInt(bits) ? whole : undefined
  }
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < 2 ** bits ? value : undefined
}

/** Thrown when JSON is not a message of that kind. */
export class MessageError extends BaseError<'MESSAGE'> {
  override readonly name = 'MessageError'
  constructor({ kind, field }: { kind?: MessageKind; field?: string }) {
    super('MESSAGE', `This is not a ${kind ?? 'message'}${field ? `: ${field} is wrong` : ''}.`, {
      hints: ['Send exactly the fields of the message, each in the form of its type.'],
      docs: '/chain#messages',
    })
  }
}

/** Thrown when a signature does not prove what it should. */
export class SignatureError extends BaseError<'SIGNATURE'> {
  override readonly name = 'SignatureError'
  constructor({ kind, reason, cause }: { kind?: MessageKind; reason?: string; cause?: unknown }) {
    super('SIGNATURE', `The signature of this ${kind ?? 'message'} does not hold: ${reason ?? 'unknown'}.`, {
      cause,
      hints: ['Sign it again with the account that it names, and send it unchanged.'],
      docs: '/chain#messages',
    })
  }
}

/** Thrown when an action must sign, and the connection has nobody to sign. */
export class SignerMissingError extends BaseError<'SIGNER_MISSING'> {
  override readonly name = 'SignerMissingError'
  constructor(_: Record<string, never>) {
    super('SIGNER_MISSING', 'This connection has no account to sign with.', {
      hints: ['Pass `account` to connect().'],
      docs: '/chain#network',
    })
  }
}
