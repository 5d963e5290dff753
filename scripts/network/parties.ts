import { randomBytes } from 'node:crypto'
import { fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import {
  attest,
  type Chain,
  credentialId,
  credentialOf,
  type OperatorKind,
  type OrganizationKind,
  operatorInfo,
  organizationOf,
  registerOperator,
  registerOrganization,
  withAccount,
} from '@sharewell/sdk/chain'
import { signObject } from '@sharewell/sdk/signed'
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { doctors, hospitals, reconstructorOperators, storageOperators } from './layout.ts'
import type { State } from './state.ts'

/** A private key of the local network, drawn when it is first asked for. */
export function keyOf(state: State, name: string): Hex {
  state.keys[name] ??= generatePrivateKey()
  return state.keys[name]
}

export const accountOf = (state: State, name: string): PrivateKeyAccount => privateKeyToAccount(keyOf(state, name))

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

/** Lets the registry know all organizations that it does not know yet; returns their directory entries. */
export async function admitOrganizations(chain: Chain, state: State): Promise<Entry[]> {
  const admit = async ({ name, title, kind }: OrganizationParty): Promise<Entry> => {
    const id = idOf(state, name)
    const entry = await entryOf(chain, state, name, {
      resourceType: 'Organization',
      id: id.slice(2),
      active: true,
      name: title,
    })
    if (!(await organizationOf(chain, { organization: id })))
      await registerOrganization(chain, {
        id,
        kind,
        account: accountOf(state, name).address,
        directoryHash: entry.hash,
      })
    return entry
  }
  return await Promise.all(organizationParties.map(admit))
}

/** Lets each hospital attest its doctors; returns their directory entries. */
export async function attestDoctors(chain: Chain, state: State): Promise<Entry[]> {
  const entries: Entry[] = []
  for (const doctor of doctors) {
    const hospital = `hospital-${doctor.hospital + 1}`
    const organization = idOf(state, hospital)
    const account = accountOf(state, doctor.id).address
    const entry = await entryOf(chain, state, hospital, {
      resourceType: 'Practitioner',
      id: doctor.id,
      active: true,
      identifier: [{ system: 'urn:sharewell:account', value: account.toLowerCase() }],
      name: [{ use: 'official', family: doctor.family, given: [doctor.given], prefix: ['Dr.'] }],
      qualification: [{ code: { text: doctor.specialty } }],
    })
    entries.push(entry)
    const credential = await credentialOf(chain, { credential: credentialId(account, organization) })
    if (credential) continue
    await attest(withAccount(chain, accountOf(state, hospital)), {
      account,
      organization,
      roles: 1,
      until: chain.clock() + oneYear,
      directoryHash: entry.hash,
    })
  }
  return entries
}

const oneYear = 365 * 86_400

/** Lets the registry know a node, or moves it where it listens now. */
export async function admitNode(
  chain: Chain,
  state: State,
  { name, kind, organization }: NodeParty,
  { endpoint, hpkeKeyHash }: { endpoint: string; hpkeKeyHash?: Hex | undefined },
): Promise<void> {
  const id = idOf(state, name)
  if (await operatorInfo(chain, { operator: id })) return
  await registerOperator(chain, {
    id,
    kind,
    organization: idOf(state, organization),
    account: accountOf(state, name).address,
    endpoint,
    hpkeKeyHash,
  })
}

/** ECDSA here is deterministic (RFC 6979), so an entry has the same hash at every start. */
async function entryOf(chain: Chain, state: State, author: string, resource: object): Promise<Entry> {
  const payload = new TextEncoder().encode(JSON.stringify(resource))
  const bytes = await signObject('directory', payload, fromHex(chain.network.networkId, 32), accountOf(state, author))
  const hash = toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)))
  return { hash, bytes }
}
