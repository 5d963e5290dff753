import { digest } from '#primitives'
import { type Bytes, equal, type Hex, toHex } from '../bytes.ts'
import { BaseError } from '../errors.ts'
import { cidOf, leafAt, type Manifest, type Part, shareChunkLength, TooFewSharesError } from '../share/index.ts'
import { NodeRefusedError } from './call.ts'
import { proveShareLie, type ShareFaultProof } from './fault.ts'
import type { ShareAnswer, ShareAsk } from './http.ts'
import type { ShareResponse, Signed, Verify } from './messages.ts'
import { type AbortOptions, BlockNotFoundError, type ShareStore } from './share-store.ts'
import { PlaceTimeoutError, withDeadline } from './wait.ts'

/** A place where one share of a record lies. */
export type ShareSource = {
  readonly operator: Hex
  /** Number of the share, 0..n-1. */
  readonly index: number
  /** Fetches one share-chunk, unchecked. */
  fetch(ask: ShareAsk, options: AbortOptions): Promise<ShareAnswer>
}

/** Why a source gave no valid share-chunk. `unsigned`: wrong bytes that nobody signed, so nobody is accused; `lie`:
 * wrong bytes under the node's own signature. */
export type FaultReason = 'timeout' | 'unreachable' | 'missing' | 'refused' | 'no leaf list' | 'unsigned' | 'lie'

/** One failure of one source. */
export type SourceFault = {
  readonly operator: Hex
  readonly index: number
  readonly chunk: number
  readonly reason: FaultReason
  readonly detail: string
  /** Anyone can check it with the manifest alone; present for a `lie`. */
  readonly proof?: ShareFaultProof
}

/** Gathers the share-chunks of one record version from its nodes. */
export type Gatherer = {
  readonly manifest: Manifest
  /** The verified leaf list of share `index`. */
  readonly leaves: createGatherer.Options['leaves']
  /** Every failure so far, in order. */
  readonly faults: readonly SourceFault[]
  /** Any t verified share-chunks of chunk `i`. Errors: `TooFewSharesError`, whose `failures` names each
   * node and its reason. */
  gather(i: number, options?: AbortOptions): Promise<Part[]>
  /** Ends when every source that was asked has answered or has run out of time; `faults` is then complete. */
  settled(): Promise<void>
}

/** Makes a gatherer. It asks one source more than it needs and takes the first t valid answers; a source that failed, or
 * still owes an answer, is asked last from then on. A source that others outran has `grace` to answer too before it
 * counts as hanging; nobody waits for that. Memory: t + hedge share-chunks for each chunk that is under way.
 * @example
 * const gatherer = createGatherer({ manifest, manifestHash, sources, leaves })
 * const parts = await gatherer.gather(0, { signal }) */
export function createGatherer(options: createGatherer.Options): Gatherer {
  const { manifest, sources, onFault } = options
  const faults: SourceFault[] = []
  const failures = new Map<ShareSource, number>()
  const late = new Set<Promise<unknown>>()
  const order = () => [...sources].sort((a, b) => (failures.get(a) ?? 0) - (failures.get(b) ?? 0) || a.index - b.index)
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
      const round = createRound(options, { i, waiting: order(), failed: (source) => failures.has(source), note, abort })
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
}

/** One chunk's round of questions. */
function createRound(options: createGatherer.Options, { i, waiting, failed, note, abort }: RoundOptions) {
  const { manifest, hedge = 1, grace = 1_000 } = options
  const stop = new AbortController()
  const signal = abort.signal ? AbortSignal.any([abort.signal, stop.signal]) : stop.signal
  const parts: Part[] = []
  const own: SourceFault[] = []
  const running = new Map<ShareSource, Promise<void>>()
  const settle = ({ source, part, fault }: Outcome) => {
    running.delete(source)
    if (part) parts.push(part)
    // Once the caller has gone, a failure tells nothing of the node.
    if (!fault || abort.signal?.aborted) return
    own.push(fault)
    note(source, fault)
  }
  const launch = () => {
    for (let next = waiting[0]; next; next = waiting[0]) {
      // A source that failed before is asked when it is needed, not to be on the safe side.
      const wanted = manifest.t - parts.length + (failed(next) ? 0 : hedge)
      if (running.size >= wanted) return
      waiting.shift()
      running.set(next, ask(options, next, i, signal).then(settle))
    }
  }
  return {
    async parts(): Promise<Part[]> {
      for (launch(); parts.length < manifest.t; launch()) {
        if (running.size === 0) throw tooFew(manifest.t, parts.length, own)
        await Promise.race(running.values())
        abort.signal?.throwIfAborted()
      }
      return parts.slice(0, manifest.t)
    },
    /** Ends when every source that was asked has answered or used up its grace. */
    async rest(): Promise<void> {
      const timer = setTimeout(() => stop.abort(new PlaceTimeoutError({ what: 'a share', timeout: grace })), grace)
      await Promise.all(running.values())
      clearTimeout(timer)
    },
  }
}

