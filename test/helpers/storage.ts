import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { serve } from '@hono/node-server'
import type { Hex } from '@sharewell/sdk/bytes'
import { type Network, TicketError } from '@sharewell/sdk/chain'
import { publicKeyOf, seedLength } from '@sharewell/sdk/envelope'
import { createHttpStore, type StorageClient } from '@sharewell/sdk/place'
import { type HeliaStore, openHeliaStore } from '@sharewell/sdk/place/helia'
import { randomBytes } from '@sharewell/sdk/primitives'
import type { Hono } from 'hono'
import pino from 'pino'
import { createApp } from '../../services/storage-node/src/app.ts'
import type { Authority } from '../../services/storage-node/src/authority.ts'
import type { Components, Limits } from '../../services/storage-node/src/components.ts'
import { type Ledger, openLedger } from '../../services/storage-node/src/ledger.ts'
import { openRenewals } from '../../services/storage-node/src/renew-files.ts'
import { type Party, signerFor } from './parties.ts'

/** A storage node over HTTP with its own folder, and an authority that believes what the ticket says. */
export type TestNode = Party & {
  readonly networkId: Hex
  readonly url: string
  readonly folder: string
  readonly app: Hono
  readonly store: HeliaStore
  readonly ledger: Ledger
  /** A client with a ticket to write `recordId`, or to read it. */
  client(ticket: string): StorageClient
  /** Connects its swarm to another node's. */
  meet(other: TestNode): Promise<void>
  close(): Promise<void>
}

/** Tickets of {@link openNode}: `write <recordId> <maxBytes>`, `read <recordId|any>`, `erase <recordId> <version>`,
 * `retire <recordId> <manifestHash> <placementHash>`. */
export const paperAuthority: Authority = {
  async write(header) {
    const [act, recordId, maxBytes] = header?.split(' ') ?? []
    if (act !== 'write' || !recordId) throw new TicketError({ reason: 'there is none' })
    return { recordId: recordId as Hex, version: 1, maxBytes: Number(maxBytes) }
  },
  async read(header, records) {
    const [act, recordId] = header?.split(' ') ?? []
    if (act !== 'read' || !recordId) throw new TicketError({ reason: 'there is none' })
    return recordId === 'any' || records.includes(recordId as Hex)
  },
  async erase(header) {
    const [act, recordId, version] = header?.split(' ') ?? []
    if (act !== 'erase' || !recordId) throw new TicketError({ reason: 'there is none' })
    return { recordId: recordId as Hex, version: Number(version) }
  },
  async standing(header) {
    const [act, recordId, manifestHash, placementHash] = (header?.split(' ') ?? []) as [string, Hex?, Hex?, Hex?]
    if (act !== 'retire' || !recordId || !manifestHash || !placementHash)
      throw new TicketError({ reason: 'there is none' })
    return { recordId, version: 1, manifestHash, placementHash, maxBytes: 2 ** 40 }
  },
  async current() {
    throw new TicketError({ reason: 'there is none' })
  },
  keeper: async () => undefined,
  relocates: async () => false,
  head: async () => 0,
  finalHash: async () => undefined,
}

/** A fresh X-Wing key. */
export function hpkePair() {
  const seed = randomBytes(seedLength)
  return { seed, publicKey: publicKeyOf(seed) }
}

/** Starts a storage node of `party`. */
export async function openNode(network: Network, party: Party, options: openNode.Options = {}): Promise<TestNode> {
  const { over } = options
  const folder = over?.folder ?? (await mkdtemp(join(tmpdir(), 'storage-node-')))
  const ledger = over?.ledger ?? openLedger(join(folder, 'ledger.sqlite'))
  const store = over?.store ?? (await openHeliaStore(folder, { serves: ledger.serves, fetchTimeout: 3_000 }))
  const { operator, account } = party
  const app = (options.wrap ?? createApp)({
    operator,
    networkId: network.networkId,
    store,
    ledger,
    authority: options.authority ?? paperAuthority,
    swarm: { join: async () => undefined },
    hpke: hpkePair(),
    renewals: openRenewals(folder),
    author: account,
    room: { missing: () => undefined, left: async () => true },
    sign: {
      acknowledgement: signerFor(network, 'Acknowledgement', account),
      shareResponse: signerFor(network, 'ShareResponse', account),
      deletion: signerFor(network, 'Deletion', account),
    },
    log: pino({ level: 'silent' }),
    clock: () => Math.floor(Date.now() / 1000),
    limits: options.limits,
  })
  const server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0, overrideGlobalObjects: false })
  await new Promise<void>((resolve) => server.once('listening', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    ...party,
    networkId: network.networkId,
    url,
    folder,
    app,
    store,
    ledger,
    client: (ticket) => createHttpStore({ url, authorize: async () => ticket, timeout: 15_000 }),
    meet: (other) => store.connect(other.store.addresses()[0] as string),
    async close() {
      if ('closeAllConnections' in server) server.closeAllConnections()
      await new Promise<void>((resolve) => void server.close(() => resolve()))
      if (over) return
      await store.close()
      ledger.close()
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 })
    },
  }
}

export declare namespace openNode {
  type Options = {
    authority?: Authority
    limits?: Partial<Limits>
    /** Stands between app and port. */
    wrap?: (components: Components) => Hono
    /** Another face of a node that is already open: same folder, same blocks. */
    over?: TestNode
  }
}
