import { ristretto255_FROST } from '@noble/curves/ed25519.js'
import { type Random, randomBytes } from '#primitives'
import { type Bytes, equal } from '../bytes.ts'
import { BaseError } from '../errors.ts'

const { Identifier } = ristretto255_FROST

/** A key that k of its members sign with; member i holds the share of `verifyingShares[i - 1]`. */
export type FrostGroup = { readonly k: number; readonly groupKey: Bytes; readonly verifyingShares: readonly Bytes[] }

/** What a signer shows before it sees the message: commitments to its two nonces. */
export type FrostCommitment = { readonly i: number; readonly hiding: Bytes; readonly binding: Bytes }

/** A signer's two secret nonces. They sign once: {@link signFrost} overwrites them with zeros. */
export type FrostNonces = { readonly hiding: Bytes; readonly binding: Bytes }

/** Length of a signature: R and z. */
export const frostSignatureLength = 64

/** Round 1 of FROST(ristretto255, SHA-512) of RFC 9591: fresh nonces, hedged with the share, and their commitments. */
export function commitFrost(
  { i, share }: { readonly i: number; readonly share: Bytes },
  { random = randomBytes }: { random?: Random | undefined } = {},
): { nonces: FrostNonces; commitment: FrostCommitment } {
  const secret = { identifier: Identifier.fromNumber(i), signingShare: share }
  const { nonces, commitments } = ristretto255_FROST.commit(secret, (length) => random(length ?? 32))
  const { hiding, binding } = commitments
  return {
    nonces: { hiding: new Uint8Array(nonces.hiding), binding: new Uint8Array(nonces.binding) },
    commitment: { i, hiding: new Uint8Array(hiding), binding: new Uint8Array(binding) },
  }
}

/**
 * Round 2: this signer's share of the signature. The nonces are spent whatever follows.
 * @throws FrostError when the nonces were used, or the list does not carry this signer's own commitment.
 * @example
 * const { nonces, commitment } = commitFrost(seat)
 * const share = signFrost(group, seat, nonces, { commitments: await everybody(commitment), message })
 */
export function signFrost(
  group: FrostGroup,
  { i, share }: { readonly i: number; readonly share: Bytes },
  nonces: FrostNonces,
  { commitments, message }: Signing,
): Bytes {
  const secret = { identifier: Identifier.fromNumber(i), signingShare: share }
  try {
    return new Uint8Array(ristretto255_FROST.signShare(secret, publicOf(group), nonces, listOf(commitments), message))
  } catch (cause) {
    throw new FrostError({ reason: 'these commitments and nonces sign nothing', cause })
  } finally {
    nonces.hiding.fill(0)
    nonces.binding.fill(0)
  }
}

/** Whether a signer's share is right: anyone can say, so that a wrong one names its signer. */
export function checkFrostShare(
  group: FrostGroup,
  { i, share }: { readonly i: number; readonly share: Bytes },
  { commitments, message }: Signing,
): boolean {
  try {
    const identifier = Identifier.fromNumber(i)
    return ristretto255_FROST.verifyShare(publicOf(group), listOf(commitments), message, identifier, share)
  } catch {
    return false
  }
}

/**
 * Joins the shares of all who committed into one Schnorr signature.
 * @throws FrostError with the `culprits` whose share is wrong.
 */
export function joinFrost(
  group: FrostGroup,
  shares: readonly { readonly i: number; readonly share: Bytes }[],
  signing: Signing,
): Bytes {
  const culprits = shares.filter((share) => !checkFrostShare(group, share, signing)).map(({ i }) => i)
  if (culprits.length > 0) throw new FrostError({ culprits, reason: 'its share is wrong' })
  const byIdentifier = Object.fromEntries(shares.map(({ i, share }) => [Identifier.fromNumber(i), share]))
  const { commitments, message } = signing
  try {
    return new Uint8Array(ristretto255_FROST.aggregate(publicOf(group), listOf(commitments), message, byIdentifier))
  } catch (cause) {
    throw new FrostError({ reason: 'the shares do not make a signature', cause })
  }
}

/** Whether the group signed the message. */
export function verifyFrost(groupKey: Bytes, message: Bytes, signature: Bytes): boolean {
  try {
    return ristretto255_FROST.verify(signature, message, groupKey)
  } catch {
    return false
  }
}

/** Whether two lists name the same commitments in the same order. */
export function sameCommitment(a: FrostCommitment, b: FrostCommitment): boolean {
  return a.i === b.i && equal(a.hiding, b.hiding) && equal(a.binding, b.binding)
}

/** What is signed, and by whom: the commitments of all who sign now. */
export type Signing = { readonly commitments: readonly FrostCommitment[]; readonly message: Bytes }

const publicOf = ({ k, groupKey, verifyingShares }: FrostGroup) => ({
  signers: { min: k, max: verifyingShares.length },
  // The library reads the first coefficient alone, which is the group key.
  commitments: [groupKey],
  verifyingShares: Object.fromEntries(verifyingShares.map((point, at) => [Identifier.fromNumber(at + 1), point])),
})

const listOf = (commitments: readonly FrostCommitment[]) =>
  commitments.map(({ i, ...nonces }) => ({ identifier: Identifier.fromNumber(i), ...nonces }))

/** Thrown when a group cannot sign. `culprits` are the members whose share is wrong, if known. */
export class FrostError extends BaseError<'FROST'> {
  override readonly name = 'FrostError'
  readonly culprits: readonly number[]
  constructor({ culprits = [], reason = 'a message is missing or malformed', cause }: FrostError.Options) {
    const who = culprits.length === 0 ? '' : ` by member ${culprits.join(', ')}`
    super('FROST', `The signature stops${who}: ${reason}.`, {
      cause,
      hints: ['Sign again with fresh nonces, without the members named.'],
      docs: 'book.md#signing',
    })
    this.culprits = culprits
  }
}
export declare namespace FrostError {
  type Options = { culprits?: readonly number[]; reason?: string; cause?: unknown }
}
