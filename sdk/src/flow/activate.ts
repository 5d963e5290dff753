import { digest, randomBytes } from '#primitives'
import { type Bytes, fromHex, type Hex, toHex } from '../bytes.ts'
import { type AnchoredRecord, type Chain, type Operator, operatorInfo, recordOf, relocate } from '../chain/index.ts'
import {
  type Acknowledgement,
  type LoadedRecord,
  type PlacedPart,
  placeRecord,
  type RecordBlocks,
} from '../place/index.ts'
import {
  checkAttested,
  chunkCount,
  cidOf,
  encodeManifest,
  encodePlacement,
  leafAt,
  leafBlocks,
  type Manifest,
  nextManifest,
  type Policy,
  RenewError,
  type RenewedShares,
  verifyRenewed,
} from '../share/index.ts'
import { signObject } from '../signed/index.ts'
import { objectSigner, verifierOf } from './operators.ts'
import { storageParties } from './parties.ts'
import { idsOf, type NotRetired, retireOldShares } from './retire.ts'
import { operatorsHash, writeAuthorization } from './tickets.ts'

/** New shares of a record, as their keepers attest them, and what stands until they are activated. */
export type Activation = {
  /** The record on chain, and as it was loaded by that. */
  readonly anchored: AnchoredRecord
  readonly standing: LoadedRecord
  /** Its content leaf list, verified. */
  readonly contentLeaves: Bytes
  /** The policy of the new shares; in a refresh the one that stands. */
  readonly policy: Policy
  /** The keepers, in the order of the new shares. */
  readonly operators: readonly Hex[]
  /** T'_j, and each keeper's signature under it. */
  readonly roots: readonly Bytes[]
  readonly attest: readonly Bytes[]
  /** Share-chunk i of new share j. */
  readonly read: (j: number, i: number) => Promise<Bytes>
  /** Whether the keepers have their share-chunks already, so that they are not sent: what is missing none acknowledges. */
  readonly isPlaced?: boolean | undefined
}

/** What stands on chain after an activation. */
export type Activated = {
  readonly manifestHash: Hex
  readonly placementHash: Hex
  readonly transaction: Hex
  /** Keepers, old and new, that did not say that the old shares are gone; {@link retireOldShares} asks again. */
  readonly notRetired: readonly NotRetired[]
}

/**
 * Activates renewed shares, as a depositor that may see sealed bytes: verifies that they are one codeword of the record and
 * attested by their keepers, places them with the next manifest and placement, puts the placement on chain, and has the old
 * shares removed. Until the placement is on chain the old shares stand; a call that ended before may be made again.
 * @throws RenewError naming the shares at fault, or where the record moved meanwhile; SignedObjectError;
 * NotPlacedError naming each node that failed; ContractRefusalError when the chain refuses the depositor.
 * @example
 * const { placementHash } = await activateShares(chain, { anchored, standing, contentLeaves, policy, operators, roots,
 *   attest, read })
 */
export async function activateShares(
  chain: Chain,
  activation: Activation,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<Activated> {
  const { anchored, standing, contentLeaves, policy, operators, roots, attest, read } = activation
  const { recordId, version } = anchored
  const { manifest } = standing
  const keepers = await keepersOf(chain, operators, { signal })
  if (keepers.length !== policy.n || roots.length !== policy.n || attest.length !== policy.n)
    throw new RenewError({ reason: `${policy.n} active keepers, roots and signatures are needed` })
  checkAttests(activation, keepers)
  const renewed = await verifyRenewed({ manifest, contentLeaves, policy, roots, read, signal })
  const next = nextManifest({ manifest, hash: fromHex(standing.manifestHash, 32) }, renewed, attest)
  const blocks = await describe(chain, activation, { next, renewed })
  const authorize = writeAuthorization(chain, {
    recordId,
    version,
    operatorsHash: await operatorsHash([...operators]),
    maxBytes: boundOf(next) * BigInt(standing.lineage.length + 1),
    operators,
  })
  await placeRecord({
    nodes: storageParties(keepers, authorize),
    chunks: activation.isPlaced ? nothing() : partsOf(next, renewed, read),
    close: async () => blocks,
    verify: verifierOf<Acknowledgement>(chain, 'Acknowledgement', { signal }),
    signal,
  })
  const placementHash = toHex(await digest(blocks.placement))
  const now = await recordOf(chain, { recordId }, { signal })
  if (now?.placementHash !== anchored.placementHash || now.version !== version)
    throw new RenewError({ reason: 'the record moved meanwhile' })
  const { transactionHash } = await relocate(chain, { recordId, version, placementHash }, { signal })
  const manifestHash = toHex(await digest(blocks.manifest))
  const notRetired = await retireOldShares(
    chain,
    anchored,
    [...new Set([...operators, ...idsOf(standing.placement.operators)])],
    {
      blocks: [
        { hash: manifestHash, bytes: blocks.manifest },
        { hash: placementHash, bytes: blocks.placement },
      ],
      signal,
    },
  )
  return { manifestHash, placementHash, transaction: transactionHash, notRetired }
}

/** Bytes that one generation takes at a node: a share, all lists, and slack. */
function boundOf(next: Manifest): bigint {
  return BigInt(next.shareLen) + BigInt(32 * chunkCount(next)) * BigInt(next.n + 1) + 2n ** 24n
}

async function keepersOf(
  chain: Chain,
  operators: readonly Hex[],
  options: { readonly signal?: AbortSignal | undefined },
): Promise<Operator[]> {
  const known = await Promise.all(operators.map((operator) => operatorInfo(chain, { operator }, options)))
  return known.filter((one) => one !== undefined).filter(({ active, kind }) => active && kind === 'storage')
}

function checkAttests({ standing, roots, attest }: Activation, keepers: readonly Operator[]): void {
  const { networkId, recordId, version } = standing.manifest
  const epoch = standing.lineage.length
  const common = { networkId, recordId, version, prev: fromHex(standing.manifestHash, 32), epoch }
  for (const [share, { account }] of keepers.entries())
    checkAttested({ ...common, share, root: roots[share] as Bytes }, attest[share] as Bytes, account)
}

/** The blocks of the next generation. */
async function describe(
  chain: Chain,
  { standing, operators, contentLeaves }: Activation,
  { next, renewed }: { readonly next: Manifest; readonly renewed: RenewedShares },
): Promise<RecordBlocks> {
  const signer = objectSigner(chain)
  const { networkId } = next
  const manifest = await signObject('manifest', encodeManifest(next), networkId, signer)
  const placed = {
    ...standing.placement,
    gen: standing.placement.gen + 1,
    salt: randomBytes(32),
    manifestHash: await digest(manifest),
    operators: operators.map((id) => fromHex(id, 16)),
  }
  const placement = await signObject('placement', encodePlacement(placed), networkId, signer)
  const lists = [...standing.lineage, ...[contentLeaves, ...renewed.shareLeaves].flatMap(leafBlocks)]
  return { manifest, placement, lists, shareRoots: next.T, shareLength: next.shareLen }
}

/** The share-chunks under the names that were verified: what differs when it is read again, no node takes. */
async function* partsOf(next: Manifest, { shareLeaves }: RenewedShares, read: Activation['read']) {
  for (let i = 0; i < chunkCount(next); i++) {
    const parts = shareLeaves.map(async (list, j): Promise<PlacedPart> => {
      return { cid: cidOf(leafAt(list, i) as Bytes), body: await read(j, i) }
    })
    yield await Promise.all(parts)
  }
}

async function* nothing(): AsyncGenerator<PlacedPart[]> {}