export declare namespace createGatherer {
  type Options = {
    manifest: Manifest
    manifestHash: Hex
    /** The n sources, by share; fewer when some are known to be away. */
    sources: readonly ShareSource[]
    /** The verified leaf list of share `index`. */
    leaves: (index: number, options: AbortOptions) => Promise<Bytes>
    /** Whether the operator's account signed an answer. Without it no lie can be proved. */
    verify?: Verify<ShareResponse> | undefined
    /** How many sources more than needed are asked at once: 1. */
    hedge?: number | undefined
    /** Milliseconds that one source may take: 5,000. */
    timeout?: number | undefined
    /** Milliseconds that a source has after enough others answered: 1,000. */
    grace?: number | undefined
    onFault?: ((fault: SourceFault) => void) | undefined
  }
}

/** A source over a storage node's client, or over any store (whose answers nobody signs). */
export function shareSource(
  operator: Hex,
  index: number,
  store: ShareStore & { getShare?: (ask: ShareAsk, options?: AbortOptions) => Promise<ShareAnswer> },
): ShareSource {
  const plain = async (ask: ShareAsk, options: AbortOptions) => ({ body: await store.get(ask.cid, options) })
  return { operator, index, fetch: store.getShare ?? plain }
}

type Outcome = { source: ShareSource; part?: Part; fault?: SourceFault }

async function ask(
  options: createGatherer.Options,
  source: ShareSource,
  chunk: number,
  signal: AbortSignal,
): Promise<Outcome> {
  const { operator, index } = source
  const fail = (reason: FaultReason, detail: string, proof?: ShareFaultProof): Outcome => ({
    source,
    fault: { operator, index, chunk, reason, detail, ...(proof && { proof }) },
  })
  try {
    const list = await leavesOf(options, index, signal)
    if (!list) return fail('no leaf list', 'no node gave a leaf list that matches the manifest')
    const leaf = leafAt(list, chunk)
    if (!leaf) return fail('no leaf list', 'the record has no such chunk')
    const what = { cid: cidOf(leaf), manifestHash: options.manifestHash, index, chunk }
    const answer = await withDeadline('a share', options.timeout ?? 5_000, { signal }, (inner) =>
      source.fetch(what, { signal: inner }),
    )
    const actual = await digest(answer.body)
    if (equal(actual, leaf) && answer.body.length === shareChunkLength(options.manifest, chunk))
      return { source, part: { index, body: answer.body } }
    const signed = await signedLie(options, source, chunk, answer, toHex(actual))
    if (!signed) return fail('unsigned', 'the bytes are not those of the share and the node did not sign them')
    return fail('lie', 'the node signed bytes that are not those of the share', proveShareLie(list, signed))
  } catch (error) {
    return fail(...reasonOf(error))
  }
}

async function leavesOf({ leaves }: createGatherer.Options, index: number, signal: AbortSignal) {
  try {
    return await leaves(index, { signal })
  } catch (error) {
    if (error instanceof BaseError) return undefined
    throw error
  }
}

/** The response if it is the node's own word, on this very question, for the body that came with it. */
async function signedLie(
  { manifest, manifestHash, verify }: createGatherer.Options,
  { operator, index }: ShareSource,
  chunk: number,
  { response, nonce }: ShareAnswer,
  actual: Hex,
): Promise<Signed<ShareResponse> | undefined> {
  if (!response || !verify) return undefined
  const { message } = response
  const root = manifest.T[index]
  const answersUs = message.manifestHash === manifestHash && message.j === index && message.i === chunk
  if (!answersUs || message.nonce !== nonce || message.digest !== actual) return undefined
  if (!root || message.shareRoot !== toHex(root)) return undefined
  return (await verify(operator, response)) ? response : undefined
}

function reasonOf(error: unknown): [FaultReason, string] {
  if (error instanceof PlaceTimeoutError) return ['timeout', 'no answer in time']
  if (error instanceof BlockNotFoundError) return ['missing', 'the node does not hold it']
  if (error instanceof NodeRefusedError) return ['refused', `${error.status} ${error.reason ?? ''}`.trim()]
  return ['unreachable', error instanceof BaseError ? error.code : 'the connection failed']
}

function tooFew(needed: number, available: number, faults: readonly SourceFault[]): TooFewSharesError {
  const failures = faults.map(({ index, operator, reason, detail }) => ({
    index,
    operator,
    reason: `${reason}, ${detail}`,
  }))
  return new TooFewSharesError({ needed, available, failures })
}
