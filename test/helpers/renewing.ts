import { type Bytes, concat, fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import { publicKeyOf } from '@sharewell/sdk/envelope'
import { randomBytes, sha256 } from '@sharewell/sdk/primitives'
import {
  attestRoot,
  drawZeroWord,
  encodeManifest,
  encodePlacement,
  leafBlocks,
  type Manifest,
  nextManifest,
  openPart,
  type PartPlace,
  type Policy,
  type ReceivedPart,
  type RenewedShares,
  type RenewSession,
  type RenewTerms,
  sealPart,
  sessionOf,
  verifyRenewed,
  xorRows,
} from '@sharewell/sdk/share'
import { type ObjectSigner, signObject } from '@sharewell/sdk/signed'
import { shareRootOf } from '../../sdk/src/share/leaves.ts'
import { newAccount } from './parties.ts'
import { upTo } from './renewals.ts'
import { type SealedRecord, sealedRecord } from './sealed-record.ts'

/** A keeper of shares: its account, and the key that envelopes to it are sealed to. */
export type Keeper = { readonly account: ReturnType<typeof newAccount>; readonly seed: Uint8Array<ArrayBuffer> }

/** A record of a few chunks, who keeps it, and terms without what the kind adds. */
export async function renewable(policy: Policy, count = policy.n) {
  const networkId = randomBytes(32)
  const keepers: Keeper[] = upTo(count).map(() => ({ account: newAccount(), seed: randomBytes(32) }))
  const operators = keepers.map(() => randomBytes(16))
  const record = await sealedRecord({
    networkId: `0x${Buffer.from(networkId).toString('hex')}`,
    uploader: newAccount(),
    policy,
    operators: operators.slice(0, policy.n).map((id): Hex => `0x${Buffer.from(id).toString('hex')}`),
    dataLength: 70_000,
  })
  const base = {
    v: 1,
    networkId,
    recordId: record.manifest.recordId,
    version: 1,
    manifestHash: fromHex(record.manifestHash),
    placementHash: fromHex(record.placementHash),
    nonce: randomBytes(32),
  } as const
  return { record, keepers, operators, base, networkId }
}

/** Share-chunk i of share j. */
export const shareChunk = ({ parts }: SealedRecord, j: number, i: number) => {
  const body = parts[i]?.[j]?.body
  if (!body) throw new Error(`no share-chunk ${j}, ${i}`)
  return new Uint8Array(body)
}

/** All share-chunks of a record, `[j][i]`. */
export type Shares = Bytes[][]

export const sharesOf = (record: SealedRecord): Shares =>
  upTo(record.manifest.n).map((j) => [...record.parts.keys()].map((i) => shareChunk(record, j, i)))

/** What a refresh makes of all shares: zero words of r + 1 contributors are added. */
export function refreshed(policy: Policy, shares: Shares): Shares {
  const contributors = upTo(policy.r + 1)
  const words = (shares[0] ?? []).map(({ length }) => contributors.map(() => drawZeroWord(policy, length)))
  return shares.map((own, j) =>
    own.map((body, i) => xorRows([body, ...(words[i] ?? []).map((word) => word[j] as Bytes)])),
  )
}

const leavesOf = (own: readonly Bytes[]): Bytes => concat(...own.map((body) => sha256(body)))

export const rootsOf = (shares: Shares): Bytes[] => shares.map((own, j) => shareRootOf(j, leavesOf(own)))

/** Shares as they are, right or not: what nobody verified. */
export const unverified = (policy: Policy, shares: Shares): RenewedShares => ({
  policy,
  T: rootsOf(shares),
  shareLeaves: shares.map(leavesOf),
})

/** Shares that are verified against the record. */
export async function verified(
  { manifest, contentLeaves }: Pick<SealedRecord, 'manifest' | 'contentLeaves'>,
  policy: Policy,
  shares: Shares,
  roots = rootsOf(shares),
): Promise<RenewedShares> {
  const read = async (j: number, i: number) => shares[j]?.[i] ?? new Uint8Array(0)
  return await verifyRenewed({ manifest, contentLeaves, policy, roots, read })
}

/** A manifest with its hash. */
export type Standing = { readonly manifest: Manifest; readonly hash: Bytes }

/** The manifest that a record was anchored with. */
export const anchoredOf = ({ manifest, manifestHash }: SealedRecord): Standing => ({
  manifest,
  hash: fromHex(manifestHash, 32),
})

/** The next manifest of a record under attestations that nobody reads. */
export const nextOf = (standing: Standing, shares: RenewedShares): Manifest =>
  nextManifest(
    standing,
    shares,
    upTo(shares.policy.n).map(() => randomBytes(65)),
  )

/** The next manifest of a record, attested by its keepers in the order of their shares. */
export async function attestedNext(
  standing: Standing,
  shares: RenewedShares,
  keepers: readonly ObjectSigner[],
  epoch = 1,
): Promise<Manifest> {
  const { networkId, recordId, version } = standing.manifest
  const attest = shares.T.map(async (root, share) => {
    const keeper = keepers[share] as ObjectSigner
    return await attestRoot({ networkId, recordId, version, prev: standing.hash, epoch, share, root }, keeper)
  })
  return nextManifest(standing, shares, await Promise.all(attest))
}

/** A generation of a record as its nodes keep it: manifest, placement and leaf lists. */
export type Generation = Standing & {
  readonly manifestHash: Hex
  readonly placementHash: Hex
  /** The signed manifest. */
  readonly signed: Bytes
  readonly blocks: readonly Bytes[]
}

/** Signs a manifest and the placement that names it. */
export async function signedGeneration(
  manifest: Manifest,
  { uploader, operators, gen = 1, shareLeaves = [] }: signedGeneration.Options,
): Promise<Generation> {
  const { networkId, recordId, version } = manifest
  const signed = await signObject('manifest', encodeManifest(manifest), networkId, uploader)
  const hash = sha256(signed)
  const placement = encodePlacement({
    v: 1,
    networkId,
    recordId,
    version,
    gen,
    salt: randomBytes(32),
    manifestHash: hash,
    operators: operators.map((id) => fromHex(id, 16)),
  })
  const placed = await signObject('placement', placement, networkId, uploader)
  const blocks = [signed, placed, ...shareLeaves.flatMap(leafBlocks)]
  return { manifest, hash, manifestHash: toHex(hash), placementHash: toHex(sha256(placed)), signed, blocks }
}

export declare namespace signedGeneration {
  type Options = {
    readonly uploader: ObjectSigner
    /** Operator ids, in share order. */
    readonly operators: readonly Hex[]
    readonly gen?: number
    readonly shareLeaves?: readonly Bytes[]
  }
}

export const sessionFor = (terms: RenewTerms): RenewSession => ({
  session: sessionOf(terms),
  networkId: terms.networkId,
})

/** Carries one message from keeper to keeper, sealed and signed as between nodes. */
export async function carry(
  session: RenewSession,
  place: PartPlace,
  body: Uint8Array<ArrayBuffer>,
  { from, to }: { readonly from: Keeper; readonly to: Keeper },
): Promise<ReceivedPart> {
  const sealed = await sealPart(session, place, body, { signer: from.account, publicKey: publicKeyOf(to.seed) })
  return await openPart(session, place, sealed, { seed: to.seed, account: from.account.address })
}
