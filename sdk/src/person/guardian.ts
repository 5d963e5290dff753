import { secp256k1 } from '@noble/curves/secp256k1.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import { hkdf, hmacSha256, type Random } from '#primitives'
import { type Bytes, concat, equal, fromHex, fromUtf8, type Hex, lp, toHex, utf8 } from '../bytes.ts'
import { field } from '../cbor/index.ts'
import { encLength, openFrom, publicKeyLength, publicKeyOf, sealTo } from '../envelope/index.ts'
import { label, lpLabel } from '../labels.ts'
import { createCode, GuardianError } from './code.ts'
import { type Vault, vaultKeys } from './vault.ts'

/** What a guardian hands to those whom they guard: two public keys. */
export type Guardian = {
  /** Compressed secp256k1 key, from which an account for each pseudonym follows. */
  readonly key: Bytes
  /** X-Wing key that a share is sealed to. */
  readonly publicKey: Bytes
}

/** A guardian at one pseudonym: an account that is used there and nowhere else, and the commitment on chain. */
export type GuardianPlace = {
  readonly account: Hex
  readonly salt: Bytes
  readonly commitment: Bytes
  /** What the guardian adds to the own key to act. Told when it is needed, and not before. */
  readonly tweak: Bytes
}

/** The guardians of one pseudonym as PatientRegistry takes them. */
export type GuardianCircle = {
  readonly circle: { readonly needed: number; readonly places: readonly Hex[] }
  readonly places: readonly GuardianPlace[]
}

/** A share for one guardian, as it leaves the patient's device. */
export type GuardianLetter = { readonly guardianKey: Bytes; readonly enc: Bytes; readonly ct: Bytes }

const { Point } = secp256k1
const order = Point.Fn.ORDER

/** The secret of a guardian: of the own vault, or 32 random bytes printed for one who has none. */
export function guardianSeedOf(vault: Vault): Bytes {
  return hkdf(vaultKeys(vault).addr, concat(lpLabel('person', 'guardian key'), lp(vault.networkId)))
}

/** The public keys of a guardian's secret. */
export function guardianOf(seed: Bytes): Guardian {
  const { secret, self } = guardianKeys(seed)
  return { key: new Uint8Array(Point.BASE.multiply(secret).toBytes(true)), publicKey: publicKeyOf(self) }
}

/**
 * A guardian's account, salt and commitment at one pseudonym. They follow from the patient's seed, so that a restored
 * vault knows them again; a guardian does not know them, and so not whom they guard where, until the patient says it.
 * @throws GuardianError when the key is none.
 */
export function guardianPlaceAt(vault: Vault, guardianKey: Bytes, pseudonym: Bytes): GuardianPlace {
  const { addr } = vaultKeys(vault)
  const at = concat(lp(vault.networkId), lp(guardianKey), lp(pseudonym))
  const tweak = scalarBytes(wide(addr, concat(lpLabel('person', 'guardian place'), at)))
  const account = tweaked(guardianKey, tweak)
  const salt = hmacSha256(addr, concat(lpLabel('person', 'guardian salt'), at))
  return { account, salt, commitment: guardianCommitment(account, salt), tweak }
}

/** How the chain knows a guardian: keccak256(abi.encode(keccak256(label), salt, account)). */
function guardianCommitment(account: Hex, salt: Bytes): Bytes {
  const domain = keccak_256(label('person', 'commit'))
  return new Uint8Array(keccak_256(concat(domain, salt, new Uint8Array(12), fromHex(account, 20))))
}

/**
 * The guardians of one pseudonym, any `needed` of whom act. Their order there says nothing: it is that of the
 * commitments.
 * @example
 * const { circle } = guardianCircle(vault, codes.map(({ key }) => key), pseudonym, 2)
 */
export function guardianCircle(
  vault: Vault,
  guardianKeys: readonly Bytes[],
  pseudonym: Bytes,
  needed: number,
): GuardianCircle {
  const places = guardianKeys
    .map((key) => guardianPlaceAt(vault, key, pseudonym))
    .sort((a, b) => (toHex(a.commitment) < toHex(b.commitment) ? -1 : 1))
  return { circle: { needed, places: places.map(({ commitment }) => toHex(commitment)) }, places }
}

/** The key with which a guardian acts at one pseudonym, from the own secret and the patient's word. */
export function guardianAccount(seed: Bytes, tweak: Bytes): { readonly privateKey: Hex; readonly address: Hex } {
  const { secret } = guardianKeys(seed)
  const sum = (secret + BigInt(toHex(tweak))) % order
  if (tweak.length !== 32 || sum === 0n) throw new GuardianError({ reason: 'this request is for nobody' })
  return { privateKey: toHex(scalarBytes(sum)), address: tweaked(guardianOf(seed).key, tweak) }
}

/** A guardian's code, as text or QR: `sharewell-guardian1:` and base64url of CBOR. */
export const guardianCode = createCode(
  'sharewell-guardian1:',
  field.record({
    v: field.literal(1),
    networkId: field.bytes(32),
    key: field.bytes(33),
    publicKey: field.bytes(publicKeyLength),
  }),
)

/** A sealed share, as text, file or QR: `sharewell-share1:` and base64url of CBOR. */
export const guardianLetter = createCode(
  'sharewell-share1:',
  field.record({
    v: field.literal(1),
    networkId: field.bytes(32),
    guardianKey: field.bytes(33),
    enc: field.bytes(encLength),
    ct: field.bytes(),
  }),
)

/**
 * Seals recovery words to one guardian. It does not say from whom they are: hand it over where you know each other.
 * @throws EnvelopeError when the guardian's key is none.
 */
export async function sealGuardianShare(
  { key, publicKey }: Guardian,
  words: string,
  { networkId, random }: { readonly networkId: Bytes; readonly random?: Random | undefined },
): Promise<GuardianLetter> {
  return { guardianKey: key, ...(await sealTo(publicKey, letterContext(networkId, key), utf8(words), { random })) }
}

/** The words of a letter, by the guardian. Throws `EnvelopeError`, {@link GuardianError}. */
export async function openGuardianShare(
  seed: Bytes,
  { guardianKey, enc, ct }: GuardianLetter,
  { networkId }: { readonly networkId: Bytes },
): Promise<string> {
  if (!equal(guardianOf(seed).key, guardianKey))
    throw new GuardianError({ reason: 'it was sealed to another guardian' })
  return fromUtf8(await openFrom(guardianKeys(seed).self, letterContext(networkId, guardianKey), { enc, ct }))
}

const letterContext = (networkId: Bytes, key: Bytes) =>
  ({ purpose: ['person', 'guardian share'], context: concat(lp(networkId), lp(key)) }) as const

function guardianKeys(seed: Bytes): { readonly secret: bigint; readonly self: Bytes } {
  return {
    secret: wide(seed, lpLabel('person', 'guardian account')),
    self: hkdf(seed, lpLabel('person', 'guardian self')),
  }
}

const wide = (ikm: Bytes, info: Bytes): bigint => 1n + (BigInt(toHex(hkdf(ikm, info, { length: 48 }))) % (order - 1n))

const scalarBytes = (scalar: bigint): Bytes => fromHex(`0x${scalar.toString(16).padStart(64, '0')}`)

/** The address of P + tweak * G. */
function tweaked(key: Bytes, tweak: Bytes): Hex {
  try {
    const point = Point.fromBytes(key).add(Point.BASE.multiply(BigInt(toHex(tweak))))
    return toHex(keccak_256(point.toBytes(false).subarray(1)).subarray(12))
  } catch (cause) {
    throw new GuardianError({ reason: 'its key is no key', cause })
  }
}
