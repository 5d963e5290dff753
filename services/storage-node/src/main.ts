import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createLog, hex, type Listening, listen, readConfig, runService, serverShape } from '@sharewell/host'
import { connect, type Message, operators, parseNetwork, typedData } from '@sharewell/sdk/chain'
import { type HeliaStore, openHeliaStore } from '@sharewell/sdk/place/helia'
import type { Hono } from 'hono'
import { privateKeyToAccount } from 'viem/accounts'
import * as z from 'zod'
import { createApp } from './app.ts'
import { chainAuthority } from './authority.ts'
import type { Components } from './components.ts'
import { openHpkeKey } from './hpke-key.ts'
import { openLedger } from './ledger.ts'
import { openRenewals } from './renew-files.ts'
import { createRoom } from './room.ts'
import { createSwarm } from './swarm.ts'

const configShape = z.strictObject({
  ...serverShape,
  /** Id of the operator in ActorRegistry. */
  operator: hex(16),
  /** Key of the operator's account: it signs what the node says and moves nothing. */
  privateKey: hex(32),
  /** The network as `parseNetwork` reads it. */
  network: z.unknown(),
  /** Where blocks and ledger lie. */
  folder: z.string().min(1),
  /** Addresses of this node in the swarm. */
  listen: z.array(z.string()).default(['/ip4/127.0.0.1/tcp/0']),
  /** Endpoints of the other storage nodes; those of the registry when absent. */
  peers: z.array(z.url()).optional(),
  /** The node goes: it takes no further records, and what it keeps is moved off. */
  leaving: z.boolean().default(false),
})

/** The config file of a storage node. */
export type Config = z.input<typeof configShape>

/** Starts a storage node and returns once it listens; `close` lets running requests end, then puts everything down.
 * `wrap` stands between app and port; tests make a liar of it, and turn its `clock`.
 * @example
 * const node = await start({ operator, privateKey, network, folder: 'data/storage-1' }) */
export async function start(
  config: Config,
  {
    wrap = createApp,
    clock,
  }: { readonly wrap?: (components: Components) => Hono; readonly clock?: (() => number) | undefined } = {},
): Promise<Listening> {
  const {
    operator,
    privateKey,
    folder,
    listen: swarmAddresses,
    peers,
    leaving,
    logLevel,
    ...address
  } = readConfig(configShape, config)
  const network = parseNetwork(address.network)
  const log = createLog({ service: 'storage-node', level: logLevel })
  const account = privateKeyToAccount(privateKey)
  const chain = await connect(network, { clock, patience: 60_000 })
  await mkdir(folder, { recursive: true })
  const hpke = await openHpkeKey(folder)
  const ledger = openLedger(join(folder, 'ledger.sqlite'))

  let store: HeliaStore | undefined
  const endpoints = async () => {
    if (peers) return peers
    const all = await operators(chain, { kind: 'storage' })
    return all.filter(({ id, active }) => active && id !== operator).map(({ endpoint }) => endpoint)
  }
  const swarm = createSwarm({ endpoints, node: () => store as HeliaStore })
  store = await openHeliaStore(folder, { listen: swarmAddresses, serves: ledger.serves, admits: swarm.admits })
  const app = wrap({
    operator,
    networkId: network.networkId,
    store,
    ledger,
    authority: chainAuthority(chain, { operator }),
    swarm,
    room: createRoom(folder),
    leaving,
    hpke,
    renewals: openRenewals(folder),
    author: account,
    sign: {
      acknowledgement: (message) => account.signTypedData(typedData(network, 'Acknowledgement', message)),
      shareResponse: (message: Message<'ShareResponse'>) =>
        account.signTypedData(typedData(network, 'ShareResponse', message)),
      deletion: (message) => account.signTypedData(typedData(network, 'Deletion', message)),
    },
    log,
    clock: chain.clock,
  })
  const server = await listen(app, address)
  log.info({ port: Number(new URL(server.url).port) }, 'listening')
  const opened = store
  return {
    url: server.url,
    async close() {
      await server.close()
      await opened.close()
      ledger.close()
    },
  }
}

await runService(import.meta.url, start)
