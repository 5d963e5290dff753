import { type Bytes, equal, fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import type { Chain } from '@sharewell/sdk/chain'
import { SignerMissingError } from '@sharewell/sdk/chain'
import { findPlaces } from '@sharewell/sdk/flow/recovery'
import {
  createVault,
  newVaultKey,
  openVault,
  type Profile,
  sealVault,
  type Vault,
  vaultKeyFromSignature,
  vaultMessage,
} from '@sharewell/sdk/person'
import { keep, kept } from './device-store.ts'
import type { DemoPerson } from './network-file.ts'

/** An open vault, and what is needed to write it back. Both live in this tab's memory only. */
export type OpenVault = { readonly vault: Vault; readonly owner: Hex; readonly wrappingKey: Bytes }

/** Whether this device keeps a vault of that account. */
export async function hasVault(networkId: Hex, owner: Hex): Promise<boolean> {
  return (await kept('vaults', networkId, owner)) !== undefined
}

/**
 * Opens the vault of the account that signs, or makes one where this device has none. In the demo a new vault holds
 * what the demo deposited for this person, so that there is something to see.
 */
export async function unlock(chain: Chain, person: DemoPerson | undefined): Promise<OpenVault> {
  const { network, wallet } = chain
  if (!wallet) throw new SignerMissingError({})
  const owner = wallet.account.address
  const sign = () => wallet.signTypedData(vaultMessage(network.networkId))
  const networkId = fromHex(network.networkId)
  const sealed = await kept('vaults', network.networkId, owner)
  if (sealed) {
    const wrappingKey = vaultKeyFromSignature(await sign())
    return { vault: await openVault(sealed, wrappingKey, networkId), owner, wrappingKey }
  }
  // The seed of somebody in the demo is not lost with this device.
  const fresh = person?.vaultSeed
    ? { vault: demoVault(networkId, person.vaultSeed, person), owner, wrappingKey: vaultKeyFromSignature(await sign()) }
    : { vault: createVault(networkId), owner, wrappingKey: await newVaultKey(sign) }
  await save(fresh)
  return fresh
}

/** The vault that a kit or guardians gave back, kept on this device for the account that signs. It finds its places. */
export async function restore(chain: Chain, seed: Bytes): Promise<OpenVault> {
  const { network, wallet } = chain
  if (!wallet) throw new SignerMissingError({})
  const networkId = fromHex(network.networkId)
  const bare = { networkId, seed, profiles: [] }
  const profiles = (await findPlaces(chain, bare)).map(({ profile }) => profile)
  const wrappingKey = await newVaultKey(() => wallet.signTypedData(vaultMessage(network.networkId)))
  const restored = { vault: { ...bare, profiles }, owner: wallet.account.address, wrappingKey }
  await save(restored)
  return restored
}

/** The same vault, which also knows a place; a place that it knew is replaced. Written to the device. */
export async function withProfile(open: OpenVault, profile: Profile): Promise<OpenVault> {
  const others = open.vault.profiles.filter(({ providerId }) => !equal(providerId, profile.providerId))
  const next = { ...open, vault: { ...open.vault, profiles: [...others, profile] } }
  await save(next)
  return next
}

async function save({ vault, owner, wrappingKey }: OpenVault): Promise<void> {
  const sealed = await sealVault(vault, wrappingKey)
  await keep('vaults', sealed, toHex(vault.networkId), owner)
}

function demoVault(networkId: Bytes, seed: Hex, { accounts }: DemoPerson): Vault {
  const profiles = accounts.flatMap(({ address, providerId }) =>
    providerId ? [{ providerId: fromHex(providerId), controller: address, gen: 0, derived: false }] : [],
  )
  return { networkId, seed: fromHex(seed), profiles }
}
