import { mkdir, readFile } from 'node:fs/promises'
import type { AddressInfo, Socket } from 'node:net'
import { join } from 'node:path'
import { type ServerType, serve } from '@hono/node-server'
import type { Hex } from '@sharewell/sdk/bytes'
import { type Chain, connect, encodeTicket, type Network, parseNetwork, typedData } from '@sharewell/sdk/chain'
import { createHttpStore } from '@sharewell/sdk/place'
import type { Hono } from 'hono'
import pino from 'pino'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import * as z from 'zod'
import { createApp } from './app.ts'
import { chainAuthority } from './authority.ts'
import type { Components } from './components.ts'
import { openFaultStore } from './fault-store.ts'

const hex = (size: number) =>
  z
    .string()
    .regex(new RegExp(`^0x[0-9a-fA-F]{${2 * size}}$`))
    .transform((text) => text.toLowerCase() as Hex)
const configShape = z.object({
  /** Id of the operator in ActorRegistry. */
  operator: hex(16),
  /** Key of the operator's account: it signs frames and tickets and moves nothing. */
  privateKey: hex(32),
  /** The network as `parseNetwork` reads it. */
  network: z.unknown(),
  /** Where proofs against storage nodes are kept. */
  folder: z.string().min(1),
  hostname: z.string().default('127.0.0.1'),
  port: z.int().min(0).max(65_535).default(0),
  logLevel: z.enum(['silent', 'error', 'warn', 'info', 'debug']).default('info'),
})

/** The config file of a reconstructor. */
export type Config = z.input<typeof configShape>

/** Starts a reconstructor and returns once it listens; `close` lets running jobs end, then cuts them off.
 * `wrap` stands between app and port; tests make a liar of it.
 * @example
 * const worker = await start({ operator, privateKey, network, folder: 'data/reconstructor-1' }) */
export async function start(
  config: Config,
  { wrap = createApp }: { readonly wrap?: (components: Components) => Hono } = {},
): Promise<{ readonly url: string; close(): Promise<void> }> {
  const { operator, privateKey, folder, hostname, port, logLevel } = configShape.parse(config)
  const network = parseNetwork(config.network)
  const account = privateKeyToAccount(privateKey)
  const chain = await connect(network, { patience: 60_000 })
  await mkdir(folder, { recursive: true })
  const authorize = ticketsOf(network, operator, account, chain)
  const log = pino({ level: logLevel, base: { service: 'reconstructor' } })
  const app = wrap({
    operator,
    networkId: network.networkId,
    authority: chainAuthority(chain),
    connect: (node) => createHttpStore({ url: node.endpoint, authorize: () => authorize(node.operator) }),
    sign: {
      frame: (message) => account.signTypedData(typedData(network, 'Frame', message)),
      receipt: (message) => account.signTypedData(typedData(network, 'WorkReceipt', message)),
    },
    faults: openFaultStore(join(folder, 'faults.jsonl')),
    log,
    clock: chain.clock,
  })
  const server = serve({ fetch: app.fetch, hostname, port, serverOptions, overrideGlobalObjects: false })
  const sockets = socketsOf(server)
  await listening(server)
  const url = `http://${hostname}:${(server.address() as AddressInfo).port}`
  log.info({ url }, 'listening')
  return { url, close: () => stop(server, sockets) }
}

/** For each storage node a ticket that no other takes, for ten minutes, renewed before it ends. */
function ticketsOf(network: Network, operator: Hex, account: PrivateKeyAccount, chain: Chain) {
  const tickets = new Map<Hex, { readonly renewAt: number; readonly header: Promise<string> }>()
  const sign = async (node: Hex, notAfter: number) => {
    const message = { operator, node, notAfter }
    const signature = await account.signTypedData(typedData(network, 'OperatorTicket', message))
    return encodeTicket({ kind: 'OperatorTicket', message, signature })
  }
  return async (node: Hex): Promise<string> => {
    const now = chain.clock()
    const known = tickets.get(node)
    if (known && now < known.renewAt) return await known.header
    const header = sign(node, now + 600)
    tickets.set(node, { renewAt: now + 300, header })
    return await header
  }
}

/** A client that is slow with its header or body is cut off. */
const serverOptions = { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 10_000 }

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

/** Lets running jobs end for 5 s, then cuts them off. Connections on which nothing ever came, as browsers keep them
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
  const worker = await start(JSON.parse(await readFile(process.argv[2] ?? 'reconstructor.json', 'utf8')))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void worker.close())
}
