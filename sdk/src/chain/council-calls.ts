import {
  type Abi,
  type AbiFunction,
  type AbiParameter,
  type Address,
  type ContractFunctionArgs,
  type ContractFunctionName,
  decodeFunctionData,
  encodeFunctionData,
  getAbiItem,
  type Hex,
  isAddress,
  isHex,
  size,
  slice,
} from 'viem'
import { BaseError } from '../errors.ts'
import { accessManagerAbi, actorRegistryAbi, councilAbi, keyCommitteeAbi } from './abi.ts'
import { organizationKinds } from './actors.ts'
import { type CeremonyPlan, openArgs } from './ceremonies.ts'
import { type CallWords, sentences } from './council-words.ts'
import type { Network } from './network.ts'
import { operatorKinds } from './operators.ts'

/** One call that a proposal makes. */
export type CouncilCall = { readonly target: Address; readonly data: Hex }

/** The contracts that the council administers, itself among them. */
const administered = {
  actorRegistry: actorRegistryAbi,
  keyCommittee: keyCommitteeAbi,
  council: councilAbi,
  accessManager: accessManagerAbi,
} as const
type Administered = typeof administered

/** Writes a call of an administered contract.
 * @example
 * councilCall(network, 'actorRegistry', 'setOperatorActive', [operator, false]) */
export function councilCall<
  contract extends keyof Administered,
  name extends ContractFunctionName<Administered[contract], 'nonpayable'>,
>(
  network: Pick<Network, 'contracts'>,
  contract: contract,
  functionName: name,
  args: ContractFunctionArgs<Administered[contract], 'nonpayable', name>,
): CouncilCall {
  const call: { abi: Abi; functionName: string; args: readonly unknown[] } = {
    abi: administered[contract],
    functionName,
    args: args as readonly unknown[],
  }
  return { target: network.contracts[contract], data: encodeFunctionData(call) }
}

/** The call that opens a ceremony: what a key generation, a refresh or a resharing asks of the council. */
export function ceremonyCall(network: Pick<Network, 'contracts'>, plan: CeremonyPlan): CouncilCall {
  return councilCall(network, 'keyCommittee', 'openCeremony', openArgs(plan))
}

/** What a proposal may do, by function; each name occurs once. */
export const councilActs = {
  registerOrganization: 'actorRegistry',
  setOrganizationActive: 'actorRegistry',
  setOrganizationAccount: 'actorRegistry',
  registerOperator: 'actorRegistry',
  setOperatorActive: 'actorRegistry',
  openCeremony: 'keyCommittee',
  addMember: 'council',
  removeMember: 'council',
  setThreshold: 'council',
  penalize: 'council',
  grantRole: 'accessManager',
  revokeRole: 'accessManager',
  renounceRole: 'accessManager',
} as const satisfies Record<string, keyof Administered>

/** The parameters of one of {@link councilActs}, in order. Throws {@link CouncilCallError}. */
export function parametersOf(act: string): readonly AbiParameter[] {
  return functionOf(act).item.inputs
}

/** Writes a call from what a person typed: a list of texts, or of named values; kinds by their words.
 * Throws {@link CouncilCallError}.
 * @example
 * parseCouncilCall(network, { function: 'setOperatorActive', args: { id: '0x…', active: false } }) */
export function parseCouncilCall(network: Pick<Network, 'contracts'>, json: unknown): CouncilCall {
  if (!isMap(json) || typeof json.function !== 'string')
    throw new CouncilCallError({ reason: 'a call has a function and its args' })
  const { function: act, args = [] } = json
  const { contract, item } = functionOf(act)
  const given = Array.isArray(args) ? args : named(item, args)
  if (given.length !== item.inputs.length)
    throw new CouncilCallError({ act, reason: `it takes ${item.inputs.length} values, not ${given.length}` })
  const values = item.inputs.map((input, at) => parseValue(act, input, given[at]))
  return { target: network.contracts[contract], data: encodeFunctionData({ abi: [item], args: values }) }
}

/** What a call does: its function, its arguments by name, and a sentence. */
export type DescribedCall = {
  /** As the network's description names it; undefined where this network knows no such contract or function. */
  readonly contract?: keyof Administered | undefined
  readonly function?: string | undefined
  readonly args: Readonly<Record<string, unknown>>
  readonly words: string
  /** It changes who administers, or cannot be explained: look twice. */
  readonly grave: boolean
}

/** Says what a call does. `name` may put a name beside an id that it knows.
 * @example
 * for (const call of proposal.calls) console.log(describeCall(chain.network, call).words) */
export function describeCall(
  network: Pick<Network, 'contracts'>,
  { target, data }: CouncilCall,
  { name = (id) => id }: { name?: ((id: Hex) => string) | undefined } = {},
): DescribedCall {
  const contracts = Object.keys(administered) as (keyof Administered)[]
  const contract = contracts.find((one) => network.contracts[one].toLowerCase() === target.toLowerCase())
  const decoded = contract && decode(administered[contract], data)
  if (!contract || !decoded) {
    const what = size(data) >= 4 ? slice(data, 0, 4) : data
    return { args: {}, words: `call ${what} of ${target}, which this network does not describe`, grave: true }
  }
  const { functionName, args } = decoded
  const sentence: CallWords | undefined = Object.hasOwn(sentences, functionName) ? sentences[functionName] : undefined
  const words = sentence?.(args, name) ?? `call ${functionName} of ${contract} with ${textOf(Object.values(args))}`
  return { contract, function: functionName, args, words, grave: contract === 'accessManager' }
}

