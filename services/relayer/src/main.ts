import {
  createLog,
  hex,
  type Listening,
  type Log,
  listen,
  NotReadyError,
  readConfig,
  runService,
  serverShape,
} from '@sharewell/host'
import { connect, parseNetwork } from '@sharewell/sdk/chain'
import { privateKeyToAccount } from 'viem/accounts'
import * as z from 'zod'
import { createApp } from './app.ts'
import { createBudgets } from './budgets.ts'
import { createCarrier } from './carrier.ts'
import { createGate } from './gate.ts'
import { createSender } from './sender.ts'

const count = z.int().positive()

/** What a relayer is told: a JSON file, readable by its process alone. */
export const configShape = z.strictObject({
  ...serverShape,
  network: z.unknown(),
  /** Of the account that pays. Nothing else uses it, another relayer neither. */
  privateKey: hex(32),
  limits: z
    .strictObject({
      /** Carried for one pseudonym, openings and closings each. */
      patientMinute: count.default(20),
      patientDay: count.default(200),
      /** Carried in all in a minute. */
      openings: count.default(300),
      closings: count.default(300),
      registrations: count.default(60),
      /** Of one reader: sessions begun, ended, and requests logged each. */
      readerMinute: count.default(30),
      readerDay: count.default(600),
      /** Of all readers in a minute: sessions begun and ended each, requests logged. */
      sessions: count.default(120),
      asked: count.default(600),
      /** Messages looked at at once; others wait. */
      atOnce: count.default(8),
      /** Requests at once, those that wait among them. */
      requests: count.default(256),
      /** Gas of one transaction. */
      gas: count.default(4_000_000),
    })
    .prefault({}),
  /** Milliseconds that a transaction may take into a block. */
  receiptTimeout: count.default(30_000),
  /** Milliseconds that a body may take to arrive. */
  bodyTimeout: count.default(10_000),
})

/** What is carried in all in a minute. */
const inAll = ({ openings, closings, registrations, sessions, asked }: z.output<typeof configShape>['limits']) => ({
  opening: openings,
  closing: closings,
  registration: registrations,
  beginning: sessions,
  ending: sessions,
  asking: asked,
})

/** Options of {@link start}, as in the JSON file. */
export type Config = z.input<typeof configShape>

/** Starts a relayer.
 * @example
 * const relayer = await start({ port: 0, network, privateKey }) */
export async function start(input: Config, options: start.Options = {}): Promise<Listening> {
  const { network, privateKey, limits, receiptTimeout, bodyTimeout, logLevel, ...address } = readConfig(
    configShape,
    input,
  )
  const log = options.log ?? createLog({ service: 'relayer', level: logLevel })
  const chain = await connect(parseNetwork(network), { patience: 60_000, clock: options.clock })
  const account = privateKeyToAccount(privateKey)
  const stop = new AbortController()
  const { patientMinute, patientDay, readerMinute, readerDay } = limits
  const carrier = createCarrier({
    chain,
    account: account.address,
    sender: createSender(chain, account),
    budgets: createBudgets({ patientMinute, patientDay, readerMinute, readerDay, minute: inAll(limits) }),
    gate: createGate(limits.atOnce),
    maxGas: BigInt(limits.gas),
    receiptTimeout,
    signal: stop.signal,
  })
  const app = createApp({ chain, account: account.address, carrier, requests: limits.requests, bodyTimeout, log })
  const server = await listen(app, address)
  log.info({ port: Number(new URL(server.url).port) }, 'listening')
  return {
    url: server.url,
    async close() {
      await server.close()
      stop.abort(new NotReadyError({ reason: 'it is stopping' }))
    },
  }
}
export declare namespace start {
  type Options = {
    /** Where it says what it did; JSON lines on standard output when absent. */
    log?: Log | undefined
    /** Own clock in seconds; tests turn it. */
    clock?: (() => number) | undefined
  }
}

await runService(import.meta.url, start)
