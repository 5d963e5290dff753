import type { Address, Hex, TransactionReceipt } from 'viem'
import { actorRegistryAbi } from './abi.ts'
import { type ReadOptions, read, write } from './call.ts'
import type { Chain } from './connect.ts'
import type { WaitOptions } from './wait.ts'

/** What an organization is. The first four are providers: they register patients and deposit records. */
export const organizationKinds = [
  'hospital',
  'laboratory',
  'pharmacy',
  'emergency',
  'department',
  'host',
  'authority',
  'payer',
  'research',
] as const

/** One of {@link organizationKinds}. */
export type OrganizationKind = (typeof organizationKinds)[number]

/** An organization as the registry knows it; its name is in the directory, under `directoryHash`. */
export type Organization = {
  readonly id: Hex
  readonly kind: OrganizationKind
  readonly parent: Hex
  /** Speaks for it: attests staff, authorizes uploaders. */
  readonly account: Address
  /** Its own switch; it counts as active only while those above it do too. */
  readonly active: boolean
  readonly directoryHash: Hex
}

/** A practitioner's attested affiliation. */
export type Credential = {
  readonly id: Hex
  readonly account: Address
  readonly organization: Hex
  /** Bits of docs/spec/actors.md. */
  readonly roles: number
  /** First second in which it no longer holds. */
  readonly until: number
  readonly retracted: boolean
  readonly directoryHash: Hex
}

/** An organization, or undefined where there is none. */
export async function organizationOf(
  chain: Chain,
  { organization }: { organization: Hex },
  options?: ReadOptions,
): Promise<Organization | undefined> {
  const call = { ...registry(chain), functionName: 'organizationOf', args: [organization] } as const
  const { account, kind, parent, active, directoryHash } = await read(chain, call, options)
  if (BigInt(account) === 0n) return undefined
  return { id: organization, kind: organizationKinds[kind] ?? 'host', parent, account, active, directoryHash }
}

/** All organizations, in order of admission. */
export async function organizations(chain: Chain, options?: ReadOptions): Promise<Organization[]> {
  const ids = await read(chain, { ...registry(chain), functionName: 'organizationIds', args: [] }, options)
  const all = await Promise.all(ids.map((organization) => organizationOf(chain, { organization }, options)))
  return all.filter((organization) => organization !== undefined)
}

/** The active provider for which `account` deposits, or undefined. */
export async function providerOf(
  chain: Chain,
  { account }: { account: Address },
  options?: ReadOptions,
): Promise<Hex | undefined> {
  const call = { ...registry(chain), functionName: 'providerOf', args: [account] } as const
  const id = await read(chain, call, options)
  return BigInt(id) === 0n ? undefined : id
}

/** An affiliation by its id, or undefined where there is none. */
export async function credentialOf(
  chain: Chain,
  { credential }: { credential: Hex },
  options?: ReadOptions,
): Promise<Credential | undefined> {
  const call = { ...registry(chain), functionName: 'credentialOf', args: [credential] } as const
  const { account, roles, until, organization, retracted, directoryHash } = await read(chain, call, options)
  if (BigInt(account) === 0n) return undefined
  return { id: credential, account, organization, roles, until, retracted, directoryHash }
}

/** The affiliations of an account, dead ones that nothing replaced yet among them. */
export async function credentialsOf(
  chain: Chain,
  { account }: { account: Address },
  options?: ReadOptions,
): Promise<Credential[]> {
  const call = { ...registry(chain), functionName: 'credentialsOf', args: [account] } as const
  const ids = await read(chain, call, options)
  const all = await Promise.all(ids.map((credential) => credentialOf(chain, { credential }, options)))
  return all.filter((credential) => credential !== undefined)
}

/** Whether an affiliation holds at the time `at` and its organization is active. */
export async function isCredentialLive(
  chain: Chain,
  { credential, at }: { credential: Hex; at: number },
  options?: ReadOptions,
): Promise<boolean> {
  return await read(chain, { ...registry(chain), functionName: 'isCredentialLive', args: [credential, at] }, options)
}

/** Whether an account has a live affiliation now. */
export async function isAttested(
  chain: Chain,
  { account }: { account: Address },
  options?: ReadOptions,
): Promise<boolean> {
  return await read(chain, { ...registry(chain), functionName: 'isAttested', args: [account] }, options)
}

/** Everyone for whom an organization ever vouched. */
export async function staffOf(
  chain: Chain,
  { organization }: { organization: Hex },
  options?: ReadOptions,
): Promise<readonly Address[]> {
  return await read(chain, { ...registry(chain), functionName: 'staffOf', args: [organization] }, options)
}

/** Whether the registry names this directory file as current. */
export async function isListed(
  chain: Chain,
  { directoryHash }: { directoryHash: Hex },
  options?: ReadOptions,
): Promise<boolean> {
  return await read(chain, { ...registry(chain), functionName: 'isListed', args: [directoryHash] }, options)
}

/** Admits an organization. Only the network's administration. */
export async function registerOrganization(
  chain: Chain,
  { id, kind, parent = noId, account, directoryHash }: registerOrganization.Args,
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  const args = [id, organizationKinds.indexOf(kind), parent, account, directoryHash] as const
  return await write(chain, { ...registry(chain), functionName: 'registerOrganization', args }, options)
}
export declare namespace registerOrganization {
  type Args = { id: Hex; kind: OrganizationKind; parent?: Hex | undefined; account: Address; directoryHash: Hex }
}

/** Switches an organization, and all below it, on or off. Only the network's administration. */
export async function setOrganizationActive(
  chain: Chain,
  { organization, active }: { organization: Hex; active: boolean },
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  const args = [organization, active] as const
  return await write(chain, { ...registry(chain), functionName: 'setOrganizationActive', args }, options)
}

/** Lets a device key deposit for the signing organization before `until`; 0 ends it. */
export async function authorizeUploader(
  chain: Chain,
  { key, until }: { key: Address; until: number },
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  return await write(chain, { ...registry(chain), functionName: 'authorizeUploader', args: [key, until] }, options)
}

/** Vouches for a practitioner before `until`. By the organization's account. */
export async function attest(
  chain: Chain,
  { account, organization, roles, until, directoryHash }: attest.Args,
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  const args = [account, organization, roles, until, directoryHash] as const
  return await write(chain, { ...registry(chain), functionName: 'attest', args }, options)
}
export declare namespace attest {
  type Args = { account: Address; organization: Hex; roles: number; until: number; directoryHash: Hex }
}

/** Ends an affiliation at once. By the organization's account. */
export async function retract(
  chain: Chain,
  { account, organization }: { account: Address; organization: Hex },
  options?: WaitOptions,
): Promise<TransactionReceipt> {
  return await write(chain, { ...registry(chain), functionName: 'retract', args: [account, organization] }, options)
}

const noId: Hex = `0x${'00'.repeat(16)}`

const registry = (chain: Chain) => ({ address: chain.network.contracts.actorRegistry, abi: actorRegistryAbi }) as const
