import { type Random, randomBytes, sha256 } from '#primitives'
import { type Bytes, concat, u32 } from '../bytes.ts'
import { encode } from '../cbor/index.ts'
import { BaseError } from '../errors.ts'
import {
  basePoint,
  decodePoint,
  decodeScalar,
  encodePoint,
  encodeScalar,
  hashToScalar,
  type Point,
  scalarField,
} from '../group/index.ts'
import { lpLabel } from '../labels.ts'
import { type Ciphertext, checkCiphertext, ctHash } from './tdh2.ts'

/**
 * One key node's answer, addressed to one reader key: A = g^z, B = u^x_i * Yr^z, and a proof (c, sx, sz) that B holds
 * the node's own share. Only the holder of the reader key takes z off; anyone checks the proof.
 */
export type Partial = {
  readonly keyEpoch: number
  readonly i: number
  readonly A: Bytes
  readonly B: Bytes
  readonly c: Bytes
  readonly sx: Bytes
  readonly sz: Bytes
}

/** What all partials of one release are about. A proof under one statement is none under another. */
export type Statement = {
  readonly networkId: Bytes
  /** EIP-712 digest of the KeyRequest. */
  readonly requestHash: Bytes
  readonly ct: Ciphertext
  /** The reader's fresh public key. */
  readonly Yr: Bytes
}

/** Bytes of {@link encodePartial}. */
export const partialLength = 168

/**
 * Makes one node's partial. The ciphertext is checked before the share is used.
 * @throws CiphertextError when the ciphertext does not verify under `groupKey`; PointError when Yr is no point.
 */
export function partial(node: partial.Node, statement: Statement, options: partial.Options = {}): Partial {
  const { random = randomBytes } = options
  const { keyEpoch, i } = node
  checkCiphertext(node.groupKey, statement.ct)
  const x = decodeScalar(node.share)
  const X = encodePoint(basePoint.multiply(x))
  const u = decodePoint(statement.ct.u)
  const Yr = decodePoint(statement.Yr)
  const ctx = contextOf(statement, keyEpoch, i)
  // Hedged: bound to share and context as well as drawn at random, for a repeated kx under two challenges gives x away.
  const nonce = (name: string) =>
    hashToScalar(['release', 'nonce'], random(32), node.share, ctx, statement.ct.u, statement.Yr, ascii(name))
  const z = nonce('z')
  const kx = nonce('kx')
  const kz = nonce('kz')
  const A = encodePoint(basePoint.multiply(z))
  const B = encodePoint(u.multiply(x).add(Yr.multiply(z)))
  const T1 = encodePoint(basePoint.multiply(kx))
  const T2 = encodePoint(basePoint.multiply(kz))
  const T3 = encodePoint(u.multiply(kx).add(Yr.multiply(kz)))
  const c = hashToScalar(['release', 'reks'], ctx, X, statement.ct.u, statement.Yr, A, B, T1, T2, T3)
  const sx = scalarField.add(kx, scalarField.mul(c, x))
  const sz = scalarField.add(kz, scalarField.mul(c, z))
  return { keyEpoch, i, A, B, c: encodeScalar(c), sx: encodeScalar(sx), sz: encodeScalar(sz) }
}
export declare namespace partial {
  type Node = {
    readonly keyEpoch: number
    /** The node's number, 1..h. */
    readonly i: number
    /** Its share x_i of the group key. */
    readonly share: Bytes
    readonly groupKey: Bytes
  }
  type Options = {
    /** Source of the fresh half of the nonces. */
    readonly random?: Random | undefined
  }
}

/**
 * Says whether a partial holds the share behind the public verifying share X_i, for this very statement.
 * Malformed points and scalars are simply invalid: what a peer sends never throws here.
 */
export function verifyPartial(verifyingShare: Uint8Array, statement: Statement, answer: Partial): boolean {
  try {
    return holds(verifyingShare, statement, answer)
  } catch {
    return false
  }
}

/** Writes a partial as 168 bytes: u32 keyEpoch, u32 i, A, B, c, sx, sz. */
export function encodePartial({ keyEpoch, i, A, B, c, sx, sz }: Partial): Bytes {
  return concat(u32(keyEpoch), u32(i), A, B, c, sx, sz)
}

/**
 * Reads a partial's fields; {@link verifyPartial} judges them.
 * @throws PartialError on another length.
 */
export function decodePartial(bytes: Uint8Array): Partial {
  if (bytes.length !== partialLength) throw new PartialError({ length: bytes.length })
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const part = (at: number): Bytes => new Uint8Array(bytes.subarray(8 + 32 * at, 40 + 32 * at))
  return {
    keyEpoch: view.getUint32(0),
    i: view.getUint32(4),
    A: part(0),
    B: part(1),
    c: part(2),
    sx: part(3),
    sz: part(4),
  }
}

/** The hash that a node signs together with the statement, so that a false partial is evidence against it. Where it
 * gives a share of a second key as well, `pq` is that share's hash: a false one is evidence just so. */
export function partialHash({ keyEpoch, i, A, B, c, sx, sz }: Partial, pq?: Bytes): Bytes {
  return sha256(encode({ keyEpoch, i, A, B, c, sx, sz, ...(pq && { pq }) }))
}

function holds(verifyingShare: Uint8Array, { networkId, requestHash, ct, Yr }: Statement, answer: Partial): boolean {
  const ctx = contextOf({ networkId, requestHash, ct, Yr }, answer.keyEpoch, answer.i)
  const c = decodeScalar(answer.c)
  const sx = decodeScalar(answer.sx)
  const sz = decodeScalar(answer.sz)
  const minus = (point: Point) => point.multiplyUnsafe(scalarField.neg(c))
  const T1 = basePoint.multiplyUnsafe(sx).add(minus(decodePoint(verifyingShare)))
  const T2 = basePoint.multiplyUnsafe(sz).add(minus(decodePoint(answer.A)))
  const left = decodePoint(ct.u).multiplyUnsafe(sx).add(decodePoint(Yr).multiplyUnsafe(sz))
  const T3 = left.add(minus(decodePoint(answer.B)))
  const points = [T1, T2, T3].map(encodePoint)
  return hashToScalar(['release', 'reks'], ctx, verifyingShare, ct.u, Yr, answer.A, answer.B, ...points) === c
}

/** ctx: which request, ciphertext, epoch and node a proof is for. */
function contextOf({ networkId, requestHash, ct }: Statement, keyEpoch: number, i: number): Bytes {
  return sha256(concat(lpLabel('release', 'ctx'), encode([networkId, keyEpoch, requestHash, ctHash(ct), i])))
}

const ascii = (text: string): Bytes => new TextEncoder().encode(text)

/** Thrown when an answer is no partial by its length alone. */
export class PartialError extends BaseError<'PARTIAL'> {
  override readonly name = 'PartialError'
  constructor({ length }: PartialError.Options) {
    super('PARTIAL', `A partial of ${length ?? 'unknown'} bytes, expected ${partialLength}.`, {
      hints: ['The key node speaks another version or is broken; ask another.'],
      docs: 'release.md#partial',
    })
  }
}
export declare namespace PartialError {
  type Options = { length?: number }
}
