import { digest } from '#primitives'
import { type Bytes, equal, type Hex, toHex } from '../bytes.ts'
import { BaseError } from '../errors.ts'
import { cidOf, leafAt, type Manifest, type Part, shareChunkLength } from '../share/index.ts'
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

/** What is known of a record when its shares are asked for. */
export type AskOptions = {
  manifest: Manifest
  manifestHash: Hex
  /** The verified leaf list of share `index`. */
  leaves: (index: number, options: AbortOptions) => Promise<Bytes>
  /** Whether the operator's account signed an answer. Without it no lie can be proved. */
  verify?: Verify<ShareResponse> | undefined
  /** Milliseconds that one source may take: 5,000. */
  timeout?: number | undefined
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

/** A verified share-chunk, or why there is none. */
export type Outcome = { source: ShareSource; part?: Part; fault?: SourceFault }

/** Asks one source for a chunk, verifies what it sends, and says what became of it. It throws nothing. */
export async function askSource(
  options: AskOptions,
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

async function leavesOf({ leaves }: AskOptions, index: number, signal: AbortSignal) {
  try {
    return await leaves(index, { signal })
  } catch (error) {
    if (error instanceof BaseError) return undefined
    throw error
  }
}

/** The response if it is the node's own word, on this very question, for the body that came with it. */
async function signedLie(
  { manifest, manifestHash, verify }: AskOptions,
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
