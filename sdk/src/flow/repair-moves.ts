import { digest } from '#primitives'
import { fromHex, type Hex, toHex } from '../bytes.ts'
import type { AnchoredRecord, Chain, Operator } from '../chain/index.ts'
import { BaseError } from '../errors.ts'
import { fetchAny, NotPlacedError } from '../place/index.ts'
import { cidOf, parsePlacement } from '../share/index.ts'
import { NotEnoughOperatorsError } from './operators.ts'
import { addressOf, type ShareHealth } from './record-health.ts'
import { nextPlacement, RepairConflictError, tellAndRelocate, untilFinal, writerOf } from './relocating.ts'
import { type HiddenJob, repairHidden } from './repair-hidden.ts'
import { chooseNew, type Loaded, type Move, type NewHome, type Plan, type RepairOptions } from './repair-plan.ts'

/** What a repair with r > 0 did. */
export type HidingRepair = {
  readonly refilled: readonly number[]
  readonly moved: readonly Move[]
  readonly failed: ReadonlyMap<Hex, string>
  readonly blocks: number
  readonly bytes: number
  readonly unhelpful: readonly { readonly operator: Hex; readonly reason: string }[]
  readonly liars: readonly Hex[]
  readonly placementHash: Hex
}

/** Operators that are tried for one share; nodes help no further ones under one placement. */
const mostHomes = 3

/** The record as it stands in between: one share after another moves. */
type State = { readonly record: AnchoredRecord; readonly examined: Loaded; readonly valid: readonly number[] }

type Tally = {
  blocks: number
  bytes: number
  readonly failed: Map<Hex, string>
  readonly unhelpful: Map<Hex, string>
  readonly liars: Set<Hex>
}

/**
 * Has keepers make shares again that hide something from each other: lost ones where they were, then those that move, each
 * under a placement of its own. What fails does not keep the others waiting.
 * Errors: `RepairConflictError`; where nothing was done, what came first.
 */
export async function repairHiding(
  chain: Chain,
  record: AnchoredRecord,
  examined: Loaded,
  plan: Plan,
  options: RepairOptions,
): Promise<HidingRepair> {
  const valid = examined.health.shares.filter(({ state }) => state === 'valid').map(({ index }) => index)
  const tally: Tally = { blocks: 0, bytes: 0, failed: new Map(), unhelpful: new Map(), liars: new Set() }
  const errors: BaseError[] = []
  let state: State = { record, examined, valid }
  const refilled =
    plan.refill.length > 0 ? await noting(errors, options, () => fill(chain, state, plan, tally, options)) : []
  state = { ...state, valid: [...valid, ...(refilled ?? [])] }
  const moved: Move[] = []
  const former = new Set(examined.health.shares.map(({ operator }) => operator))
  for (const share of plan.move) {
    const next = await noting(errors, options, async () => {
      if (moved.length > 0) await untilFinal(chain, state.record, options)
      return await moveShare(chain, state, { share, former, tally }, options)
    })
    if (!next) continue
    state = next.state
    moved.push({ index: share.index, from: share.operator, to: next.to })
  }
  if (errors[0] && moved.length + (refilled?.length ?? 0) === 0) throw errors[0]
  const { blocks, bytes, failed } = tally
  const unhelpful = [...tally.unhelpful].map(([operator, reason]) => ({ operator, reason }))
  const { placementHash } = state.record
  return { refilled: refilled ?? [], moved, failed, blocks, bytes, unhelpful, liars: [...tally.liars], placementHash }
}

/** Keeps what went wrong for later, unless nothing can be done any more. */
async function noting<T>(
  errors: BaseError[],
  { signal }: RepairOptions,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work()
  } catch (error) {
    signal?.throwIfAborted()
    if (!(error instanceof BaseError) || error instanceof RepairConflictError) throw error
    errors.push(error)
    return undefined
  }
}

/** Lost shares, where the chain says that they lie. */
async function fill(
  chain: Chain,
  { record, examined, valid }: State,
  { refill }: Plan,
  tally: Tally,
  options: RepairOptions,
): Promise<number[]> {
  const { loaded, holders, health } = examined
  const { manifest } = loaded
  const operators = health.shares.map(({ operator }) => operator)
  const write = await writerOf(chain, record, { manifest, operators })
  const placement = await fetchAny(cidOf(fromHex(record.placementHash, 32)), holders, options)
  const targets = refill.flatMap(({ index, operator }) => {
    const holder = holders.find((one) => one.operator === operator)
    return holder ? [{ index, operator, info: holder.info, reader: holder.store, writer: write(holder.info) }] : []
  })
  const failed = await run(chain, { record, loaded, holders, valid, write, placement, targets }, tally, options)
  for (const [operator, reason] of failed) tally.failed.set(operator, reason)
  return targets.filter(({ operator }) => !failed.has(operator)).map(({ index }) => index)
}

