import { type Random, randomBytes } from '#primitives'
import { type Hex, toHex } from '../bytes.ts'
import { BaseError } from '../errors.ts'
import { cidOf, leafAt, type Manifest, type Placement } from '../share/index.ts'
import { AnswerError, wordsOfFailure } from './call.ts'
import type { LeafLoader } from './load.ts'
import {
  type AbortOptions,
  BlockNotFoundError,
  BlockSizeError,
  CidMismatchError,
  type ShareStore,
} from './share-store.ts'
import { withDeadline } from './wait.ts'

/** What can be found of a share (docs/spec/health.md). */
export const shareStates = ['valid', 'missing', 'wrong', 'silent', 'closed', 'doubled', 'unproved'] as const

/** One of {@link shareStates}. */
export type ShareState = (typeof shareStates)[number]

/** An operator that may hold a share: active, and at an address. */
export type Holder = {
  readonly operator: Hex
  /** Where its node answers; two operators at one address are one machine. */
  readonly address: string
  /** Its node says that it goes. */
  readonly leaving: boolean
  readonly store: Pick<ShareStore, 'get'>
}

/** What was found of one share. */
export type ShareFinding = {
  readonly index: number
  readonly operator: Hex
  readonly state: ShareState
  readonly leaving: boolean
  /** Chunks that were asked for, of how many. */
  readonly asked: number
  readonly of: number
  /** What went wrong; absent for a valid share. */
  readonly reason?: string | undefined
}

/**
 * Asks each operator of a placement for chunks of its share, drawn anew at random. A share is valid when every one of
 * them came and hashed to its leaf; what a node says of itself counts for nothing. Memory: a block for each of `atOnce`.
 * @example
 * const findings = await examineShares({ manifest, placement, holders, leaves, signal })
 */
export async function examineShares(options: examineShares.Options): Promise<ShareFinding[]> {
  const { placement, atOnce = 8, signal, onShare } = options
  const findings: ShareFinding[] = []
  let next = 0
  const work = async () => {
    while (next < placement.operators.length) {
      const index = next++
      findings[index] = await examineShare(options, index)
      signal?.throwIfAborted()
      onShare?.()
    }
  }
  await Promise.all(Array.from({ length: atOnce }, work))
  return onePerAddress(options, findings)
}

export declare namespace examineShares {
  type Options = AbortOptions & {
    readonly manifest: Manifest
    readonly placement: Placement
    /** Active operators; one of the placement that is not among them is closed. */
    readonly holders: readonly Holder[]
    /** The verified leaf list of a share. */
    readonly leaves: LeafLoader
    /** Chunks of each share that are asked for: 4. */
    readonly samples?: number | undefined
    /** Milliseconds that a node may take for a chunk: 10,000. */
    readonly timeout?: number | undefined
    /** Shares examined at once: 8. */
    readonly atOnce?: number | undefined
    /** Source of the draws. */
    readonly random?: Random | undefined
    readonly onShare?: (() => void) | undefined
  }
}

async function examineShare(options: examineShares.Options, index: number): Promise<ShareFinding> {
  const { placement, holders, leaves, samples = 4, timeout = 10_000, random = randomBytes, signal } = options
  const operator = toHex(placement.operators[index] ?? new Uint8Array())
  const holder = holders.find((each) => each.operator === operator)
  const place = { index, operator, leaving: holder?.leaving ?? false, asked: 0, of: 0 }
  if (!holder) return { ...place, state: 'closed', reason: 'its operator is switched off' }
  const list = await leaves(index, { signal }).catch((error: unknown) => nothing(error, signal))
  if (!list) return { ...place, state: 'unproved', reason: 'no node gives its leaf list' }
  const of = list.length / 32
  const chosen = draw(Math.min(of, samples), of, random)
  const found = { ...place, asked: chosen.length, of }
  for (const chunk of chosen) {
    const cid = cidOf(leafAt(list, chunk) ?? new Uint8Array(32))
    try {
      // The store compares the bytes with the CID, which is the leaf.
      await withDeadline('a share', timeout, { signal }, (inner) => holder.store.get(cid, { signal: inner }))
    } catch (error) {
      signal?.throwIfAborted()
      return { ...found, ...failureOf(error, chunk) }
    }
  }
  return { ...found, state: 'valid' }
}

/** Nothing, where somebody else's failure is why; what the caller ended stays ended. */
function nothing(error: unknown, signal: AbortSignal | undefined): undefined {
  signal?.throwIfAborted()
  if (!(error instanceof BaseError)) throw error
  return undefined
}

function failureOf(error: unknown, chunk: number): Pick<ShareFinding, 'state' | 'reason'> {
  if (error instanceof BlockNotFoundError) return { state: 'missing', reason: `chunk ${chunk} is not there` }
  const wrong = [CidMismatchError, BlockSizeError, AnswerError].some((one) => error instanceof one)
  if (wrong) return { state: 'wrong', reason: `it sends other bytes than those of chunk ${chunk}` }
  return { state: 'silent', reason: wordsOfFailure(error) }
}

/** `count` different numbers below `below`, in the order drawn. */
function draw(count: number, below: number, random: Random): number[] {
  if (count === below) return Array.from({ length: count }, (_, at) => at)
  const drawn = new Set<number>()
  // Six bytes are so many more than there are chunks that the remainder favours none.
  while (drawn.size < count) drawn.add(random(6).reduce((sum, byte) => sum * 256 + byte, 0) % below)
  return [...drawn]
}

/** The first share at an address counts, a further one is the same machine's. */
function onePerAddress({ holders }: examineShares.Options, findings: readonly ShareFinding[]): ShareFinding[] {
  const addresses = new Map(holders.map(({ operator, address }) => [operator, address]))
  const seen = new Set<string | undefined>()
  return findings.map((finding) => {
    if (finding.state !== 'valid') return finding
    const address = addresses.get(finding.operator)
    if (seen.has(address)) return { ...finding, state: 'doubled', reason: 'its node holds another share' }
    seen.add(address)
    return finding
  })
}
