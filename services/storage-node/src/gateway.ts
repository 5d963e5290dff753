import { BadRequestError, signalOf } from '@sharewell/host'
import { type Bytes, toHex } from '@sharewell/sdk/bytes'
import { BaseError } from '@sharewell/sdk/errors'
import { BlockNotFoundError, fromHeader, type ShareResponse, shareAskShape, toHeader } from '@sharewell/sdk/place'
import { digestOf } from '@sharewell/sdk/share'
import type { Context } from 'hono'
import type * as z from 'zod'
import type { Components } from './components.ts'
import type { ShareIndex } from './share-index.ts'

type ShareAsk = z.infer<typeof shareAskShape>

/** Answers `GET|HEAD /ipfs/{cid}?format=raw` (IPFS trustless gateway): the block's bytes, from this disk or, unless the
 * client wants only what is cached, from the swarm. A read for one record gives no block of another. */
export async function answerBlock(components: Components, index: ShareIndex, c: Context): Promise<Response> {
  const cid = c.req.param('cid') ?? ''
  digestOf(cid)
  if (c.req.query('format') !== 'raw' && c.req.header('accept') !== mediaType)
    throw new BadRequestError({ reason: 'only raw blocks are served', hint: 'Ask with ?format=raw.' })
  const ask = askOf(c)
  // Only what was written for a record counts: a manifest may list anybody's blocks as its shares.
  const records = components.ledger.recordsOf(cid)
  const right = await components.authority.read(c.req.header('authorization'), records, { signal: signalOf(c) })
  const may = typeof right === 'object' ? await index.isAudited({ ...right, cid }, { signal: signalOf(c) }) : right
  // Whether another record has the block is nobody's business here.
  if (!may || components.ledger.isLeftover(cid)) throw new BlockNotFoundError({ cid })
  // The node signs that this block is that share-chunk; asking it about another block must not make it a liar.
  const isShare = ask !== undefined && (await index.isShare({ ...ask, cid }, { signal: signalOf(c) }))
  if (ask && !isShare && (await knows(index, ask))) throw new ShareMismatchError({ cid })
  if (c.req.method === 'HEAD' && (await components.store.has(cid))) return blockResponse(cid, undefined, {})
  const bytes = await find(components, cid, c)
  const signed = ask && isShare ? await sign(components, index, cid, ask, bytes) : {}
  return blockResponse(cid, bytes, signed)
}

const mediaType = 'application/vnd.ipld.raw'

function askOf(c: Context): ShareAsk | undefined {
  const header = c.req.header('x-sharewell-share')
  return header === undefined ? undefined : fromHeader(header, shareAskShape)
}

async function knows(index: ShareIndex, { manifestHash }: ShareAsk): Promise<boolean> {
  try {
    await index.manifest(manifestHash)
    return true
  } catch (error) {
    if (error instanceof BlockNotFoundError) return false
    throw error
  }
}

async function find({ store, swarm }: Components, cid: string, c: Context): Promise<Bytes> {
  const signal = signalOf(c)
  try {
    return await store.get(cid, { signal })
  } catch (error) {
    const cachedOnly = c.req.header('cache-control')?.includes('only-if-cached')
    if (!(error instanceof BlockNotFoundError) || cachedOnly) throw error
    await swarm.join({ signal })
    if (store.peers().length === 0) throw error
    return await store.fetch(cid, { signal })
  }
}

async function sign(
  { sign: signer, clock, ledger }: Components,
  index: ShareIndex,
  cid: string,
  ask: ShareAsk,
  bytes: Bytes,
): Promise<Record<string, string>> {
  const manifest = await index.manifest(ask.manifestHash)
  // Last, with nothing awaited until the time is taken: the node has perhaps signed meanwhile that all of it is gone.
  if (ledger.isBuried({ recordId: toHex(manifest.recordId), version: manifest.version }))
    throw new BlockNotFoundError({ cid })
  const message: ShareResponse = {
    manifestHash: ask.manifestHash,
    shareRoot: toHex(manifest.T[ask.index] as Bytes),
    j: ask.index,
    i: ask.chunk,
    // The store compared the bytes with the CID.
    digest: toHex(digestOf(cid)),
    length: bytes.length,
    nonce: ask.nonce,
    time: clock(),
  }
  return { 'x-sharewell-response': toHeader({ message, signature: await signer.shareResponse(message) }) }
}

function blockResponse(cid: string, bytes: Bytes | undefined, more: Record<string, string>): Response {
  const headers = {
    'content-type': mediaType,
    'x-content-type-options': 'nosniff',
    'content-disposition': `attachment; filename="${cid}.bin"`,
    etag: `"${cid}.raw"`,
    'cache-control': 'private, max-age=29030400, immutable',
    ...(bytes && { 'content-length': String(bytes.length) }),
    ...more,
  }
  return new Response(bytes ?? null, { status: 200, headers })
}

/** Thrown when a block is not the share-chunk that the client says it is. */
export class ShareMismatchError extends BaseError<'SHARE_MISMATCH'> {
  override readonly name = 'ShareMismatchError'
  constructor({ cid }: { cid?: string }) {
    super('SHARE_MISMATCH', `Block ${cid ?? ''} is not that chunk of that share.`, {
      hints: ['Take the CID from the leaf list of the share.'],
      docs: 'storage-node.md#reading',
    })
  }
}
