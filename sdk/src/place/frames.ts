import * as z from 'zod'
import { sha256 } from '#primitives'
import { type Bytes, concat, equal, fromHex, fromUtf8, type Hex, lp, toHex, u16, u32, utf8 } from '../bytes.ts'
import { CborError, CborFieldError, decode, encode, field } from '../cbor/index.ts'
import { BaseError } from '../errors.ts'
import { lpLabel } from '../labels.ts'
import { createAccumulator } from '../merkle/index.ts'
import { hexShape, shareResponseShape, toJson, uintShape } from './json.ts'
import type { RebuildRequest, WorkReceipt } from './messages.ts'
import type { SourceFault } from './source.ts'

/** Media type of a rebuilt stream: u32be(length) || CBOR, again and again; the last one is the trailer. */
export const framesMediaType = 'application/vnd.sharewell.frames'

/** Longest frame: a chunk of 1 MiB, its path and its signature. */
export const maxFrameLength = 1_048_576 + 65_536

/** One rebuilt chunk on its way to the reader. */
export type ChunkFrame = {
  readonly i: number
  readonly chunk: Bytes
  /** Merkle path of the chunk under contentRoot. */
  readonly proof: readonly Bytes[]
  /** The worker's signature over `Frame`. */
  readonly signature: Hex
  /** The shares it was rebuilt from. */
  readonly used: readonly number[]
}

/** What ends a stream: the worker's receipt, and which storage nodes failed it. */
export type TrailerFrame = {
  readonly receipt: WorkReceipt
  readonly signature: Hex
  readonly faults: readonly SourceFault[]
}

/** What ends a stream that cannot go on. */
export type ErrorFrame = { readonly error: { readonly code: string; readonly detail: string } }

/** Any frame. */
export type AnyFrame = ChunkFrame | TrailerFrame | ErrorFrame

/** The name of one job: it binds every frame to one request, so that frames of another job cannot be replayed. */
export function jobIdOf(request: RebuildRequest): Hex {
  return toHex(
    sha256(
      concat(
        lpLabel('share', 'job'),
        lp(fromHex(request.manifestHash, 32)),
        u32(request.first),
        u32(request.count),
        fromHex(request.releaseRequest, 32),
        fromHex(request.nonce, 32),
        fromHex(request.replyKeyHash, 32),
      ),
    ),
  )
}

/** Collects what the receipt sums up: the roots over used shares and over digests, and the bytes. */
export function createTally() {
  const used = createAccumulator()
  const out = createAccumulator()
  let bytes = 0n
  return {
    add(i: number, digest: Uint8Array, length: number, shares: readonly number[]) {
      used.add(concat(u32(i), ...shares.map(u16)))
      out.add(concat(u32(i), digest))
      bytes += BigInt(length)
    },
    sums: () => ({ usedShares: toHex(used.root()), outRoot: toHex(out.root()), bytes }),
  }
}

/** Writes a frame with its length in front. */
export function encodeFrame(frame: AnyFrame): Bytes {
  return lp(encode(toCbor(frame)))
}

function toCbor(frame: AnyFrame) {
  if ('error' in frame) return { error: { code: frame.error.code, detail: frame.error.detail } }
  if ('chunk' in frame) return { ...frame, signature: fromHex(frame.signature) }
  const { jobId, manifestHash, usedShares, outRoot, ...numbers } = frame.receipt
  const hashes = [jobId, manifestHash, usedShares, outRoot].map((hash) => fromHex(hash, 32))
  return {
    receipt: { ...numbers, jobId: hashes[0], manifestHash: hashes[1], usedShares: hashes[2], outRoot: hashes[3] },
    signature: fromHex(frame.signature),
    faults: utf8(toJson(frame.faults)),
  }
}

const index = field.integer(0, 2 ** 32 - 1)
const hash = field.bytes(32)
const readChunk = field.record({
  i: index,
  chunk: field.bytes(),
  proof: field.array(hash),
  signature: field.bytes(),
  used: field.array(field.integer(0, 65_535)),
})
const readTrailer = field.record({
  receipt: field.record({
    jobId: hash,
    manifestHash: hash,
    first: index,
    count: index,
    usedShares: hash,
    outRoot: hash,
    bytes: field.integer(0, Number.MAX_SAFE_INTEGER),
    startedAt: field.integer(0, 2 ** 40 - 1),
    endedAt: field.integer(0, 2 ** 40 - 1),
  }),
  signature: field.bytes(),
  faults: field.bytes(),
})
const readError = field.record({ error: field.record({ code: field.text(64), detail: field.text(4096) }) })
const faultShape = z.object({
  operator: hexShape(16),
  index: uintShape(16),
  chunk: uintShape(32),
  reason: z.enum(['timeout', 'unreachable', 'missing', 'refused', 'no leaf list', 'unsigned', 'lie']),
  detail: z.string().max(500),
  proof: z
    .object({
      kind: z.literal('share'),
      response: shareResponseShape,
      leaf: hexShape(32),
      path: z.array(hexShape(32)).max(64),
    })
    .optional(),
})

