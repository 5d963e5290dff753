import { type Manifest, type Part, TooFewSharesError } from '../share/index.ts'
import { createLatencies, type Latencies } from './latency.ts'
import type { AbortOptions } from './share-store.ts'
import { type AskOptions, askSource, type Outcome, type ShareSource, type SourceFault } from './source.ts'
import { PlaceTimeoutError, pause } from './wait.ts'

/** Gathers the share-chunks of one record version from its nodes. */
export type Gatherer = {
  readonly manifest: Manifest
  /** The verified leaf list of share `index`. */
  readonly leaves: AskOptions['leaves']
  /** Every failure so far, in order. */
  readonly faults: readonly SourceFault[]
  /** Any t verified share-chunks of chunk `i`. Errors: `TooFewSharesError`, whose `failures` names each
   * node and its reason. */
  gather(i: number, options?: AbortOptions): Promise<Part[]>
  /** Ends when every source that was asked has answered or has run out of time; `faults` is then complete. */
  settled(): Promise<void>
}

/** Makes a gatherer. It asks one source more than it needs, those that were quickest so far, and takes the first t valid
 * answers. When they take longer than nearly every answer before, it asks another one, again and again. The rest is
 * cancelled; only a source that never answered, and was asked at the beginning, has `grace` to do so before it counts as
 * hanging, and nobody waits for that.
 * A source that failed is asked last from then on. Memory: one share-chunk for each source that was asked, t + hedge where
 * none is slow, for each chunk that is under way.
 * @example
 * const gatherer = createGatherer({ manifest, manifestHash, sources, leaves })
 * const parts = await gatherer.gather(0, { signal }) */
export function createGatherer(options: createGatherer.Options): Gatherer {
  const { manifest, sources, onFault } = options
  const faults: SourceFault[] = []
  const failures = new Map<ShareSource, number>()
  const late = new Set<Promise<unknown>>()
  const { latencies = createLatencies() } = options
  const order = () => {
    const ranked = sources.map((source) => ({
      source,
      failed: failures.get(source) ?? 0,
      rank: latencies.rank(source.operator),
    }))
    return ranked
      .sort((a, b) => a.failed - b.failed || a.rank - b.rank || a.source.index - b.source.index)
      .map(({ source }) => source)
  }
  const note = (source: ShareSource, fault: SourceFault) => {
    failures.set(source, (failures.get(source) ?? 0) + 1)
    faults.push(fault)
    onFault?.(fault)
  }
  return {
    manifest,
    leaves: options.leaves,
    faults,
    async gather(i, abort = {}) {
      const failed = (source: ShareSource) => failures.has(source)
      const round = createRound(options, { i, waiting: order(), failed, note, abort, latencies })
      const parts = await round.parts()
      const rest = round.rest()
      late.add(rest)
      rest.finally(() => late.delete(rest))
      return parts
    },
    settled: () => Promise.all(late).then(() => undefined),
  }
}

type RoundOptions = {
  readonly i: number
  readonly waiting: ShareSource[]
  readonly failed: (source: ShareSource) => boolean
  readonly note: (source: ShareSource, fault: SourceFault) => void
  readonly abort: AbortOptions
  readonly latencies: Latencies
}

/** A question under way. */
type Asked = {
  readonly stop: AbortController
  readonly since: number
  readonly done: Promise<void>
  /** Asked in the place of a slow one or of one that failed: later than those whose answers were awaited, so it is not to be
   * measured by them. */
  readonly stepsIn: boolean
}

