import { type Bytes, equal } from '../bytes.ts'
import { decode, encode, field } from '../cbor/index.ts'
import { BaseError } from '../errors.ts'
import { openObject } from '../signed/index.ts'
import { type ChunkLog2, checkPolicy, type Policy } from './policy.ts'
import { chunkCount, chunkLength, shareLength } from './sizes.ts'

/** What a record's chunks and shares are: sizes, roots, and where the leaf lists lie. Its hash stands on chain. */
export type Manifest = Policy & {
  readonly v: 1
  /** Suite of the wraps in the key header. */
  readonly suite: string
  readonly networkId: Bytes
  readonly recordId: Bytes
  readonly version: number
  /** CBOR of the seal header; opaque here. */
  readonly sealHeader: Bytes
  readonly chunkLog2: ChunkLog2
  /** Sum of the sealed chunks' lengths. */
  readonly sealedLen: number
  readonly code: 'cauchy1'
  /** Sum of one share's chunk lengths. */
  readonly shareLen: number
  readonly contentRoot: Bytes
  /** SHA-256 of each block of the content leaf list. */
  readonly contentLeaves: Bytes[]
  /** Root of each share's tree. */
  readonly T: Bytes[]
  /** For each share, SHA-256 of each block of its leaf list. */
  readonly shareLeaves: Bytes[][]
  /** HMAC of the record under a key that follows from the DEK. */
  readonly ptCommit: Bytes
  /** SHA-256 of the key header at deposit. */
  readonly keyHeaderHash: Bytes
  /** Hash of the manifest this one follows within a version: only the share side may change. */
  readonly prev?: Bytes
  /** The storage nodes' signatures under a changed share side. */
  readonly attest?: Bytes[]
}

const bytes32 = field.bytes(32)
const shape = {
  v: field.literal(1),
  suite: field.text(64),
  networkId: bytes32,
  recordId: bytes32,
  version: field.integer(1, 2 ** 32 - 1),
  sealHeader: field.bytes(),
  chunkLog2: field.literal(16, 18, 20),
  sealedLen: field.integer(1, Number.MAX_SAFE_INTEGER),
  n: field.integer(1, 65_536),
  t: field.integer(1, 65_536),
  r: field.integer(0, 65_536),
  code: field.literal('cauchy1'),
  shareLen: field.integer(1, Number.MAX_SAFE_INTEGER),
  contentRoot: bytes32,
  contentLeaves: field.array(bytes32),
  T: field.array(bytes32),
  shareLeaves: field.array(field.array(bytes32)),
  ptCommit: bytes32,
  keyHeaderHash: bytes32,
  prev: field.optional(bytes32),
  attest: field.optional(field.array(field.bytes(65))),
}
const readManifest = field.record(shape)

/**
 * Encodes the payload that the uploader signs as a `manifest`.
 * @throws ManifestError, PolicyError when the fields contradict each other.
 */
export function encodeManifest(manifest: Manifest): Bytes {
  checkManifest(manifest)
  return encode(manifest)
}

/**
 * Opens a signed manifest and checks all that needs neither chain nor key. The caller compares `hash` and `signer`
 * with the chain, and gives the record's id and version as the chain names them.
 * @throws SignedObjectError, CborError, CborFieldError, PolicyError
 * @throws ManifestError when sizes, lists, network, record or version do not fit.
 */
export function parseManifest(
  signed: Uint8Array,
  expected: parseManifest.Expected,
): { readonly manifest: Manifest; readonly hash: Bytes; readonly signer: `0x${string}` } {
  const { payload, hash, signer } = openObject('manifest', signed, expected.networkId)
  const manifest: Manifest = readManifest(decode(payload))
  checkManifest(manifest)
  if (!equal(manifest.networkId, expected.networkId)) throw new ManifestError({ reason: 'names another network' })
  if (expected.recordId && !equal(manifest.recordId, expected.recordId))
    throw new ManifestError({ reason: 'names another record' })
  if (expected.version !== undefined && manifest.version !== expected.version)
    throw new ManifestError({ reason: 'names another version' })
  return { manifest, hash, signer }
}
export declare namespace parseManifest {
  type Expected = {
    readonly networkId: Uint8Array
    readonly recordId?: Uint8Array | undefined
    readonly version?: number | undefined
  }
}

/** Chunks are numbered in 32 bits, and so is a chunk's nonce. */
const maxChunks = 2 ** 32
const leavesPerBlock = 32_768

function checkManifest(manifest: Manifest): void {
  checkPolicy(manifest)
  const count = chunkCount(manifest)
  const blocks = Math.ceil(count / leavesPerBlock)
  // 16 bytes are the tag: a data chunk without data is none.
  if (count < 2 || count > maxChunks || chunkLength(manifest, count - 2) <= 16)
    throw new ManifestError({ reason: 'has a sealed length that no record has' })
  if (manifest.shareLen !== shareLength(manifest)) throw new ManifestError({ reason: 'has a wrong share length' })
  if (manifest.contentLeaves.length !== blocks || manifest.shareLeaves.some((list) => list.length !== blocks))
    throw new ManifestError({ reason: `needs ${blocks} blocks in every leaf list` })
  if (manifest.T.length !== manifest.n || manifest.shareLeaves.length !== manifest.n)
    throw new ManifestError({ reason: `needs ${manifest.n} roots and leaf lists` })
}

/** Thrown when a manifest contradicts itself, or is that of another record, version or network. */
export class ManifestError extends BaseError<'MANIFEST'> {
  override readonly name = 'ManifestError'
  constructor({ reason = 'cannot be used' }: ManifestError.Options) {
    super('MANIFEST', `The manifest ${reason}.`, {
      hints: ['Fetch the manifest that the chain names by its hash.'],
      docs: 'share.md#manifest',
    })
  }
}
export declare namespace ManifestError {
  type Options = { reason?: string }
}