/** Reads one frame without its length. Errors: {@link FrameError}. */
export function decodeFrame(bytes: Bytes): AnyFrame {
  try {
    const value = decode(bytes)
    if (typeof value !== 'object' || value === null) throw new FrameError({})
    if ('error' in value) return readError(value)
    if ('chunk' in value) {
      const { signature, ...rest } = readChunk(value)
      return { ...rest, signature: toHex(signature) }
    }
    return trailerOf(value)
  } catch (cause) {
    if (cause instanceof CborError || cause instanceof CborFieldError) throw new FrameError({ cause })
    throw cause
  }
}

function trailerOf(value: object): TrailerFrame {
  const { receipt, signature, faults } = readTrailer(value)
  const { jobId, manifestHash, usedShares, outRoot, bytes, ...numbers } = receipt
  return {
    receipt: {
      ...numbers,
      bytes: BigInt(bytes),
      jobId: toHex(jobId),
      manifestHash: toHex(manifestHash),
      usedShares: toHex(usedShares),
      outRoot: toHex(outRoot),
    },
    signature: toHex(signature),
    faults: faultsOf(faults),
  }
}

function faultsOf(json: Bytes): SourceFault[] {
  try {
    return z
      .array(faultShape)
      .parse(JSON.parse(fromUtf8(json)))
      .map(({ proof, ...fault }) => ({ ...fault, ...(proof && { proof }) }))
  } catch (cause) {
    throw new FrameError({ cause })
  }
}

/** Cuts a byte stream into frames; a frame longer than {@link maxFrameLength} ends it. At most one frame and one piece
 * of the stream are in memory, in however many pieces it comes. Errors: {@link FrameError}, also when the stream ends
 * inside a frame. */
export async function* readFrames(stream: AsyncIterable<Uint8Array>): AsyncGenerator<AnyFrame> {
  let part: Bytes = new Uint8Array(4)
  let filled = 0
  let inBody = false
  for await (const piece of stream) {
    for (let at = 0; at < piece.length; ) {
      const next = piece.subarray(at, at + part.length - filled)
      part.set(next, filled)
      filled += next.length
      at += next.length
      if (filled < part.length) continue
      if (inBody) yield decodeFrame(part)
      part = new Uint8Array(inBody ? 4 : frameLength(part))
      filled = 0
      inBody = !inBody
    }
  }
  if (filled > 0 || inBody) throw new FrameError({ reason: 'ends inside a frame' })
}

function frameLength(prefix: Bytes): number {
  const length = new DataView(prefix.buffer).getUint32(0)
  if (length === 0 || length > maxFrameLength) throw new FrameError({ length })
  return length
}

/** Whether the receipt tells of exactly what arrived. */
export function sameReceipt(
  receipt: WorkReceipt,
  request: RebuildRequest,
  sums: { readonly usedShares: Hex; readonly outRoot: Hex; readonly bytes: bigint },
): boolean {
  const { first, count, manifestHash } = request
  return (
    equal(fromHex(receipt.jobId), fromHex(jobIdOf(request))) &&
    receipt.manifestHash === manifestHash &&
    receipt.first === first &&
    receipt.count === count &&
    receipt.usedShares === sums.usedShares &&
    receipt.outRoot === sums.outRoot &&
    receipt.bytes === sums.bytes
  )
}

/** Thrown when a stream is not made of frames. */
export class FrameError extends BaseError<'FRAME'> {
  override readonly name = 'FrameError'
  constructor({ reason, length, cause }: { reason?: string; length?: number; cause?: unknown }) {
    const what =
      reason ?? (length === undefined ? 'holds something that is no frame' : `has a frame of ${length} bytes`)
    super('FRAME', `The stream ${what}.`, {
      cause,
      hints: ['Ask another reconstructor.'],
      docs: 'rebuild.md#frames',
    })
  }
}