/** One chunk's round of questions. */
function createRound(options: createGatherer.Options, round: RoundOptions) {
  const { manifest, hedge = 1, grace = 1_000, timer = realTimer } = options
  const { i, waiting, failed, note, abort, latencies } = round
  const parts: Part[] = []
  const own: SourceFault[] = []
  const running = new Map<ShareSource, Asked>()
  let late = 0
  let begun = false
  const settle = (since: number, { source, part, fault }: Outcome) => {
    const asked = running.get(source)
    running.delete(source)
    if (part) latencies.answered(source.operator, timer.now() - since)
    if (part) parts.push(part)
    // Once the caller has gone, or nobody waits for it, a failure tells nothing of the node.
    if (!fault || abort.signal?.aborted || asked?.stop.signal.reason === notNeeded) return
    own.push(fault)
    note(source, fault)
  }
  const start = (source: ShareSource) => {
    const stop = new AbortController()
    const signal = abort.signal ? AbortSignal.any([abort.signal, stop.signal]) : stop.signal
    const since = timer.now()
    const done = askSource(options, source, i, signal).then((outcome) => settle(since, outcome))
    running.set(source, { stop, since, done, stepsIn: begun })
  }
  const launch = () => {
    for (let next = waiting[0]; next; next = waiting[0]) {
      // A source that failed before is asked when it is needed, not to be on the safe side.
      const wanted = manifest.t - parts.length + late + (failed(next) ? 0 : hedge)
      if (running.size >= wanted) return
      waiting.shift()
      start(next)
    }
  }
  /** Waits for the next answer; when that takes longer than it should, one source more is wanted. */
  const next = async () => {
    const over = new AbortController()
    const usual = latencies.within([...running.keys()].map(({ operator }) => operator)) ?? unknownWait
    const slow = timer.wait(Math.max(shortestWait, usual), over.signal).then(
      () => true,
      () => false,
    )
    const answer = Promise.race([...running.values()].map(({ done }) => done)).then(() => false)
    if ((await Promise.race(waiting.length > 0 ? [answer, slow] : [answer])) === true) late += 1
    over.abort()
  }
  return {
    async parts(): Promise<Part[]> {
      launch()
      for (begun = true; parts.length < manifest.t; launch()) {
        if (running.size === 0) throw tooFew(manifest.t, parts.length, own)
        await next()
        abort.signal?.throwIfAborted()
      }
      return parts.slice(0, manifest.t)
    },
    /** Cancels what is not needed any more. Ends when every source that never answered before did, or used up its grace. */
    async rest(): Promise<void> {
      for (const [{ operator }, { stop, since, stepsIn }] of running) {
        if (!stepsIn && !latencies.knows(operator)) continue
        latencies.outrun(operator, timer.now() - since)
        stop.abort(notNeeded)
      }
      await endAfter(grace, [...running.values()], timer)
    },
  }
}

/** Ends the questions that are not answered in `grace` milliseconds more. */
async function endAfter(grace: number, hanging: readonly Asked[], timer: createGatherer.Timer): Promise<void> {
  if (hanging.length === 0) return
  const heard = new AbortController()
  const end = () => {
    for (const { stop } of hanging) stop.abort(new PlaceTimeoutError({ what: 'a share', timeout: grace }))
  }
  awake(timer, grace, heard.signal).then(end, () => undefined)
  await Promise.all(hanging.map(({ done }) => done))
  heard.abort()
}

/** Waits in steps, between which whatever has arrived is taken: where this process could not go on meanwhile, one step has
 * passed, however late, and not the whole wait. */
async function awake(timer: createGatherer.Timer, ms: number, signal: AbortSignal): Promise<void> {
  for (let step = 0; step < steps; step++) await timer.wait(ms / steps, signal)
}

const steps = 10

/** Why a question is dropped whose answer others made needless. */
const notNeeded = new Error('others answered first')
/** Milliseconds after which one source more is asked: until it is known how quick they are, and at the least. */
const unknownWait = 1_000
const shortestWait = 50

const realTimer: createGatherer.Timer = {
  now: () => performance.now(),
  wait: (ms, signal) => pause(ms, { signal }),
}

export declare namespace createGatherer {
  /** What tells time; tests bring their own. */
  type Timer = {
    /** Milliseconds since some moment. */
    now(): number
    /** Waits so long; fails when the signal ends it. */
    wait(ms: number, signal: AbortSignal): Promise<void>
  }
  type Options = AskOptions & {
    /** The n sources, by share; fewer when some are known to be away. */
    sources: readonly ShareSource[]
    /** How many sources more than needed are asked at once: 1. */
    hedge?: number | undefined
    /** Milliseconds that a source which never answered has after enough others did: 1,000. */
    grace?: number | undefined
    /** How quick the sources were before; by default nothing is known of them. */
    latencies?: Latencies | undefined
    timer?: Timer | undefined
    onFault?: ((fault: SourceFault) => void) | undefined
  }
}

function tooFew(needed: number, available: number, faults: readonly SourceFault[]): TooFewSharesError {
  const failures = faults.map(({ index, operator, reason, detail }) => ({
    index,
    operator,
    reason: `${reason}, ${detail}`,
  }))
  return new TooFewSharesError({ needed, available, failures })
}
