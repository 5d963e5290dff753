import { type Bytes, fromHex, type Hex, toHex } from '@sharewell/sdk/bytes'
import {
  type Chain,
  encodeTicket,
  type FollowedAudit,
  operatorInfo,
  SignatureError,
  signMessage,
  verifyMessage,
  view,
} from '@sharewell/sdk/chain'
import { BaseError } from '@sharewell/sdk/errors'
import {
  askSource,
  createHttpStore,
  type FaultFile,
  loadShareLeaves,
  type ShareAnswer,
  type ShareResponse,
  type ShareSource,
  type Signed,
  type StorageClient,
  withDeadline,
} from '@sharewell/sdk/place'
import { sha256 } from '@sharewell/sdk/primitives'
import { cidOf, type Manifest, parseManifest } from '@sharewell/sdk/share'

/** An audit whose chunk and auditors are drawn. */
export type DrawnAudit = FollowedAudit & { readonly drawn: NonNullable<FollowedAudit['drawn']> }

/** What came of asking a node: its signed answer over the right bytes, or why there is none. */
export type Look =
  | { readonly response: Signed<ShareResponse> }
  | { readonly reason: string; readonly lie?: FaultFile | undefined }

/**
 * Asks the node of an audit for its chunk, once. Everything comes from that node, under this auditor's own ticket: manifest
 * and leaf list by their hashes, the chunk with the node's signature under nonce = audit. What the node does wrong is a
 * reason; what the chain or this process does wrong is thrown, and says nothing of the node.
 * Undefined where the list is longer than this auditor takes. Memory: the list, and one chunk.
 */
export async function lookAt(
  chain: Chain,
  audit: DrawnAudit,
  { timeout, signal }: { readonly timeout: number; readonly signal: AbortSignal },
): Promise<Look | undefined> {
  const info = await operatorInfo(chain, audit, { signal })
  const { final } = await view(chain, { signal })
  const message = { audit: audit.audit, notAfter: chain.clock() + ticketLife }
  const ticket = { kind: 'AuditTicket', message, signature: await signMessage(chain, 'AuditTicket', message) } as const
  const authorize = async () => encodeTicket(ticket)
  const store = createHttpStore({ url: info?.endpoint ?? '', authorize, timeout })
  const isSigned = async (_: Hex, { message, signature }: Signed<ShareResponse>): Promise<boolean> => {
    const signed = { kind: 'ShareResponse', message, signature, signer: info?.account ?? '0x' } as const
    return await verifyMessage(chain, signed, { at: final, signal }).then(
      () => true,
      (error: unknown) => {
        if (error instanceof SignatureError) return false
        throw error
      },
    )
  }
  const described = await ofNode(() => manifestFrom(chain, store, audit, { timeout, signal }), signal)
  if ('reason' in described) return described
  const { manifest, bytes } = described
  if ((manifest.shareLeaves[audit.j]?.length ?? 0) > mostLists) return undefined
  const { answer, fault } = await askOnce({ store, manifest, audit, isSigned, timeout, signal })
  signal.throwIfAborted()
  if (fault) {
    const { proof, reason, detail } = fault
    const { networkId, chainId, contracts } = chain.network
    const network = { networkId, chainId, recordRegistry: contracts.recordRegistry }
    const accused = info && { operator: audit.operator, account: info.account.toLowerCase() as Hex }
    return { reason: `${reason}: ${detail}`, ...(proof && { lie: { network, manifest: bytes, proof, accused } }) }
  }
  const { response, body } = answer
  if (!response || !isAbout(response.message, { manifest, audit, body }))
    return { reason: 'unsigned: the chunk came without its word' }
  return (await isSigned(audit.operator, response)) ? { response } : { reason: 'unsigned: another account signed' }
}

/** Seconds that a ticket lives. */
const ticketLife = 600
/** Blocks of a leaf list that are taken: 64 MiB, of shares of 2 TiB. */
const mostLists = 64

type Bounds = { readonly timeout: number; readonly signal: AbortSignal }

async function manifestFrom(
  chain: Chain,
  store: StorageClient,
  { manifestHash }: Pick<DrawnAudit, 'manifestHash'>,
  { timeout, signal }: Bounds,
) {
  const get = (inner: AbortSignal) => store.get(cidOf(fromHex(manifestHash, 32)), { signal: inner })
  const bytes = await withDeadline('a manifest', timeout, { signal }, get)
  return { ...parseManifest(bytes, { networkId: fromHex(chain.network.networkId, 32) }), bytes }
}

/** What the node's failure tells, in a line; what the caller ended stays ended. */
async function ofNode<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T | { readonly reason: string }> {
  try {
    return await work()
  } catch (error) {
    signal.throwIfAborted()
    if (!(error instanceof BaseError)) throw error
    return { reason: error.code }
  }
}

type Asking = Bounds & {
  readonly store: StorageClient
  readonly manifest: Manifest
  readonly audit: DrawnAudit
  readonly isSigned: (operator: Hex, signed: Signed<ShareResponse>) => Promise<boolean>
}

async function askOnce({ store, manifest, audit: named, isSigned, timeout, signal }: Asking) {
  const { audit, operator, manifestHash, j, drawn } = named
  let answer: ShareAnswer = { body: new Uint8Array() }
  const source: ShareSource = {
    operator,
    index: j,
    async fetch(ask, options) {
      answer = await store.getShare({ ...ask, nonce: audit }, options)
      return answer
    },
  }
  const leaves = (index: number, options: { readonly signal?: AbortSignal | undefined }) =>
    loadShareLeaves(manifest, index, [{ operator, store }], { ...options, timeout })
  const asked = { manifest, manifestHash, leaves, verify: isSigned, timeout }
  const { fault } = await askSource(asked, source, drawn.i, signal)
  return { answer, fault }
}

type Shown = { readonly manifest: Manifest; readonly audit: DrawnAudit; readonly body: Bytes }

/** Whether the node speaks of this very question, and of the bytes that it sent. */
function isAbout(message: ShareResponse, { manifest, audit: { audit, manifestHash, j, drawn }, body }: Shown): boolean {
  const asked = message.nonce === audit && message.manifestHash === manifestHash && message.j === j
  const root = manifest.T[j]
  const sent = message.digest === toHex(sha256(body)) && message.length === body.length
  return asked && sent && message.i === drawn.i && root !== undefined && message.shareRoot === toHex(root)
}
