import { digest, randomBytes } from '#primitives'
import { type Bytes, fromHex, type Hex, toHex } from '../bytes.ts'
import { type AnchoredRecord, type Chain, type Operator, recordOf, relocate } from '../chain/index.ts'
import { BaseError } from '../errors.ts'
import {
  createHttpStore,
  fetchAny,
  NotPlacedError,
  putBlock,
  RepairRefusedError,
  type StorageClient,
  trouble,
} from '../place/index.ts'
import { chunkCount, cidOf, encodePlacement, type Manifest, type Placement } from '../share/index.ts'
import { signObject } from '../signed/index.ts'
import { objectSigner } from './operators.ts'
import { type Examined, examine, type RecordHealth, type ShareHealth } from './record-health.ts'
import { type RefillJob, refill } from './refill.ts'
import { chooseNew, type NewHome, type Plan, planOf, type RepairOptions } from './repair-plan.ts'
import { operatorsHash, writeAuthorization } from './tickets.ts'

/** A share that lies elsewhere now. */
export type Move = { readonly index: number; readonly from: Hex; readonly to: Hex }

/** What a repair did. */
export type Repaired = {
  readonly recordId: Hex
  /** The health that it found. */
  readonly before: RecordHealth
  /** Shares that are whole again where they were. */
  readonly refilled: readonly number[]
  readonly moved: readonly Move[]
  /** Operators that took no share, and why. */
  readonly failed: ReadonlyMap<Hex, string>
  /** Blocks of shares that were sent, their bytes, and chunks that were computed anew. */
  readonly blocks: number
  readonly bytes: number
  readonly rebuilt: number
  /** The placement that counts now. */
  readonly placementHash: Hex
}

/**
 * Makes lost shares again without the patient, where they were or with new operators, and relocates the record if one
 * moved. The connection's account deposits for the record's provider, or controls the pseudonym; `read` may read its
 * blocks. Nothing is written where nothing is to be done; a repair that broke off is repeated.
 * Errors: `RepairRefusedError` for r > 0, `TooFewSharesError`, `InconsistentRecordError`, `NotEnoughOperatorsError`,
 * `NotPlacedError` where a new operator did not take its share, {@link RepairConflictError}, those of `relocate`.
 * @example
 * const { refilled, moved } = await repairRecord(chain, { recordId }, { read, signal })
 */
export async function repairRecord(
  chain: Chain,
  { recordId }: { readonly recordId: Hex },
  options: RepairOptions,
): Promise<Repaired> {
  const { signal } = options
  const record = await standing(chain, recordId, options)
  const examined = await examine(chain, record, options)
  const { loaded, health } = examined
  const { placementHash } = record
  const nothing = {
    recordId,
    before: health,
    refilled: [],
    moved: [],
    failed: new Map(),
    blocks: 0,
    bytes: 0,
    rebuilt: 0,
  }
  const plan = loaded && planOf(health.shares, options)
  if (!plan || plan.refill.length + plan.move.length === 0) return { ...nothing, placementHash }
  if (record.r > 0) throw new RepairRefusedError({ r: record.r })

  const moves = await chooseNew(chain, examined, plan.move, options)
  const job = await jobOf(chain, record, { ...examined, loaded }, { plan, moves, signal })
  const done = await refill(chain, job, options)
  const lost = moves.filter(({ to }) => done.failed.has(to.id))
  if (lost.length > 0 || done.failed.size === job.targets.length)
    throw new NotPlacedError({ reasons: [...done.failed].map(([operator, reason]) => ({ operator, reason })) })
  if (moves.length > 0) await tellAndRelocate(chain, record, job, options)
  return {
    ...nothing,
    ...done,
    refilled: plan.refill.filter(({ operator }) => !done.failed.has(operator)).map(({ index }) => index),
    moved: moves.map(({ share, to }) => ({ index: share.index, from: share.operator, to: to.id })),
    placementHash: toHex(await digest(job.placement)),
  }
}

async function standing(
  chain: Chain,
  recordId: Hex,
  { signal }: Pick<RepairOptions, 'signal'>,
): Promise<AnchoredRecord> {
  const record = await recordOf(chain, { recordId }, { signal })
  if (!record || record.erased) throw new RepairConflictError({ reason: 'there is no such record, or it is erased' })
  return record
}

type Loaded = Examined & { readonly loaded: NonNullable<Examined['loaded']> }
type Planned = {
  readonly plan: Plan
  readonly moves: readonly NewHome[]
  readonly signal: AbortSignal | undefined
}
type Job = RefillJob & {
  /** A client that carries the repairer's ticket to write. */
  readonly write: (operator: Operator) => StorageClient
}

/** Who is to hold which share, under which placement. */
async function jobOf(
  chain: Chain,
  { recordId, version, placementHash }: AnchoredRecord,
  { health, holders, loaded }: Loaded,
  { plan, moves, signal }: Planned,
): Promise<Job> {
  const operators = health.shares.map(
    ({ index, operator }) => moves.find(({ share }) => share.index === index)?.to.id ?? operator,
  )
  const authorize = writeAuthorization(chain, {
    recordId,
    version,
    operatorsHash: await operatorsHash(operators),
    maxBytes: boundOf(loaded.manifest),
    operators,
  })
  const write = ({ endpoint }: Operator) => createHttpStore({ url: endpoint, authorize })
  const old = ({ operator }: ShareHealth) => holders.find((holder) => holder.operator === operator)
  const refills = plan.refill.flatMap((share) => {
    const holder = old(share)
    const { index, operator } = share
    return holder ? [{ index, operator, reader: holder.store, writer: write(holder.info) }] : []
  })
  const moved = moves.map(({ share, to, reader }) => {
    const gives = share.state === 'valid' || share.state === 'doubled'
    const from = gives ? old(share)?.store : undefined
    return { index: share.index, operator: to.id, reader, writer: write(to), from }
  })
  const placement =
    moves.length > 0
      ? await nextPlacement(chain, loaded.placement, operators)
      : await fetchAny(cidOf(fromHex(placementHash, 32)), holders, { signal })
  return { loaded, holders, targets: [...refills, ...moved], placement, write }
}

/** Bytes that one node may be sent: its share twice over, every leaf list, and slack. */
const boundOf = (manifest: Manifest): bigint =>
  2n * BigInt(manifest.shareLen + 32 * chunkCount(manifest) * (manifest.n + 1)) + 2n ** 24n

/** The same record version at other operators, in the repairer's name. */
async function nextPlacement(chain: Chain, before: Placement, operators: readonly Hex[]): Promise<Bytes> {
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
async function tellAndRelocate(
  chain: Chain,
  { recordId, version, placementHash }: AnchoredRecord,
  { holders, targets, placement, write }: Job,
  { signal }: RepairOptions,
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
