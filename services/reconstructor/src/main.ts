import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createLog, hex, type Listening, type Log, listen, readConfig, runService, serverShape } from '@sharewell/host'
import type { Hex } from '@sharewell/sdk/bytes'
import {
  type Chain,
  connect,
  encodeTicket,
  hasAudits,
  type Network,
  NoAuditsError,
  type Operator,
  parseNetwork,
  typedData,
} from '@sharewell/sdk/chain'
import { createHttpStore } from '@sharewell/sdk/place'
import type { Hono } from 'hono'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import * as z from 'zod'
import { createApp } from './app.ts'
import { startAuditor } from './audit/auditor.ts'
import { chainAuthority } from './authority.ts'
import { type CareOptions, type Caretaker, startCaretaker } from './care/caretaker.ts'
import type { Components } from './components.ts'
import { openFaultStore } from './fault-store.ts'

const configShape = z.strictObject({
  ...serverShape,
  /** Id of the operator in ActorRegistry. */
  operator: hex(16),
  /** Key of the operator's account: it signs frames and tickets, and sends what an auditor does. */
  privateKey: hex(32),
  /** The network as `parseNetwork` reads it. */
  network: z.unknown(),
  /** Where proofs of lies are kept, in `faults`. */
  folder: z.string().min(1),
  /** Looks after the records of an organization: docs/spec/health.md. */
  care: z
    .strictObject({
      /** Seconds from one round to the next. */
      interval: z.int().positive().default(3_600),
      organization: hex(16).optional(),
      /** Key of an account that deposits for the organization; without it nothing is repaired. */
      depositorKey: hex(32).optional(),
      /** Seconds after which a silent node is taken for gone. */
      silence: z.int().positive().default(86_400),
      /** Chunks of each share that are asked for. */
      samples: z.int().positive().default(4),
      /** Shares beyond t below which a record is endangered. */
      spare: z.int().min(0).optional(),
      /** Seconds after which shares that hide something are refreshed; without it they are not. */
      refresh: z.int().min(86_400).optional(),
    })
    .optional(),
  /** Judges for its house whether nodes are silent: docs/spec/audits.md. */
  audit: z
    .strictObject({
      /** Milliseconds from one look at the chain to the next; a draw waits for 256 blocks at most. */
      interval: z.int().positive().max(60_000).default(15_000),
    })
    .optional(),
})

/** The config file of a reconstructor. */
export type Config = z.input<typeof configShape>

/** Starts a reconstructor and returns once it listens; `close` lets running jobs end, then cuts them off.
 * `wrap` stands between app and port; tests make a liar of it, and turn its `clock`.
 * @example
 * const worker = await start({ operator, privateKey, network, folder: 'data/reconstructor-1' }) */
export async function start(
  config: Config,
  {
    wrap = createApp,
    clock,
  }: { readonly wrap?: (components: Components) => Hono; readonly clock?: (() => number) | undefined } = {},
): Promise<Listening> {
  const { operator, privateKey, folder, logLevel, care, audit, ...address } = readConfig(configShape, config)
  const network = parseNetwork(address.network)
  if (audit && !hasAudits({ network })) throw new NoAuditsError({})
  const account = privateKeyToAccount(privateKey)
  const chain = await connect(network, { account, clock, patience: 60_000 })
  await mkdir(folder, { recursive: true })
  const authorize = ticketsOf(network, operator, account, chain)
  const log = createLog({ service: 'reconstructor', level: logLevel })
  const caretaker = care && (await caretakerOf(chain, { ...care, operator, folder, authorize, log }))
  const faults = openFaultStore(join(folder, 'faults'))
  const auditor = audit && startAuditor({ chain, faults, log }, { ...audit, operator, folder })
  const app = wrap({
    operator,
    network: {
      networkId: network.networkId,
      chainId: network.chainId,
      recordRegistry: network.contracts.recordRegistry,
    },
    authority: chainAuthority(chain, { operator }),
    connect: (node) => createHttpStore({ url: node.endpoint, authorize: () => authorize(node.operator) }),
    sign: {
      frame: (message) => account.signTypedData(typedData(network, 'Frame', message)),
      receipt: (message) => account.signTypedData(typedData(network, 'WorkReceipt', message)),
    },
    faults,
    care: caretaker,
    auditor,
    log,
    clock: chain.clock,
  })
  const server = await listen(app, address)
  log.info({ port: Number(new URL(server.url).port) }, 'listening')
  return {
    url: server.url,
    async close() {
      await Promise.all([caretaker?.close(), auditor?.close()])
      await server.close()
    },
  }
}

type Care = NonNullable<z.output<typeof configShape>['care']> & Pick<CareOptions, 'operator' | 'folder'>

/** Starts the caretaker that the config asks for; it reads by the operator's own tickets. */
async function caretakerOf(
  chain: Chain,
  { depositorKey, authorize, log, ...options }: Care & { authorize: (node: Hex) => Promise<string>; log: Log },
): Promise<Caretaker> {
  const account = depositorKey && privateKeyToAccount(depositorKey)
  const depositor = account && (await connect(chain.network, { account, patience: 60_000 }))
  const read = ({ id, endpoint }: Operator) => createHttpStore({ url: endpoint, authorize: () => authorize(id) })
  return startCaretaker({ chain, depositor, read, log }, options)
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

await runService(import.meta.url, start)
