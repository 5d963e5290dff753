import * as z from 'zod'
import { randomBytes } from '#primitives'
import { type Bytes, type Hex, toHex } from '../bytes.ts'
import { maxRepairLength } from '../share/index.ts'
import { type Answer, AnswerError, call, type Fetch, NodeRefusedError, parseJson } from './call.ts'
import {
  acknowledgementShape,
  deletionShape,
  fromHeader,
  HeaderError,
  shareResponseShape,
  toHeader,
  toJson,
} from './json.ts'
import type { Acknowledgement, Deletion, ShareResponse, Signed } from './messages.ts'
import { type AbortOptions, BlockNotFoundError, checkBlock, maxBlockLength, type ShareStore } from './share-store.ts'

/** Which share-chunk is asked for: block `cid` is chunk `chunk` of share `index` under that manifest. */
export type ShareAsk = {
  readonly cid: string
  readonly manifestHash: Hex
  readonly index: number
  readonly chunk: number
}

/** What a node sent for a share-chunk, unchecked; `response` when it signed. */
export type ShareAnswer = {
  readonly body: Bytes
  readonly nonce?: Hex
  readonly response?: Signed<ShareResponse>
}

/** What a node is asked to acknowledge, by CID. */
export type AcknowledgeAsk = { readonly manifest: string; readonly placement: string; readonly index: number }

/** A storage node over HTTP. */
export type StorageClient = ShareStore & {
  readonly url: string
  /** The block's bytes from this node or, through it, from the swarm; `get` asks for what the node itself holds. */
  fetch(cid: string, options?: AbortOptions): Promise<Bytes>
  /** Fetches one share-chunk with the node's signature over what it sent. The body is not compared with the CID. The
   * answer is fresh by a nonce, drawn here unless it is given. */
  getShare(ask: ShareAsk & { readonly nonce?: Hex | undefined }, options?: AbortOptions): Promise<ShareAnswer>
  /** Asks for the node's signed word that it holds a whole share. */
  acknowledge(ask: AcknowledgeAsk, options?: AbortOptions): Promise<Signed<Acknowledgement>>
  /** Asks the node to delete what the ticket names, and for its signed word that it did. */
  deleteVersions(options?: AbortOptions): Promise<Signed<Deletion>>
  /** Has the node remove what it keeps of shares that renewed ones have followed; how many blocks went. */
  retireShares(options?: AbortOptions): Promise<{ readonly removed: number }>
  /** Asks for one step of a repair with r > 0 (docs/spec/share-renewal.md); bodies by `encodeRepairAsk`. */
  repair(step: 'pieces' | 'sums' | 'take' | 'open', body: Bytes, options?: StepOptions): Promise<Bytes>
  /** Asks for one step of a refresh or a change; bodies by `encodeRenewAsk`. */
  renew(step: RenewStep, body: Bytes, options?: StepOptions): Promise<Bytes>
  status(options?: AbortOptions): Promise<StorageStatus>
}

/** Steps of a refresh or a change (docs/spec/share-renewal.md#over-the-network). */
export type RenewStep = 'open' | 'take' | 'drop' | RefreshStep | ChangeStep
type RefreshStep = 'words' | 'rows' | 'posts' | 'checks' | 'finish'
type ChangeStep = 'seeds' | 'parts' | 'confirm' | 'show'

/** How a step is waited for: at most `timeout` ms, 120,000. */
type StepOptions = AbortOptions & { readonly timeout?: number | undefined }

const statusShape = z.object({
  operator: z.string(),
  /** Its X-Wing key, if it has one; the registry has the hash. */
  hpkePublicKey: z.string().max(2_000).optional(),
  blocks: z.number(),
  bytes: z.number(),
  /** False while the node takes no block for want of room. */
  room: z.boolean().default(true),
  /** True while the node goes: what it keeps should be moved off. */
  leaving: z.boolean().default(false),
  peers: z.number(),
  swarm: z.array(z.string().max(300)).max(32),
})
/** What a storage node tells about itself. */
export type StorageStatus = z.infer<typeof statusShape>

/** Speaks to one storage node. Reads follow the IPFS trustless gateway: the answer is compared with the CID, so the
 * node need not be trusted. It keeps nothing but the URL.
 * @example
 * const store = createHttpStore({ url: 'http://127.0.0.1:4101', authorize: async () => toAuthorization(ticket) })
 * await store.put(cid, block, { signal }) */
