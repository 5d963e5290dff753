import { type Random, randomBytes, sha256 } from '#primitives'
import { type Bytes, concat, equal } from '../bytes.ts'
import { encode, field } from '../cbor/index.ts'
import {
  encLength,
  keyIdOf,
  openFrom,
  publicKeyOf,
  type SealContext,
  sealTo,
  symmetricKeyIdOf,
  type WrappedRecord,
} from '../envelope/index.ts'
import { BaseError } from '../errors.ts'
import { interpolateBytes } from '../group/index.ts'
import { lpLabel } from '../labels.ts'

/** One member's share of a second key, sealed to it: `i` is where the polynomial was taken, `to` the hash of the
 * X-Wing key, `commit` what an answer is compared with. */
export type SealedSecondShare = {
  readonly i: number
  readonly to: Bytes
  readonly commit: Bytes
  readonly enc: Bytes
  readonly ct: Bytes
}

/** The second key of a header as it is kept: any `k` of the shares make it. */
export type SecondKey = { readonly k: number; readonly shares: readonly SealedSecondShare[] }

/** A share of a second key in the clear: only its member and, in an answer, one reader see it. */
export type SecondShare = { readonly salt: Bytes; readonly share: Bytes }

/** Members among whom a second key is dealt, by their X-Wing public keys. */
export type SecondKeyMembers = { readonly k: number; readonly publicKeys: readonly Bytes[] }

const length = 32

/**
 * Draws a second key (K_pq of docs/spec/release.md) for one record version and deals it bytewise over GF(2^8), any k
 * of the members, each share sealed to its member with X-Wing. It stands beside the TDH2 key in the wrap: who breaks
 * discrete logarithms later still needs k members' X-Wing keys.
 * @throws SecondKeyError unless 2 <= k <= members <= 255; EnvelopeError when a public key is none.
 */
export async function dealSecondKey(
  record: WrappedRecord,
  { k, publicKeys }: SecondKeyMembers,
  { random = randomBytes }: dealSecondKey.Options = {},
): Promise<{ readonly key: Bytes; readonly second: SecondKey }> {
  const h = publicKeys.length
  if (k < 2 || k > h || h > 255) throw new SecondKeyError({ reason: `it cannot be dealt ${k} of ${h}` })
  const key = random(length)
  const fixed = [{ x: 0, y: key }, ...Array.from({ length: k - 1 }, (_, at) => ({ x: at + 1, y: random(length) }))]
  const shares: SealedSecondShare[] = []
  for (const [at, publicKey] of publicKeys.entries()) {
    const i = at + 1
    const opened = { salt: random(length), share: fixed[i]?.y ?? interpolateBytes(fixed, i) }
    const to = keyIdOf(publicKey)
    const plaintext = concat(opened.salt, opened.share)
    const { enc, ct } = await sealTo(publicKey, shareContext(record, { i, to }), plaintext, { random })
    shares.push({ i, to, commit: secondShareHash(opened), enc, ct })
  }
  return { key, second: { k, shares } }
}
export declare namespace dealSecondKey {
  type Options = {
    /** Source of the key, the polynomials, the salts and each encapsulation. */
    readonly random?: Random | undefined
  }
}

/**
 * A member opens its own share and compares it with the commitment that everybody sees.
 * @returns undefined where the key was not dealt to this member.
 * @throws SecondKeyError when what was sealed to it is not what was committed to: the dealer's fault.
 */
export async function openSecondShare(
  seed: Uint8Array,
  record: WrappedRecord,
  { shares }: SecondKey,
): Promise<SecondShare | undefined> {
  const to = keyIdOf(publicKeyOf(seed))
  const mine = shares.find((one) => equal(one.to, to))
  if (!mine) return undefined
  const plaintext = await openFrom(seed, shareContext(record, mine), mine).catch((cause: unknown) => {
    throw new SecondKeyError({ reason: 'the share for this member does not open', cause })
  })
  const opened = { salt: plaintext.slice(0, length), share: plaintext.slice(length) }
  if (opened.share.length !== length || !equal(secondShareHash(opened), mine.commit))
    throw new SecondKeyError({ reason: 'the share for this member is not the one committed to' })
  return opened
}

/** What is committed to, and what a member signs with its answer: H(<release pq> || salt || share). */
export function secondShareHash({ salt, share }: SecondShare): Bytes {
  return sha256(concat(lpLabel('release', 'pq'), salt, share))
}

/**
 * Puts a second key together from k members' answers, each of which matched its commitment.
 * @throws SecondKeyError with fewer, or when they make another key than the header names: then whoever dealt it lied.
 */
export function combineSecondKey(
  { k }: SecondKey,
  shares: readonly { readonly i: number; readonly share: Bytes }[],
  id: Uint8Array,
): Bytes {
  const points = shares.slice(0, k).map(({ i, share }) => ({ x: i, y: share }))
  if (new Set(points.map(({ x }) => x)).size < k) throw new SecondKeyError({ reason: `fewer than ${k} shares` })
  const key = interpolateBytes(points, 0)
  if (!equal(symmetricKeyIdOf(key), id)) throw new SecondKeyError({ reason: 'its shares make another key' })
  return key
}

/** Reads the second key of a key header. */
export const readSecondKey = field.record({
  k: field.integer(2, 255),
  shares: field.array(
    field.record({
      i: field.integer(1, 255),
      to: field.bytes(length),
      commit: field.bytes(length),
      enc: field.bytes(encLength),
      ct: field.bytes(2 * length + 16),
    }),
  ),
})

function shareContext(
  { networkId, recordId, version, sealHash }: WrappedRecord,
  { i, to }: Pick<SealedSecondShare, 'i' | 'to'>,
): SealContext {
  return { purpose: ['release', 'pq'], context: encode([networkId, recordId, version, sealHash, i, to]) }
}

/** Thrown when the second key of a header was dealt wrongly, or not enough of it is there. */
export class SecondKeyError extends BaseError<'SECOND_KEY'> {
  override readonly name = 'SecondKeyError'
  constructor({ reason = 'it was dealt wrongly', cause }: SecondKeyError.Options) {
    super('SECOND_KEY', `The second key is refused: ${reason}.`, {
      cause,
      hints: ['Whoever wrapped the record made a mistake or worse; the patient opens it all the same.'],
      docs: 'release.md#second-key',
    })
  }
}
export declare namespace SecondKeyError {
  type Options = { reason?: string; cause?: unknown }
}
