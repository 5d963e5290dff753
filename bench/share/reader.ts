import { type Bytes, toHex } from '@sharewell/sdk/bytes'
import { signerOf } from '@sharewell/sdk/chain'
import { decodeFrame } from '@sharewell/sdk/place'
import { digest, randomBytes } from '@sharewell/sdk/primitives'
import { type Policy, verifyChunkDigest } from '@sharewell/sdk/share'
import { type Timed, timed } from '../rounds.ts'
import { type Deposited, deposit, framesOf, network, opened, rebuildAlone, shapeOf } from './placed.ts'
import { significant } from './row.ts'
import { serve } from './served.ts'

/** Milliseconds of the reader's processor time, the mean of eight rounds. */
type Spent = {
  /** Frames over HTTP: digest, signature, Merkle path, opening. */
  readonly outsourced: number
  /** Share-chunks over HTTP: digests, rebuilding, opening. */
  readonly alone: number
  /** Both without HTTP, the bytes at hand; and the first without looking at signatures either. */
  readonly outsourcedAtHand: number
  readonly unsignedAtHand: number
  readonly aloneAtHand: number
}

/** What reading one record costs its reader, with a reconstructor and without. */
export type ReaderRow = {
  readonly policy: Policy
  readonly bytes: number
  readonly chunks: number
  readonly spent: Spent
  /** How many times more processor time reading alone takes, over HTTP and at hand: the mean of the rounds' ratios. */
  readonly ratio: number
  readonly ratioAtHand: number
  /** Bytes that arrive: frames; share-chunks and the leaf lists of t shares. */
  readonly wire: { readonly outsourced: number; readonly alone: number }
  /** Answers that arrive: one stream; a share-chunk each, and a list each. */
  readonly answers: { readonly outsourced: number; readonly alone: number }
}

const mean = (values: readonly number[]): number =>
  significant(values.reduce((sum, value) => sum + value, 0) / values.length)
const ratioOf = (one: Timed, other: Timed): number =>
  mean(one.rounds.map((own, at) => own / (other.rounds[at] ?? Number.NaN)))

type Sent = Awaited<ReturnType<typeof framesOf>>
type Frames = Iterable<Uint8Array<ArrayBuffer>> | AsyncIterable<Uint8Array<ArrayBuffer>>

/** Chunks from frames, each checked as `rebuild` of the SDK does: digest and Merkle path, and the first one's signature. */
async function* checked(record: Deposited, sent: Sent, frames: Frames, signatures = true) {
  const { account, manifestHash, jobId } = sent
  for await (const bytes of frames) {
    const frame = decodeFrame(bytes.subarray(4))
    if (!('chunk' in frame)) throw new Error('No frame with a chunk.')
    const { i, chunk, proof, signature } = frame
    const actual = await digest(chunk)
    const message = { manifestHash, jobId, i, digest: toHex(actual) }
    if (signatures && i === 0 && (await signerOf(network, { kind: 'Frame', message, signature })) !== account.address)
      throw new Error('A frame was signed by somebody else.')
    if (!verifyChunkDigest(shapeOf(record), i, { digest: actual, length: chunk.length }, proof))
      throw new Error('A chunk is not under the root.')
    yield chunk
  }
}

/** Reads one record of `bytes` under a policy in both ways. */
export async function readerRow(policy: Policy, bytes: number): Promise<ReaderRow> {
  const record = await deposit(policy, randomBytes(bytes))
  const sent = await framesOf(record)
  const served = await serve(record, sent.frames)
  const readAll = async (chunks: AsyncIterable<Bytes>) => {
    if ((await opened(record, chunks)) !== bytes) throw new Error('The record did not come back.')
  }
  const times = await timed(
    {
      outsourced: () => readAll(checked(record, sent, served.frames())),
      alone: () => readAll(rebuildAlone(policy, record, served.parts)),
      outsourcedAtHand: () => readAll(checked(record, sent, sent.frames)),
      unsignedAtHand: () => readAll(checked(record, sent, sent.frames, false)),
      aloneAtHand: () => readAll(rebuildAlone(policy, record)),
    },
    { rounds: 8 },
  )
  await served.close()
  const chunks = record.chunks.length
  const lists = policy.t * chunks * 32
  return {
    policy,
    bytes,
    chunks,
    spent: {
      outsourced: mean(times.outsourced.rounds),
      alone: mean(times.alone.rounds),
      outsourcedAtHand: mean(times.outsourcedAtHand.rounds),
      unsignedAtHand: mean(times.unsignedAtHand.rounds),
      aloneAtHand: mean(times.aloneAtHand.rounds),
    },
    ratio: ratioOf(times.alone, times.outsourced),
    ratioAtHand: ratioOf(times.aloneAtHand, times.outsourcedAtHand),
    wire: {
      outsourced: sent.frames.reduce((sum, frame) => sum + frame.length, 0),
      alone: lists + record.parts.flat().reduce((sum, { body }) => sum + body.length, 0),
    },
    answers: { outsourced: 1, alone: policy.t * (chunks + 1) },
  }
}
