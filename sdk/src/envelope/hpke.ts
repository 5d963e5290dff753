import { Aes256Gcm, CipherSuite, HkdfSha256 } from '@hpke/core'
import { XWing } from '@hpke/hybridkem-x-wing'
import { ml_kem768_x25519 } from '@noble/post-quantum/hybrid.js'
import { type Random, randomBytes } from '#primitives'
import { type Bytes, concat, lp } from '../bytes.ts'
import { BaseError } from '../errors.ts'
import { type LabelModule, type LabelUse, label, lpLabel } from '../labels.ts'

/** Bytes of an X-Wing public key. */
export const publicKeyLength = 1216
/** Bytes of the seed that an X-Wing key pair is. */
export const seedLength = 32
/** Bytes of an encapsulation. */
export const encLength = 1120
/** Randomness of one encapsulation: 32 bytes for ML-KEM-768, 32 for X25519. */
const encapsulationSeed = 64

/** A label that names what an envelope is for: `['release', 'response']`. */
export type Purpose = { [module in LabelModule]: readonly [module, LabelUse<module>] }[LabelModule]

/** What an envelope is bound to. Whoever opens must know all of it; the context names session, sender and recipient. */
export type SealContext = { readonly purpose: Purpose; readonly context: Uint8Array }

/** Bytes that only the holder of one seed can open. */
export type Envelope = { readonly enc: Bytes; readonly ct: Bytes }

/** The X-Wing public key of a seed. */
export function publicKeyOf(seed: Uint8Array): Bytes {
  checkLength('seed', seed, seedLength)
  return new Uint8Array(ml_kem768_x25519.keygen(new Uint8Array(seed)).publicKey)
}

/**
 * Seals `plaintext` to a public key for one purpose and context (RFC 9180 SealBase, one message to one encapsulation).
 * @throws EnvelopeError when the public key is none.
 * @example
 * const envelope = await sealTo(publicKey, { purpose: ['record', 'category key'], context }, key)
 */
export async function sealTo(
  publicKey: Uint8Array,
  { purpose, context }: SealContext,
  plaintext: Uint8Array,
  options: sealTo.Options = {},
): Promise<Envelope> {
  const sender = await setup(publicKey, hpkeInfo(purpose, context), options)
  const ct = await sender.seal(new Uint8Array(plaintext))
  return { enc: new Uint8Array(sender.enc), ct: new Uint8Array(ct) }
}
export declare namespace sealTo {
  type Options = {
    /** Source of the encapsulation's randomness; fresh for every envelope. */
    readonly random?: Random | undefined
  }
}

/**
 * Opens an envelope under the same purpose and context.
 * @throws EnvelopeError when seed, purpose, context or bytes are not those it was sealed with; it does not say which.
 */
export async function openFrom(
  seed: Uint8Array,
  { purpose, context }: SealContext,
  { enc, ct }: Envelope,
): Promise<Bytes> {
  const recipient = await receive(seed, enc, hpkeInfo(purpose, context))
  try {
    return new Uint8Array(await recipient.open(new Uint8Array(ct)))
  } catch (cause) {
    throw new EnvelopeError({ cause })
  }
}

/** Encapsulates to a key and exports a secret (RFC 9180 5.3) instead of sealing: K_0 of the patient's wrap. */
export async function exportTo(
  publicKey: Uint8Array,
  info: Uint8Array,
  options: sealTo.Options = {},
): Promise<{ readonly enc: Bytes; readonly secret: Bytes }> {
  const sender = await setup(publicKey, info, options)
  return { enc: new Uint8Array(sender.enc), secret: new Uint8Array(await sender.export(exporterContext(), 32)) }
}

/** Exports the same secret from the encapsulation. A foreign seed gives another secret, not an error. */
export async function exportFrom(seed: Uint8Array, info: Uint8Array, enc: Uint8Array): Promise<Bytes> {
  const recipient = await receive(seed, enc, info)
  return new Uint8Array(await recipient.export(exporterContext(), 32))
}

const cipherSuite = new CipherSuite({ kem: new XWing(), kdf: new HkdfSha256(), aead: new Aes256Gcm() })

const exporterContext = (): Bytes => label('envelope', 'w0')

/** `lp(envelope hpke) || lp(purpose) || lp(context)`: HPKE info of every envelope but the patient's wrap. */
function hpkeInfo(purpose: Purpose, context: Uint8Array): Bytes {
  // The pair comes from one row of the table by its type, which a union of pairs does not carry through a call.
  const [module, use] = purpose as readonly [LabelModule, LabelUse<LabelModule>]
  return concat(lpLabel('envelope', 'hpke'), lp(label(module, use)), lp(context))
}

async function setup(publicKey: Uint8Array, info: Uint8Array, { random = randomBytes }: sealTo.Options) {
  checkLength('public key', publicKey, publicKeyLength)
  try {
    const recipientPublicKey = await cipherSuite.kem.deserializePublicKey(new Uint8Array(publicKey))
    const ekm = random(encapsulationSeed)
    return await cipherSuite.createSenderContext({ recipientPublicKey, info: new Uint8Array(info), ekm })
  } catch (cause) {
    throw new EnvelopeError({ cause })
  }
}

async function receive(seed: Uint8Array, enc: Uint8Array, info: Uint8Array) {
  checkLength('seed', seed, seedLength)
  checkLength('encapsulation', enc, encLength)
  try {
    const recipientKey = await cipherSuite.kem.deserializePrivateKey(new Uint8Array(seed))
    return await cipherSuite.createRecipientContext({
      recipientKey,
      enc: new Uint8Array(enc),
      info: new Uint8Array(info),
    })
  } catch (cause) {
    throw new EnvelopeError({ cause })
  }
}

function checkLength(what: string, bytes: Uint8Array, expected: number): void {
  if (bytes.length !== expected)
    throw new EnvelopeError({ reason: `the ${what} has ${bytes.length} bytes instead of ${expected}` })
}

/** Thrown when an envelope cannot be made or opened. It never says whether key, context or bytes were wrong. */
export class EnvelopeError extends BaseError<'ENVELOPE'> {
  override readonly name = 'EnvelopeError'
  constructor({ reason = 'it does not open under this key, purpose and context', cause }: EnvelopeError.Options) {
    super('ENVELOPE', `The envelope is refused: ${reason}.`, {
      cause,
      hints: ['Check that it was meant for you, for this purpose and in this session.'],
      docs: 'envelope.md#envelope',
    })
  }
}
export declare namespace EnvelopeError {
  type Options = { reason?: string; cause?: unknown }
}
