/**
 * The network a command speaks to, and on the local chain the people of the demo.
 * @module
 */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { type Bytes, EncodingError, fromHex, fromUtf8, type Hex, toHex } from '@sharewell/sdk/bytes'
import { type Network, parseNetwork } from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import { readBody } from '@sharewell/sdk/place'
import { isMap } from '../guess.ts'
import { readSmall } from '../input.ts'

/** What a provider knows of a patient whom it registered: enough to seal to them and to name their categories. */
export type KnownPatient = {
  readonly pseudonym: Hex
  readonly selfPublicKey: Bytes
  readonly categoryKey: Bytes
  readonly label: string
}

/** An account whose key is public, because it is of the demo. */
export type DemoAccount = { readonly address: Hex; readonly privateKey: Hex; readonly providerId?: Hex | undefined }

/** Somebody whom one can be in the demo. */
export type DemoPerson = {
  readonly id: string
  readonly name: string
  readonly role: string
  /** Whose staff it is, or which organization it is. */
  readonly organizationId?: Hex | undefined
  readonly accounts: readonly DemoAccount[]
  readonly vaultSeed?: Hex | undefined
  readonly patients: readonly KnownPatient[]
}

/** What a network file says. */
export type NetworkFile = { readonly network: Network; readonly people: readonly DemoPerson[] }

const localChainId = 31337
const maxLength = 4 << 20

/**
 * Reads a network file from disk or from a URL. Without a name: `$SHAREWELL_NETWORK`, else the `.sharewell/network.json`
 * of this folder or one above it.
 */
export async function readNetworkFile(given: string | undefined, signal: AbortSignal): Promise<NetworkFile> {
  const name = given ?? process.env.SHAREWELL_NETWORK ?? nearest(process.cwd())
  if (name === undefined) throw new NoNetworkError({})
  const text = /^https?:\/\//.test(name)
    ? await download(name, signal)
    : fromUtf8(await readSmall(name, maxLength, signal))
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw new NetworkFileError({ name, reason: 'it is no JSON', cause })
  }
  return parseNetworkFile(json, name)
}

/** Takes people with public keys on the local chain and nowhere else. */
export function parseNetworkFile(json: unknown, name: string): NetworkFile {
  if (!isMap(json) || !isMap(json.network)) throw new NetworkFileError({ name, reason: 'it describes no network' })
  const network = parseNetwork(json.network)
  if (json.demo === undefined) return { network, people: [] }
  if (network.chainId !== localChainId)
    throw new NetworkFileError({ name, reason: 'it carries demo keys, which only the local chain may' })
  const people = isMap(json.demo) ? list(json.demo.people) : []
  try {
    return { network, people: people.map(parsePerson) }
  } catch (cause) {
    throw new NetworkFileError({ name, reason: 'a person of the demo is incomplete', cause })
  }
}

function parsePerson(json: Readonly<Record<string, unknown>>): DemoPerson {
  const { id, name, role, vaultSeed, organizationId } = json
  return {
    id: String(id),
    name: String(name),
    role: String(role),
    organizationId: organizationId === undefined ? undefined : hex(organizationId, 16),
    accounts: list(json.accounts).map(({ address, privateKey, providerId }) => ({
      address: hex(address, 20),
      privateKey: hex(privateKey, 32),
      providerId: providerId === undefined ? undefined : hex(providerId, 16),
    })),
    vaultSeed: vaultSeed === undefined ? undefined : hex(vaultSeed, 32),
    patients: list(json.patients).map(parseKnownPatient),
  }
}

/** Reads what a provider knows of a patient: pseudonym, public key and category key in hex. */
export function parseKnownPatient(json: Readonly<Record<string, unknown>>): KnownPatient {
  return {
    pseudonym: hex(json.pseudonym, 32),
    selfPublicKey: fromHex(hex(json.selfPublicKey, 1216)),
    categoryKey: fromHex(hex(json.categoryKey, 32)),
    label: typeof json.label === 'string' ? json.label : 'patient',
  }
}

const list = (value: unknown) => (Array.isArray(value) ? value.filter(isMap) : [])

function hex(value: unknown, length: number): Hex {
  if (typeof value !== 'string') throw new EncodingError({ expected: `${length} bytes of hex` })
  return toHex(fromHex(value, length))
}

function nearest(from: string): string | undefined {
  for (let folder = from; ; folder = path.dirname(folder)) {
    const file = path.join(folder, '.sharewell', 'network.json')
    if (existsSync(file)) return file
    if (folder === path.dirname(folder)) return undefined
  }
}

async function download(url: string, signal: AbortSignal): Promise<string> {
  try {
    const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]) })
    if (!response.ok) throw new NetworkFileError({ name: url, reason: `the server answered ${response.status}` })
    // A server may send without end.
    return fromUtf8(await readBody(url, response, maxLength))
  } catch (cause) {
    signal.throwIfAborted()
    if (cause instanceof NetworkFileError) throw cause
    throw new NetworkFileError({ name: url, reason: 'nobody answers there', cause })
  }
}

/** Thrown when no network was named and none is near. */
export class NoNetworkError extends BaseError<'NO_NETWORK'> {
  override readonly name = 'NoNetworkError'
  constructor(_: object) {
    super('NO_NETWORK', 'No network was named, and there is no .sharewell/network.json here or above.', {
      hints: ['start the local one with npm start, or name another with --network FILE or URL'],
    })
  }
}

/** Thrown when a network file cannot be read as one. */
export class NetworkFileError extends BaseError<'NETWORK_FILE'> {
  override readonly name = 'NetworkFileError'
  constructor({ name = '', reason = 'it cannot be read', cause }: { name?: string; reason?: string; cause?: unknown }) {
    super('NETWORK_FILE', `${name} is no network file: ${reason}.`, {
      hints: ['use the network.json that the running network wrote; npm start writes .sharewell/network.json'],
      cause: cause instanceof BaseError ? undefined : cause,
    })
  }
}
