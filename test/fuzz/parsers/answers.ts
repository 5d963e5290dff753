import { type Bytes, concat, toBase64url, u32, utf8 } from '@sharewell/sdk/bytes'
import { encodeFrame, fromHeader, readBody, readFrames, shareAskShape } from '@sharewell/sdk/place'
import { parseNote, readNotes } from '../../../sdk/src/flow/journal.ts'
import { parseJson, refusal } from '../../../sdk/src/place/call.ts'
import { decodeFrame } from '../../../sdk/src/place/frames.ts'
import { acknowledgementShape, shareResponseShape } from '../../../sdk/src/place/json.ts'
import { type Driven, target } from '../drive.ts'
import { bitten, bittenText, type Random } from '../random.ts'
import { bittenTree, type Tree } from '../trees.ts'
import { bittenCbor, bittenJson, filled, hexOf } from './samples.ts'

const response = {
  message: {
    manifestHash: hexOf(1),
    shareRoot: hexOf(2),
    j: 1,
    i: 2,
    digest: hexOf(3),
    length: 4,
    nonce: hexOf(5),
    time: 6,
  },
  signature: hexOf(7, 65),
} as const
const fault = {
  operator: hexOf(8, 16),
  index: 1,
  chunk: 2,
  reason: 'lie',
  detail: 'it differs',
  proof: { kind: 'share', response, leaf: hexOf(9), path: [hexOf(1)] },
} as const
const frames = [
  { i: 0, chunk: filled(1, 100), proof: [filled(2)], signature: hexOf(3, 65), used: [0, 1] },
  { error: { code: 'TOO_FEW_SHARES', detail: 'It gave up.' } },
  {
    receipt: {
      jobId: hexOf(1),
      manifestHash: hexOf(2),
      first: 0,
      count: 1,
      usedShares: hexOf(3),
      outRoot: hexOf(4),
      bytes: 100n,
      startedAt: 1,
      endedAt: 2,
    },
    signature: hexOf(5, 65),
    faults: [fault],
  },
].map((frame) => encodeFrame(frame as Parameters<typeof encodeFrame>[0]))
const bodies = frames.map((frame) => frame.slice(4))
const ask = { manifestHash: hexOf(1), index: 1, chunk: 2, nonce: hexOf(3) }
const acknowledgement = {
  message: {
    manifestHash: hexOf(1),
    placementHash: hexOf(2),
    index: 1,
    shareRoot: hexOf(3),
    bytes: '100',
    time: 4,
  },
  signature: hexOf(5, 65),
}
const problem = {
  type: 'urn:sharewell:error:BUSY',
  title: 'Busy',
  status: 503,
  code: 'BUSY',
  detail: 'Later.',
  hint: 'Wait.',
}

/** A stream in pieces of any length. */
async function* inPieces(bytes: Bytes, lengths: readonly number[]): AsyncGenerator<Bytes> {
  let at = 0
  for (const length of lengths) {
    yield bytes.slice(at, at + length)
    at += length
  }
  yield bytes.slice(at)
}

async function count(stream: AsyncIterable<unknown>): Promise<number> {
  let seen = 0
  for await (const _ of stream) seen += 1
  return seen
}

/** What nodes answer. */
export const answers: Readonly<Record<string, Driven>> = {
  frame: target({ make: (random) => bittenCbor(bodies, random), parse: decodeFrame, codes: ['FRAME'] }),
  'trailer with faults': target({
    make: (random) => trailer(random),
    parse: decodeFrame,
    codes: ['FRAME'],
  }),
  'stream of frames': target({
    make: (random) => ({
      stream: bitten([concat(...frames)], random),
      lengths: Array.from({ length: random.below(6) }, () => random.below(200)),
    }),
    parse: ({ stream, lengths }) => count(readFrames(inPieces(stream, lengths))),
    codes: ['FRAME'],
  }),
  'body of an answer': target({
    make: (random) => ({
      body: random.bytes(random.below(150)),
      // Digits alone: what else a server writes there, HTTP refuses before it gets here.
      announced: random.pick(['0', '1', '100', '101', '4294967296', '9'.repeat(400)]),
    }),
    parse: ({ body, announced }) =>
      readBody('http://node', new Response(body, { headers: { 'content-length': announced } }), 100),
    codes: ['ANSWER'],
  }),
  'header of a share': target({
    make: (random) =>
      random.once(3)
        ? bittenText([toBase64url(utf8(JSON.stringify(ask)))], random)
        : toBase64url(bittenJson([ask, response], random)),
    parse: (text) => (text.length % 2 ? fromHeader(text, shareAskShape) : fromHeader(text, shareResponseShape)),
    codes: ['HEADER'],
  }),
  acknowledgement: target({
    make: (random) => bittenJson([acknowledgement], random),
    parse: (bytes) => parseJson('http://node', bytes, acknowledgementShape),
    codes: ['ANSWER'],
  }),
  problem: target({
    make: (random) => bittenJson([problem], random),
    parse: (bytes) => {
      throw refusal('http://node', 500, bytes)
    },
    codes: ['NODE_REFUSED'],
  }),
  'notes of a deposit': target({
    make: (random) => bittenTree([notes], random),
    parse: (json) => readNotes((Array.isArray(json) ? json : [json]).map(parseNote)),
    codes: ['JOURNAL'],
  }),
}

const notes: Tree = [
  { kind: 'chunks', first: 0, digests: [toBase64url(filled(1, 96))] },
  { kind: 'placed', chunks: [0] },
  { kind: 'moved', operators: [hexOf(1, 16)] },
  { kind: 'anchored', transaction: hexOf(2) },
]

/** A trailer is CBOR around JSON. */
function trailer(random: Random): Bytes {
  const bytes = bodies[2] ?? filled(0)
  const json = utf8(JSON.stringify([fault]))
  const at = Buffer.from(bytes).indexOf(Buffer.from(json)) - 3
  const other = bittenJson([[fault]], random)
  // Byte strings from 256 to 65,535 bytes have two bytes of length behind their first.
  const head = concat(Uint8Array.of(0x59), u32(other.length).slice(2))
  return concat(bytes.slice(0, at), head, other, bytes.slice(at + 3 + json.length))
}
