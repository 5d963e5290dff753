import { mkdir, readFile } from 'node:fs/promises'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { type ServerType, serve } from '@hono/node-server'
import type { Hex } from '@sharewell/sdk/bytes'
import { connect, type Message, operators, parseNetwork, typedData } from '@sharewell/sdk/chain'
import { type HeliaStore, openHeliaStore } from '@sharewell/sdk/place/helia'
import type { Hono } from 'hono'
import pino from 'pino'
import { privateKeyToAccount } from 'viem/accounts'
import * as z from 'zod'
import { createApp } from './app.ts'
import { chainAuthority } from './authority.ts'
import type { Components } from './components.ts'
import { openLedger } from './ledger.ts'
import { createSwarm } from './swarm.ts'

const hex = (size: number) =>
  z
    .string()
    .regex(new RegExp(`^0x[0-9a-fA-F]{${2 * size}}$`))
    .transform((text) => text.toLowerCase() as Hex)
const configShape = z.object({
  /** Id of the operator in ActorRegistry. */
  operator: hex(16),
  /** Key of the operator's account: it signs what the node says and moves nothing. */
  privateKey: hex(32),
  /** The network as `parseNetwork` reads it. */
  network: z.unknown(),
  /** Where blocks and ledger lie. */
  folder: z.string().min(1),
  hostname: z.string().default('127.0.0.1'),
  port: z.int().min(0).max(65_535).default(0),
  /** Addresses of this node in the swarm. */
  listen: z.array(z.string()).default(['/ip4/127.0.0.1/tcp/0']),
  /** Endpoints of the other storage nodes; those of the registry when absent. */
  peers: z.array(z.url()).optional(),
  logLevel: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
})

/** The config file of a storage node. */
export type Config = z.input<typeof configShape>

/** Starts a storage node and returns once it listens; `close` lets running requests end, then puts everything down.
 * `wrap` stands between app and port; tests make a liar of it.
 * @example
 * const node = await start({ operator, privateKey, network, folder: 'data/storage-1' }) */
export async function start(
  config: Config,
  { wrap = createApp }: { readonly wrap?: (components: Components) => Hono } = {},
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const { operator, privateKey, folder, hostname, port, listen, peers, logLevel } = configShape.parse(config)
  const network = parseNetwork(config.network)
  const log = pino({ level: logLevel, base: { service: 'storage-node' } })
  const account = privateKeyToAccount(privateKey)
  const chain = await connect(network, { patience: 60_000 })
  await mkdir(folder, { recursive: true })
  const ledger = openLedger(join(folder, 'ledger.sqlite'))

  let store: HeliaStore | undefined
  const endpoints = async () => {
    if (peers) return peers
    const all = await operators(chain, { kind: 'storage' })
    return all.filter(({ id, active }) => active && id !== operator).map(({ endpoint }) => endpoint)
  }
  const swarm = createSwarm({ endpoints, node: () => store as HeliaStore })
  store = await openHeliaStore(folder, { listen, serves: ledger.serves, admits: swarm.admits })
  const app = wrap({
    operator,
    networkId: network.networkId,
    store,
    ledger,
    authority: chainAuthority(chain, { operator }),
    swarm,
    sign: {
      acknowledgement: (message) => account.signTypedData(typedData(network, 'Acknowledgement', message)),
      shareResponse: (message: Message<'ShareResponse'>) =>
        account.signTypedData(typedData(network, 'ShareResponse', message)),
    },
    log,
    clock: chain.clock,
  })
  const server = serve({ fetch: app.fetch, hostname, port, serverOptions, overrideGlobalObjects: false })
  const sockets = socketsOf(server)
  await listening(server)
  const url = `http://${hostname}:${(server.address() as AddressInfo).port}`
  log.info({ url }, 'listening')
  const opened = store
  return {
    url,
    async close() {
      await stop(server, sockets)
      await opened.close()
      ledger.close()
    },
  }
}

/** A client that is slow with its header or body is cut off. */
const serverOptions = { headersTimeout: 10_000, requestTimeout: 120_000, keepAliveTimeout: 10_000 }

async function listening(server: ServerType): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  server.once('listening', resolve)
  server.once('error', reject)
  await promise
}

/** The connections of a server. */
function socketsOf(server: ServerType): ReadonlySet<Socket> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return sockets
}

/** Lets running requests end for 5 s, then cuts them off. Connections on which nothing ever came, as browsers keep them
 * ready, are cut off at once: Node counts them as busy. */
async function stop(server: ServerType, sockets: ReadonlySet<Socket>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  server.close(() => resolve())
  if ('closeIdleConnections' in server) server.closeIdleConnections()
  for (const socket of sockets) if (socket.bytesRead === 0) socket.destroy()
  const timer = setTimeout(() => 'closeAllConnections' in server && server.closeAllConnections(), 5_000)
  await promise
  clearTimeout(timer)
}

if (import.meta.main) {
  const node = await start(JSON.parse(await readFile(process.argv[2] ?? 'storage-node.json', 'utf8')))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void node.close())
}
