import { digest } from '#primitives'
import { fromHex, type Hex, toHex } from '../bytes.ts'
import type { AnchoredRecord, Chain } from '../chain/index.ts'
import { fetchAny, NotPlacedError } from '../place/index.ts'
import { cidOf } from '../share/index.ts'
import { examine, type RecordHealth, type ShareHealth } from './record-health.ts'
import { refill } from './refill.ts'
import { nextPlacement, standing, tellAndRelocate, type WritingJob, writerOf } from './relocating.ts'
import { repairHiding } from './repair-moves.ts'
import {
  chooseNew,
  type Loaded,
  type Move,
  type NewHome,
  type Plan,
  planOf,
  type RepairOptions,
} from './repair-plan.ts'

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
  /** Of a repair with r > 0: operators that were to help and were given up, and why. */
  readonly unhelpful: readonly { readonly operator: Hex; readonly reason: string }[]
  /** Those of them that lied, as opened messages show to who repairs. */
  readonly liars: readonly Hex[]
  /** The placement that counts now. */
  readonly placementHash: Hex
}

/**
 * Makes lost shares again without the patient, where they were or with new operators, and relocates the record if one
 * moved. The connection's account deposits for the record's provider, or controls the pseudonym; `read` may read its
 * blocks. Nothing is written where nothing is to be done; a repair that broke off is repeated.
 * With r > 0 shares are made again by t of their keepers, none of whom sees another share, and move one after another.
 * Errors: `RepairRefusedError` for r > 0 where fewer than t keepers have a key; `TooFewSharesError`,
 * `InconsistentRecordError`, `NotEnoughOperatorsError`, `NotPlacedError` where a new operator did not take its share,
 * `RepairConflictError`, those of `relocate`.
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
    unhelpful: [],
    liars: [],
  }
  const plan = loaded && planOf(health.shares, options)
  if (!plan || plan.refill.length + plan.move.length === 0) return { ...nothing, placementHash }
  if (record.r > 0) {
    const done = await repairHiding(chain, record, { ...examined, loaded }, plan, options)
    return { ...nothing, ...done }
  }

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

type Planned = {
  readonly plan: Plan
  readonly moves: readonly NewHome[]
  readonly signal: AbortSignal | undefined
}

/** Who is to hold which share, under which placement. */
async function jobOf(
  chain: Chain,
  record: AnchoredRecord,
  { health, holders, loaded }: Loaded,
  { plan, moves, signal }: Planned,
): Promise<WritingJob> {
  const operators = health.shares.map(
    ({ index, operator }) => moves.find(({ share }) => share.index === index)?.to.id ?? operator,
  )
  const write = await writerOf(chain, record, { manifest: loaded.manifest, operators })
  const old = ({ operator }: ShareHealth) => holders.find((holder) => holder.operator === operator)
  const refills = plan.refill.flatMap((share) => {
    const holder = old(share)
    const { index, operator } = share
    return holder ? [{ index, operator, info: holder.info, reader: holder.store, writer: write(holder.info) }] : []
  })
  const moved = moves.map(({ share, to, reader }) => {
    const gives = share.state === 'valid' || share.state === 'doubled'
    const from = gives ? old(share)?.store : undefined
    return { index: share.index, operator: to.id, info: to, reader, writer: write(to), from }
  })
  const placement =
    moves.length > 0
      ? await nextPlacement(chain, loaded.placement, operators)
      : await fetchAny(cidOf(fromHex(record.placementHash, 32)), holders, { signal })
  return { loaded, holders, targets: [...refills, ...moved], placement, write }
}
