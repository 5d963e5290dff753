import { digest, randomBytes } from '#primitives'
import { type Bytes, fromHex, type Hex, toHex } from '../bytes.ts'
import type { AnchoredRecord, Chain } from '../chain/index.ts'
import { type LoadedRecord, RepairRefusedError, trouble } from '../place/index.ts'
import { chunkCount, cidOf, encodeTerms, leafAt, RenewError, shareChunkLength } from '../share/index.ts'
import type { KnownHolder } from './record-health.ts'
import { createFinisher, type Target } from './refill.ts'
import type { WritingJob } from './relocating.ts'
import { blameWindow, type Verdict } from './repair-blame.ts'
import { type Evidence, type Helper, repairWindow, type Window, type WindowEnd } from './repair-window.ts'
import { storageKeyOf } from './storage-key.ts'

/** Missing shares that hide something from each other, and who may help to make them again. Where `standing` is given, the
 * one target is who the drafted `placement` gives its share to. */
export type HiddenJob = WritingJob & {
  readonly record: AnchoredRecord
  /** Share numbers that were found valid. */
  readonly valid: readonly number[]
}

/** What became of them. */
export type HiddenRepair = {
  readonly blocks: number
  readonly bytes: number
  /** Targets that are not whole, and why. */
  readonly failed: ReadonlyMap<Hex, string>
  /** Helpers that were given up, and why. It convicts nobody. */
  readonly unhelpful: readonly { readonly operator: Hex; readonly reason: string }[]
  /** Those of them that lied: their opened messages show it to this coordinator. */
  readonly liars: readonly Hex[]
}

