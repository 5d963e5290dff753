import { type Network, parseNetwork } from '@sharewell/sdk/chain'
import { type Hex, isAddress, isHex, size } from 'viem'

/** What somebody in the demo does. */
export type Role = 'patient' | 'practitioner' | 'organization'

/** An account of the demo wallet. Its key is public: it stands in a file that anyone can read. */
export type DemoAccount = {
  readonly address: Hex
  readonly privateKey: Hex
  /** The provider at which a patient uses it. */
  readonly providerId?: Hex | undefined
  readonly label: string
}

/** What a hospital of the demo knows of a patient: see `KnownPatient`. */
export type DemoPatient = {
  readonly pseudonym: Hex
  readonly selfPublicKey: Hex
  readonly categoryKey: Hex
  readonly label: string
}

/** Somebody whom one can be in the demo. */
export type DemoPerson = {
  readonly id: string
  readonly name: string
  readonly role: Role
  readonly organizationId?: Hex | undefined
  readonly accounts: readonly DemoAccount[]
  /** Opens the records that the demo deposited for this patient. */
  readonly vaultSeed?: Hex | undefined
  /** Opens an emergency officer's part of a summary. */
  readonly officerSeed?: Hex | undefined
  /** A hospital's patients, whom it registered before this browser knew it. */
  readonly patients?: readonly DemoPatient[] | undefined
}

/** The network this page speaks to, and on the local chain the people of the demo. */
export type NetworkFile = { readonly network: Network; readonly people: readonly DemoPerson[] }

const localChainId = 31337

/** Reads what `/network.json` answers. People with public keys are taken on the local chain and nowhere else. */
export function parseNetworkFile(json: unknown): NetworkFile {
  if (!isObject(json)) throw new NetworkFileError('it is no object')
  const network = parseNetwork(json.network)
  if (json.demo === undefined) return { network, people: [] }
  if (network.chainId !== localChainId)
    throw new NetworkFileError('it carries demo keys, which only the local chain may')
  if (!isObject(json.demo) || !Array.isArray(json.demo.people)) throw new NetworkFileError('its people are no list')
  return { network, people: json.demo.people.map(parsePerson) }
}

/** Asks the server for the network description. */
export async function fetchNetworkFile(signal?: AbortSignal): Promise<NetworkFile> {
  const response = await fetch('/network.json', { cache: 'no-store', signal: signal ?? null })
  const json: unknown = await response.json().catch(() => undefined)
  if (!response.ok)
    throw new NetworkFileError(isObject(json) && typeof json.detail === 'string' ? json.detail : 'the server has none')
  return parseNetworkFile(json)
}

function parsePerson(json: unknown): DemoPerson {
  if (!isObject(json) || !Array.isArray(json.accounts)) throw new NetworkFileError('a person in it has no accounts')
  const { id, name, role, organizationId, vaultSeed, officerSeed, patients } = json
  if (typeof id !== 'string' || typeof name !== 'string' || !isRole(role))
    throw new NetworkFileError('a person in it is incomplete')
  return {
    id,
    name,
    role,
    organizationId: optionalHex(organizationId, 16),
    accounts: json.accounts.map(parseAccount),
    vaultSeed: optionalHex(vaultSeed, 32),
    officerSeed: optionalHex(officerSeed, 32),
    patients: Array.isArray(patients) ? patients.map(parsePatient) : undefined,
  }
}

function parseAccount(json: unknown): DemoAccount {
  if (!isObject(json) || typeof json.address !== 'string' || !isAddress(json.address, { strict: false }))
    throw new NetworkFileError('an account in it has no address')
  const privateKey = optionalHex(json.privateKey, 32)
  if (!privateKey) throw new NetworkFileError('an account in it has no key')
  const label = typeof json.label === 'string' ? json.label : ''
  return { address: json.address, privateKey, providerId: optionalHex(json.providerId, 16), label }
}

function parsePatient(json: unknown): DemoPatient {
  if (!isObject(json)) throw new NetworkFileError('a patient in it is no object')
  const [pseudonym, selfPublicKey] = [optionalHex(json.pseudonym, 32), optionalHex(json.selfPublicKey, 1216)]
  const categoryKey = optionalHex(json.categoryKey, 32)
  if (!pseudonym || !selfPublicKey || !categoryKey) throw new NetworkFileError('a patient in it is incomplete')
  return { pseudonym, selfPublicKey, categoryKey, label: typeof json.label === 'string' ? json.label : 'Patient' }
}

function optionalHex(value: unknown, length: number): Hex | undefined {
  if (value === undefined) return undefined
  if (!isHex(value) || size(value) !== length) throw new NetworkFileError(`a value in it is not ${length} bytes in hex`)
  return value.toLowerCase() as Hex
}

const isRole = (role: unknown): role is Role => role === 'patient' || role === 'practitioner' || role === 'organization'
const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null

/** Thrown when the network description cannot be used. */
export class NetworkFileError extends Error {
  override readonly name = 'NetworkFileError'
  readonly code = 'NETWORK_FILE'

  constructor(reason: string) {
    super(`The network description cannot be used: ${reason}.`)
  }
}
