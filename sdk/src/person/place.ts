import { secp256k1 } from '@noble/curves/secp256k1.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { hkdf, hmacSha256 } from '#primitives'
import { type Bytes, concat, fromHex, type Hex, lp, toHex, u32 } from '../bytes.ts'
import { publicKeyOf } from '../envelope/index.ts'
import { BaseError } from '../errors.ts'
import { label, lpLabel } from '../labels.ts'
import { type Vault, vaultKeys } from './vault.ts'

/** Where a patient is known: a provider, and the generation of the pseudonym there (0 until one was exposed). */
export type Place = { readonly providerId: Bytes; readonly gen?: number | undefined }

/** The patient's X-Wing key at one provider; the seed opens W0 and capsules. */
export type SelfKey = { readonly seed: Bytes; readonly publicKey: Bytes }

/** All that a patient is at one provider. */
export type PlaceKeys = {
  readonly controller: Hex
  readonly rho: Bytes
  readonly pseudonym: Bytes
  readonly self: SelfKey
}

/** rho of a provider: what makes a pseudonym out of an account. Secret until the pseudonym is registered. */
export function rhoAt(vault: Vault, place: Place): Bytes {
  return hmacSha256(vaultKeys(vault).nym, placed('rho', vault, place))
}

/** The key that records and capsules are sealed to at one provider, unlike that at any other. */
export function selfKeyAt(vault: Vault, place: Place): SelfKey {
  const seed = hkdf(vaultKeys(vault).self, placed('self', vault, place))
  return { seed, publicKey: publicKeyOf(seed) }
}

/**
 * The account of a provider when no wallet holds one: sk = 1 + (HKDF, 48 bytes, mod (n - 1)), big-endian.
 * @returns A private key and its address. It signs; it pays no gas from a common purse, which would link it.
 */
export function accountAt(vault: Vault, place: Place): { readonly privateKey: Hex; readonly address: Hex } {
  const wide = hkdf(vaultKeys(vault).addr, placed('account', vault, place), { length: 48 })
  const secret = 1n + (BigInt(toHex(wide)) % (secp256k1.Point.Fn.ORDER - 1n))
  const privateKey: Hex = `0x${secret.toString(16).padStart(64, '0')}`
  const publicKey = secp256k1.getPublicKey(fromHex(privateKey), false)
  return { privateKey, address: toHex(keccak_256(publicKey.subarray(1)).subarray(12)) }
}

/**
 * The pseudonym of an account: keccak256(abi.encode(keccak256(label), networkId, controller, rho)). It commits to
 * its first controller, so that whoever sees it first cannot claim it.
 * @throws PlaceError on a field of another length.
 */
export function pseudonymOf({ networkId, controller, rho }: pseudonymOf.Parts): Bytes {
  const address = fromHex(controller)
  if (networkId.length !== 32 || rho.length !== 32 || address.length !== 20) throw new PlaceError({})
  const domain = keccak_256(label('person', 'nym'))
  return new Uint8Array(keccak_256(concat(domain, networkId, new Uint8Array(12), address, rho)))
}
export declare namespace pseudonymOf {
  type Parts = { readonly networkId: Bytes; readonly controller: Hex; readonly rho: Bytes }
}

/** The pseudonym of a vault at a provider, under the account that controls it there. */
export function pseudonymAt(vault: Vault, place: Place, controller: Hex): Bytes {
  return pseudonymOf({ networkId: vault.networkId, controller, rho: rhoAt(vault, place) })
}

/**
 * Everything of one provider at once.
 * @example
 * const { pseudonym, rho, self } = placeKeys(vault, { providerId }, wallet.address)
 */
export function placeKeys(vault: Vault, place: Place, controller: Hex): PlaceKeys {
  const rho = rhoAt(vault, place)
  const pseudonym = pseudonymOf({ networkId: vault.networkId, controller, rho })
  return { controller, rho, pseudonym, self: selfKeyAt(vault, place) }
}

/** `lp(label) || lp(networkId) || lp(providerId) || u32(gen)`: the same key nowhere else. */
function placed(use: 'rho' | 'self' | 'account', { networkId }: Vault, { providerId, gen = 0 }: Place): Bytes {
  if (networkId.length !== 32 || providerId.length !== 16) throw new PlaceError({})
  return concat(lpLabel('person', use), lp(networkId), lp(providerId), u32(gen))
}

/** Thrown when an id has another length than its kind: 32 bytes of network and rho, 16 of provider, 20 of account. */
export class PlaceError extends BaseError<'PLACE'> {
  override readonly name = 'PlaceError'
  constructor({ cause }: PlaceError.Options) {
    super('PLACE', 'A network, provider, account or rho has the wrong length.', {
      cause,
      hints: ['Use the ids as the chain has them: bytes32, bytes16, address, bytes32.'],
      docs: 'person.md#terms',
    })
  }
}
export declare namespace PlaceError {
  type Options = { cause?: unknown }
}
