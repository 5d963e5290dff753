import type { Random } from '#primitives'
import { type Bytes, equal, fromHex, type Hex } from '../bytes.ts'
import { decode, encode, field } from '../cbor/index.ts'
import { BaseError } from '../errors.ts'
import { type ObjectSigner, openObject, signObject } from '../signed/index.ts'
import { encLength, openFrom, type SealContext, sealTo } from './hpke.ts'

/** What a capsule may carry: the key of a pseudonym's categories, or the reason of a doctor who asks. */
export type CapsulePurpose = 'category key' | 'note'

/** A capsule as it lies in a key node's mailbox. `signer` is who sealed it: the caller checks who that is. */
export type Capsule = {
  readonly networkId: Bytes
  readonly pseudonym: Bytes
  readonly purpose: CapsulePurpose
  readonly enc: Bytes
  readonly ct: Bytes
  readonly signer: Hex
  /** SHA-256 of the whole object: its address at a key node and, for a note, the hash on chain. */
  readonly hash: Bytes
}

/** Longest plaintext of a capsule. */
const maxPlaintext = 16_384

/**
 * Seals a short message to a patient's key at one provider and signs it: HPKE names no sender, the signature does.
 * Whoever keeps it learns pseudonym, sender, purpose and length.
 * @throws CapsuleError above 16 KiB; EnvelopeError when the public key is none.
 * @example
 * const capsule = await sealCapsule({ networkId, pseudonym, purpose: 'note', publicKey, plaintext }, account)
 */
export async function sealCapsule(
  { networkId, pseudonym, purpose, publicKey, plaintext }: sealCapsule.Content,
  signer: ObjectSigner,
  options: sealCapsule.Options = {},
): Promise<Bytes> {
  if (plaintext.length > maxPlaintext) throw new CapsuleError({ reason: `it carries more than ${maxPlaintext} bytes` })
  const context = capsuleContext(networkId, pseudonym, purpose, signer.address)
  const { enc, ct } = await sealTo(publicKey, context, plaintext, options)
  return signObject('capsule', encode({ v: 1, networkId, pseudonym, purpose, enc, ct }), networkId, signer)
}
export declare namespace sealCapsule {
  type Content = {
    readonly networkId: Bytes
    readonly pseudonym: Bytes
    readonly purpose: CapsulePurpose
    /** The patient's X-Wing key at this provider. */
    readonly publicKey: Uint8Array
    readonly plaintext: Uint8Array
  }
  type Options = {
    /** Source of the encapsulation's randomness. */
    readonly random?: Random | undefined
  }
}

/**
 * Reads a capsule without opening it, and checks its signature.
 * @throws CborError, CborFieldError, SignedObjectError on malformed or unsigned bytes; CapsuleError when it is of
 * another network than it says.
 */
export function parseCapsule(bytes: Uint8Array, { networkId }: { readonly networkId: Bytes }): Capsule {
  const { payload, signer, hash } = openObject('capsule', bytes, networkId)
  const { v: _, ...capsule } = readCapsule(decode(payload), 'capsule')
  if (!equal(capsule.networkId, networkId)) throw new CapsuleError({ reason: 'it belongs to another network' })
  return { ...capsule, signer, hash }
}

/**
 * Opens a capsule with the seed it was sealed to.
 * @throws EnvelopeError when it was sealed to another key, or moved to another pseudonym, purpose or signer.
 */
export function openCapsule(
  { networkId, pseudonym, purpose, signer, enc, ct }: Capsule,
  seed: Uint8Array,
): Promise<Bytes> {
  return openFrom(seed, capsuleContext(networkId, pseudonym, purpose, signer), { enc, ct })
}

const readCapsule = field.record({
  v: field.literal(1),
  networkId: field.bytes(32),
  pseudonym: field.bytes(32),
  purpose: field.literal('category key', 'note'),
  enc: field.bytes(encLength),
  ct: field.bytes(),
})

function capsuleContext(networkId: Bytes, pseudonym: Bytes, purpose: CapsulePurpose, signer: Hex): SealContext {
  return { purpose: ['record', purpose], context: encode([networkId, pseudonym, fromHex(signer, 20)]) }
}

/** Thrown when a capsule is too long or not of this network. */
export class CapsuleError extends BaseError<'CAPSULE'> {
  override readonly name = 'CapsuleError'
  constructor({ reason = 'it is malformed' }: CapsuleError.Options) {
    super('CAPSULE', `The capsule is refused: ${reason}.`, {
      hints: ['Send a capsule of this network with at most 16 KiB; larger content is a record.'],
      docs: 'envelope.md#capsule',
    })
  }
}
export declare namespace CapsuleError {
  type Options = { reason?: string }
}
