import { CID } from 'multiformats/cid'
import * as Digest from 'multiformats/hashes/digest'
import { sha256 } from '#primitives'
import type { Bytes } from '../bytes.ts'
import { BaseError } from '../errors.ts'

const rawCodec = 0x55
const sha256Code = 0x12

/**
 * The CIDv1 (raw codec, SHA-256, base32) of the block with this SHA-256 digest.
 * @throws CidError unless the digest has 32 bytes: a block itself goes to {@link cidOfBlock}.
 */
export function cidOf(digest: Uint8Array): string {
  if (digest.length !== 32) throw new CidError({ reason: `needs a digest of 32 bytes, not ${digest.length}` })
  return CID.createV1(rawCodec, Digest.create(sha256Code, digest)).toString()
}

/** The CID of a block, hashed here. */
export function cidOfBlock(block: Uint8Array): string {
  return cidOf(sha256(block))
}

/**
 * The SHA-256 digest that a CID names.
 * @throws CidError for every other version, codec, hash or spelling: one block has one name here.
 */
export function digestOf(cid: string): Bytes {
  const { version, code, multihash, text } = parse(cid)
  if (version !== 1 || code !== rawCodec || multihash.code !== sha256Code || multihash.size !== 32 || text !== cid)
    throw new CidError({ reason: 'is not a raw-codec CIDv1 of SHA-256 in base32' })
  return new Uint8Array(multihash.digest)
}

function parse(cid: string) {
  try {
    const { version, code, multihash } = CID.parse(cid)
    return { version, code, multihash, text: cidText(version, code, multihash.digest) }
  } catch (cause) {
    throw new CidError({ reason: 'cannot be parsed', cause })
  }
}

const cidText = (version: number, code: number, digest: Uint8Array): string =>
  version === 1 && code === rawCodec && digest.length === 32 ? cidOf(digest) : ''

/** Thrown when a text names no block of ours. */
export class CidError extends BaseError<'CID'> {
  override readonly name = 'CidError'
  constructor({ reason = 'is not one of ours', cause }: CidError.Options) {
    super('CID', `The CID ${reason}.`, {
      cause,
      hints: ['Blocks are named by CIDv1, codec raw, SHA-256, base32 in lower case.'],
      docs: 'share.md#blocks',
    })
  }
}
export declare namespace CidError {
  type Options = { reason?: string; cause?: unknown }
}
