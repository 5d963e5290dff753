import { fillRandom, type Random, randomBytes } from '#primitives'
import { type Bytes, release } from '../bytes.ts'
import { BaseError } from '../errors.ts'
import type { ShareCode } from './code.ts'
import { fastestCode } from './engine/index.ts'
import { layoutOf, type Policy, rowLength } from './policy.ts'

/** One share's piece of one chunk. `index` is the share's number, 0..n-1. */
export type Part = { readonly index: number; readonly body: Bytes }

/**
 * Encodes one sealed chunk into n share-chunks. Fewer than r + 1 of them say nothing about it but its length.
 *
 * Random rows are drawn anew on every call: one set under two chunks would give away their difference.
 * @throws PolicyError, and PartError for an empty chunk.
 * @example
 * const parts = encodeChunk({ n: 9, t: 6, r: 3 }, sealedChunk)
 */
export function encodeChunk(policy: Policy, chunk: Uint8Array, options: encodeChunk.Options = {}): Bytes[] {
  const { random, code = fastestCode(), into } = options
  const { k } = layoutOf(policy)
  if (chunk.length === 0) throw new PartError({ reason: 'An empty chunk cannot be split.' })
  const length = rowLength(policy, chunk.length)
  const shares = into ? checkedRows(into, policy.n, length) : emptyRows(policy.n, length)
  if (policy.r > 0) {
    encodeHidden(policy, chunk, shares, { random, code })
    return shares
  }
  // The data rows are shares as they are.
  const rows = shares.slice(0, k)
  rows.forEach((row, y) => {
    fillRow(row, chunk.subarray(y * length, (y + 1) * length))
  })
  encodeRows(code, policy, rows, shares.slice(k))
  return shares
}
export declare namespace encodeChunk {
  type Options = {
    /** Source of the r random rows; by default the platform's. */
    readonly random?: Random | undefined
    /** Engine that computes the code; by default the fastest one here. */
    readonly code?: ShareCode | undefined
    /**
     * n arrays of `rowLength(policy, chunk.length)` bytes that the shares are written to, and returned, instead of new
     * ones: those of an earlier call, once nobody reads them. With many shares most of the time goes into new arrays.
     * They may not overlap each other or the chunk.
     */
    readonly into?: readonly Bytes[] | undefined
  }
}

const emptyRows = (count: number, length: number): Bytes[] =>
  Array.from({ length: count }, () => new Uint8Array(length))

function checkedRows(rows: readonly Bytes[], count: number, length: number): Bytes[] {
  if (rows.length !== count) throw new PartError({ reason: `There is room for ${rows.length} shares, not ${count}.` })
  if (new Set(rows).size !== count) throw new PartError({ reason: 'Two shares cannot go into the same room.' })
  const index = rows.findIndex((row) => row.length !== length)
  if (index >= 0) throw new PartError({ index, reason: `Its room has ${rows[index]?.length} bytes, not ${length}.` })
  return [...rows]
}

/** Writes a piece of a chunk to a row, with zeros behind the chunk's end. */
function fillRow(row: Bytes, piece: Uint8Array): void {
  row.set(piece)
  row.fill(0, piece.length)
}

/** Computes the shares that are no data rows into rows that are there. */
function encodeRows(code: ShareCode, policy: Policy, rows: readonly Bytes[], shares: readonly Bytes[]): void {
  if (code.encodeInto) {
    code.encodeInto(policy, rows, shares)
    return
  }
  const encoded = code.encode(policy, rows).slice(policy.r > 0 ? 0 : policy.t)
  shares.forEach((share, i) => {
    share.set(encoded[i] as Bytes)
  })
}

type Hiding = { readonly random: Random | undefined; readonly code: ShareCode }

/** Computes the n share rows of a chunk and r random rows. */
function encodeHidden(policy: Policy, chunk: Uint8Array, shares: readonly Bytes[], { random, code }: Hiding): void {
  const { k } = layoutOf(policy)
  const length = rowLength(policy, chunk.length)
  const data = padded(chunk, k * length)
  const rows = rowsOf(data, k)
  if (!random && code.encodeDrawn) code.encodeDrawn(policy, rows, shares, fillRandom)
  else encodeRows(code, policy, [...rows, ...masksFrom(random ?? randomBytes, policy.r, length)], shares)
  if (data.buffer !== chunk.buffer) release(data)
}

/** Row by row: one large array for all of them would be fresh memory of the system each time. */
function masksFrom(random: Random, count: number, length: number): Bytes[] {
  const masks = Array.from({ length: count }, () => random(length))
  if (masks.some((row) => row.length !== length))
    throw new PartError({ reason: 'The random source gave too few bytes.' })
  return masks
}

/**
 * Rebuilds a sealed chunk from t or more share-chunks, in any order, of whichever shares. Integrity is *not* checked:
 * verify each part against its leaf first, or the chunk against the content root after.
 * @throws TooFewSharesError below t parts; PartError for a duplicate, an index out of range or a wrong length.
 * @example
 * const chunk = decodeChunk(policy, [{ index: 8, body }, ...others], chunkLength(manifest, i))
 */
