import { type Random, randomBytes, sha256 } from '#primitives'
import { type Bytes, concat, equal } from '../bytes.ts'
import { encode } from '../cbor/index.ts'
import {
  type Envelope,
  openFrom,
  publicKeyLength,
  publicKeyOf,
  type SealContext,
  sealTo,
  seedLength,
} from '../envelope/index.ts'
import { BaseError } from '../errors.ts'
import {
  basePoint,
  checkPossession,
  decodePoint,
  decodeScalar,
  encodePoint,
  encodeScalar,
  provePossession,
  randomScalar,
} from '../group/index.ts'
import { decodePartial, encodePartial, type Partial, PartialError, partialLength } from './partial.ts'
import type { SecondShare } from './second-key.ts'

/** The public half of a reader's key; `readerKeyHash` stands in the signed request, because wallets show hashes better. */
export type ReaderPublic = { readonly Yr: Bytes; readonly hpkePublicKey: Bytes }

/** A reader's key for one request: y opens the combined partials, the X-Wing seed each node's envelope around its own. */
export type ReaderKey = ReaderPublic & {
  readonly y: Bytes
  readonly hpkeSeed: Bytes
  readonly readerKeyHash: Bytes
}

/** A node's signed answer. The signature is EIP-712 `Partial` by the node's operator (docs/spec/key-node.md). */
export type Answer = {
  readonly partial: Partial
  readonly signature: Bytes
  /** The node's share of the second key, where the header has one. */
  readonly second?: SecondShare | undefined
}

const signatureLength = 65
const secondLength = 64

/**
 * Makes the key of one request. Use it once and forget it: a fresh key per request is what ends a reader's access.
 * @example
 * const reader = createReaderKey()
 * const request = { ...fields, readerKeyHash: toHex(reader.readerKeyHash) }
 */
export function createReaderKey(options: createReaderKey.Options = {}): ReaderKey {
  const { random = randomBytes } = options
  const y = randomScalar(random)
  const Yr = encodePoint(basePoint.multiply(y))
  const hpkeSeed = random(seedLength)
  const hpkePublicKey = publicKeyOf(hpkeSeed)
  return { y: encodeScalar(y), Yr, hpkeSeed, hpkePublicKey, readerKeyHash: readerKeyHash({ Yr, hpkePublicKey }) }
}
export declare namespace createReaderKey {
  type Options = {
    /** Source of both secrets. */
    readonly random?: Random | undefined
  }
}

/** The hash of a reader's public key that its signed request carries: H(Yr || hpkePublicKey). */
export function readerKeyHash({ Yr, hpkePublicKey }: ReaderPublic): Bytes {
  return sha256(concat(Yr, hpkePublicKey))
}

/** Proves to the nodes, for this very request, that the reader holds y: no one borrows another's Yr. */
export function readerProof(
  reader: Pick<ReaderKey, 'y'>,
  requestHash: Bytes,
  options: createReaderKey.Options = {},
): Bytes {
  return provePossession(decodeScalar(reader.y), requestHash, options)
}

/**
 * Checks what travels beside a request: the key is the one whose hash was signed, and its sender holds it.
 * @throws ReaderKeyError on another key; PointError, ScalarError, PossessionError on a malformed or false proof.
 */
export function checkReader(
  reader: ReaderPublic & { readonly pok: Uint8Array },
  request: { readonly requestHash: Bytes; readonly readerKeyHash: Bytes },
): void {
  decodePoint(reader.Yr)
  if (reader.hpkePublicKey.length !== publicKeyLength)
    throw new ReaderKeyError({ reason: `its X-Wing key has ${reader.hpkePublicKey.length} bytes` })
  if (!equal(readerKeyHash(reader), request.readerKeyHash))
    throw new ReaderKeyError({ reason: 'its hash is not the one in the signed request' })
  checkPossession(reader.Yr, request.requestHash, reader.pok)
}

/** Seals a node's answer to the reader of one request: a second, post-quantum cover around the addressed partial. */
export function sealAnswer(
  answer: Answer,
  to: sealAnswer.To,
  options: createReaderKey.Options = {},
): Promise<Envelope> {
  const { partial, signature, second } = answer
  const plaintext = concat(encodePartial(partial), signature, ...(second ? [second.salt, second.share] : []))
  return sealTo(to.hpkePublicKey, answerContext(to.requestHash, partial.i), plaintext, options)
}
export declare namespace sealAnswer {
  type To = { readonly requestHash: Bytes; readonly hpkePublicKey: Bytes }
}

/**
 * Opens the answer that node `i` gave to a request.
 * @throws EnvelopeError when it was sealed to another reader, request or node; PartialError when it holds no partial.
 */
export async function openAnswer(
  envelope: Envelope,
  reader: Pick<ReaderKey, 'hpkeSeed'>,
  { requestHash, i }: { readonly requestHash: Bytes; readonly i: number },
): Promise<Answer> {
  const plaintext = await openFrom(reader.hpkeSeed, answerContext(requestHash, i), envelope)
  const plain = partialLength + signatureLength
  const { length } = plaintext
  if (length !== plain && length !== plain + secondLength) throw new PartialError({ length })
  const second = { salt: plaintext.slice(plain, plain + 32), share: plaintext.slice(plain + 32) }
  return {
    partial: decodePartial(plaintext.subarray(0, partialLength)),
    signature: plaintext.slice(partialLength, plain),
    ...(length > plain && { second }),
  }
}

function answerContext(requestHash: Bytes, i: number): SealContext {
  return { purpose: ['release', 'response'], context: encode([requestHash, i]) }
}

/** Thrown when the reader's key is not the one that its request signed. */
export class ReaderKeyError extends BaseError<'READER_KEY'> {
  override readonly name = 'ReaderKeyError'
  constructor({ reason = 'it does not belong to the request' }: ReaderKeyError.Options) {
    super('READER_KEY', `The reader's key is refused: ${reason}.`, {
      hints: ['Send the key that was made for this request, unchanged.'],
      docs: 'release.md#reader-key',
    })
  }
}
export declare namespace ReaderKeyError {
  type Options = { reason?: string }
}
