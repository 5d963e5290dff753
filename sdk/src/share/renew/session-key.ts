import { hkdf, type Random } from '#primitives'
import { type Bytes, concat, fromHex, type Hex, toHex, u32 } from '../../bytes.ts'
import { decode, encode, field } from '../../cbor/index.ts'
import { publicKeyOf } from '../../envelope/index.ts'
import { lpLabel } from '../../labels.ts'
import { type ObjectSigner, openObject, signObject } from '../../signed/index.ts'
import { RenewError } from './error.ts'
import { drawnRows } from './keystream.ts'
import type { RenewSession } from './parts.ts'

/** A node's X-Wing key of one session. */
export type SessionKey = { readonly seed: Bytes; readonly publicKey: Bytes }

/**
 * The key to which others seal in one session: of seed HKDF(secret, <session key> || session). With the secret erased
 * nobody opens what was sealed in the session, whatever else of the node is taken later.
 * @param secret 32 random bytes that the node drew for the session.
 */
export function sessionKeyOf(secret: Uint8Array, session: Uint8Array): SessionKey {
  const seed = hkdf(secret, concat(lpLabel('share', 'session key'), session))
  return { seed, publicKey: publicKeyOf(seed) }
}

/** What a node draws from in one session. */
export type SessionSecret = { readonly secret: Uint8Array; readonly session: Uint8Array }

/** The random rows of a contributor's zero word of chunk i, or of its masks: r of them, the same whenever they are drawn. */
export async function drawZeroRows(
  { secret, session }: SessionSecret,
  { i, r, length }: { readonly i: number; readonly r: number; readonly length: number },
): Promise<Random> {
  return await drawnRows({ secret, info: concat(lpLabel('share', 'zero'), session) }, { i, count: r, length })
}

/** The seed of a pair's masks in a change: the contributor with the lower number has it, and gives it to contributor `to`. */
export function pairSeedOf({ secret, session }: SessionSecret, to: number): Bytes {
  return hkdf(secret, concat(lpLabel('share', 'seed'), session, u32(to)))
}

/** The random rows of a contributor's parts of chunk i: r' of them, the same whenever they are drawn. */
export async function drawFreshRows(
  { secret, session }: SessionSecret,
  { i, r, length }: { readonly i: number; readonly r: number; readonly length: number },
): Promise<Random> {
  return await drawnRows({ secret, info: concat(lpLabel('share', 'fresh'), session) }, { i, count: r, length })
}

const readFields = field.record({
  v: field.literal(1),
  session: field.bytes(32),
  stage: field.literal('key'),
  from: field.bytes(16),
  key: field.bytes(1_216),
})

/** Says to all by which key an operator takes part in a session. */
export async function signKey(
  { session, networkId }: RenewSession,
  { operator, key }: { readonly operator: Hex; readonly key: Bytes },
  signer: ObjectSigner,
): Promise<Bytes> {
  const payload = encode({ v: 1, session, stage: 'key', from: fromHex(operator, 16), key })
  return await signObject('share renewal', payload, networkId, signer)
}

/**
 * Reads an operator's key of a session.
 * @throws CborError, CborFieldError, SignedObjectError
 * @throws RenewError for another session, operator or account.
 */
export function readKey(
  within: RenewSession,
  signed: Uint8Array,
  { operator, account }: { readonly operator: Hex; readonly account: Hex },
): Bytes {
  const { payload, signer } = openObject('share renewal', signed, within.networkId)
  const { session, from, key } = readFields(decode(payload))
  const same = signer === account.toLowerCase() && toHex(session) === toHex(within.session)
  if (!same || toHex(from) !== operator) throw new RenewError({ reason: `the key of ${operator} is not its own` })
  return key
}