function decode(abi: Abi, data: Hex): { functionName: string; args: Record<string, unknown> } | undefined {
  try {
    const { functionName, args = [] } = decodeFunctionData({ abi, data })
    const item = getAbiItem({ abi, name: functionName, args }) as AbiFunction
    const values = item.inputs.map(({ name, internalType }, at) => [name ?? String(at), wordOf(internalType, args[at])])
    return { functionName, args: Object.fromEntries(values) }
  } catch {
    return undefined
  }
}

const textOf = (value: unknown): string => JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? `${one}` : one))

/** Kinds travel as numbers and are read as words. */
const kinds: Readonly<Record<string, readonly string[]>> = {
  'enum OrganizationKind': organizationKinds,
  'enum OperatorKind': operatorKinds,
}
const wordsOf = (internalType: string | undefined) =>
  internalType !== undefined && Object.hasOwn(kinds, internalType) ? kinds[internalType] : undefined
const wordOf = (internalType: string | undefined, value: unknown): unknown =>
  wordsOf(internalType)?.[Number(value)] ?? value

function functionOf(act: string): { contract: keyof Administered; item: AbiFunction } {
  const contract = Object.hasOwn(councilActs, act) ? councilActs[act as keyof typeof councilActs] : undefined
  if (!contract) throw new CouncilCallError({ act, reason: 'the council does not do this' })
  const abi: Abi = administered[contract]
  const item = abi.find((entry): entry is AbiFunction => entry.type === 'function' && entry.name === act)
  if (!item) throw new CouncilCallError({ act, reason: 'the contract does not do this' })
  return { contract, item }
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function named({ name: act, inputs }: AbiFunction, args: unknown): unknown[] {
  if (!isMap(args)) throw new CouncilCallError({ act, reason: 'args is neither a list nor a map' })
  const other = Object.keys(args).find((key) => !inputs.some(({ name }) => name === key))
  if (other !== undefined) throw new CouncilCallError({ act, reason: `it has no ${other.slice(0, 40)}` })
  return inputs.map(({ name = '', type }) => args[name] ?? defaultOf(name, type))
}

/** Only what is usually absent may be left out. */
const defaultOf = (name: string, type: string): unknown =>
  name === 'parent' || name === 'hpkeKeyHash' ? `0x${'00'.repeat(Number(type.slice('bytes'.length)))}` : undefined

function parseValue(act: string, parameter: AbiParameter, value: unknown): unknown {
  const { type, name = '', internalType } = parameter
  const words = wordsOf(internalType)
  if (type.endsWith('[]') && Array.isArray(value))
    return value.map((one) => parseValue(act, { ...parameter, type: type.slice(0, -2) }, one))
  const parsed = words ? index(words, value) : readers(type)?.(value)
  if (parsed !== undefined) return parsed
  const expected = words ? `one of ${words.join(', ')}` : (plainly[type] ?? `of type ${type}`)
  throw new CouncilCallError({ act, reason: `${name} must be ${expected}` })
}

const plainly: Readonly<Record<string, string>> = { bool: 'true or false', address: 'an account', string: 'a text' }

const booleans: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
])

/** What a person may have typed with quotes or without; nothing of a list or an object. */
const typed = (value: unknown): string =>
  ['string', 'number', 'bigint', 'boolean'].includes(typeof value) ? String(value) : ''

function index(words: readonly string[], value: unknown): number | undefined {
  const found = words.indexOf(typed(value))
  return found < 0 ? undefined : found
}

function readers(type: string): ((value: unknown) => unknown) | undefined {
  if (type === 'address')
    return (value) => (typeof value === 'string' && isAddress(value, { strict: false }) ? value : undefined)
  if (type === 'string') return (value) => (typeof value === 'string' && value.length <= 1024 ? value : undefined)
  if (type === 'bool') return (value) => booleans.get(typed(value))
  const [, kind, digits] = /^(bytes|uint)(\d+)$/.exec(type) ?? []
  const length = Number(digits)
  if (kind === 'bytes') return (value) => (isHex(value) && value.length === 2 + 2 * length ? value : undefined)
  if (kind === 'uint') return (value) => wholeNumber(typed(value), length)
  return undefined
}

function wholeNumber(text: string, bits: number): bigint | undefined {
  const whole = /^\d{1,20}$/.test(text) ? BigInt(text) : undefined
  return whole !== undefined && whole < 2n ** BigInt(bits) ? whole : undefined
}

const does = `What a council does: ${Object.keys(councilActs).join(', ')}.`
const takes = (act: string): string =>
  `It takes ${parametersOf(act)
    .map(({ name }) => name)
    .join(', ')}, in this order or by name.`

/** Thrown when what should be proposed is no call that the council makes. */
export class CouncilCallError extends BaseError<'COUNCIL_CALL'> {
  override readonly name = 'CouncilCallError'
  constructor({ act, reason }: { act?: string; reason?: string }) {
    super('COUNCIL_CALL', `This is no proposal${act ? ` of ${act.slice(0, 40)}` : ''}: ${reason ?? 'unknown'}.`, {
      hints: [act !== undefined && Object.hasOwn(councilActs, act) ? takes(act) : does],
      docs: '/council#who-may-what',
    })
  }
}
