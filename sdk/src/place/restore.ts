import { digest } from '#primitives'
import { type Bytes, equal, type Hex } from '../bytes.ts'
import { BaseError } from '../errors.ts'
import { chunkCount, cidOf, encodeChunk, leafAt } from '../share/index.ts'
import { wordsOfFailure } from './call.ts'
import type { Gatherer } from './gather.ts'
import type { LeafLoader } from './load.ts'
import { inconsistent, rebuildChunk } from './rebuild-chunk.ts'
import { putBlock, type SendOptions } from './send.ts'
import type { AbortOptions, ShareStore } from './share-store.ts'
import { withDeadline } from './wait.ts'

/** A node that is to hold share `index`, as a whole, in the end. */
export type RestoreTarget = {
  readonly index: number
  readonly operator: Hex
  readonly store: Pick<ShareStore, 'get' | 'put'>
  /** Who held the share until now and goes, but still answers: its chunks need not be computed. */
  readonly from?: Pick<ShareStore, 'get'> | undefined
}

/** What it took. */
export type Restored = {
  /** Blocks that were sent, and their bytes. */
  readonly blocks: number
  readonly bytes: number
  /** Chunks that were decoded and encoded again. */
  readonly rebuilt: number
  /** Targets that took no block, and why; they lack some of their share still. */
  readonly failed: ReadonlyMap<Hex, string>
}

type Done = { readonly blocks: number; readonly bytes: number; readonly rebuilt: boolean }

/**
 * Gives each target what it lacks of its share, from any t of the others, without any secret: r = 0. What a target gives
 * back whole is not sent, so that a restoration that broke off goes on where it was. Memory: the shares of `ahead` chunks.
 * A target that takes a block no more is left behind; the others go on.
 * Errors: {@link RepairRefusedError} for r > 0; `TooFewSharesError`; `InconsistentRecordError` when row j is not what
 * the leaf list of share j names.
 * @example
 * const { bytes } = await restoreShares({ gatherer, contentLeaves, leaves, targets, signal })
 */
export async function restoreShares(options: restoreShares.Options): Promise<Restored> {
  const { gatherer, ahead = 2, onChunk } = options
  const { r } = gatherer.manifest
  if (r > 0) throw new RepairRefusedError({ r })
  const count = chunkCount(gatherer.manifest)
  const sum = { blocks: 0, bytes: 0, rebuilt: 0 }
  const failed = new Map<Hex, string>()
  const stop = new AbortController()
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal
  let next = 0
  const work = async () => {
    while (next < count && !signal.aborted) {
      const done = await restoreChunk({ ...options, signal }, next++, failed)
      sum.blocks += done.blocks
      sum.bytes += done.bytes
      sum.rebuilt += done.rebuilt ? 1 : 0
      onChunk?.()
    }
  }
  const workers = Array.from({ length: ahead }, work)
  try {
    await Promise.all(workers)
  } finally {
    stop.abort()
    await Promise.allSettled(workers)
  }
  options.signal?.throwIfAborted()
  return { ...sum, failed }
}

export declare namespace restoreShares {
  type Options = SendOptions & {
    readonly gatherer: Gatherer
    /** The verified leaf list of the content, and of each share. */
    readonly contentLeaves: Bytes
    readonly leaves: LeafLoader
    readonly targets: readonly RestoreTarget[]
    /** Chunks under way at once: 2. */
    readonly ahead?: number | undefined
    readonly onChunk?: (() => void) | undefined
  }
}

type Lack = { readonly target: RestoreTarget; readonly leaf: Bytes; readonly cid: string }

async function restoreChunk(options: restoreShares.Options, i: number, failed: Map<Hex, string>): Promise<Done> {
  const { leaves, signal } = options
  const targets = options.targets.filter(({ operator }) => !failed.has(operator))
  const found = await Promise.all(
    targets.map(async (target): Promise<Lack[]> => {
      const leaf = leafAt(await leaves(target.index, { signal }), i) ?? new Uint8Array(32)
      const cid = cidOf(leaf)
      return (await give(target.store, cid, options)) ? [] : [{ target, leaf, cid }]
    }),
  )
  const row = rowsOf(options, i)
  const sum = { blocks: 0, bytes: 0 }
  for (const { target, leaf, cid } of found.flat()) {
    const body = (target.from && (await give(target.from, cid, options))) ?? (await row.of(target.index, leaf))
    const problem = await trouble(putBlock(target.store, { cid, body }, options), signal)
    if (problem !== undefined) failed.set(target.operator, problem)
    else {
      sum.blocks += 1
      sum.bytes += body.length
    }
  }
  return { ...sum, rebuilt: row.made() }
}

/** Why a node did not do what it was asked; nothing where it did. */
export async function trouble(work: Promise<unknown>, signal: AbortSignal | undefined): Promise<string | undefined> {
  try {
    await work
    return undefined
  } catch (error) {
    signal?.throwIfAborted()
    return wordsOfFailure(error)
  }
}

/** The block, if this node gives it whole. */
async function give(store: Pick<ShareStore, 'get'>, cid: string, { timeout = 10_000, signal }: SendOptions) {
  try {
    const body = await withDeadline('a share', timeout, { signal }, (inner) => store.get(cid, { signal: inner }))
    return cidOf(await digest(body)) === cid ? body : undefined
  } catch (error) {
    signal?.throwIfAborted()
    if (!(error instanceof BaseError || error instanceof TypeError)) throw error
    return undefined
  }
}

/** The rows of one chunk, gathered and encoded once, when the first of them is needed. */
function rowsOf({ gatherer, contentLeaves, signal }: restoreShares.Options, i: number) {
  const { manifest } = gatherer
  let rows: Bytes[] | undefined
  const make = async (abort: AbortOptions) => {
    const parts = await gatherer.gather(i, abort)
    return encodeChunk(manifest, (await rebuildChunk(manifest, i, parts, contentLeaves)).sealed)
  }
  return {
    made: () => rows !== undefined,
    async of(index: number, leaf: Bytes): Promise<Bytes> {
      rows ??= await make({ signal })
      const body = rows[index]
      // The content is right and this row is not: whoever made the leaf list encoded something else.
      if (!body || !equal(await digest(body), leaf)) throw inconsistent(manifest, { chunk: i, used: [index] })
      return body
    },
  }
}

/** Thrown where shares hide something from each other: whoever decodes would see t of them. */
export class RepairRefusedError extends BaseError<'REPAIR_REFUSED'> {
  override readonly name = 'RepairRefusedError'
  constructor({ r }: { r?: number }) {
    super('REPAIR_REFUSED', `Shares of a record with r = ${r ?? '…'} are not repaired by decoding it.`, {
      hints: ['Have the nodes brought back, or let the patient deposit the record anew.'],
      docs: 'health.md#repair',
    })
  }
}
