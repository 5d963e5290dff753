import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import type { Hex } from '@sharewell/sdk/bytes'
import { createReplyKey, hashMessage, type Message, type Network, RebuildRefusedError } from '@sharewell/sdk/chain'
import { createHttpStore, type RebuildBody, type ShareAsk, type Worker } from '@sharewell/sdk/place'
import type { Hono } from 'hono'
import pino from 'pino'
import type { LocalAccount } from 'viem'
import { createApp } from '../../services/reconstructor/src/app.ts'
import type { Authority } from '../../services/reconstructor/src/authority.ts'
import type { Components, Limits } from '../../services/reconstructor/src/components.ts'
import { type FaultStore, openFaultStore } from '../../services/reconstructor/src/fault-store.ts'
import { type Party, signerFor, signingFacts, verifierFor } from './parties.ts'
import type { SealedRecord } from './sealed-record.ts'

/** A reconstructor over HTTP, with an authority that lets everybody have the records that it knows. */
export type TestWorker = Party & {
  readonly url: string
  readonly app: Hono
  readonly faults: FaultStore
  close(): Promise<void>
}

/** What a storage node is to a worker. */
export type NodeAddress = Party & { readonly url: string }

/** Starts a reconstructor of `party` over these nodes and records. */
export async function openWorker(network: Network, party: Party, options: openWorker.Options): Promise<TestWorker> {
  const { nodes, records, wrap = createApp, limits, readerOf = () => someone, onShare } = options
  const authority: Authority = {
    async check({ recordId, request }) {
      const record = records.find((one) => one.recordId === recordId)
      if (!record) throw new RebuildRefusedError({ reason: 'UNKNOWN_RECORD' })
      if (record.manifestHash !== request.manifestHash) throw new RebuildRefusedError({ reason: 'OTHER_MANIFEST' })
      const { manifestHash, placementHash } = record
      return { recordId, version: 1, manifestHash, placementHash, reader: readerOf(request) }
    },
    nodes: async () =>
      nodes.map(({ operator, account, url }) => ({
        operator,
        account: account.address.toLowerCase() as Hex,
        endpoint: url,
      })),
    verifyShare: verifierFor(network, 'ShareResponse', nodes),
  }
  const faults = openFaultStore()
  const app = wrap({
    operator: party.operator,
    network: signingFacts(network),
    authority,
    connect({ endpoint }) {
      const client = createHttpStore({ url: endpoint, authorize: async () => 'read any', timeout: 15_000 })
      const getShare: typeof client.getShare = (ask, abort) => {
        onShare?.(ask)
        return client.getShare(ask, abort)
      }
      return { ...client, getShare }
    },
    sign: {
      frame: signerFor(network, 'Frame', party.account),
      receipt: signerFor(network, 'WorkReceipt', party.account),
    },
    faults,
    log: pino({ level: 'silent' }),
    clock: () => Math.floor(Date.now() / 1000),
    // A busy machine must not make an honest node look as if it hung.
    limits: { shareTimeout: 15_000, shareGrace: 15_000, ...limits },
  })
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0, overrideGlobalObjects: false })
  await new Promise<void>((resolve) => server.once('listening', resolve))
  return {
    ...party,
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    app,
    faults,
    async close() {
      if ('closeAllConnections' in server) server.closeAllConnections()
      await new Promise<void>((resolve) => void server.close(() => resolve()))
    },
  }
}

export declare namespace openWorker {
  type Options = {
    nodes: readonly NodeAddress[]
    records: readonly SealedRecord[]
    wrap?: (components: Components) => Hono
    limits?: Partial<Limits>
    /** Hears each share-chunk that a node is asked for. */
    onShare?: (ask: ShareAsk) => void
    /** Whose request it is: everybody's is the same reader's, unless a test says otherwise. */
    readerOf?: (request: Message<'RebuildRequest'>) => Hex
  }
}

const someone: Hex = `0x${'22'.repeat(20)}`
const zero: Hex = `0x${'00'.repeat(32)}`

/** Signs a request for chunks of a record, as its controller would. */
export async function rebuildBody(
  network: Network,
  record: SealedRecord,
  reader: LocalAccount,
  { first, count, nonce }: { first: number; count: number; nonce: Hex },
  { operator }: Pick<Worker, 'operator'>,
): Promise<RebuildBody> {
  const key = createReplyKey({ network, clock: () => Math.floor(Date.now() / 1000) })
  const request: Message<'RebuildRequest'> = {
    manifestHash: record.manifestHash,
    first,
    count,
    releaseRequest: zero,
    nonce,
    replyKeyHash: key.hash,
    notAfter: Math.floor(Date.now() / 1000) + 300,
  }
  const signature = await signerFor(network, 'RebuildRequest', reader)(request)
  const possession = await key.prove(hashMessage(network, 'RebuildRequest', request), operator)
  return { request, signature, possession, record: { recordId: record.recordId } }
}
