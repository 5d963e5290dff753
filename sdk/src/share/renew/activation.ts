import { digest } from '#primitives'
import { type Bytes, concat, equal, fromHex, type Hex } from '../../bytes.ts'
import { encode } from '../../cbor/index.ts'
import { type ObjectSigner, openObject, signObject } from '../../signed/index.ts'
import type { ShareCode } from '../code.ts'
import { leafAt, listDigests, shareRootOf } from '../leaves.ts'
import { type Manifest, ManifestError } from '../manifest.ts'
import { layoutOf, type Policy } from '../policy.ts'
import { chunkCount, chunkLength, shareChunkLength, shareLength } from '../sizes.ts'
import { offCodeword } from './codeword.ts'
import { RenewError } from './error.ts'

/** What a node attests of the share that it has after a renewal. */
export type ShareRoot = {
  readonly networkId: Bytes
  readonly recordId: Bytes
  readonly version: number
  /** The manifest that stood. */
  readonly prev: Bytes
  /** How many manifests of this version stand before the one that is made. */
  readonly epoch: number
  readonly share: number
  /** T'_j. */
  readonly root: Bytes
}

/** Signs a node's new root. @returns 65 bytes, as `attest` of the new manifest takes them. */
export async function attestRoot(root: ShareRoot, signer: ObjectSigner): Promise<Bytes> {
  const object = await signObject('share renewal', rootPayload(root), root.networkId, signer)
  // The signature ends the object.
  return object.slice(-65)
}

/**
 * Checks a node's word for its new root.
 * @throws SignedObjectError unless that account signed it.
 */
export function checkAttested(root: ShareRoot, signature: Uint8Array, account: Hex): void {
  openObject('share renewal', encode([rootPayload(root), fromHex(account, 20), signature]), root.networkId)
}

const rootPayload = (root: ShareRoot): Bytes => encode({ v: 1, stage: 'root', ...root })

/** What the verifier found: the new share side of the manifest, with the leaf lists to be placed. */
export type RenewedShares = { readonly policy: Policy; readonly T: Bytes[]; readonly shareLeaves: Bytes[] }

/**
 * Refuses a policy whose rows would be too short for the chunks that a record was sealed in.
 * @throws PolicyError, RenewError
 */
export function checkChunks({ chunkLog2 }: Pick<Manifest, 'chunkLog2'>, policy: Policy): void {
  const { k } = layoutOf(policy)
  if (2 ** chunkLog2 < 1024 * k)
    throw new RenewError({ reason: `chunks of 2^${chunkLog2} bytes are too short for ${k} rows` })
}

/**
 * Reads all new shares, once, chunk by chunk, and accepts them if they are one codeword whose data are the record. Only
 * for who may see sealed bytes: the hospital that made the record, or a reconstructor.
 * @param options.read share-chunk i of new share j; what rejects, or has another length, stops the activation.
 * @param options.roots T'_j as the nodes attested them.
 * @throws RenewError with the shares whose attested root is off the codeword.
 */
export async function verifyRenewed(options: verifyRenewed.Options): Promise<RenewedShares> {
  const { manifest, contentLeaves, policy, roots, read, code, signal } = options
  checkChunks(manifest, policy)
  if (roots.length !== policy.n) throw new RenewError({ reason: `${roots.length} roots came, not ${policy.n}` })
  const shape = { ...manifest, ...policy }
  const lists: Bytes[][] = Array.from({ length: policy.n }, () => [])
  const off = new Set<number>()
  for (let i = 0; i < chunkCount(manifest); i++) {
    signal?.throwIfAborted()
    const bodies = await Promise.all(lists.map((_, j) => read(j, i)))
    for (const [j, body] of bodies.entries()) {
      if (body.length !== shareChunkLength(shape, i))
        throw new RenewError({ reason: `chunk ${i} of share ${j} is missing` })
      lists[j]?.push(await digest(body))
    }
    const leaf = leafAt(contentLeaves, i) as Bytes
    const found = await offCodeword(policy, bodies, { leaf, length: chunkLength(manifest, i) }, { code })
    for (const j of found) off.add(j)
  }
  const shareLeaves = lists.map((list) => concat(...list))
  const T = shareLeaves.map((list, j) => shareRootOf(j, list))
  for (const [j, root] of T.entries()) if (!equal(root, roots[j] as Bytes)) off.add(j)
  const culprits = [...off].sort((a, b) => a - b)
  if (culprits.length > 0)
    throw new RenewError({ culprits, reason: 'what they have is off the codeword of the record' })
  return { policy, T, shareLeaves }
}
export declare namespace verifyRenewed {
  type Options = {
    /** The manifest that stands. */
    readonly manifest: Manifest
    /** Its content leaf list, verified. */
    readonly contentLeaves: Bytes
    /** The policy of the new shares: in a refresh the one that stands. */
    readonly policy: Policy
    readonly roots: readonly Bytes[]
    readonly read: (j: number, i: number) => Promise<Bytes>
    readonly code?: ShareCode | undefined
    readonly signal?: AbortSignal | undefined
  }
}

/**
 * The manifest that follows `standing`, with the new share side alone changed.
 * @param attest the nodes' signatures under T', by share.
 */
export function nextManifest(
  { manifest, hash }: { readonly manifest: Manifest; readonly hash: Bytes },
  { policy, T, shareLeaves }: RenewedShares,
  attest: readonly Bytes[],
): Manifest {
  const { n, t, r } = policy
  return {
    ...manifest,
    n,
    t,
    r,
    shareLen: shareLength({ ...manifest, n, t, r }),
    T: [...T],
    shareLeaves: shareLeaves.map(listDigests),
    prev: hash,
    attest: [...attest],
  }
}

/** What stays the same within a version. */
const constant = [
  'v',
  'suite',
  'networkId',
  'recordId',
  'version',
  'sealHeader',
  'chunkLog2',
  'sealedLen',
  'code',
  'contentRoot',
  'contentLeaves',
  'ptCommit',
  'keyHeaderHash',
] as const

/**
 * Accepts a manifest of the same version beside the anchored one: only its share side may differ, and its keepers attest it.
 * That its `prev` chain ends at the anchored one is for the caller to walk.
 * @returns the hash of the manifest before it.
 * @throws ManifestError
 */
export function checkRenewed(anchored: Manifest, renewed: Manifest): Bytes {
  for (const name of constant)
    if (!equal(encode(anchored[name]), encode(renewed[name])))
      throw new ManifestError({ reason: `changes ${name} within a version` })
  if (!renewed.prev) throw new ManifestError({ reason: 'names no manifest before it' })
  if (renewed.attest?.length !== renewed.n)
    throw new ManifestError({ reason: `is not attested by its ${renewed.n} keepers` })
  return renewed.prev
}