export function createHttpStore(options: createHttpStore.Options): StorageClient {
  const { authorize, timeout = 30_000, acknowledgeTimeout = 600_000, fetch = globalThis.fetch } = options
  const url = options.url.replace(/\/+$/, '')
  const ask = async (path: string, init: RequestInit, { signal }: AbortOptions, limit = 16_384, time = timeout) => {
    const headers = { ...(init.headers as Record<string, string> | undefined), authorization: await authorize() }
    return await call(`${url}${path}`, { ...init, headers }, { fetch, timeout: time, limit, signal })
  }
  const read = async (cid: string, headers: Record<string, string>, abort: AbortOptions): Promise<Answer> => {
    const accept = 'application/vnd.ipld.raw'
    const path = `/ipfs/${encodeURIComponent(cid)}?format=raw`
    return await missing(cid, ask(path, { headers: { accept, ...headers } }, abort, maxBlockLength))
  }
  const block = async (cid: string, headers: Record<string, string>, abort: AbortOptions): Promise<Bytes> => {
    const { body } = await read(cid, headers, abort)
    await checkBlock(cid, body)
    return body
  }
  const post = async (path: string, body: Bytes, { timeout: time = 120_000, ...abort }: StepOptions = {}) =>
    (await ask(path, { method: 'POST', body, headers: octets }, abort, maxRepairLength, time)).body
  return {
    url,
    async put(cid, bytes, abort = {}) {
      await checkBlock(cid, bytes)
      const { status } = await ask(`/v1/blocks/${cid}`, { method: 'PUT', body: bytes, headers: octets }, abort)
      // Whatever stands between here and the node may answer 200 to anything.
      if (status !== 201) throw new AnswerError({ url, reason: `${status} where it should say that it took a block` })
    },
    get: (cid, abort = {}) => block(cid, held, abort),
    fetch: (cid, abort = {}) => block(cid, {}, abort),
    async has(cid, abort = {}) {
      const path = `/ipfs/${encodeURIComponent(cid)}?format=raw`
      try {
        await missing(cid, ask(path, { method: 'HEAD', headers: held }, abort))
        return true
      } catch (error) {
        if (error instanceof BlockNotFoundError) return false
        throw error
      }
    },
    async getShare({ cid, manifestHash, index, chunk, nonce = toHex(randomBytes(32)) }, abort = {}) {
      const headers = { ...held, 'x-sharewell-share': toHeader({ manifestHash, index, chunk, nonce }) }
      const answer = await read(cid, headers, abort)
      const response = signedPart(answer.headers.get('x-sharewell-response'))
      return { body: answer.body, nonce, ...(response && { response }) }
    },
    async acknowledge(what, abort = {}) {
      const init = { method: 'POST', body: toJson(what), headers: { 'content-type': 'application/json' } }
      const { body } = await ask('/v1/acknowledge', init, abort, 16_384, acknowledgeTimeout)
      return parseJson(url, body, acknowledgementShape)
    },
    async deleteVersions(abort = {}) {
      const { body } = await ask('/v1/delete', { method: 'POST' }, abort, 16_384, acknowledgeTimeout)
      return parseJson(url, body, deletionShape)
    },
    async retireShares(abort = {}) {
      const { body } = await ask('/v1/retire', { method: 'POST' }, abort, 16_384, acknowledgeTimeout)
      return parseJson(url, body, retiredShape)
    },
    repair: (step, body, stepping) => post(`/v1/repair/${step}`, body, stepping),
    renew: (step, body, stepping) => post(`/v1/renew/${step}`, body, stepping),
    async status({ signal } = {}) {
      const { body } = await call(`${url}/v1/status`, {}, { fetch, timeout, limit: 65_536, signal })
      return parseJson(url, body, statusShape)
    },
  }
}

export declare namespace createHttpStore {
  type Options = {
    /** The node's endpoint, as the registry names it. */
    url: string
    /** Gives the value of `Authorization` for the next request, e.g. by `toAuthorization`. */
    authorize: () => Promise<string>
    /** Milliseconds that one block may take: 30,000. */
    timeout?: number | undefined
    /** Milliseconds that an acknowledgement may take, because the node reads its whole share again: 600,000. */
    acknowledgeTimeout?: number | undefined
    fetch?: Fetch | undefined
  }
}

const retiredShape = z.object({ removed: z.int().min(0) })

/** Only what the node itself holds. */
const held = { 'cache-control': 'only-if-cached' }
const octets = { 'content-type': 'application/octet-stream' }

/** A signature that cannot be read is none: such an answer is silence, not evidence. */
function signedPart(header: string | null): Signed<ShareResponse> | undefined {
  if (header === null) return undefined
  try {
    return fromHeader(header, shareResponseShape)
  } catch (error) {
    if (error instanceof HeaderError) return undefined
    throw error
  }
}

async function missing(cid: string, answer: Promise<Answer>): Promise<Answer> {
  try {
    return await answer
  } catch (cause) {
    if (cause instanceof NodeRefusedError && cause.status === 404) throw new BlockNotFoundError({ cid, cause })
    throw cause
  }
}
