import { digest, randomBytes } from '#primitives'
import { type Bytes, fromHex, type Hex, toHex } from '../bytes.ts'
import { type AnchoredRecord, type Chain, type Operator, recordOf, relocate, view } from '../chain/index.ts'
import { BaseError } from '../errors.ts'
import { createHttpStore, pause, putBlock, type StorageClient, trouble } from '../place/index.ts'
import { chunkCount, cidOf, encodePlacement, type Manifest, type Placement } from '../share/index.ts'
import { signObject } from '../signed/index.ts'
import { objectSigner, type PartyOptions } from './operators.ts'
import type { RefillJob } from './refill.ts'
import { operatorsHash, writeAuthorization } from './tickets.ts'

/** A refill, with clients that carry the repairer's ticket to write. */
export type WritingJob = RefillJob & { readonly write: (operator: Operator) => StorageClient }

/** Gives such clients, for these operators. */
export async function writerOf(
  chain: Chain,
  { recordId, version }: AnchoredRecord,
  { manifest, operators }: { readonly manifest: Manifest; readonly operators: readonly Hex[] },
): Promise<WritingJob['write']> {
  const maxBytes = boundOf(manifest)
  const ticket = { recordId, version, operatorsHash: await operatorsHash(operators), maxBytes, operators }
  const authorize = writeAuthorization(chain, ticket)
  return ({ endpoint }) => createHttpStore({ url: endpoint, authorize })
}

/** The record's current version. Errors: {@link RepairConflictError}. */
export async function standing(chain: Chain, recordId: Hex, { signal }: PartyOptions): Promise<AnchoredRecord> {
  const record = await recordOf(chain, { recordId }, { signal })
  if (!record || record.erased) throw new RepairConflictError({ reason: 'there is no such record, or it is erased' })
  return record
}

/** Bytes that one node may be sent: its share twice over, every leaf list, and slack. */
const boundOf = (manifest: Manifest): bigint =>
  2n * BigInt(manifest.shareLen + 32 * chunkCount(manifest) * (manifest.n + 1)) + 2n ** 24n

/** The same record version at other operators, in the repairer's name. */
export async function nextPlacement(chain: Chain, before: Placement, operators: readonly Hex[]): Promise<Bytes> {
  const after = {
    ...before,
    gen: before.gen + 1,
    salt: randomBytes(32),
    operators: operators.map((id) => fromHex(id, 16)),
  }
  return await signObject('placement', encodePlacement(after), before.networkId, objectSigner(chain))
}

/** Sends the new placement to the nodes that keep their share, then names it on chain unless another came meanwhile.
 * A node that does not take it is asked in vain for it once, and another gives it.
 * Errors: {@link RepairConflictError}, those of `relocate`. */
export async function tellAndRelocate(
  chain: Chain,
  { recordId, version, placementHash }: AnchoredRecord,
  { holders, targets, placement, write }: WritingJob,
  { signal }: PartyOptions,
): Promise<void> {
  const hash = await digest(placement)
  const others = holders.filter(({ operator }) => !targets.some((target) => target.operator === operator))
  const told = others.map(({ info }) =>
    trouble(putBlock(write(info), { cid: cidOf(hash), body: placement }, { signal, retries: 0 }), signal),
  )
  await Promise.all(told)
  const now = await standing(chain, recordId, { signal })
  if (now.version !== version || now.placementHash !== placementHash)
    throw new RepairConflictError({ reason: 'somebody else moved it, or made a new version, meanwhile' })
  await relocate(chain, { recordId, version, placementHash: toHex(hash) }, { signal })
}

/** Waits until the placement stands in a final block too: nodes ask for both.
 * Errors: {@link RepairConflictError} where it does not come to that. */
export async function untilFinal(
  chain: Chain,
  { recordId, placementHash }: Pick<AnchoredRecord, 'recordId' | 'placementHash'>,
  { signal }: PartyOptions,
): Promise<void> {
  for (let asked = 0; asked < mostWaits; asked++) {
    const { final } = await view(chain, { signal })
    const record = await recordOf(chain, { recordId }, { block: final.number, signal })
    if (record?.placementHash === placementHash) return
    await pause(1_000, { signal })
  }
  throw new RepairConflictError({ reason: 'its new placement is not final yet' })
}

/** How often it is asked, a second apart. */
const mostWaits = 120

/** Thrown when a record is not any more what the repair began with. */
export class RepairConflictError extends BaseError<'REPAIR_CONFLICT'> {
  override readonly name = 'RepairConflictError'
  constructor({ reason }: { reason?: string }) {
    super('REPAIR_CONFLICT', `The record is not repaired: ${reason ?? '…'}.`, {
      hints: ['Look at its health again; where shares are still missing, repair it again.'],
      docs: 'health.md#repair',
    })
  }
}
