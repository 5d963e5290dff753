import { aesGcmOpen, aesGcmSeal, hkdf, type Random, randomBytes } from '#primitives'
import { type Bytes, concat, equal, fromHex, type Hex, toHex } from '../bytes.ts'
import { decode, encode, field } from '../cbor/index.ts'
import { BaseError } from '../errors.ts'
import { lpLabel } from '../labels.ts'

/** What a patient's device keeps at one provider: which account and generation it is known by there. */
export type Profile = {
  readonly providerId: Bytes
  readonly controller: Hex
  readonly gen: number
  /** True when the account is the vault's own ({@link accountAt}), false when a wallet holds it. */
  readonly derived: boolean
}

/** A patient's secret: everything else follows from the seed. Lose it and only guardians can help. */
export type Vault = {
  readonly networkId: Bytes
  readonly seed: Bytes
  readonly profiles: readonly Profile[]
}

/** The four keys of a vault, each for one use. */
export type VaultKeys = { readonly nym: Bytes; readonly addr: Bytes; readonly view: Bytes; readonly self: Bytes }

/** Half the order of secp256k1: a signature with s above it has a twin below. */
const halfOrder = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n
const secp256k1Order = 2n * halfOrder + 1n

/** Makes a vault with a random seed. The seed is never derived from an identity number: those are guessed in seconds. */
export function createVault(networkId: Bytes, options: createVault.Options = {}): Vault {
  const { random = randomBytes } = options
  return { networkId, seed: random(32), profiles: [] }
}
export declare namespace createVault {
  type Options = {
    /** Source of the seed. */
    readonly random?: Random | undefined
  }
}

/** Derives the vault's keys: HKDF of the seed, one label each. */
export function vaultKeys({ seed }: Pick<Vault, 'seed'>): VaultKeys {
  return {
    nym: hkdf(seed, lpLabel('person', 'nym key')),
    addr: hkdf(seed, lpLabel('person', 'addr key')),
    view: hkdf(seed, lpLabel('person', 'view key')),
    self: hkdf(seed, lpLabel('person', 'self key')),
  }
}

/**
 * What a wallet signs to unlock the vault of a network, in every app alike: other words would give another key, and
 * the vault would not open.
 */
export function vaultMessage(networkId: Hex) {
  return {
    domain: { name: 'Sharewell', version: '1', salt: networkId },
    types: { Vault: [{ name: 'purpose', type: 'string' }] },
    primaryType: 'Vault',
    message: { purpose: 'Unlock the vault on this device' },
  } as const
}

/**
 * Turns a wallet's signature into the key that wraps the vault at rest. The wallet must sign the same text every
 * time and deterministically (RFC 6979), which most wallets do: {@link newVaultKey} makes sure of it. Both forms of one signature (s and n - s) give one key.
 * @throws VaultError when it is no 65-byte signature of a plain account.
 */
export function vaultKeyFromSignature(signature: Hex): Bytes {
  return hkdf(canonical(signature), lpLabel('person', 'vault'))
}

/** What an account signs to go on with deposits that were cut off on a device (docs/spec/resume.md). */
export function journalMessage(networkId: Hex) {
  return {
    domain: { name: 'Sharewell', version: '1', salt: networkId },
    types: { Journal: [{ name: 'purpose', type: 'string' }] },
    primaryType: 'Journal',
    message: { purpose: 'Go on with deposits on this device' },
  } as const
}

/**
 * Turns an account's signature over {@link journalMessage} into the key that seals the keys of unfinished deposits.
 * @throws VaultError when it is no 65-byte signature of a plain account.
 */
export function journalKeyFromSignature(signature: Hex): Bytes {
  return hkdf(canonical(signature), lpLabel('person', 'journal'))
}

/** r || s with the lower of the two s, so that both forms of one signature are one. */
function canonical(signature: Hex): Bytes {
  let bytes: Bytes
  try {
    bytes = fromHex(signature, 65)
  } catch (cause) {
    throw new VaultError({ reason: 'the signature has not 65 bytes, as those of a contract account', cause })
  }
  const s = BigInt(toHex(bytes.subarray(32, 64)))
  if (s === 0n || s >= secp256k1Order) throw new VaultError({ reason: 'the signature is malformed' })
  const low = s > halfOrder ? secp256k1Order - s : s
  return concat(bytes.subarray(0, 32), fromHex(`0x${low.toString(16).padStart(64, '0')}`))
}

/**
 * The key for a vault that is to be made: has the wallet sign twice, because a vault closed under a signature that
 * never comes again would be lost with its seed, and every record with it.
 * @throws VaultError when the two signatures differ, or are none of a plain account.
 */
export async function newVaultKey(sign: () => Promise<Hex>): Promise<Bytes> {
  const key = vaultKeyFromSignature(await sign())
  if (equal(key, vaultKeyFromSignature(await sign()))) return key
  throw new VaultError({
    reason: 'this wallet signs the same text differently each time, so that it could not open it',
  })
}

/**
 * Encrypts a vault for keeping on the device: nonce || AES-256-GCM. The network's id is bound to it.
 * @throws VaultError when the wrapping key has not 32 bytes.
 */
export async function sealVault(vault: Vault, wrappingKey: Bytes, options: createVault.Options = {}): Promise<Bytes> {
  const { random = randomBytes } = options
  if (wrappingKey.length !== 32) throw new VaultError({ reason: 'the wrapping key has not 32 bytes' })
  const profiles = vault.profiles.map(({ providerId, controller, gen, derived }) => {
    return { providerId, controller: fromHex(controller, 20), gen, derived }
  })
  const plaintext = encode({ v: 1, networkId: vault.networkId, seed: vault.seed, profiles })
  const nonce = random(12)
  return concat(nonce, await aesGcmSeal(wrappingKey, nonce, plaintext, vault.networkId))
}

/**
 * Opens a kept vault.
 * @throws VaultError when it was wrapped under another key, for another network, or altered.
 */
export async function openVault(sealed: Bytes, wrappingKey: Bytes, networkId: Bytes): Promise<Vault> {
  let plaintext: Bytes
  try {
    plaintext = await aesGcmOpen(wrappingKey, sealed.subarray(0, 12), sealed.subarray(12), networkId)
  } catch (cause) {
    throw new VaultError({ cause })
  }
  const { v: _, profiles, ...vault } = readVault(decode(plaintext), 'vault')
  if (!equal(vault.networkId, networkId)) throw new VaultError({ reason: 'it is of another network' })
  return {
    ...vault,
    profiles: profiles.map(({ controller, ...profile }) => ({ ...profile, controller: toHex(controller) })),
  }
}

const readVault = field.record({
  v: field.literal(1),
  networkId: field.bytes(32),
  seed: field.bytes(32),
  profiles: field.array(
    field.record({
      providerId: field.bytes(16),
      controller: field.bytes(20),
      gen: field.integer(0, 0xffff_ffff),
      derived: field.literal(true, false),
    }),
  ),
})

/** Thrown when a vault does not open, or its wrapping key cannot be made. */
export class VaultError extends BaseError<'VAULT'> {
  override readonly name = 'VaultError'
  constructor({ reason = 'it does not open under this key', cause }: VaultError.Options) {
    super('VAULT', `The vault is refused: ${reason}.`, {
      cause,
      hints: ['Sign with the account that wrapped it, on the same network.'],
      docs: 'person.md#vault',
    })
  }
}
export declare namespace VaultError {
  type Options = { reason?: string; cause?: unknown }
}