export function decodeChunk(
  policy: Policy,
  parts: readonly Part[],
  chunkLength: number,
  options: decodeChunk.Options = {},
): Bytes {
  const { code = fastestCode(), into } = options
  const { k } = layoutOf(policy)
  checkParts(policy, parts, chunkLength)
  const used = [...parts].sort((a, b) => a.index - b.index).slice(0, policy.t)
  const needed = k * rowLength(policy, chunkLength)
  const padded = into ? checkedRoom(into, needed) : new Uint8Array(needed)
  decodeRows(code, policy, used, rowsOf(padded, k))
  // The zeros behind the chunk are part of the code word: other bytes there mean altered parts.
  if (padded.subarray(chunkLength).some((byte) => byte !== 0))
    throw new PartError({ reason: 'The parts do not belong together.' })
  if (into) return padded.subarray(0, chunkLength)
  return needed === chunkLength ? padded : shortened(padded, chunkLength)
}
export declare namespace decodeChunk {
  type Options = {
    /** Engine that computes the code; by default the fastest one here. */
    readonly code?: ShareCode | undefined
    /**
     * An array of (t - r) * `rowLength(policy, chunkLength)` bytes or more, the start of which becomes the chunk and is
     * returned, instead of a new one. Its other bytes up to that length are lost, also where an error is thrown; it may
     * not overlap a part.
     */
    readonly into?: Bytes | undefined
  }
}

function checkedRoom(into: Bytes, length: number): Bytes {
  if (into.length < length) throw new PartError({ reason: `There is room for ${into.length} bytes of ${length}.` })
  return into.subarray(0, length)
}

/** The first bytes of an array that nobody else has; the array's own memory is given back. */
function shortened(bytes: Bytes, length: number): Bytes {
  const first = bytes.slice(0, length)
  release(bytes)
  return first
}

/** Fills the data rows: what arrived is copied, the rest computed. */
function decodeRows(code: ShareCode, policy: Policy, parts: readonly Part[], rows: readonly Bytes[]): void {
  // For r = 0 share i < t is data row i; with r > 0 no share is one.
  const given = new Map(policy.r > 0 ? [] : parts.map(({ index, body }) => [index, body] as const))
  const computed = code.decodeInto ? given : new Map(code.decode(policy, parts).entries())
  rows.forEach((row, y) => {
    row.set(computed.get(y) ?? [])
  })
  code.decodeInto?.(
    policy,
    parts,
    rows.filter((_, y) => !given.has(y)),
  )
}

function checkParts(policy: Policy, parts: readonly Part[], chunkLength: number): void {
  if (!Number.isSafeInteger(chunkLength) || chunkLength < 1)
    throw new PartError({ reason: 'The chunk length must be a positive integer.' })
  const length = rowLength(policy, chunkLength)
  const seen = new Set<number>()
  for (const { index, body } of parts) {
    if (!Number.isSafeInteger(index) || index < 0 || index >= policy.n)
      throw new PartError({ index, reason: `There is no such share among ${policy.n}.` })
    if (seen.has(index)) throw new PartError({ index, reason: 'The share is there twice.' })
    if (body.length !== length)
      throw new PartError({ index, reason: `The part has ${body.length} bytes, expected ${length}.` })
    seen.add(index)
  }
  if (seen.size < policy.t) throw new TooFewSharesError({ needed: policy.t, available: seen.size })
}

/** The chunk with zeros behind it; where it needs none its own bytes, as an array whose slices are copies. */
function padded(chunk: Uint8Array, length: number): Bytes {
  const { buffer, byteOffset } = chunk
  if (chunk.length === length && buffer instanceof ArrayBuffer) return new Uint8Array(buffer, byteOffset, length)
  const data = new Uint8Array(length)
  data.set(chunk)
  return data
}

const rowsOf = (bytes: Bytes, count: number): Bytes[] =>
  Array.from({ length: count }, (_, i) => bytes.subarray((i * bytes.length) / count, ((i + 1) * bytes.length) / count))

/** Thrown for a part, or a chunk, that cannot enter the code. */
export class PartError extends BaseError<'PART'> {
  override readonly name = 'PartError'
  /** Number of the share, where one is to blame. */
  readonly index: number | undefined
  constructor({ index, reason = 'The part cannot be used.' }: PartError.Options) {
    super('PART', index === undefined ? reason : `Share ${index}: ${reason}`, {
      hints: ['Give each share once, with the bytes its leaf names.'],
      docs: 'share.md#decoding',
    })
    this.index = index
  }
}
export declare namespace PartError {
  type Options = { index?: number; reason?: string }
}

/** Thrown when fewer than t valid shares are at hand; `failures` says of each other share why it is missing. */
export class TooFewSharesError extends BaseError<'TOO_FEW_SHARES'> {
  override readonly name = 'TooFewSharesError'
  readonly failures: readonly TooFewSharesError.Failure[]
  constructor({ needed = 0, available = 0, failures = [], cause }: TooFewSharesError.Options) {
    super('TOO_FEW_SHARES', `${available} valid shares, ${needed} needed.`, {
      cause,
      hints: [
        ...failures.map(
          ({ index, operator, reason }) => `Share ${index}${operator ? ` at ${operator}` : ''}: ${reason}`,
        ),
        `Try again when ${needed} storage nodes of this record answer.`,
      ],
      docs: 'share.md#decoding',
    })
    this.failures = failures
  }
}
export declare namespace TooFewSharesError {
  /** Why one share is missing. `operator` names the node that should have it. */
  type Failure = { readonly index: number; readonly reason: string; readonly operator?: string | undefined }
  type Options = { needed?: number; available?: number; failures?: readonly Failure[]; cause?: unknown }
}