async function run(
  chain: Chain,
  job: HiddenJob,
  tally: Tally,
  options: RepairOptions,
): Promise<ReadonlyMap<Hex, string>> {
  const done = await repairHidden(chain, job, options)
  tally.blocks += done.blocks
  tally.bytes += done.bytes
  for (const { operator, reason } of done.unhelpful) tally.unhelpful.set(operator, reason)
  for (const operator of done.liars) tally.liars.add(operator)
  return done.failed
}

type Wanted = { readonly share: ShareHealth; readonly former: ReadonlySet<Hex>; readonly tally: Tally }

/** One share to a new operator: the chain hears of it once that one has acknowledged the whole share.
 * Errors: `NotPlacedError` where none of those tried did, `NotEnoughOperatorsError`, those of {@link repairHidden}. */
async function moveShare(
  chain: Chain,
  state: State,
  { share, former, tally }: Wanted,
  options: RepairOptions,
): Promise<{ readonly state: State; readonly to: Hex }> {
  const tried = new Map<Hex, string>()
  while (tried.size < mostHomes) {
    const not = new Set([...former, ...tried.keys()])
    const home = await homeFor(chain, state, { share, not }, options).catch(orNone(tried.size > 0))
    if (!home) break
    const job = await jobOf(chain, state, home)
    const problem = (await run(chain, job, tally, options)).get(home.to.id)
    if (problem === undefined) {
      await tellAndRelocate(chain, state.record, job, options)
      return { state: await after(state, home, job), to: home.to.id }
    }
    tally.failed.set(home.to.id, problem)
    tried.set(home.to.id, problem)
  }
  throw new NotPlacedError({ reasons: [...tried].map(([operator, reason]) => ({ operator, reason })) })
}

/** Where others were tried, what they said is the better reason. */
const orNone = (wasTried: boolean) => (error: unknown) => {
  if (wasTried && error instanceof NotEnoughOperatorsError) return undefined
  throw error
}

/** The same operator whenever it is asked for, while that one answers; who kept another share of this record is not asked.
 * Errors: `NotEnoughOperatorsError`. */
async function homeFor(
  chain: Chain,
  { examined }: State,
  { share, not }: { readonly share: ShareHealth; readonly not: ReadonlySet<Hex> },
  options: RepairOptions,
): Promise<NewHome | undefined> {
  const wanted = examined.health.shares.filter(({ index }) => index === share.index)
  const suits = ({ id, hpkeKeyHash }: Operator) => BigInt(hpkeKeyHash) !== 0n && !not.has(id)
  return (await chooseNew(chain, examined, wanted, { ...options, suits }))[0]
}

/** The share made again at its new home, under the placement that is to follow. */
async function jobOf(
  chain: Chain,
  { record, examined, valid }: State,
  { share, to, reader }: NewHome,
): Promise<HiddenJob> {
  const { loaded, holders } = examined
  const { manifest, placement } = loaded
  const before = placement.operators.map((id) => toHex(id))
  const next = before.map((operator, index) => (index === share.index ? to.id : operator))
  const write = await writerOf(chain, record, { manifest, operators: before })
  const writer = (await writerOf(chain, record, { manifest, operators: [to.id] }))(to)
  const targets = [{ index: share.index, operator: to.id, info: to, reader, writer }]
  const draft = await nextPlacement(chain, placement, next)
  const standing = fromHex(record.placementHash, 32)
  return { record, loaded, holders, valid, write, targets, placement: draft, standing }
}

/** What stands once the share has moved. */
async function after(
  { record, examined, valid }: State,
  { share, to, reader }: NewHome,
  job: HiddenJob,
): Promise<State> {
  const { health, holders, loaded } = examined
  const moved: ShareHealth = {
    ...share,
    operator: to.id,
    organization: to.organization,
    state: 'valid',
    leaving: false,
  }
  const shares = health.shares.map((one) => (one.index === share.index ? moved : one))
  const home = { operator: to.id, info: to, store: reader, address: addressOf(to.endpoint), leaving: false }
  const { placement } = parsePlacement(job.placement, loaded.placement)
  return {
    record: { ...record, placementHash: toHex(await digest(job.placement)) },
    examined: {
      health: { ...health, shares },
      holders: [...holders.filter(({ operator }) => operator !== share.operator), home],
      loaded: { ...loaded, placement },
    },
    valid: [...valid.filter((index) => index !== share.index), share.index],
  }
}
