import { type Bytes, type Hex, toHex } from '@sharewell/sdk/bytes'
import {
  type AnyFrame,
  type ChunkFrame,
  encodeFrame,
  fromHeader,
  jobIdOf,
  type RebuildRequest,
  readFrames,
  type ShareResponse,
  shareAskShape,
  toHeader,
} from '@sharewell/sdk/place'
import { sha256 } from '@sharewell/sdk/primitives'
import { Hono } from 'hono'
import { createApp as createWorker, type Components as WorkerParts } from '../../services/reconstructor/src/app.ts'
import { createApp as createNode, type Components as NodeParts } from '../../services/storage-node/src/app.ts'

/**
 * How a reconstructor lies. `wrong bytes` and `another record` are signed; `unsigned bytes` are changed after signing;
 * `replayed frames` are those of its first job; `hanging` accepts and says nothing.
 */
export type WorkerLie =
  | 'wrong bytes'
  | 'another record'
  | 'unsigned bytes'
  | 'truncated'
  | 'replayed frames'
  | 'no receipt'
  | 'hanging'

/** A reconstructor that rebuilds honestly and then lies about it. Pass it to the service's `start` as `wrap`.
 * @example
 * await start(config, { wrap: lyingWorker('wrong bytes') }) */
export const lyingWorker =
  (lie: WorkerLie) =>
  (parts: WorkerParts): Hono => {
    const honest = createWorker(parts)
    const liar = new Hono()
    let first: AnyFrame[] | undefined
    liar.post('/v1/rebuild', async (c) => {
      if (lie === 'hanging') return new Response(new ReadableStream({ start: () => undefined }), { status: 200 })
      const text = await c.req.text()
      const headers = { 'content-type': 'application/json' }
      const answer = await honest.request('/v1/rebuild', { method: 'POST', body: text, headers })
      if (answer.status !== 200 || !answer.body) return answer
      const { request } = JSON.parse(text) as { request: RebuildRequest }
      const frames: AnyFrame[] = []
      for await (const frame of readFrames(answer.body)) frames.push(frame)
      first ??= frames
      const told = await tell(lie, frames, first, request, parts)
      return c.body(Buffer.concat(told.map(encodeFrame)), 200)
    })
    liar.all('*', (c) => honest.fetch(c.req.raw))
    return liar
  }

async function tell(
  lie: WorkerLie,
  frames: readonly AnyFrame[],
  first: readonly AnyFrame[],
  request: RebuildRequest,
  parts: WorkerParts,
): Promise<readonly AnyFrame[]> {
  const last = frames.length - 1
  if (lie === 'truncated') return frames.filter((_, at) => at === 0 || at === last)
  if (lie === 'no receipt') return frames.slice(0, last)
  if (lie === 'replayed frames') return first
  return await Promise.all(
    frames.map(async (frame) => {
      if (!('chunk' in frame)) return frame
      if (lie === 'unsigned bytes') return { ...frame, chunk: flip(frame.chunk) }
      const chunk = lie === 'another record' ? foreign(frame.chunk) : flip(frame.chunk)
      return await signedAnew({ ...frame, chunk }, request, parts)
    }),
  )
}

async function signedAnew(frame: ChunkFrame, request: RebuildRequest, { sign }: WorkerParts): Promise<ChunkFrame> {
  const digest = toHex(sha256(frame.chunk))
  const message = { manifestHash: request.manifestHash, jobId: jobIdOf(request), i: frame.i, digest }
  return { ...frame, signature: await sign.frame(message) }
}

/** How a storage node lies about share-chunks. `signed` bytes convict it; `flipped` ones it does not sign. */
export type NodeLie = 'flipped' | 'signed' | 'another record' | 'hanging' | 'missing'

/** A storage node that takes and acknowledges honestly, and lies when a share-chunk is read. Pass it to the service's
 * `start` as `wrap`. Manifest, placement and lists it gives as they are. */
export const lyingNode =
  (lie: NodeLie) =>
  (parts: NodeParts): Hono => {
    const honest = createNode(parts)
    const liar = new Hono()
    liar.get('/ipfs/:cid', async (c) => {
      const header = c.req.header('x-sharewell-share')
      const answer = await honest.fetch(c.req.raw)
      return header === undefined || answer.status !== 200 ? answer : await lied(lie, header, answer, parts)
    })
    liar.all('*', (c) => honest.fetch(c.req.raw))
    return liar
  }

async function lied(lie: NodeLie, header: string, answer: Response, parts: NodeParts): Promise<Response> {
  if (lie === 'hanging') return await new Promise<Response>(() => undefined)
  if (lie === 'missing') return new Response('gone', { status: 404 })
  const bytes = new Uint8Array(await answer.arrayBuffer())
  const body = lie === 'another record' ? foreign(bytes) : flip(bytes)
  return new Response(body, { headers: lie === 'signed' ? await signedLie(header, body, answer, parts) : {} })
}

async function signedLie(header: string, body: Bytes, answer: Response, { sign }: NodeParts) {
  const ask = fromHeader(header, shareAskShape)
  const told = JSON.parse(Buffer.from(answer.headers.get('x-sharewell-response') ?? '', 'base64url').toString()) as {
    message: ShareResponse
  }
  const digest: Hex = toHex(sha256(body))
  const message = { ...told.message, digest, length: body.length, nonce: ask.nonce }
  return { 'x-sharewell-response': toHeader({ message, signature: await sign.shareResponse(message) }) }
}

const flip = (bytes: Bytes): Bytes => bytes.map((byte, at) => (at === bytes.length >> 1 ? byte ^ 1 : byte))
/** Bytes of the same length that belong to nothing here. */
const foreign = (bytes: Bytes): Bytes => bytes.map((_, at) => (at * 167 + 13) & 255)
