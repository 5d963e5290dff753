import { randomBytes } from 'node:crypto'
import { fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import {
  attest,
  type Chain,
  type CouncilCall,
  councilCall,
  credentialId,
  credentialOf,
  type OperatorKind,
  type OrganizationKind,
  operatorInfo,
  operatorKinds,
  organizationKinds,
  organizationOf,
  registerOrganization,
  withAccount,
} from '@sharewell/sdk/chain'
import { signObject } from '@sharewell/sdk/signed'
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { hospitals, reconstructorOperators, type StaffMember, staff, storageOperators } from './layout.ts'
import type { State } from './state.ts'

/** A private key of the local network, drawn when it is first asked for. */
export function keyOf(state: State, name: string): Hex {
  state.keys[name] ??= generatePrivateKey()
  return state.keys[name]
}

export const accountOf = (state: State, name: string): PrivateKeyAccount => privateKeyToAccount(keyOf(state, name))

/** The same connection as the operator of the first key node. */
export const asKeyNode = (chain: Chain, state: State): Chain => withAccount(chain, accountOf(state, 'key-1'))

/** A 16-byte id, drawn when it is first asked for. */
export function idOf(state: State, name: string): Hex {
  state.ids[name] ??= toHex(new Uint8Array(randomBytes(16)))
  return state.ids[name]
}

/** A node of the local network, in the words of the registry. */
export type NodeParty = {
  /** Name of its listener: storage-1, key-2, ... */
  readonly name: string
  readonly kind: OperatorKind
  /** Name of the organization that answers for it. */
  readonly organization: string
}

type OrganizationParty = { readonly name: string; readonly title: string; readonly kind: OrganizationKind }

/** Everyone the registry lists as an organization. */
export const organizationParties: readonly OrganizationParty[] = [
  ...hospitals.map((title, i) => ({ name: `hospital-${i + 1}`, title, kind: 'hospital' as const })),
  ...storageOperators.map((title, i) => ({ name: `operator-${i + 1}`, title, kind: 'host' as const })),
  ...reconstructorOperators.map((title, i) => ({ name: `compute-${i + 1}`, title, kind: 'host' as const })),
]

/** Every node that runs. */
export const nodeParties: readonly NodeParty[] = [
  ...storageOperators.map((_, i) => node(`storage-${i + 1}`, 'storage', `operator-${i + 1}`)),
  ...hospitals.map((_, i) => node(`key-${i + 1}`, 'key', `hospital-${i + 1}`)),
  ...reconstructorOperators.map((_, i) => node(`reconstructor-${i + 1}`, 'reconstructor', `compute-${i + 1}`)),
]

function node(name: string, kind: OperatorKind, organization: string): NodeParty {
  return { name, kind, organization }
}

/** A signed directory entry, addressed by its hash. */
export type Entry = { readonly hash: Hex; readonly bytes: Uint8Array<ArrayBuffer> }

/** Whether an organization is a member of the council from the beginning. */
const isFounder = ({ kind }: OrganizationParty): boolean => kind === 'hospital'

/** The ids of the council's founders. */
export const founders = (state: State): Hex[] =>
  organizationParties.filter(isFounder).map(({ name }) => idOf(state, name))

/** The directory entries of all organizations. */
export async function organizationEntries(chain: Chain, state: State): Promise<Entry[]> {
  return await Promise.all(organizationParties.map((party) => organizationEntry(chain, state, party)))
}

async function organizationEntry(chain: Chain, state: State, { name, title }: OrganizationParty): Promise<Entry> {
  const resource = { resourceType: 'Organization', id: idOf(state, name).slice(2), active: true, name: title }
  return await entryOf(chain, state, name, resource)
}

/** Lets the registry know the council's founders, as the deployer, as long as there is no council. */
export async function admitFounders(deployer: Chain, state: State): Promise<void> {
  const admit = async (party: OrganizationParty) => {
    const id = idOf(state, party.name)
    if (await organizationOf(deployer, { organization: id })) return
    const { hash: directoryHash } = await organizationEntry(deployer, state, party)
    const { address: account } = accountOf(state, party.name)
    await registerOrganization(deployer, { id, kind: party.kind, account, directoryHash })
  }
  await Promise.all(organizationParties.filter(isFounder).map(admit))
}

/** The calls that admit the organizations that the registry does not know yet. */
export async function organizationAdmissions(chain: Chain, state: State): Promise<CouncilCall[]> {
  const calls = organizationParties.map(async (party) => {
    const id = idOf(state, party.name)
    if (await organizationOf(chain, { organization: id })) return []
    const { hash } = await organizationEntry(chain, state, party)
    const { address } = accountOf(state, party.name)
    const args = [id, organizationKinds.indexOf(party.kind), noId, address, hash] as const
    return [councilCall(chain.network, 'actorRegistry', 'registerOrganization', args)]
  })
  return (await Promise.all(calls)).flat()
}

const noId: Hex = `0x${'00'.repeat(16)}`

/** Lets each hospital attest its staff; returns their directory entries. */
export async function attestStaff(chain: Chain, state: State): Promise<Entry[]> {
  const entries: Entry[] = []
  for (const member of staff) {
    const hospital = `hospital-${member.hospital + 1}`
    const organization = idOf(state, hospital)
    const account = accountOf(state, member.id).address
    const entry = await entryOf(chain, state, hospital, practitionerOf(member, account))
    entries.push(entry)
    const credential = await credentialOf(chain, { credential: credentialId(account, organization) })
    if (credential) continue
    await attest(withAccount(chain, accountOf(state, hospital)), {
      account,
      organization,
      roles: member.roles,
      until: chain.clock() + oneYear,
      directoryHash: entry.hash,
    })
  }
  return entries
}

function practitionerOf({ id, given, family, prefix, specialty }: StaffMember, account: Hex): object {
  return {
    resourceType: 'Practitioner',
    id,
    active: true,
    identifier: [{ system: 'urn:sharewell:account', value: account.toLowerCase() }],
    name: [{ use: 'official', family, given: [given], ...(prefix && { prefix: [prefix] }) }],
    qualification: [{ code: { text: specialty } }],
  }
}

const oneYear = 365 * 86_400

/** The calls that admit the nodes that the registry does not know yet; `hpkeKeyHashOf` asks a node that runs. */
export async function nodeAdmissions(
  chain: Chain,
  state: State,
  { urlOf, hpkeKeyHashOf }: { urlOf: (node: string) => string; hpkeKeyHashOf: (endpoint: string) => Promise<Hex> },
): Promise<CouncilCall[]> {
  const calls = nodeParties.map(async ({ name, kind, organization }) => {
    const id = idOf(state, name)
    if (await operatorInfo(chain, { operator: id })) return []
    const endpoint = urlOf(name)
    const hpkeKeyHash = kind === 'reconstructor' ? noHash : await hpkeKeyHashOf(endpoint)
    const { address } = accountOf(state, name)
    const args = [id, operatorKinds.indexOf(kind), idOf(state, organization), address, endpoint, hpkeKeyHash] as const
    return [councilCall(chain.network, 'actorRegistry', 'registerOperator', args)]
  })
  return (await Promise.all(calls)).flat()
}

const noHash: Hex = `0x${'00'.repeat(32)}`

/** ECDSA here is deterministic (RFC 6979), so an entry has the same hash at every start. */
async function entryOf(chain: Chain, state: State, author: string, resource: object): Promise<Entry> {
  const payload = new TextEncoder().encode(JSON.stringify(resource))
  const bytes = await signObject('directory', payload, fromHex(chain.network.networkId, 32), accountOf(state, author))
  const hash = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
  return { hash, bytes }
}