/** How it waits, and whom it tells. */
export type HiddenOptions = {
  /** Milliseconds that a node may take for a step: 120,000. */
  readonly stepTimeout?: number | undefined
  readonly onChunk?: (() => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** Most attempts for one share. */
const mostAttempts = 32
/** Bytes of parts that one request should carry. */
const windowBytes = 8 * 2 ** 20

/**
 * Has t keepers make each missing share again, for r > 0: nobody sees another share, and this coordinator, who carries
 * sealed parts from one to the other, sees none. What a target has already is left alone, so a repair that broke off goes on.
 * Errors: `RepairRefusedError` where fewer than t keepers have a key.
 */
export async function repairHidden(chain: Chain, job: HiddenJob, options: HiddenOptions): Promise<HiddenRepair> {
  const { signal } = options
  const known = await helpersOf(job, signal)
  const { r, t } = job.loaded.manifest
  const enough = ({ index }: Target) =>
    mayHandOver(job, known, index) || known.filter((one) => one.share !== index).length >= t
  if (!job.targets.some(enough)) throw new RepairRefusedError({ r })
  const finisher = createFinisher(chain, job, { signal })
  const sum = { blocks: 0, bytes: 0 }
  const failed = new Map<Hex, string>()
  const unhelpful = new Map<Hex, string>()
  const elsewhere = new Map<Hex, string>()
  const liars = new Set<Hex>()
  for (const target of job.targets) {
    const unreadHere = new Map<Hex, string>()
    const work = async () => {
      await finisher.common(target)
      await repairShare({ ...job, target }, known, { ...options, unhelpful, unreadHere, liars, sum })
      await finisher.receipt(target)
    }
    const problem = await trouble(work(), signal)
    if (problem !== undefined) failed.set(target.operator, problem)
    for (const [operator, reason] of unreadHere) elsewhere.set(operator, reason)
  }
  const dropped = [...new Map([...elsewhere, ...unhelpful])].map(([operator, reason]) => ({ operator, reason }))
  return { ...sum, failed, unhelpful: dropped, liars: [...liars] }
}

/** Keepers of valid shares whose key the registry knows. */
async function helpersOf(
  { loaded, valid, holders, write }: HiddenJob,
  signal: AbortSignal | undefined,
): Promise<Helper[]> {
  const found = valid.map(async (share): Promise<Helper[]> => {
    const holder = holderOf(loaded, holders, share)
    const key = holder && (await storageKeyOf(holder.info, holder.store, { signal }))
    return holder && key ? [{ share, operator: holder.operator, key, client: write(holder.info) }] : []
  })
  return (await Promise.all(found)).flat()
}

function holderOf({ placement }: LoadedRecord, holders: readonly KnownHolder[], share: number) {
  const id = placement.operators[share]
  return holders.find(({ operator }) => id && operator === toHex(id))
}

/** The keeper of a share that moves, where it says that it goes and still has it: it alone may hand its share over. */
function mayHandOver({ holders, standing }: HiddenJob, known: readonly Helper[], share: number): Helper | undefined {
  const keeper = standing && known.find((one) => one.share === share)
  return holders.some(({ operator, leaving }) => leaving && operator === keeper?.operator) ? keeper : undefined
}

type Job = HiddenJob & { readonly target: Target }
type Running = HiddenOptions & {
  readonly unhelpful: Map<Hex, string>
  /** Given up for one target, by what that one said. */
  readonly unreadHere: Map<Hex, string>
  readonly liars: Set<Hex>
  readonly sum: { blocks: number; bytes: number }
}

/** Tries t helpers after t others, until the target has every chunk. Errors: `RenewError` when there are no others. */
async function repairShare(job: Job, known: readonly Helper[], options: Running): Promise<void> {
  const { unhelpful, unreadHere, signal } = options
  const { t } = job.loaded.manifest
  const target = await targetOf(job, signal)
  await handOver(job, known, target, options)
  const tried = new Set<string>()
  for (let attempts = 0, turn = 0; attempts < mostAttempts; attempts++) {
    const left = await lacking(job, signal)
    if (left.length === 0) return
    const pool = known.filter((one) => one.share !== target.share && !isGivenUp(one, options))
    const set = [...pool, ...pool].slice(turn % pool.length, (turn % pool.length) + t).sort((a, b) => a.share - b.share)
    const name = set.map(({ share }) => share).join()
    if (pool.length < t || tried.has(name)) throw new RenewError({ reason: 'no other helpers are left to ask' })
    const { drop, off, here } = await attempt(job, { target, set, left }, options)
    const from = here ? unreadHere : unhelpful
    for (const { operator, reason } of drop) from.set(operator, reason)
    if (off) {
      tried.add(name)
      turn += 1
    }
  }
  throw new RenewError({ reason: `${mostAttempts} choices of helpers did not make it` })
}

const isGivenUp = ({ operator }: Helper, { unhelpful, unreadHere }: Running): boolean =>
  unhelpful.has(operator) || unreadHere.has(operator)

/** First by its keeper, where that one goes: whatever does not come of it, others make. */
async function handOver(job: Job, known: readonly Helper[], target: Helper, options: Running): Promise<void> {
  const keeper = mayHandOver(job, known, target.share)
  const left = keeper ? await lacking(job, options.signal) : []
  if (!keeper || left.length === 0) return
  const { drop, off, here } = await attempt(job, { target, set: [keeper], left }, options)
  const reason = off ? 'what it handed over was not its share' : drop[0]?.reason
  if (reason !== undefined) (off || here ? options.unreadHere : options.unhelpful).set(keeper.operator, reason)
}

async function targetOf(
  { target: { index, operator, info, reader, writer } }: Job,
  signal: AbortSignal | undefined,
): Promise<Helper> {
  const key = await storageKeyOf(info, reader, { signal })
  if (!key) throw new RenewError({ reason: 'its node has no key that the registry knows' })
  return { share: index, operator, key, client: writer }
}

/** Chunks that the target does not give back whole: of a rotten one it would say that it is there. */
async function lacking({ loaded, target }: Job, signal: AbortSignal | undefined): Promise<number[]> {
  const leaves: Bytes = await loaded.leaves(target.index, { signal })
  const left: number[] = []
  for (let i = 0; i < chunkCount(loaded.manifest); i++) {
    const cid = cidOf(leafAt(leaves, i) ?? new Uint8Array(32))
    if ((await trouble(target.reader.get(cid, { signal }), signal)) !== undefined) left.push(i)
  }
  return left
}

type Attempt = { readonly target: Helper; readonly set: readonly Helper[]; readonly left: readonly number[] }

/** One session: window after window, until something goes wrong. */
async function attempt(job: Job, { target, set, left }: Attempt, options: Running): Promise<WindowEnd> {
  const { record, loaded, placement, standing } = job
  const { manifest, manifestHash, lineage } = loaded
  const { networkId, recordId, version, t } = manifest
  const terms = encodeTerms({
    v: 1,
    networkId,
    recordId,
    version,
    manifestHash: fromHex(manifestHash, 32),
    placementHash: fromHex(record.placementHash, 32),
    epoch: lineage.length - 1,
    nonce: randomBytes(32),
    kind: 'repair',
    contributors: set.map(({ share }) => share),
    receivers: [fromHex(target.operator, 16)],
    share: target.share,
    ...(standing && { draft: await digest(placement) }),
  })
  const draft = standing && placement
  const most = Math.max(1, Math.min(256, Math.floor(windowBytes / (t * shareChunkLength(manifest, 0)))))
  for (const { first, count } of windowsOf(left, most)) {
    const window = { terms, draft, set, target, first, count }
    const made = await repairWindow(window, options)
    if (made.off && made.evidence) return await judged(job, window, made.evidence, options)
    if (made.drop.length > 0 || made.off) return made
    options.sum.blocks += count
    for (let i = first; i < first + count; i++) {
      options.sum.bytes += shareChunkLength(manifest, i)
      options.onChunk?.()
    }
  }
  return { drop: [], off: false }
}

/** Who is not asked again, after sums that were not the share: where that is found, others need not be tried in turn. */
async function judged(job: Job, window: Window, evidence: Evidence, options: Running): Promise<WindowEnd> {
  const { holders, target, loaded } = job
  const known = holders.map(
    ({ operator, info, store }) => [operator, { reader: store, account: info.account }] as const,
  )
  const own = { reader: target.reader, account: target.info.account }
  const witnesses = new Map([...known, [target.operator, own]])
  let verdict: Verdict = { liars: [], drop: [] }
  const judging = blameWindow({ loaded, witnesses }, window, evidence, options).then((found) => {
    verdict = found
  })
  // Who cannot judge goes on as if there were nobody to blame.
  await trouble(judging, options.signal)
  for (const { operator } of verdict.liars) options.liars.add(operator)
  const lied = verdict.liars.map(({ operator }) => ({ operator, reason: 'its sum does not follow from its share' }))
  const drop = [...lied, ...verdict.drop]
  return { drop, off: drop.length === 0, here: verdict.here }
}

/** Runs of neighbouring chunks, none longer than `most`. */
function windowsOf(chunks: readonly number[], most: number): { first: number; count: number }[] {
  const windows: { first: number; count: number }[] = []
  for (const i of chunks) {
    const last = windows.at(-1)
    if (last && last.first + last.count === i && last.count < most) last.count += 1
    else windows.push({ first: i, count: 1 })
  }
  return windows
}
