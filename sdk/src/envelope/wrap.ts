import { aesGcmOpen, aesGcmSeal, hkdf, hmacSha256, type Random, sha256 } from '#primitives'
import { type Bytes, concat, lp } from '../bytes.ts'
import { encode } from '../cbor/index.ts'
import { BaseError } from '../errors.ts'
import { lpLabel } from '../labels.ts'
import { exportFrom, exportTo } from './hpke.ts'

/** The suite of this version's key headers: X-Wing and TDH2 over ristretto255. */
export const suite = 'xw-tdh2r255/1'
/** The same with a second key in W1, for records that must stay closed to a later quantum computer. */
export const hybridSuite = 'xw-tdh2r255-pq/1'
/** One of the suites that this version knows. */
export type Suite = typeof suite | typeof hybridSuite

/** Who a wrap answers to: `W0` the patient, `W1` the consent that the key nodes check, `W3` an emergency. */
export type WrapKind = 'W0' | 'W1' | 'W3'

/** Which sealed bytes a data key opens. `sealHash` is SHA-256 of the encoded seal header. */
export type WrappedRecord = {
  readonly networkId: Bytes
  readonly recordId: Bytes
  readonly version: number
  readonly sealHash: Bytes
}

/** A record in a header of some suite; the plain one where none is named. */
type SuitedRecord = WrappedRecord & { readonly suite?: Suite }

/** All that a wrap is bound to. It holds nothing that a later update of keys may change. */
export type WrapContext = WrappedRecord & {
  readonly suite: string
  readonly kind: WrapKind
  readonly keyIds: readonly Bytes[]
}

/** One wrap of a key header: whom it is for, the encapsulation, and the 48 bytes of the wrapped data key. */
export type Wrap = { readonly keyIds: readonly Bytes[]; readonly enc: Bytes; readonly wrap: Bytes }

/** Bytes of a wrapped data key. */
export const wrapLength = 48
const dekLength = 32
// A KEK seals once: each wrap has a fresh encapsulation under it.
const zeroNonce = new Uint8Array(12)

/** The identifier of a public key in `keyIds`: its SHA-256. */
export function keyIdOf(publicKey: Uint8Array): Bytes {
  return sha256(publicKey)
}

/** The identifier of a secret key in `keyIds`: 16 bytes that say nothing of it. */
export function symmetricKeyIdOf(key: Uint8Array): Bytes {
  return hmacSha256(key, lpLabel('envelope', 'id')).slice(0, 16)
}

/** Writes a wrap's context: salt of the KEK, associated data of the wrap and HPKE info of the patient's. */
export function encodeWrapContext(context: WrapContext): Bytes {
  const { suite, kind, networkId, recordId, version, sealHash, keyIds } = context
  return encode({ v: 1, suite, kind, networkId, recordId, version, sealHash, keyIds: [...keyIds] })
}

/** The key-encryption key from the secrets of a kind, in the order the kind fixes. */
export function kek(secrets: readonly Uint8Array[], wrapContext: Uint8Array): Bytes {
  return hkdf(concat(...secrets.map((secret) => lp(secret))), lpLabel('envelope', 'kek'), { salt: sha256(wrapContext) })
}

/**
 * Wraps a data key under a KEK that wraps nothing else.
 * @throws WrapError unless the data key has 32 bytes.
 */
export async function wrap(key: Uint8Array, dek: Uint8Array, wrapContext: Uint8Array): Promise<Bytes> {
  if (dek.length !== dekLength) throw new WrapError({ reason: `the data key has ${dek.length} bytes instead of 32` })
  return aesGcmSeal(key, zeroNonce, dek, wrapContext)
}

/**
 * Unwraps a data key. GCM does not commit to its key: the caller recomputes the seal header's `keyCommit` afterwards,
 * as every `open` of the SDK does.
 * @throws WrapError when KEK, context or bytes do not belong together.
 */
export async function unwrap(key: Uint8Array, wrapped: Uint8Array, wrapContext: Uint8Array): Promise<Bytes> {
  if (wrapped.length !== wrapLength) throw new WrapError({ reason: `it has ${wrapped.length} bytes instead of 48` })
  try {
    return await aesGcmOpen(key, zeroNonce, wrapped, wrapContext)
  } catch (cause) {
    throw new WrapError({ cause })
  }
}

/** Makes W0, the patient's wrap: the HPKE exporter secret to the patient's key at this provider. */
export async function wrapPatient(
  record: SuitedRecord,
  { dek, publicKey }: { readonly dek: Uint8Array; readonly publicKey: Uint8Array },
  options: wrapPatient.Options = {},
): Promise<Wrap> {
  const keyIds = [keyIdOf(publicKey)]
  const context = encodeWrapContext({ suite, ...record, kind: 'W0', keyIds })
  const { enc, secret } = await exportTo(publicKey, context, options)
  return { keyIds, enc, wrap: await wrap(kek([secret], context), dek, context) }
}
export declare namespace wrapPatient {
  type Options = {
    /** Source of the encapsulation's randomness. */
    readonly random?: Random | undefined
  }
}

/**
 * Opens W0 with the seed of the patient's key.
 * @throws WrapError when the wrap is another patient's, another record's or altered.
 */
export async function unwrapPatient(record: SuitedRecord, wrapped: Wrap, seed: Uint8Array): Promise<Bytes> {
  const context = encodeWrapContext({ suite, ...record, kind: 'W0', keyIds: wrapped.keyIds })
  const secret = await exportFrom(seed, context, wrapped.enc)
  return unwrap(kek([secret], context), wrapped.wrap, context)
}

/** Thrown when a data key does not unwrap. */
export class WrapError extends BaseError<'WRAP'> {
  override readonly name = 'WrapError'
  constructor({ reason = 'it does not open under this key and context', cause }: WrapError.Options) {
    super('WRAP', `The wrapped key is refused: ${reason}.`, {
      cause,
      hints: ['Check that header, record and version belong together and that the key is the one it names.'],
      docs: 'envelope.md#wrap',
    })
  }
}
export declare namespace WrapError {
  type Options = { reason?: string; cause?: unknown }
}
