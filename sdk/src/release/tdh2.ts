import { hkdf, type Random, randomBytes, sha256 } from '#primitives'
import { type Bytes, concat, equal } from '../bytes.ts'
import { decode, encode, field } from '../cbor/index.ts'
import type { WrapKind } from '../envelope/index.ts'
import { BaseError } from '../errors.ts'
import {
  basePoint,
  decodePoint,
  decodeScalar,
  encodePoint,
  encodeScalar,
  hashToPoint,
  hashToScalar,
  type Point,
  randomScalar,
  scalarField,
} from '../group/index.ts'
import { label, lpLabel } from '../labels.ts'

/** An encapsulation to the key nodes: u = g^r, ub = gbar^r, a proof (e, f) that both hide one r, and its label L. */
export type Ciphertext = {
  readonly u: Bytes
  readonly ub: Bytes
  readonly e: Bytes
  readonly f: Bytes
  readonly L: Bytes
}

/**
 * The label that a ciphertext is bound to: which record version, by which kind of wrap. Contracts, chains and
 * controllers change and are not in it; what a record is does not.
 */
export function wrapLabel({ networkId, recordId, version, kind }: wrapLabel.Options): Bytes {
  return encode({ networkId, recordId, version, kind })
}
export declare namespace wrapLabel {
  type Options = {
    readonly networkId: Bytes
    readonly recordId: Bytes
    readonly version: number
    readonly kind: WrapKind
  }
}

/**
 * Encapsulates a fresh key to the group key Y for label L (TDH2; docs/spec/release.md#encapsulation).
 * @returns 32 bytes of key, and the ciphertext from which k key nodes give it back.
 * @throws PointError when Y is no point.
 * @example
 * const { key, ct } = encaps(groupKey, wrapLabel({ networkId, recordId, version: 1, kind: 'W1' }))
 */
export function encaps(Y: Uint8Array, L: Bytes, options: encaps.Options = {}): { key: Bytes; ct: Ciphertext } {
  const { random = randomBytes } = options
  const groupKey = decodePoint(Y)
  const r = randomScalar(random)
  const s = randomScalar(random)
  const u = encodePoint(basePoint.multiply(r))
  const ub = encodePoint(gbar().multiply(r))
  const w = encodePoint(basePoint.multiply(s))
  const wb = encodePoint(gbar().multiply(s))
  const e = hashToScalar(['release', 'e'], L, Y, u, w, ub, wb)
  const f = scalarField.add(s, scalarField.mul(r, e))
  const ct = { u, ub, e: encodeScalar(e), f: encodeScalar(f), L }
  return { key: kemKey(groupKey.multiply(r), ct), ct }
}
export declare namespace encaps {
  type Options = {
    /** Source of r and s; fresh for every ciphertext. */
    readonly random?: Random | undefined
  }
}

/**
 * Checks that a ciphertext was made by somebody who knows its key, for this group key and its label. A node checks
 * before its share touches u: this is what makes the scheme safe against chosen ciphertexts.
 * @throws CiphertextError when the proof does not hold or, where `L` is given, the label is another.
 */
export function checkCiphertext(Y: Uint8Array, ct: Ciphertext, L?: Bytes): void {
  if (L !== undefined && !equal(L, ct.L)) throw new CiphertextError({ reason: 'its label names another record' })
  const [u, ub, e, f] = decodeAll(ct)
  const w = basePoint.multiplyUnsafe(f).subtract(u.multiplyUnsafe(e))
  const wb = gbar().multiplyUnsafe(f).subtract(ub.multiplyUnsafe(e))
  if (w.is0() || wb.is0()) throw new CiphertextError({ reason: 'its proof does not hold' })
  const expected = hashToScalar(['release', 'e'], ct.L, Y, ct.u, encodePoint(w), ct.ub, encodePoint(wb))
  if (expected !== e) throw new CiphertextError({ reason: 'its proof does not hold' })
}

/** The hash that requests and signed partials name a ciphertext by: SHA-256 of its encoding. */
export function ctHash(ct: Ciphertext): Bytes {
  return sha256(encodeCiphertext(ct))
}

/** Writes a ciphertext: CBOR {u, ub, e, f, L}. */
export function encodeCiphertext({ u, ub, e, f, L }: Ciphertext): Bytes {
  return encode({ u, ub, e, f, L })
}

/**
 * Reads a ciphertext's fields; its proof is checked by {@link checkCiphertext}.
 * @throws CborError, CborFieldError when it has another form.
 */
export function decodeCiphertext(bytes: Uint8Array): Ciphertext {
  return readCiphertext(decode(bytes), 'ciphertext')
}

/**
 * The reader's last step: takes the blinding of its own key y off the combined answer and derives the KEM key.
 * A wrong combination gives a wrong key, which the unwrap or the record's key commitment refuses.
 */
export function finish(y: Uint8Array, ct: Ciphertext, combined: { readonly A: Bytes; readonly B: Bytes }): Bytes {
  const z = decodePoint(combined.B).subtract(decodePoint(combined.A).multiply(decodeScalar(y)))
  return kemKey(z, ct)
}

const readCiphertext = field.record({
  u: field.bytes(32),
  ub: field.bytes(32),
  e: field.bytes(32),
  f: field.bytes(32),
  L: field.bytes(),
})

let secondBase: Point | undefined
/** gbar: a second base whose logarithm to g nobody knows. */
function gbar(): Point {
  secondBase ??= hashToPoint(['release', 'h2c'], label('release', 'gbar'))
  return secondBase
}

function decodeAll(ct: Ciphertext): [Point, Point, bigint, bigint] {
  try {
    return [decodePoint(ct.u), decodePoint(ct.ub), decodeScalar(ct.e), decodeScalar(ct.f)]
  } catch (cause) {
    throw new CiphertextError({ reason: 'a part of it does not decode', cause })
  }
}

/** K = HKDF(Y^r, salt = u || H(L)). */
function kemKey(z: Point, { u, L }: Ciphertext): Bytes {
  return hkdf(encodePoint(z), lpLabel('release', 'kem'), { salt: concat(u, sha256(L)) })
}

/** Thrown when a ciphertext is malformed, mauled, or of another record. A node answers nothing for it. */
export class CiphertextError extends BaseError<'CIPHERTEXT'> {
  override readonly name = 'CiphertextError'
  constructor({ reason = 'its proof does not hold', cause }: CiphertextError.Options) {
    super('CIPHERTEXT', `The ciphertext is refused: ${reason}.`, {
      cause,
      hints: ['Read the key header again from another key node and compare its hash with the chain.'],
      docs: 'release.md#encapsulation',
    })
  }
}
export declare namespace CiphertextError {
  type Options = { reason?: string; cause?: unknown }
}
